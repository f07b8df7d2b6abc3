/**
 * The nodes that run one service together, numbered in the order of the lab: the number is a member's
 * identity in algorithms that need one, such as "the highest wins". Pure; any thread.
 */
import type { NodeContext } from "../../core/node-api.ts";

export interface Group {
	/** Node names in the lab's order. */
	readonly names: readonly string[];
	/** This node's position among them. */
	readonly me: number;
	/** @returns -1 for a node that is no member */
	indexOf(name: string): number;
	/** @throws Error for a position that nobody has */
	nameOf(index: number): string;
}

/** The members: every node of the lab that boots the service. */
export function groupOf(ctx: NodeContext, service: string): Group {
	const names = ctx.nodes.filter(({ services }) => services.includes(service)).map(({ name }) => name);
	const indices = new Map(names.map((name, index) => [name, index]));
	return {
		names,
		me: indices.get(ctx.self.name) ?? -1,
		indexOf: (name) => indices.get(name) ?? -1,
		nameOf(index) {
			const name = names[index];
			if (name === undefined) throw new Error(`${service}: there is no member ${index}`);
			return name;
		},
	};
}
