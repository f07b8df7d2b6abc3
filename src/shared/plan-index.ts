/**
 * Looking things up in a plan by the names people type: nodes, switches, regions, links, globs.
 * Built once a plan, kept as long as the plan is. Pure; runs anywhere.
 */
import type { Plan } from "./plan.ts";

/** What a node, switch or region may be called: so that a name is one word of both grammars. */
export const namePattern = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/;

export interface PlanIndex {
	readonly plan: Plan;
	/** Names of nodes, then switches: the vertices in order. */
	readonly vertexNames: readonly string[];
	readonly nodeNames: readonly string[];
	vertexOf(name: string): number | undefined;
	/** @returns the link between two vertices, whichever way round it was written */
	linkBetween(a: number, b: number): number | undefined;
	/** Vertices that share a link with this one, in plan order. */
	neighboursOf(vertex: number): readonly number[];
	/** Nodes matching a name, a glob such as `web-*`, or `@region`; ascending; empty when nothing matches. */
	nodesMatching(target: string): readonly number[];
}

const indexes = new WeakMap<Plan, PlanIndex>();

/** True when `name` fits a pattern in which `*` stands for any characters. Linear in both lengths. */
export function globMatches(glob: string, name: string): boolean {
	const parts = glob.split("*");
	if (parts.length === 1) return glob === name;
	const first = parts[0] as string;
	const last = parts.at(-1) as string;
	if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
	let at = first.length;
	const limit = name.length - last.length;
	for (const part of parts.slice(1, -1)) {
		const found = name.indexOf(part, at);
		if (found < 0 || found + part.length > limit) return false;
		at = found + part.length;
	}
	return true;
}

function nodesMatching(plan: Plan, vertices: ReadonlyMap<string, number>, target: string): readonly number[] {
	if (target.startsWith("@")) {
		const region = plan.regions.indexOf(target.slice(1));
		return region < 0 ? [] : plan.nodes.flatMap((node, index) => (node.region === region ? [index] : []));
	}
	if (target.includes("*")) return plan.nodes.flatMap((node, index) => (globMatches(target, node.name) ? [index] : []));
	const vertex = vertices.get(target);
	return vertex === undefined || vertex >= plan.nodes.length ? [] : [vertex];
}

function build(plan: Plan): PlanIndex {
	const nodeNames = plan.nodes.map((node) => node.name);
	const vertexNames = [...nodeNames, ...plan.switches.map((node) => node.name)];
	const vertices = new Map(vertexNames.map((name, vertex) => [name, vertex]));
	const count = vertexNames.length;
	const links = new Map<number, number>();
	const neighbours = new Map<number, number[]>();
	const join = (from: number, to: number, link: number): void => {
		links.set(from * count + to, link);
		const known = neighbours.get(from);
		if (known === undefined) neighbours.set(from, [to]);
		else known.push(to);
	};
	for (const [link, { a, b }] of plan.links.entries()) {
		join(a, b, link);
		join(b, a, link);
	}
	return {
		plan,
		vertexNames,
		nodeNames,
		vertexOf: (name) => vertices.get(name),
		linkBetween: (a, b) => links.get(a * count + b),
		neighboursOf: (vertex) => neighbours.get(vertex) ?? [],
		nodesMatching: (target) => nodesMatching(plan, vertices, target),
	};
}

export function indexOf(plan: Plan): PlanIndex {
	const known = indexes.get(plan);
	if (known !== undefined) return known;
	const index = build(plan);
	indexes.set(plan, index);
	return index;
}
