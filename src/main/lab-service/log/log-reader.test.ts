import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { InlineExecutor } from "../../../core/inline-executor.ts";
import { Kernel } from "../../../core/kernel.ts";
import { registry } from "../../../os/registry.ts";
import { newSession, prepareLab } from "../../app/options.ts";
import { DirectRecorder } from "../../store/direct-recorder.ts";
import { LogReader } from "./log-reader.ts";
import type { LogPlace } from "./place.ts";

let folder = "";
let place: LogPlace;
let eventCount = 0;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "quorate-reader-"));
	const path = join(folder, "run.quorate");
	const { plan, lab } = prepareLab({ lab: "front-door", untilUs: 2_000_000 }, registry);
	const session = newSession({ plan, seed: 7, labText: lab.text, detail: "full", executor: "inline", createdMs: 0 });
	const recorder = new DirectRecorder({ kind: "create", path, session });
	const kernel = new Kernel({ plan, seed: 7, executor: new InlineExecutor(registry) });
	kernel.log.addSink(recorder);
	kernel.advance({ untilUs: plan.untilUs });
	kernel.flush();
	recorder.close({ untilUs: plan.untilUs, finished: true, verdicts: [] });
	eventCount = kernel.log.eventCount;
	kernel.close();
	place = { path, branch: 0, salvage: false, isLive: false, committedEvents: eventCount };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const density = {
	place: { path: "", branch: 0, salvage: false, isLive: false, committedEvents: 0 },
	request: { fromUs: 0, toUs: 1_000_000, buckets: 50, nodes: null },
};
const page = { fromIndex: 0, toIndex: null, fromUs: null, toUs: null, kinds: null, nodes: null, text: null, limit: 10, backwards: false };
const readerWith = (sliceEvents: number, rest: (reader: () => LogReader) => Promise<void>): LogReader => {
	const reader: LogReader = new LogReader({ registry, rest: () => rest(() => reader), sliceEvents });
	return reader;
};

test("a log that is looked at for the first time is read in slices, with others answered between them, and told as if in one", async () => {
	const told: (readonly [done: number, total: number])[] = [];
	let between = 0;
	const reader = readerWith(1_000, async (here) => {
		between++;
		expect(await here().answer("log.events", { place, request: page }, () => {})).toMatchObject({ nextIndex: 10 });
	});
	const sliced = await reader.answer("log.density", { ...density, place }, (done, total) => told.push([done, total]));
	expect(eventCount).toBeGreaterThan(3_000);
	const slices = Math.ceil(eventCount / 1_000);
	expect(told).toEqual(Array.from({ length: slices }, (_, slice) => [Math.min(eventCount, (slice + 1) * 1_000), eventCount]));
	expect(between).toBe(told.length - 1);
	const whole = readerWith(1_000_000, () => Promise.reject(new Error("one slice has no pause")));
	expect(sliced).toEqual(await whole.answer("log.density", { ...density, place }, () => expect.unreachable("what is read at once is not told of")));
	// What has been read is not read again.
	await reader.answer("log.density", { ...density, place }, () => expect.unreachable("nothing is left to be read"));
});

test("a file that is let go of between two slices is opened again, and nothing is counted twice", async () => {
	const reader = readerWith(700, async (here) => void (await here().answer("forget", { path: place.path }, () => {})));
	const whole = readerWith(1_000_000, async () => {});
	expect(await reader.answer("log.density", { ...density, place }, () => {})).toEqual(await whole.answer("log.density", { ...density, place }, () => {}));
});
