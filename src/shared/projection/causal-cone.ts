/**
 * Which part of a cluster an event could have been influenced by, and which part it could influence: by
 * nodes, by links and by messages, so that a drawing can light it. Whatever is not in it was concurrent.
 * Pure; whoever walks the log tells the builder what lies on which side.
 * @source Lamport: Time, Clocks, and the Ordering of Events in a Distributed System (CACM 1978)
 */
import type { Plan } from "../plan.ts";
import { indexOf } from "../plan-index.ts";

/** `both`: something of it lies before the event, and something after it. */
export const coneSides = ["past", "future", "both"] as const;
export type ConeSide = (typeof coneSides)[number];
/** A message lies on one side: it led to the event, or it was sent because of it. */
export const coneMessageSides = ["past", "future"] as const;
export type ConeMessageSide = (typeof coneMessageSides)[number];

/** As it travels. */
export interface ToldCone {
	readonly nodes: readonly { readonly node: number; readonly side: ConeSide }[];
	readonly links: readonly { readonly link: number; readonly side: ConeSide }[];
	readonly messages: readonly { readonly from: number; readonly sequence: number; readonly side: ConeMessageSide }[];
	/** Nodes on either side in the order in which the cone reaches them, nearest first; without the event's own. */
	readonly nearest: { readonly [side in ConeMessageSide]: readonly number[] };
}

export interface CausalCone {
	/** By index; a node that is not named was concurrent throughout. */
	readonly nodes: ReadonlyMap<number, ConeSide>;
	/** Crossed by a message that arrived and lies in the cone. */
	readonly links: ReadonlyMap<number, ConeSide>;
	/** By `messageKey`. */
	readonly messages: ReadonlyMap<string, ConeMessageSide>;
	/** Nodes on either side, nearest first; without the event's own. */
	readonly nearest: { readonly [side in ConeMessageSide]: readonly number[] };
}

/** Names a message for good: sequence numbers begin anew with no boot. */
export function messageKey(from: number, sequence: number): string {
	return `${from}:${sequence}`;
}

export function causalCone({ nodes, links, messages, nearest }: ToldCone): CausalCone {
	return {
		nodes: new Map(nodes.map(({ node, side }) => [node, side])),
		links: new Map(links.map(({ link, side }) => [link, side])),
		messages: new Map(messages.map(({ from, sequence, side }) => [messageKey(from, sequence), side])),
		nearest,
	};
}

/** The side of a message under way; undefined: it was concurrent. */
export function coneSideOfMessage(cone: CausalCone, { from, sequence }: { readonly from: number; readonly sequence: number }): ConeMessageSide | undefined {
	return cone.messages.get(messageKey(from, sequence));
}

interface Crossing {
	readonly from: number;
	/** -1: not known, or it did not come so far. */
	readonly to: number;
	/** Switches and regions that passed it on, in the order of its way. */
	readonly via: readonly number[];
}

export class ConeBuilder {
	readonly #plan: Plan;
	readonly #nodes = new Map<number, ConeSide>();
	readonly #links = new Map<number, ConeSide>();
	readonly #messages = new Map<string, ToldCone["messages"][number]>();
	readonly #nearest = { past: new Set<number>(), future: new Set<number>() };
	#own = -1;
	readonly #messagesMax: number;

	constructor(plan: Plan, { messagesMax }: { readonly messagesMax: number }) {
		this.#plan = plan;
		this.#messagesMax = messagesMax;
	}

	/** Every node and every link is on this side already, so that a longer walk would tell nothing new of them. */
	isWhole(side: ConeMessageSide): boolean {
		const { nodes, links } = this.#plan;
		return isFull(this.#nodes, nodes.length, side) && isFull(this.#links, links.length, side);
	}

	/** @param side `both`: it is the event's own */
	node(node: number, side: ConeSide): void {
		if (node < 0 || node >= this.#plan.nodes.length) return;
		if (side === "both") this.#own = node;
		else if (node !== this.#own) this.#nearest[side].add(node);
		join(this.#nodes, node, side);
	}

	link(link: number, side: ConeSide): void {
		if (link >= 0 && link < this.#plan.links.length) join(this.#links, link, side);
	}

	message({ from, sequence, side }: ToldCone["messages"][number]): void {
		if (this.#messages.size < this.#messagesMax) this.#messages.set(messageKey(from, sequence), { from, sequence, side });
	}

	/** It arrived: what it crossed lies in the cone. */
	crossed({ from, to, via }: Crossing, side: ConeMessageSide): void {
		const { linkBetween } = indexOf(this.#plan);
		const way = to < 0 ? [from, ...via] : [from, ...via, to];
		for (let i = 1; i < way.length; i++) {
			const link = linkBetween(way[i - 1] as number, way[i] as number);
			if (link !== undefined) join(this.#links, link, side);
		}
	}

	told(): ToldCone {
		return {
			nodes: [...this.#nodes].map(([node, side]) => ({ node, side })),
			links: [...this.#links].map(([link, side]) => ({ link, side })),
			messages: [...this.#messages.values()],
			nearest: { past: [...this.#nearest.past], future: [...this.#nearest.future] },
		};
	}
}

function join(sides: Map<number, ConeSide>, key: number, side: ConeSide): void {
	const known = sides.get(key);
	sides.set(key, known === undefined || known === side ? side : "both");
}

function isFull(sides: ReadonlyMap<number, ConeSide>, count: number, side: ConeMessageSide): boolean {
	if (sides.size < count) return false;
	for (const known of sides.values()) if (known !== side && known !== "both") return false;
	return true;
}
