import { expect, test } from "vitest";
import { encode } from "../codec.ts";
import type { EventKind } from "../event-schema.ts";
import type { LinkPhysics, Plan } from "../plan.ts";
import { type Band, BandFold } from "./bands.ts";

const physics = { floorUs: 500, jitter: { kind: "constant", us: 0 }, lossRatio: 0, bitsPerSecond: 0 } as unknown as LinkPhysics;
const plan = {
	nodes: ["a", "b", "c"].map((name) => ({ name, clock: { kind: "linear", driftPpm: 20 } })),
	links: [
		{ name: "a-b", a: 0, b: 1, forward: physics, backward: physics },
		{ name: "b-c", a: 1, b: 2, forward: physics, backward: physics },
	],
} as unknown as Plan;

type Told = readonly [atUs: number, kind: EventKind, what?: { readonly node?: number; readonly body?: unknown; readonly [field: string]: unknown }];

function folded(...told: readonly Told[]): BandFold {
	const fold = new BandFold(plan);
	told.forEach(([atUs, kind, { node = -1, body, ...fields } = {}], index) => {
		fold.take(
			{ kind, node, atUs, fields: fields as { [field: string]: number | string }, body: body === undefined ? new Uint8Array(0) : encode(body as never) },
			index,
		);
	});
	return fold;
}

const short = ({ kind, node, link, direction, detail, fromUs, toUs }: Band): string =>
	`${kind} ${node >= 0 ? `node ${node}` : link >= 0 ? `link ${link} ${direction}` : "all"}${detail === "" ? "" : ` ${detail}`} ${fromUs}..${toUs ?? ""}`;
const bandsOf = (...told: readonly Told[]): readonly string[] => folded(...told).bands.map(short);

test("a node is down from its crash to its boot, and for ever if it does not boot", () => {
	expect(
		bandsOf(
			[0, "nodeBooted", { node: 2 }],
			[6, "nodeCrashed", { node: 2 }],
			[8, "nodeCrashed", { node: 1 }],
			[11, "nodeRestarting", { node: 2 }],
			[12, "nodeBooted", { node: 2 }],
		),
	).toEqual(["down node 2 6..12", "down node 1 8.."]);
});

test("a crash ends a pause, and a node stays slow until it is as fast as it was", () => {
	expect(
		bandsOf(
			[1, "nodeSlowed", { node: 0, factorMilli: 20_000 }],
			[10, "nodePaused", { node: 0 }],
			[12, "nodeCrashed", { node: 0 }],
			[13, "nodeSlowed", { node: 0, factorMilli: 2_500 }],
			[20, "nodeSlowed", { node: 0, factorMilli: 1_000 }],
		),
	).toEqual(["slow node 0 20× 1..13", "paused node 0 10..12", "down node 0 12..", "slow node 0 2.5× 13..20"]);
});

test("a clock drifts until it drifts as planned", () => {
	const drift = (atUs: number, driftPpm: number): Told => [atUs, "clockDriftChanged", { node: 1, driftPpm }];
	expect(bandsOf(drift(3, -500), drift(5, 300), drift(9, 20))).toEqual(["drift node 1 −500 ppm 3..5", "drift node 1 +300 ppm 5..9"]);
});

test("a new partition takes the place of the last, and keeps its own parts", () => {
	const fold = folded([1, "networkPartitioned", { body: [[0], [1, 2]] }], [5, "networkPartitioned", { body: [[0, 1], [2]] }], [9, "networkHealed"]);
	expect(fold.bands.map(short)).toEqual(["partition all 1..5", "partition all 5..9"]);
	expect(fold.bands.map(({ groups }) => groups)).toEqual([
		[[0], [1, 2]],
		[[0, 1], [2]],
	]);
});

test("a link cut both ways is one band; where one way heals, the other goes on as a band of its own", () => {
	const link = (atUs: number, kind: EventKind, direction: string): Told => [atUs, kind, { link: 1, direction }];
	expect(bandsOf(link(2, "linkCut", "both"), link(6, "linkHealed", "forward"), link(9, "linkHealed", "both"))).toEqual([
		"cut link 1 both 2..6",
		"cut link 1 backward 6..9",
	]);
	expect(bandsOf(link(2, "linkCut", "forward"), link(4, "linkClogged", "backward"), link(5, "linkClogged", "both"))).toEqual([
		"cut link 1 forward 2..5",
		"clogged link 1 backward 4..5",
		"clogged link 1 both 5..",
	]);
});

test("healing everything ends cuts, clogs and partitions, and leaves what was changed", () => {
	const told: readonly Told[] = [
		[1, "linkCut", { link: 0, direction: "both" }],
		[2, "linkClogged", { link: 1, direction: "forward" }],
		[3, "linkChanged", { link: 0, direction: "both", body: { property: "lossRatio", value: 0.05 } }],
		[4, "networkPartitioned", { body: [[0], [1]] }],
		[8, "networkHealed"],
	];
	expect(bandsOf(...told)).toEqual(["cut link 0 both 1..8", "clogged link 1 forward 2..8", "changed link 0 both loses 5 % 3..", "partition all 4..8"]);
});

test("a property of a link is changed until it is what was planned, each property by itself", () => {
	const set = (atUs: number, property: string, value: number, direction = "both"): Told => [
		atUs,
		"linkChanged",
		{ link: 0, direction, body: { property, value } },
	];
	expect(bandsOf(set(1, "floorUs", 80_000), set(2, "jitterUs", 5_000, "forward"), set(4, "floorUs", 500), set(6, "jitterUs", 0))).toEqual([
		"changed link 0 both takes 80 ms 1..4",
		"changed link 0 forward up to 5 ms more 2..6",
	]);
	expect(bandsOf(set(1, "nonsense", 3))).toEqual([]);
});

test("what is told twice is one band, and what is taken back at once is none", () => {
	const cut: Told = [3, "linkCut", { link: 0, direction: "both" }];
	expect(bandsOf(cut, [4, "linkCut", { link: 0, direction: "both" }])).toEqual(["cut link 0 both 3.."]);
	expect(bandsOf(cut, [3, "linkHealed", { link: 0, direction: "both" }])).toEqual([]);
});

test("a log that names nobody's nodes, links and parts makes no bands of them", () => {
	expect(
		bandsOf([1, "nodeCrashed", { node: 9 }], [2, "linkCut", { link: 7, direction: "both" }], [3, "linkChanged", { link: 0, direction: "both", body: 7 }]),
	).toEqual([]);
	expect(folded([1, "networkPartitioned", { body: [[0, 99, "x"], 5] }]).bands[0]?.groups).toEqual([[0], []]);
	expect(folded([1, "networkPartitioned", { body: "no groups" }]).bands[0]?.groups).toEqual([]);
});

test("in a stretch of time are those that reach into it, and of too many the longest", () => {
	const crash = (node: number, fromUs: number, toUs: number): readonly Told[] => [
		[fromUs, "nodeCrashed", { node }],
		[toUs, "nodeBooted", { node }],
	];
	const fold = folded(...crash(0, 10, 100), ...crash(1, 110, 120), ...crash(2, 130, 190), [200, "nodePaused", { node: 0 }]);
	expect(fold.within(50, 125, 9)).toMatchObject({ bands: [{ node: 0 }, { node: 1 }], omitted: 0 });
	expect(fold.within(0, 300, 2).bands.map(short)).toEqual(["down node 0 10..100", "paused node 0 200.."]);
	expect(fold.within(0, 300, 2).omitted).toBe(2);
});
