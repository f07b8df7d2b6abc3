/** The nodes that run a service, and the latest of what they stated. Pure. */
import type { BoardEntry } from "../../../shared/projection/fact-board.ts";
import type { ViewProps } from "../view.ts";

export interface Member {
	readonly node: number;
	readonly name: string;
	readonly status: ReturnType<ViewProps["statusOf"]>;
	/** Whether it can be thinking anything at all. */
	readonly isThere: boolean;
}

/** In the plan's order, which is what numbers them in algorithms that need numbers. */
export function membersOf({ plan, statusOf }: Pick<ViewProps, "plan" | "statusOf">, service: string): readonly Member[] {
	return plan.nodes.flatMap(({ name, services }, node) => {
		if (!services.some((used) => used.service === service)) return [];
		const status = statusOf(node);
		return [{ node, name, status, isThere: status === "up" || status === "paused" }];
	});
}

/** Entries of one fact, oldest statement first. */
export function entriesOf({ board, nameOf }: Pick<ViewProps, "board" | "nameOf">, fact: string): readonly BoardEntry[] {
	return board.filter((entry) => nameOf(entry) === fact);
}

/** The entry of each node; where there are several, the latest. */
export function latestByNode(entries: readonly BoardEntry[]): ReadonlyMap<number, BoardEntry> {
	return new Map(entries.map((entry) => [entry.node, entry]));
}
