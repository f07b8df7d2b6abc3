/** What is wrong and what is to be done about it, from records and reports alone. */
import { describe, expect, test } from "vitest";
import type { BlockRecord, Place } from "../records.ts";
import type { KnownMachine } from "./machines.ts";
import { type ScannedBlock, type Survey, type SurveyInput, survey } from "./survey.ts";

interface Reported {
	/** Part to copy number. */
	readonly holds?: { readonly [part: string]: number };
	readonly lost?: { readonly [partAtCopy: string]: string };
	readonly liveness?: KnownMachine["liveness"];
	readonly isDraining?: boolean;
	readonly region?: string;
	readonly hasReported?: boolean;
}

function machine(name: string, { holds = {}, lost = {}, liveness = "live", isDraining = false, region = name, hasReported = true }: Reported): KnownMachine {
	const copies = new Map(Object.entries(holds).map(([part, copy]) => [part, { copy, drive: 0, isPartial: false }]));
	const report = hasReported ? { next: 100, copies, losses: new Map(Object.entries(lost)) } : null;
	return { name, region, rack: "", incarnation: 1, liveness, isDraining, drives: [{ used: 0, capacity: 100 }], report };
}

/** A copied block, listed at these machines with copy number 7. */
function copied(block: string, at: readonly string[], wanted = 3): ScannedBlock {
	const places = at.map((name): Place => [name, 0, 7]);
	const record: BlockRecord = { path: "a", bytes: 9, needed: 1, wanted, chunkBytes: 9, shards: [{ bytes: 9, sum: 0, at: places }], gone: [] };
	return { block, version: 1, record };
}

function look(blocks: readonly ScannedBlock[], machines: { readonly [name: string]: Reported }, more: Partial<SurveyInput> = {}): Survey {
	const known = new Map(Object.entries(machines).map(([name, reported]) => [name, machine(name, reported)]));
	return survey({ blocks, opens: new Set(), isComplete: true, machines: known, underWay: new Map(), isSpread: true, ...more });
}

const has = (block: string, copy = 7): Reported => ({ holds: { [`${block}/0`]: copy } });
const partsOf = (found: Survey): readonly string[] => found.needs.map(({ scanned, slack }) => `${scanned.block} ${slack}`);

describe("a block", () => {
	test("that stands in full asks for nothing", () => {
		const found = look([copied("1-1/00", ["x", "y", "z"])], { x: has("1-1/00"), y: has("1-1/00"), z: has("1-1/00") });
		expect([found.needs, found.relists, found.keeps, [...found.drops]]).toEqual([[], [], [], []]);
		expect(found.healths[0]).toMatchObject({ standing: 3, missing: 0, isLost: false });
	});

	test("with the least to spare comes first", () => {
		const dead = { liveness: "dead" } as const;
		const found = look([copied("1-1/00", ["x", "y", "z"]), copied("1-2/00", ["x", "y"], 2), copied("1-3/00", ["x", "y", "z"])], {
			x: dead,
			y: { holds: { "1-1/00/0": 7, "1-2/00/0": 7, "1-3/00/0": 7 } },
			z: { holds: { "1-1/00/0": 7 }, lost: { "1-3/00/0@7": "rot" } },
		});
		expect(partsOf(found)).toEqual(["1-2/00 0", "1-3/00 0", "1-3/00 0", "1-1/00 1"]);
	});

	test("is not made again where it is being made", () => {
		const found = look(
			[copied("1-1/00", ["x", "y", "z"])],
			{ x: { liveness: "dead" }, y: has("1-1/00"), z: has("1-1/00") },
			{ underWay: new Map([["1-1/00/0", 1]]) },
		);
		expect(found.needs).toEqual([]);
	});

	test("is not called short because a machine has not reported since it came back, nor because its report is older than the copy", () => {
		const found = look([copied("1-1/00", ["x", "y", "z"])], { x: { hasReported: false }, y: has("1-1/00"), z: { hasReported: false } });
		expect([found.needs, found.relists]).toEqual([[], []]);
		const young = look(
			[{ ...copied("1-1/00", []), record: { ...copied("1-1/00", []).record, wanted: 1, shards: [{ bytes: 9, sum: 0, at: [["x", 0, 100]] }] } }],
			{ x: {} },
		);
		expect([young.needs, young.relists]).toEqual([[], []]);
	});

	test("is told what became of a copy, in its machine's words", () => {
		const found = look([copied("1-1/00", ["x", "y", "z"])], { x: { lost: { "1-1/00/0@7": "the drive died" } }, y: has("1-1/00"), z: {} });
		expect(found.relists[0]?.record.gone).toEqual(["a copy at x, drive 0: the drive died", "a copy at z, drive 0: its machine came back without it"]);
		expect(found.relists[0]?.record.shards[0]?.at).toEqual([["y", 0, 7]]);
	});

	test("of which all copies are gone is lost; one whose machines are only silent is not", () => {
		expect(look([copied("1-1/00", ["x"], 1)], { x: {} }).healths[0]?.isLost).toBe(true);
		expect(look([copied("1-1/00", ["x"], 1)], { x: { liveness: "dead" } }).healths[0]?.isLost).toBe(false);
	});
});

