/** How a stripe of data is kept: in so many units, of which so many are needed to read it. Pure. */

export const codeNames = ["1", "2", "3", "6+3"] as const;
export type CodeName = (typeof codeNames)[number];

export interface Code {
	/** Units of a stripe, each on a drive of its own. */
	readonly units: number;
	/** As many of them as are needed to read the stripe, and to make a unit anew. */
	readonly needed: number;
}

/**
 * Copies are the code in which one unit is enough.
 * @source Reed, Solomon: Polynomial Codes over Certain Finite Fields (1960): any six of nine units give the stripe
 */
export const codes: { readonly [name in CodeName]: Code } = {
	"1": { units: 1, needed: 1 },
	"2": { units: 2, needed: 1 },
	"3": { units: 3, needed: 1 },
	"6+3": { units: 9, needed: 6 },
};
