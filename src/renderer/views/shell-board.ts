/** What laptops' shells have stated, as a terminal shows it. Pure. */
import { fieldOf, listIn, numberIn, textIn } from "./parts/values.ts";
import type { ViewProps } from "./view.ts";

export interface TypedLine {
	readonly key: string;
	readonly line: string;
	/** Null: the user still waits. */
	readonly answer: string | null;
	readonly ok: boolean;
	/** Number of the line's first span at the laptop; 0: it made no sense, and nothing was done for it. */
	readonly span: number;
	/** Of the latest statement. */
	readonly atUs: number;
}

export interface Laptop {
	readonly node: number;
	readonly name: string;
	/** Oldest first. */
	readonly lines: readonly TypedLine[];
	/** What a line may begin with. */
	readonly words: readonly string[];
}

const linesMax = 200;

export function shellOf({ plan, board, nameOf }: Pick<ViewProps, "plan" | "board" | "nameOf">): readonly Laptop[] {
	return plan.nodes.flatMap(({ name, services }, node) => {
		if (!services.some(({ service }) => service === "shell")) return [];
		const own = board.filter((entry) => entry.node === node);
		const lines = own
			.filter((entry) => nameOf(entry) === "shell.line")
			.map(({ key, value, atUs }): TypedLine => {
				const answer = fieldOf(value, "answer");
				return {
					key,
					line: textIn(value, "line"),
					answer: typeof answer === "string" ? answer : null,
					ok: fieldOf(value, "ok") !== false,
					span: numberIn(value, "span"),
					atUs,
				};
			})
			.sort((a, b) => Number(a.key) - Number(b.key));
		const words = own.findLast((entry) => nameOf(entry) === "shell.words");
		return [{ node, name, lines: lines.slice(-linesMax), words: listIn(words?.value, "words").map((word) => textIn(word, "word")) }];
	});
}

/** Words that what was typed so far may become; none once the first word is complete. */
export function wordsThatFit(words: readonly string[], typed: string): readonly string[] {
	return typed === "" || typed.includes(" ") ? [] : words.filter((word) => word.startsWith(typed));
}
