import { describe, expect, test } from "vitest";
import { MemoryLog } from "../../../../test/support/memory-log.ts";
import type { CallReply } from "../../../shared/contract/calls.ts";
import { eventKindById, eventSchema } from "../../../shared/event-schema.ts";
import { DensityIndex } from "./density.ts";
import { kindOf } from "./place.ts";

/** One doing a millisecond, each a command and what came of it. */
function doings(count: number): readonly string[] {
	return Array.from({ length: count }, (_, i) => `${i + 1}ms slow server-1 ${2 + (i % 2)}x`);
}

function askedOf(log: MemoryLog, { fromUs, toUs }: { readonly fromUs: number; readonly toUs: number }): CallReply<"log.density"> {
	const index = new DensityIndex(log.kernel.plan);
	while (!index.advance(log.open(), 4_096));
	return index.answer(log.open(), { fromUs, toUs, buckets: 1, nodes: null });
}

/** Control events of a stretch, from the log itself. */
function controlOf(log: MemoryLog, fromUs: number, toUs: number): readonly number[] {
	return log.events.flatMap((event) => {
		const kind = eventKindById[kindOf(event)];
		const atUs = log.atUs(event.index);
		return kind !== undefined && eventSchema[kind].class === "control" && atUs >= fromUs && atUs <= toUs ? [event.index] : [];
	});
}

describe("of more faults than can be told", () => {
	test("the latest are, and how many older ones there are", () => {
		const log = new MemoryLog("ping", { untilUs: 1_000_000, story: doings(700) });
		const whole = controlOf(log, 0, 1_000_000);
		expect(whole.length).toBeGreaterThan(1_400);
		const told = askedOf(log, { fromUs: 0, toUs: 1_000_000 });
		expect(told.faults.map(({ index }) => index)).toEqual(whole.slice(-1_000));
		expect(told.faultsOmitted).toBe(whole.length - 1_000);
		expect(told.bandsOmitted).toBe(700 - told.bands.length);
		expect(askedOf(log, { fromUs: 600_000, toUs: 1_000_000 })).toMatchObject({ faultsOmitted: 0, bandsOmitted: 0 });
	});

	test("the latest of a log are kept, and those that are not are counted", () => {
		const log = new MemoryLog("ping", { untilUs: 11_000_000, story: doings(10_500) });
		const whole = controlOf(log, 0, 11_000_000);
		expect(whole.length).toBeGreaterThan(20_000);
		const told = askedOf(log, { fromUs: 0, toUs: 11_000_000 });
		expect(told.faults.map(({ index }) => index)).toEqual(whole.slice(-1_000));
		expect(told.faultsOmitted).toBe(whole.length - 1_000);
	});
});
