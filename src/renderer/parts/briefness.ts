/** Which notices fit into the one line that is kept for them. Pure. */

export interface Telling {
	readonly tone: "note" | "warning" | "fault";
	readonly text: string;
	readonly kept: string;
	readonly advice: string;
}

/** Two lines of small letters beside all tabs of a stage that is as narrow as on a projector. */
const briefLettersMax = 84;

/** What was done, in a few words, that goes by itself; everything else stays until it was read. */
export function isBrief({ tone, text, kept, advice }: Telling): boolean {
	return tone === "note" && kept === "" && advice === "" && text.length <= briefLettersMax;
}
