/** What the view of deadlock draws: who holds what, who waits for whom, and the rings among them. Pure. */
import { entriesOf, latestByNode, type Member, membersOf } from "./parts/members.ts";
import { fieldOf, numberIn } from "./parts/values.ts";
import type { ViewProps } from "./view.ts";

export const deadlockFacts = ["deadlock.held", "deadlock.wants", "deadlock.found"] as const;

type Parts = Pick<ViewProps, "plan" | "board" | "statusOf" | "nameOf">;

export interface Waiter extends Member {
	/** Members whose resources it holds, by their place among the members. */
	readonly holds: readonly number[];
	/** Whose resource it wants; null: it waits for none. */
	readonly wants: number | null;
	/** Who holds that; null: nobody, the grant is under way. */
	readonly waitsFor: number | null;
	/** It waits in a ring. */
	readonly isInRing: boolean;
	/** Since when it wants, true time. */
	readonly sinceUs: number;
	/** Events that stated what it wants, and who holds its resource; none: it has stated nothing. */
	readonly indexes: readonly number[];
}

/** By their places, which is how members know each other. */
export function waitersOf(props: Parts): readonly Waiter[] {
	const members = membersOf(props, "deadlock");
	const held = latestByNode(entriesOf(props, "deadlock.held"));
	const wants = latestByNode(entriesOf(props, "deadlock.wants"));
	const placeIn = (entry: { readonly value: Parameters<typeof fieldOf>[0] } | undefined, field: string): number | null => {
		const place = fieldOf(entry?.value, field);
		return typeof place === "number" && members[place] !== undefined ? place : null;
	};
	const holders = members.map(({ node }) => placeIn(held.get(node), "holder"));
	const edges = members.map(({ node }, place) => {
		const wanted = placeIn(wants.get(node), "resource");
		const holder = wanted === null ? null : (holders[wanted] ?? null);
		return { wanted, waitsFor: holder === place ? null : holder };
	});
	const inRing = new Set(ringsIn(edges.map(({ waitsFor }) => waitsFor)).flat());
	return members.map((member, place) => ({
		...member,
		holds: holders.flatMap((holder, resource) => (holder === place ? [resource] : [])),
		wants: edges[place]?.wanted ?? null,
		waitsFor: edges[place]?.waitsFor ?? null,
		isInRing: inRing.has(place),
		sinceUs: wants.get(member.node)?.atUs ?? 0,
		indexes: [wants.get(member.node), held.get(member.node)].flatMap((entry) => entry?.index ?? []),
	}));
}

/** Everybody waits for one at most, so rings share nobody. Each from its lowest member on, along the edges. */
export function ringsIn(waitsFor: readonly (number | null)[]): readonly (readonly number[])[] {
	const rings: (readonly number[])[] = [];
	const seen = new Set<number>();
	for (const [start] of waitsFor.entries()) {
		const path: number[] = [];
		let at: number | null = start;
		while (at !== null && !seen.has(at)) {
			seen.add(at);
			path.push(at);
			at = waitsFor[at] ?? null;
		}
		const from = at === null ? -1 : path.indexOf(at);
		if (from >= 0) rings.push(path.slice(from));
	}
	return rings;
}

export interface FoundRing {
	readonly by: string;
	/** Members of the ring; 0: it only waited too long. */
	readonly length: number;
	readonly probes: number;
	readonly expected: number;
	readonly atUs: number;
	readonly index: number;
}

/** The last that each member found, latest first, and how many all of them found. */
export function foundRings(props: Parts): { readonly rings: readonly FoundRing[]; readonly count: number } {
	const entries = entriesOf(props, "deadlock.found");
	const rings = entries.map(({ node, value, atUs, index }) => ({
		by: props.plan.nodes[node]?.name ?? "",
		length: numberIn(value, "length"),
		probes: numberIn(value, "hops"),
		expected: numberIn(value, "expected"),
		atUs,
		index,
	}));
	return { rings: rings.toReversed(), count: entries.reduce((sum, { value }) => sum + numberIn(value, "count"), 0) };
}
