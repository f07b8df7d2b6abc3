/**
 * Which nodes and links a drawing lights for the selected event. In a cluster that talks a lot, nearly all of it led
 * to any event and nearly all of it came of it: marks on everything say nothing. There only those that the cone reaches
 * first are lit, the others are left as they are. Pure.
 */
import type { Plan } from "../plan.ts";
import type { CausalCone, ConeMessageSide, ConeSide } from "./causal-cone.ts";

/** `dim`: concurrent throughout; null: in the cone, but so is everything, or nothing is. */
export type RingSide = ConeSide | "dim" | null;

export interface ConeRings {
	/** More of the cluster lies on a side than not: only what is nearest on it is lit. */
	readonly isNarrowed: boolean;
	ofNode(node: number): RingSide;
	ofLink(link: number): RingSide;
}

/** So few nodes can be seen as they are. */
const busyNodesMin = 4;
const nearestMin = 2;
/** In larger clusters one in so many is near. */
const nearestShare = 8;

export function coneRings(cone: CausalCone, { nodes, links }: Pick<Plan, "nodes" | "links">): ConeRings {
	const count = Math.max(nearestMin, Math.floor(nodes.length / nearestShare));
	const near = (side: ConeMessageSide): ReadonlySet<number> | null => {
		const members = [...cone.nodes.values()].filter((one) => one === side || one === "both").length;
		return members < busyNodesMin || members * 2 <= nodes.length ? null : new Set(cone.nearest[side].slice(0, count));
	};
	const nearest = { past: near("past"), future: near("future") };
	const own = [...cone.nodes.keys()].find((node) => !cone.nearest.past.includes(node) && !cone.nearest.future.includes(node)) ?? -1;
	const isNear = (side: ConeMessageSide, node: number): boolean => node === own || (nearest[side]?.has(node) ?? true);
	/** What it lies on, of that what is lit. */
	const ring = (side: ConeSide | undefined, ends: readonly number[]): RingSide => {
		// What no node had a part in, such as a partition, puts none of them into the shade.
		if (side === undefined) return cone.nodes.size === 0 ? null : "dim";
		const isPast = side !== "future" && ends.every((node) => isNear("past", node));
		const isFuture = side !== "past" && ends.every((node) => isNear("future", node));
		return isPast && isFuture ? "both" : isPast ? "past" : isFuture ? "future" : null;
	};
	return {
		isNarrowed: nearest.past !== null || nearest.future !== null,
		ofNode: (node) => ring(cone.nodes.get(node), [node]),
		ofLink: (link) => {
			const ends = links[link];
			return ring(cone.links.get(link), ends === undefined ? [] : [ends.a, ends.b]);
		},
	};
}
