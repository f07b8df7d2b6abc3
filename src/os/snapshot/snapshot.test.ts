import { describe, expect, test } from "vitest";
import { runService, type ServiceRun, type ServiceRunOptions } from "../../../test/support/service-run.ts";
import { ChandyLamport, type SnapshotPart } from "./chandy-lamport.ts";
import { readSnapshotConfig } from "./config.ts";
import { snapshotDefinition } from "./snapshot.ts";

describe("the marker rules", () => {
	function member() {
		const parts: SnapshotPart<number, string>[] = [];
		const markers: number[] = [];
		let state = 100;
		const core = new ChandyLamport<number, string>([1, 2], {
			state: () => state,
			sendMarkers: (snapshot) => markers.push(snapshot),
			finished: (part) => parts.push(part),
		});
		return { core, parts, markers, set: (value: number) => (state = value) };
	}

	test("sending: the state is recorded at once, and a marker goes out on every channel", () => {
		const { core, markers, set, parts } = member();
		core.begin(1);
		set(5);
		expect(markers).toEqual([1]);
		core.marker(1, 1);
		core.marker(2, 1);
		expect(parts).toEqual([{ snapshot: 1, state: 100, inChannels: [] }]);
	});

	test("receiving, the first: the state is recorded, and that channel is empty", () => {
		const { core, markers, parts } = member();
		core.marker(1, 1);
		core.message(1, "after the marker");
		core.marker(2, 1);
		expect(markers).toEqual([1]);
		expect(parts).toEqual([{ snapshot: 1, state: 100, inChannels: [] }]);
	});

	test("receiving, a later one: the channel holds what came since the state was recorded", () => {
		const { core, parts } = member();
		core.message(2, "before");
		core.marker(1, 1);
		core.message(2, "under way");
		core.marker(2, 1);
		core.message(2, "later");
		expect(parts).toEqual([{ snapshot: 1, state: 100, inChannels: ["under way"] }]);
	});

	test("a marker that comes twice, or of an old snapshot, begins nothing", () => {
		const { core, markers, parts } = member();
		core.marker(1, 1);
		core.marker(2, 1);
		core.marker(2, 1);
		core.begin(1);
		expect(markers).toEqual([1]);
		expect(parts).toHaveLength(1);
	});

	test("a member alone is finished at once", () => {
		const parts: SnapshotPart<number, string>[] = [];
		new ChandyLamport<number, string>([], { state: () => 7, sendMarkers: () => {}, finished: (part) => parts.push(part) }).begin(1);
		expect(parts).toEqual([{ snapshot: 1, state: 7, inChannels: [] }]);
	});
});

const seeds = [1, 2, 3, 4, 5];
const slow = { floorUs: 5_000, jitter: { kind: "exponential", meanUs: 20_000 }, fifo: true } as const;

function run(options: Partial<ServiceRunOptions>): ServiceRun {
	return runService({ definition: snapshotDefinition, count: 5, physics: slow, untilUs: 6_000_000, ...options });
}

test.each([1, 2, 5, 8])("a bank of %i branches always shows the same total, with N(N-1) markers a snapshot", (count) => {
	for (const seed of seeds) {
		const result = run({ count, seed });
		expect(result.exceptions).toEqual([]);
		expect(result.measured("snapshot.total")).toEqual(Array(5).fill(count * 1_000));
		expect(result.sent("snapshot.marker")).toHaveLength(5 * count * (count - 1));
		for (const name of ["totalConstant", "allFinish", "markersAsInTheBook"]) expect(result.broken(`snapshot.${name}`)).toBeNull();
	}
});

test("money was under way in those snapshots", () => {
	expect(
		run({})
			.facts("snapshot.part")
			.some(({ body }) => (body as { underway: number }).underway > 0),
	).toBe(true);
});

describe("each rule is there for something", () => {
	test.each(["no-markers", "forget-channels"])("%s: the total is wrong", (mistake) => {
		for (const seed of seeds) expect(run({ seed, config: { mistake } }).broken("snapshot.totalConstant")).not.toBeNull();
	});

	test("channels that do not keep their order: the total is wrong", () => {
		for (const seed of seeds) expect(run({ seed, physics: { ...slow, fifo: false } }).broken("snapshot.totalConstant")).not.toBeNull();
	});

	test("a marker that is lost: the snapshot is never finished", () => {
		const story: [number, string][] = [[400_000, "cut n1 n2"]];
		expect(run({ story }).broken("snapshot.allFinish")).not.toBeNull();
	});
});

test("the configuration is refused with what was expected", () => {
	expect(() => readSnapshotConfig({ balance: -1 })).toThrow("snapshot: balance must be a whole number from 0");
});
