import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { usPerSecond } from "../../shared/units.ts";
import { SlowStart } from "./slow-start.ts";
import { TokenBucket } from "./token-bucket.ts";

const warm = { durationUs: 0, fromRatio: 1 };

function bucketOf({ rate, capacityUs }: { rate: number; capacityUs: number }, slowStart = new SlowStart(warm)): TokenBucket {
	const bucket = new TokenBucket(slowStart);
	bucket.resize(0, { rate, capacityUs });
	return bucket;
}

interface Admission {
	readonly atUs: number;
	readonly costUs: number;
}

/** Offers work at these gaps; takes what the bucket's level covers. */
function admitted(bucket: TokenBucket, offers: readonly { readonly gapUs: number; readonly costUs: number }[]): Admission[] {
	const taken: Admission[] = [];
	let nowUs = 0;
	for (const { gapUs, costUs } of offers) {
		nowUs += gapUs;
		if (bucket.levelUs(nowUs) < costUs) continue;
		bucket.take(nowUs, costUs, usPerSecond);
		taken.push({ atUs: nowUs, costUs });
	}
	return taken;
}

/** The most that was admitted in any closed window of this length. */
function fullestWindowUs(admissions: readonly Admission[], windowUs: number): number {
	let fullest = 0;
	let sum = 0;
	let first = 0;
	for (const { atUs, costUs } of admissions) {
		sum += costUs;
		while ((admissions[first] as Admission).atUs < atUs - windowUs) sum -= (admissions[first++] as Admission).costUs;
		fullest = Math.max(fullest, sum);
	}
	return fullest;
}

describe("a token bucket", () => {
	test("admits over any second at most its rate for that second and its capacity", () => {
		const offers = fc.array(fc.record({ gapUs: fc.oneof(fc.constant(0), fc.nat(20_000)), costUs: fc.integer({ min: 1, max: 30_000 }) }), { maxLength: 400 });
		fc.assert(
			fc.property(fc.double({ min: 0.05, max: 8, noNaN: true }), fc.integer({ min: 30_000, max: 200_000 }), offers, (rate, capacityUs, work) => {
				const admissions = admitted(bucketOf({ rate, capacityUs }), work);
				expect(fullestWindowUs(admissions, usPerSecond)).toBeLessThanOrEqual(rate * usPerSecond + capacityUs + 0.001);
			}),
			{ seed: 21, numRuns: 300 },
		);
	});

	test("is no dam: whoever asks for less than the rate is never held back", () => {
		const steady = Array.from({ length: 2_000 }, () => ({ gapUs: 10_000, costUs: 7_000 }));
		const bucket = bucketOf({ rate: 0.75, capacityUs: 20_000 });
		bucket.levelUs(1_000_000);
		expect(admitted(bucket, [{ gapUs: 1_000_000, costUs: 1 }, ...steady])).toHaveLength(2_001);
	});

	test("starts empty and fills at its rate up to its capacity", () => {
		const bucket = bucketOf({ rate: 0.5, capacityUs: 10_000 });
		expect([0, 1_000, 20_000, 90_000].map((atUs) => bucket.levelUs(atUs))).toEqual([0, 500, 10_000, 10_000]);
	});

	test("pays its debt before it admits again, and knows how long that takes", () => {
		const bucket = bucketOf({ rate: 0.5, capacityUs: 10_000 });
		bucket.take(100_000, 30_000, usPerSecond);
		expect(bucket.levelUs(100_000)).toBe(-20_000);
		expect(bucket.waitUs(100_000, 5_000)).toBe(50_000);
		expect(bucket.levelUs(150_000)).toBe(5_000);
		expect(bucket.waitUs(150_000, 5_000)).toBe(0);
	});

	test("never owes more than it is told to", () => {
		const bucket = bucketOf({ rate: 0.5, capacityUs: 10_000 });
		bucket.take(0, 1e12, 500_000);
		expect(bucket.levelUs(0)).toBe(-500_000);
	});

	test("takes back what was not used, up to its capacity", () => {
		const bucket = bucketOf({ rate: 0.5, capacityUs: 10_000 });
		bucket.take(40_000, 8_000, usPerSecond);
		bucket.take(40_000, -5_000, usPerSecond);
		expect(bucket.levelUs(40_000)).toBe(7_000);
		bucket.take(40_000, -50_000, usPerSecond);
		expect(bucket.levelUs(40_000)).toBe(10_000);
	});

	test("is not changed by being looked at, not even in the last bit", () => {
		fc.assert(
			fc.property(fc.double({ min: 0.05, max: 2, noNaN: true }), fc.array(fc.nat(9_999), { maxLength: 30 }), (rate, looks) => {
				const slowStart = new SlowStart({ durationUs: 7_777, fromRatio: 0.1 });
				slowStart.begin(0);
				const watched = bucketOf({ rate, capacityUs: 100_000 }, slowStart);
				for (const atUs of looks) {
					watched.levelUs(atUs);
					watched.waitUs(atUs, 50_000);
				}
				expect(watched.levelUs(10_000)).toBe(bucketOf({ rate, capacityUs: 100_000 }, slowStart).levelUs(10_000));
			}),
			{ seed: 22, numRuns: 100 },
		);
	});
});

describe("slow start", () => {
	const slowStart = new SlowStart({ durationUs: 4_000_000, fromRatio: 0.2 });

	test("is warm before it was ever begun", () => {
		expect(slowStart.ratioAt(0)).toBe(1);
		expect(slowStart.areaUs(0, 500)).toBe(500);
	});

	test("rises in a straight line from the first share to the whole", () => {
		slowStart.begin(1_000_000);
		expect([1_000_000, 2_000_000, 5_000_000, 9_000_000].map((atUs) => slowStart.ratioAt(atUs))).toEqual([0.2, 0.4, 1, 1]);
	});

	test("has the area under that line, also across its end, however it is cut", () => {
		expect(slowStart.areaUs(1_000_000, 5_000_000)).toBe(2_400_000);
		expect(slowStart.areaUs(1_000_000, 6_000_000)).toBe(3_400_000);
		fc.assert(
			fc.property(fc.integer({ min: 1_000_000, max: 7_000_000 }), (cutUs) => {
				const parts = slowStart.areaUs(1_000_000, cutUs) + slowStart.areaUs(cutUs, 7_000_000);
				expect(parts).toBeCloseTo(4_400_000, 3);
			}),
			{ seed: 23 },
		);
	});

	test("of no duration is warm at once", () => {
		const none = new SlowStart({ durationUs: 0, fromRatio: 0.1 });
		none.begin(50);
		expect(none.ratioAt(50)).toBe(1);
	});

	test("lets a bucket fill slowly first", () => {
		const bucket = bucketOf({ rate: 0.5, capacityUs: 10_000_000 }, slowStart);
		bucket.take(1_000_000, bucket.levelUs(1_000_000), usPerSecond);
		expect(bucket.levelUs(2_000_000)).toBeCloseTo(0.5 * 300_000, 6);
		expect(bucket.levelUs(5_000_000)).toBeCloseTo(0.5 * 2_400_000, 6);
	});
});
