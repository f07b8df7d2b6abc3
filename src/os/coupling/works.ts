/**
 * The three pieces of work that are done in both worlds: a counter, a sum and a product of matrices, cut into
 * parts that can be worked on side by side. Whole numbers only, so that a right answer is right to the last digit. Pure.
 */
export const workNames = ["counter", "sum", "matrix"] as const;
export type WorkName = (typeof workNames)[number];
/** What is cut into parts; the counter is not: each of its steps needs the number that all share. */
export type PartedWork = "sum" | "matrix";

export interface Sizes {
	/** Increments of the counter, in all. */
	readonly increments: number;
	/** Numbers to add up. */
	readonly items: number;
	/** Rows and columns of the matrices. */
	readonly order: number;
	/** Parts of the sum and of the product. */
	readonly parts: number;
}

/** All that is needed to work on one part: in one world it is read where it lies, in the other it is sent. */
export type PartInput =
	| { readonly work: "sum"; readonly numbers: readonly number[] }
	| { readonly work: "matrix"; readonly firstRow: number; readonly rows: readonly (readonly number[])[]; readonly by: readonly (readonly number[])[] };

function itemAt(index: number): number {
	return (index * index * 31 + index * 7 + 3) % 1_009;
}

function matrixOf(order: number, seed: number): number[][] {
	return Array.from({ length: order }, (_, row) => Array.from({ length: order }, (_, column) => (row * 17 + column * 5 + seed) % 23));
}

/** From (included) and to (excluded) of a part. */
function cut(count: number, parts: number, part: number): readonly [from: number, to: number] {
	return [Math.floor((count * part) / parts), Math.floor((count * (part + 1)) / parts)];
}

export function partOf(work: PartedWork, sizes: Sizes, part: number): PartInput {
	const [from, to] = cut(work === "sum" ? sizes.items : sizes.order, sizes.parts, part);
	if (work === "sum") return { work, numbers: Array.from({ length: to - from }, (_, i) => itemAt(from + i)) };
	return { work, firstRow: from, rows: matrixOf(sizes.order, 1).slice(from, to), by: matrixOf(sizes.order, 2) };
}

/** The part's share of the answer; shares are added up. A cell of the product counts by its place, so that none can stand for another. */
export function workOn(input: PartInput): number {
	if (input.work === "sum") return input.numbers.reduce((sum, number) => sum + number, 0);
	let share = 0;
	for (const [index, row] of input.rows.entries()) {
		for (let column = 0; column < input.by.length; column++) {
			const cell = row.reduce((sum, value, k) => sum + value * ((input.by[k] as readonly number[])[column] as number), 0);
			share += cell * ((input.firstRow + index) * input.by.length + column + 1);
		}
	}
	return share;
}

/** The answer that one worker alone would give. */
export function answerTo(work: WorkName, sizes: Sizes): number {
	if (work === "counter") return sizes.increments;
	return Array.from({ length: sizes.parts }, (_, part) => workOn(partOf(work, sizes, part))).reduce((sum, share) => sum + share, 0);
}
