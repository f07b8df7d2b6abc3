/**
 * How somebody has arranged a session: places of nodes, order of lanes. Kept as text beside the
 * session, by names, so that it still fits when the lab has grown. Whatever cannot be read is left out.
 */

import { initialOrder, type LaneOrder } from "../../shared/drawing/lanes.ts";
import type { Plan } from "../../shared/plan.ts";
import { indexOf } from "../../shared/plan-index.ts";
import type { Place } from "./run-state.ts";

export interface KeptLayout {
	readonly places: ReadonlyMap<number, Place>;
	readonly lanes: LaneOrder;
}

const layoutVersion = 1;
const farthest = 100_000;

export function writeLayout({ places, lanes }: KeptLayout, plan: Plan): string {
	const names = indexOf(plan).vertexNames;
	const nameOf = (vertex: number): string => names[vertex] ?? "";
	return JSON.stringify({
		version: layoutVersion,
		places: Object.fromEntries([...places].map(([vertex, { x, y }]) => [nameOf(vertex), [Math.round(x), Math.round(y)]])),
		order: lanes.order.map(nameOf),
		hidden: [...lanes.hidden].map(nameOf),
	});
}

function isPlace(value: unknown): value is readonly [number, number] {
	return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === "number" && Math.abs(part) <= farthest);
}

function parsed(text: string): { readonly [key: string]: unknown } | undefined {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as { readonly [key: string]: unknown }) : undefined;
	} catch {
		return undefined; // somebody else's text: the drawing is laid out anew
	}
}

export function readLayout(text: string, plan: Plan): KeptLayout | undefined {
	const value = parsed(text);
	if (value?.version !== layoutVersion) return undefined;
	const { vertexOf } = indexOf(plan);
	const vertices = (names: unknown): number[] =>
		(Array.isArray(names) ? names : []).flatMap((name) => (typeof name === "string" ? (vertexOf(name) ?? []) : [])).filter((node) => node < plan.nodes.length);
	const places = new Map<number, Place>();
	for (const [name, place] of Object.entries((value.places ?? {}) as object)) {
		const vertex = vertexOf(name);
		if (vertex !== undefined && isPlace(place)) places.set(vertex, { x: place[0], y: place[1] });
	}
	const order = [...new Set([...vertices(value.order), ...initialOrder(plan.nodes.length).order])];
	const hidden = new Set(vertices(value.hidden));
	return { places, lanes: { order, hidden: hidden.size < plan.nodes.length ? hidden : new Set() } };
}
