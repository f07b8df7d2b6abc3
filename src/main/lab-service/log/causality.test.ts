/** The cone of an event is what a search over all happened-before pairs finds, on nodes, links and messages too. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MemoryLog } from "../../../../test/support/memory-log.ts";
import { decodeRecord } from "../../../shared/event-record.ts";
import { indexOf } from "../../../shared/plan-index.ts";
import { messageKey } from "../../../shared/projection/causal-cone.ts";
import { causalityOf } from "./causality.ts";
import type { OpenLog } from "./place.ts";

const runs = [
	["front-door", { untilUs: 900_000, story: ["300ms crash web-3", "400ms cut balancer web-2", "600ms heal all", "700ms restart web-3"] }],
	["elections", { untilUs: 1_500_000 }],
	["causal-broadcast", { variant: "lossy" }],
] as const;

const onTheWay = new Set(["messageDropped", "messageDuplicated", "messageHeld", "messageForwarded"]);
const commands = new Set(["commandApplied", "commandRefused"]);

interface Told {
	readonly kind: string;
	readonly atUs: number;
	readonly node: number;
	readonly fields: { readonly [field: string]: number | string };
}

/** Pairs of events of which the first came directly before the second, by the rules and nothing else. */
function pairsOf(events: readonly Told[]): readonly (readonly [before: number, after: number])[] {
	const pairs: [number, number][] = [];
	const lastOf = new Map<number, number>();
	const sent = new Map<string, number>();
	/** The last step of each message's way. */
	const steps = new Map<string, number>();
	events.forEach(({ kind, node, fields }, index) => {
		if (onTheWay.has(kind)) {
			const key = messageKey(node, Number(fields.sequence));
			pairs.push([sent.get(key) as number, index]);
			if (kind === "messageForwarded" || kind === "messageHeld") steps.set(key, index);
			return;
		}
		if (node < 0) return;
		const last = lastOf.get(node);
		if (last !== undefined) pairs.push([last, index]);
		lastOf.set(node, index);
		if (kind === "messageSent") sent.set(messageKey(node, Number(fields.sequence)), index);
		if (kind !== "messageDelivered") return;
		const key = messageKey(Number(fields.from), Number(fields.sequence));
		pairs.push([sent.get(key) as number, index]);
		const step = steps.get(key);
		if (step !== undefined) pairs.push([step, index]);
	});
	return pairs;
}

function reach(pairs: readonly (readonly [number, number])[], from: number): ReadonlySet<number> {
	const next = new Map<number, number[]>();
	for (const [a, b] of pairs) next.set(a, [...(next.get(a) ?? []), b]);
	const found = new Set<number>();
	const open = [from];
	for (let at = open.pop(); at !== undefined; at = open.pop()) {
		for (const to of next.get(at) ?? []) {
			if (found.has(to)) continue;
			found.add(to);
			open.push(to);
		}
	}
	return found;
}

/** Looked for in short slices: that others are answered between them changes nothing. */
function coneOf(open: OpenLog, index: number, limit: number): ReturnType<typeof causalityOf> {
	return causalityOf({ log: () => open, sliceEvents: 100, rest: () => Promise.resolve() }, index, limit);
}

