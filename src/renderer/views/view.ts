/**
 * What the window asks of a service's view. One file a service, `NAME.view.tsx`, that exports `view`; the
 * window finds it by itself and shows it wherever a node of the lab runs that service. A view draws what
 * programs stated (`ctx.fact`) up to the instant that is shown, and so is the same live, replayed and reopened.
 *
 * `raft.view.tsx` is the model: what it draws is read out of the board by a pure module with a test, its style is
 * the `.css` beside it, its words are in strings/views, and what views have in common is in parts/ and style/views.css.
 * Where there are many of a thing, each is `kept` (parts/kept.ts) and given what it shows and no more.
 * Whatever it draws of a statement it draws by `Stated` or `useLit` (parts/Stated.tsx), so that it leads to the event and is lit by it.
 */
import type { ComponentType } from "react";
import type { Plan } from "../../shared/plan.ts";
import type { BoardEntry } from "../../shared/projection/fact-board.ts";

export interface ViewProps {
	readonly plan: Plan;
	/** The instant that is shown, true time. */
	readonly atUs: number;
	/** The latest statement a node, fact and key, oldest first; of this view's facts only. */
	readonly board: readonly BoardEntry[];
	/** What a node is doing at that instant. */
	statusOf(node: number): "down" | "booting" | "up" | "paused";
	nameOf(entry: BoardEntry): string;
	/** Gives a command to the run, in the palette's words: `ask laptop "ls"`. In the past it forks. */
	command(line: string): void;
}

export interface ServiceView {
	/** The services it is for, by the names that labs use. */
	readonly services: readonly string[];
	readonly title: string;
	/** What one sees there, in one line; it stands above the view, whether there is something to see yet or not. */
	readonly explains: string;
	/** Full names of the facts it draws from. */
	readonly facts: readonly string[];
	readonly Component: ComponentType<ViewProps>;
}
