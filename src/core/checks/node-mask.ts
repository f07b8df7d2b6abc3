/** A set of nodes that is asked for every event: a table, not a search. */
import type { NodeFilter } from "../../shared/check/check.ts";

export class NodeMask {
	/** Null: every node, and what belongs to none. */
	readonly #members: Uint8Array | null;

	constructor(nodes: NodeFilter, nodeCount: number) {
		this.#members = nodes === null ? null : new Uint8Array(nodeCount);
		for (const node of nodes ?? []) (this.#members as Uint8Array)[node] = 1;
	}

	/** @param node an index, or -1 for an event of no node */
	has(node: number): boolean {
		return this.#members === null || this.#members[node] === 1;
	}
}