describe.each(runs)("in %s", (lab, wishes) => {
	const log = new MemoryLog(lab, wishes);
	const open = log.open();
	const events = log.events.map(({ words, start }) => decodeRecord(words, start) as Told);
	const pairs = pairsOf(events);
	const backwards = pairs.map(([a, b]) => [b, a] as const);
	const isKnown = (index: number): boolean => !commands.has(events[index]?.kind ?? "") && (events[index]?.node ?? -1) >= 0;
	const indexes = events.flatMap((_, index) => (isKnown(index) ? [index] : []));

	test("what led to an event and what came of it is all that happened before and after it, and no more", async () => {
		expect(indexes.length).toBeGreaterThan(200);
		await fc.assert(
			fc.asyncProperty(fc.constantFrom(...indexes), async (index) => {
				const told = await coneOf(open, index, 20_000);
				expect(told.truncated).toBe(false);
				// Commands are told beside: nothing happens before them.
				expect(new Set(told.past.filter((one) => !commands.has(events[one]?.kind ?? "")))).toEqual(reach(backwards, index));
				expect(new Set(told.future)).toEqual(reach(pairs, index));
			}),
			{ seed: 4, numRuns: 40 },
		);
	});

	test("the nodes, links and messages of the cone are those of its events", async () => {
		const names = indexOf(log.kernel.plan).vertexNames;
		await fc.assert(
			fc.asyncProperty(fc.constantFrom(...indexes), async (index) => {
				const { past, future, nodes, links, messages } = await coneOf(open, index, 20_000);
				const own = onTheWay.has(events[index]?.kind ?? "") ? [] : [index];
				const nodesIn = (list: readonly number[]): ReadonlySet<number> =>
					new Set([...list, ...own].flatMap((one) => (isKnown(one) && !onTheWay.has(events[one]?.kind ?? "") ? [events[one]?.node ?? -1] : [])));
				const told = (side: string): ReadonlySet<number> => new Set(nodes.flatMap((one) => (one.side === side || one.side === "both" ? [one.node] : [])));
				expect(told("past")).toEqual(nodesIn(past));
				expect(told("future")).toEqual(nodesIn(future));
				const futureSent = [index, ...future].filter((one) => events[one]?.kind === "messageSent");
				expect(messages.filter(({ side }) => side === "future").length).toBe(futureSent.length);
				const arrived = [...past, ...own].filter((one) => events[one]?.kind === "messageDelivered");
				const led = new Set(arrived.map((one) => messageKey(Number(events[one]?.fields.from), Number(events[one]?.fields.sequence))));
				if (own.length > 0)
					expect(new Set(messages.filter(({ side }) => side === "past").map(({ from, sequence }) => messageKey(from, sequence)))).toEqual(led);
				for (const { link, side } of links) {
					const { a, b } = log.kernel.plan.links[link] ?? { a: -1, b: -1 };
					// A link is lit only where somebody at one of its ends is, unless a switch is.
					const ends = [a, b].filter((vertex) => vertex < log.kernel.plan.nodes.length);
					if (ends.length === 2 && own.length > 0)
						expect(
							ends.filter((end) => nodes.some(({ node }) => node === end)),
							`${names[a]} ${names[b]} ${side}`,
						).toHaveLength(2);
				}
			}),
			{ seed: 5, numRuns: 40 },
		);
	});
});

test("a command's future is what it did, and that has the command in its past", async () => {
	const log = new MemoryLog("front-door", runs[0][1]);
	const events = log.events.map(({ words, start }) => decodeRecord(words, start) as Told);
	const crash = events.findIndex(({ kind }) => kind === "nodeCrashed");
	const command = events.findLastIndex(({ kind }, index) => kind === "commandApplied" && index < crash);
	const names = indexOf(log.kernel.plan);
	expect((await coneOf(log.open(), crash, 5_000)).past).toContain(command);
	const { future, nodes } = await coneOf(log.open(), command, 5_000);
	expect(future[0]).toBe(crash);
	expect(nodes).toContainEqual({ node: names.vertexOf("web-3"), side: "future" });
	const cut = events.findIndex(({ kind }) => kind === "linkCut");
	const { links } = await coneOf(log.open(), cut, 5_000);
	expect(links).toEqual([{ link: names.linkBetween(names.vertexOf("balancer") ?? -1, names.vertexOf("web-2") ?? -1), side: "both" }]);
});

test("a long cone is told in part, with the nodes it reaches", async () => {
	const log = new MemoryLog("front-door", runs[0][1]);
	const { future, truncated, nodes } = await coneOf(log.open(), 40, 10);
	expect(future).toHaveLength(10);
	expect(truncated).toBe(true);
	expect(nodes.length).toBe(log.kernel.plan.nodes.length);
});

test("nodes are told in the order in which the cone reaches them, whatever the event", async () => {
	const log = new MemoryLog("front-door", runs[0][1]);
	const events = log.events.map(({ words, start }) => decodeRecord(words, start) as Told);
	const ofNodes = events.flatMap(({ kind, node }, index) => (node >= 0 && !onTheWay.has(kind) && !commands.has(kind) ? [index] : []));
	await fc.assert(
		fc.asyncProperty(fc.constantFrom(...ofNodes), async (index) => {
			const { past, future, nearest } = await coneOf(log.open(), index, 20_000);
			const own = events[index]?.node;
			const inOrder = (side: readonly number[]): readonly number[] => [
				...new Set(side.flatMap((one) => (onTheWay.has(events[one]?.kind ?? "") || (events[one]?.node ?? -1) < 0 ? [] : [events[one]?.node as number]))),
			];
			expect(nearest.past).toEqual(inOrder(past).filter((node) => node !== own));
			expect(nearest.future).toEqual(inOrder(future).filter((node) => node !== own));
		}),
		{ seed: 9, numRuns: 25 },
	);
});