test("a block whose listed copies are all gone is where another copy was seen, though its machine is silent, and is not lost", () => {
	const gone = { lost: { "1-1/00/0@7": "rot" } };
	const silent = { ...has("1-1/00", 9), liveness: "silent" } as const;
	const found = look([copied("1-1/00", ["x", "y"])], { x: gone, y: gone, z: silent });
	expect(found.relists[0]?.record.shards[0]?.at).toEqual([["z", 0, 9]]);
	expect(found.healths[0]?.isLost).toBe(false);
	expect(look([copied("1-1/00", ["x", "y"])], { x: gone, y: gone, z: {} }).healths[0]?.isLost).toBe(true);
});

describe("a copy", () => {
	test("on no list is kept where one is missing, and thrown away only when enough others are confirmed", () => {
		const block = copied("1-1/00", ["x", "y"], 3);
		const kept = look([block], { x: has("1-1/00"), y: has("1-1/00"), z: has("1-1/00", 9) });
		expect(kept.keeps.map((keep) => [keep.machine, keep.copy])).toEqual([["z", 9]]);
		expect([...kept.drops]).toEqual([]);
		const full = { ...block, record: { ...block.record, wanted: 2 } };
		expect([...look([full], { x: has("1-1/00"), y: has("1-1/00"), z: has("1-1/00", 9) }).drops]).toEqual([["z", [["1-1/00/0", 9]]]]);
		expect([...look([full], { x: has("1-1/00"), y: { liveness: "silent" }, z: has("1-1/00", 9) }).drops]).toEqual([]);
	});

	test("on a machine that is to go counts until others stand, and is then let go", () => {
		const block = copied("1-1/00", ["x", "y", "z"]);
		const going = { ...has("1-1/00"), isDraining: true };
		const before = look([block], { x: going, y: has("1-1/00"), z: has("1-1/00"), w: {} });
		expect([partsOf(before), before.relists]).toEqual([["1-1/00 2"], []]);
		const listed = copied("1-1/00", ["x", "y", "z", "w"]);
		const after = look([listed], { x: going, y: has("1-1/00"), z: has("1-1/00"), w: has("1-1/00") });
		expect(after.relists[0]?.record.shards[0]?.at.map(([name]) => name)).toEqual(["y", "z", "w"]);
	});

	test("of a file that nobody knows is thrown away; of one that is being written it is not", () => {
		const orphan = { x: has("2-1/00") };
		expect([...look([], orphan).drops]).toEqual([["x", [["2-1/00/0", 7]]]]);
		expect([...look([], orphan, { opens: new Set(["2-1"]) }).drops]).toEqual([]);
		expect([...look([], orphan, { isComplete: false }).drops]).toEqual([]);
	});

	test("moves to a region that has less than its share, when nothing else is wrong", () => {
		const here = (copy: number): Reported => ({ ...has("1-1/00", copy), region: "texas" });
		const machines = { x: here(7), y: here(7), z: { ...has("1-1/00"), region: "ireland" }, w: { region: "tokyo" } };
		const block = copied("1-1/00", ["x", "y", "z"]);
		expect(look([block], machines).needs).toMatchObject([{ shard: 0, instead: ["x", 0, 7] }]);
		expect(look([block], machines, { isSpread: false }).needs).toEqual([]);
	});
});

test("of a coded block, three shards less are three to make, and the slack is what may still be lost", () => {
	const shards = Array.from({ length: 9 }, (_, shard) => ({ bytes: 9, sum: 0, at: [[`m${shard}`, 0, 7] as const] }));
	const block: ScannedBlock = { block: "1-1/00", version: 1, record: { path: "a", bytes: 50, needed: 6, wanted: 1, chunkBytes: 9, shards, gone: [] } };
	const machines = Object.fromEntries(
		shards.map((_, shard) => [`m${shard}`, shard < 3 ? ({ liveness: "dead" } as const) : { holds: { [`1-1/00/${shard}`]: 7 } }]),
	);
	const found = look([block], machines);
	expect(found.needs.map(({ shard, slack }) => [shard, slack])).toEqual([
		[0, 0],
		[1, 0],
		[2, 0],
	]);
	expect(found.healths[0]).toMatchObject({ isLost: false, missing: 3 });
});
