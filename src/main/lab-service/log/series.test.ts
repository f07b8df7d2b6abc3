import { describe, expect, test } from "vitest";
import { MemoryLog } from "../../../../test/support/memory-log.ts";
import { kindId } from "../../../shared/event-record.ts";
import { seriesOf } from "./series.ts";

const second = 1_000_000;
const floats = (bytes: Uint8Array): Float32Array => new Float32Array(bytes.slice().buffer);

describe("load and latency over time", () => {
	const log = new MemoryLog("front-door", { untilUs: 4 * second });
	const points = 40;
	const range = { fromUs: 0, toUs: 4 * second - 1, points, nodes: null };
	const whole = seriesOf(log.open(), range);

	test("every delivery is counted once, in the stretch in which it happened", () => {
		const delivered = log.events.filter(({ words, start }) => words[start] === kindId("messageDelivered"));
		const expected = new Float32Array(points);
		for (const { index } of delivered) {
			const point = Math.floor(log.atUs(index) / 100_000);
			expected[point] = (expected[point] as number) + 1;
		}
		expect(floats(whole.delivered)).toEqual(expected);
		expect(delivered.length).toBeGreaterThan(1_000);
	});

	test("of a log that has come halfway it is told how far, and every stretch before is as it will be in the end", () => {
		const half = log.events.findIndex(({ index }) => log.atUs(index) > 2_050_000);
		const early = seriesOf(log.open(half), range);
		expect(early.reachUs).toBe(log.atUs(half - 1));
		const over = Math.floor((early.reachUs + 1) / early.stepUs);
		expect(over).toBe(20);
		expect(floats(early.delivered).subarray(0, over)).toEqual(floats(whole.delivered).subarray(0, over));
		expect(floats(early.p99Us).subarray(0, over)).toEqual(floats(whole.p99Us).subarray(0, over));
		// The stretch that is half over is what must not be drawn as if it were whole.
		expect(floats(early.delivered)[over]).toBeLessThan((floats(whole.delivered)[over] as number) * 0.9);
	});
});
