/** What the parts that views are made of say. */
import { drawingWords } from "../../../shared/drawing/words.ts";

export const viewParts = {
	waiting: "Nothing stated yet",
	waitingHint: "Play, or step: this view fills as the programs state facts.",
	status: drawingWords.nodeStates,
	node: "Node",
	/** Of what programs stated: how much of it led to the selected event, and how much came of it. */
	cone: {
		self: "selected event",
		past: (count: number) => `${count} led to it`,
		future: (count: number) => `${count} came of it`,
		none: "Nothing that is stated here led to the selected event or came of it.",
		noneTruncated: "Nothing that is stated here is near the selected event.",
		rest: "no sign: concurrent",
		/** More led to it, or came of it, than was told. */
		restTruncated: "no sign: concurrent or far away",
	},
} as const;

/** Counts beside the book's. */
export const viewBook = {
	counted: "counted",
	book: "the book:",
	none: "none yet",
	noNumber: "no bound",
	range: (least: string, most: string) => `${least} to ${most}`,
	within: "as in the book",
	beyond: "more than the book",
	below: "fewer than the book",
	most: (count: string) => `The line: never more than ${count}.`,
} as const;
