/** What both worlds stated of their works. Reads facts, draws nothing. Pure. */
import type { BoardEntry } from "../../shared/projection/fact-board.ts";
import { numberIn, textIn } from "./parts/values.ts";

export const couplingFacts = { begun: "coupling.begun", result: "coupling.result" } as const;
export const worlds = ["box", "many"] as const;
export const works = ["counter", "sum", "matrix"] as const;

export interface WorkCell {
	readonly work: string;
	readonly state: "notBegun" | "working" | "right" | "wrong";
	readonly got: number;
	readonly expected: number;
	readonly tookUs: number;
	readonly touches: number;
	/** Of the event that stated it; -1: none. */
	readonly index: number;
}

/** A work that was begun again after its answer was given is at work, whatever the answer was. */
export function workCells(board: readonly BoardEntry[], nameOf: (entry: BoardEntry) => string, world: string): readonly WorkCell[] {
	return works.map((work) => {
		const about = (name: string): BoardEntry | undefined =>
			board.filter((entry) => nameOf(entry) === name && textIn(entry.value, "world") === world && textIn(entry.value, "work") === work).at(-1);
		const begun = about(couplingFacts.begun);
		const result = about(couplingFacts.result);
		const isDone = result !== undefined && (begun === undefined || result.index > begun.index);
		const [got, expected] = [numberIn(result?.value, "got"), numberIn(result?.value, "expected")];
		const state = isDone ? (got === expected ? "right" : "wrong") : begun === undefined ? "notBegun" : "working";
		const index = (isDone ? result : begun)?.index ?? -1;
		return { work, state, got, expected, tookUs: numberIn(result?.value, "tookUs"), touches: numberIn(result?.value, "touches"), index };
	});
}
