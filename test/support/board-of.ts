/** A board of stated facts as a view gets it, for tests of what views read out of it. */
import type { BoardEntry } from "../../src/shared/projection/fact-board.ts";
import { tinyPlan } from "./tiny-plan.ts";

type Stated = readonly [node: string, fact: string, value: BoardEntry["value"], atUs?: number];

/** @param nodes the services of each node, by its name */
export function boardOf(nodes: { readonly [name: string]: readonly string[] }) {
	const nodeNames = Object.keys(nodes);
	const services = new Map(
		Object.values(nodes)
			.flat()
			.map((name) => [name, {} as never]),
	);
	const plan = tinyPlan({ nodes: Object.fromEntries(Object.entries(nodes).map(([name, own]) => [name, { services: [...own] }])), links: [] }, services);
	/** Later statements of one node, fact and key take the place of earlier ones, as on the board itself. */
	return (facts: readonly Stated[], { down = [] as readonly string[] } = {}) => {
		const names = [...new Set(facts.map(([, name]) => name))];
		const kept = new Map<string, BoardEntry>();
		for (const [index, [node, name, value, atUs = 0]] of facts.entries()) {
			const isThing = typeof value === "object" && value !== null && "key" in value;
			const key = isThing ? String(value.key) : "";
			const place = `${node} ${name} ${key}`;
			kept.delete(place);
			kept.set(place, { node: nodeNames.indexOf(node), name: names.indexOf(name), key, index, atUs, value });
		}
		return {
			plan,
			atUs: 0,
			board: [...kept.values()],
			statusOf: (node: number) => (down.includes(nodeNames[node] ?? "") ? ("down" as const) : ("up" as const)),
			nameOf: ({ name }: BoardEntry) => names[name] ?? "",
		};
	};
}
