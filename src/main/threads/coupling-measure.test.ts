import { expect, test } from "vitest";
import { measureCoupling } from "./coupling-measure.ts";

const entry = new URL("./coupling-thread.ts", import.meta.url);

test("both worlds give the right answers, atomics lose nothing, and a lock dies with its holder", async () => {
	const report = await measureCoupling({ entry, threads: 2, times: 5_000, roundTrips: 50, items: 10_001, order: 33, lockMs: 20 });
	expect(report.counter.atomic.counted).toBe(100_000);
	// How many are lost is the machine's affair; that none is invented is not.
	expect(report.counter.plain.counted).toBeLessThanOrEqual(100_000);
	expect(report.counter.plain.counted).toBeGreaterThan(0);
	expect(report.counter.plain.lostRatio).toBe(1 - report.counter.plain.counted / 100_000);
	expect([report.sum.isRight, report.matrix.isRight]).toEqual([true, true]);
	expect(report.death.shared.isLockFree).toBe(false);
	expect(report.death.messages.isAnswered).toBe(true);
});
