/**
 * Which nodes and links a drawing lights for the selected event. In a cluster that talks a lot, nearly all of it led
 * to any event and nearly all of it came of it: marks on everything say nothing. There only those that the cone reaches
 * first are lit, the others are left as they are. Pure.
 */
import type { Plan } from "../plan.ts";
import type { CausalCone, ConeSide } from "./causal-cone.ts";

/** `dim`: concurrent throughout; null: in the cone, but so is everything. */
export type RingSide = ConeSide | "dim" | null;

export interface ConeRings {
	/** More of the cluster lies on both sides than not: only what is nearest is lit. */
	readonly isNarrowed: boolean;
	ofNode(node: number): RingSide;
	ofLink(link: number): RingSide;
}

/** Fewer nodes than this on both sides can be seen as they are. */
const busyNodesMin = 4;
const nearestMin = 2;
/** In larger clusters one in so many is near. */
const nearestShare = 8;

export function coneRings(cone: CausalCone, { nodes, links }: Pick<Plan, "nodes" | "links">): ConeRings {
	const both = [...cone.nodes.values()].filter((side) => side === "both").length;
	if (both < busyNodesMin || both * 2 <= nodes.length) {
		return { isNarrowed: false, ofNode: (node) => cone.nodes.get(node) ?? "dim", ofLink: (link) => cone.links.get(link) ?? "dim" };
	}
	const count = Math.max(nearestMin, Math.floor(nodes.length / nearestShare));
	const past = new Set(cone.nearest.past.slice(0, count));
	const future = new Set(cone.nearest.future.slice(0, count));
	const own = [...cone.nodes.keys()].find((node) => !cone.nearest.past.includes(node) && !cone.nearest.future.includes(node)) ?? -1;
	const sideOf = (isPast: boolean, isFuture: boolean): ConeSide | null => (isPast && isFuture ? "both" : isPast ? "past" : isFuture ? "future" : null);
	const ofNode = (node: number): RingSide => {
		const side = cone.nodes.get(node);
		return side !== "both" || node === own ? (side ?? "dim") : sideOf(past.has(node), future.has(node));
	};
	const isOn = (near: ReadonlySet<number>, node: number): boolean => node === own || near.has(node);
	const ofLink = (link: number): RingSide => {
		const [side, ends] = [cone.links.get(link), links[link]];
		if (side !== "both" || ends === undefined) return side ?? "dim";
		const { a, b } = ends;
		return sideOf(isOn(past, a) && isOn(past, b), isOn(future, a) && isOn(future, b));
	};
	return { isNarrowed: true, ofNode, ofLink };
}
