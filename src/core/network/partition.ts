/**
 * Which nodes are kept from each other, end to end: no route helps. Must not know of links or
 * messages. Runs on the kernel's thread.
 */
import type { NodePlan } from "../../shared/plan.ts";

const outside = -1;

export class Partition {
	readonly #groupOf: Int32Array;
	#active = false;

	constructor(nodeCount: number) {
		this.#groupOf = new Int32Array(nodeCount).fill(outside);
	}

	/** Nodes in no group reach everybody. */
	separates(a: number, b: number): boolean {
		if (!this.#active) return false;
		const groupA = this.#groupOf[a] as number;
		const groupB = this.#groupOf[b] as number;
		return groupA !== groupB && groupA !== outside && groupB !== outside;
	}

	/** Replaces the partition before. */
	set(groups: readonly (readonly number[])[]): void {
		this.clear();
		groups.forEach((nodes, group) => {
			for (const node of nodes) this.#groupOf[node] = group;
		});
		this.#active = true;
	}

	clear(): void {
		this.#groupOf.fill(outside);
		this.#active = false;
	}

	/** @returns why these groups make no sense, or null */
	whyRefused(groups: readonly (readonly number[])[], nodes: readonly NodePlan[]): string | null {
		const seen = new Set<number>();
		for (const node of groups.flat()) {
			const name = nodes[node]?.name;
			if (name === undefined) return `there is no node ${node}`;
			if (seen.has(node)) return `${name} stands in two groups; a node can be in one only`;
			seen.add(node);
		}
		return null;
	}
}
