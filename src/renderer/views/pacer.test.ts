import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Pacer } from "./pacer.ts";

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

test("pokes of every frame of a second make a tenth of them happen, and the last of them too", () => {
	let poked = 0;
	const seen: number[] = [];
	const pacer = new Pacer({ act: () => seen.push(poked), everyMs: 100 });
	for (let frame = 0; frame < 60; frame++) {
		poked++;
		pacer.poke();
		vi.advanceTimersByTime(16);
	}
	vi.advanceTimersByTime(100);
	expect(seen[0]).toBe(1);
	expect(seen.length).toBeLessThanOrEqual(11);
	expect(seen.length).toBeGreaterThanOrEqual(9);
	expect(seen.at(-1)).toBe(60);
});

test("after a pause a poke is answered at once, and after its end no more", () => {
	let count = 0;
	const pacer = new Pacer({ act: () => count++, everyMs: 100 });
	pacer.poke();
	vi.advanceTimersByTime(500);
	pacer.poke();
	expect(count).toBe(2);
	pacer.poke();
	pacer.close();
	vi.advanceTimersByTime(500);
	expect(count).toBe(2);
});

test("what takes long is done more seldom, and as often as ever when it takes little again", () => {
	let count = 0;
	let costMs = 80;
	const pacer = new Pacer({ act: () => count++, everyMs: 100, whenOver: (over) => setTimeout(over, costMs) });
	const forASecond = (): number => {
		const before = count;
		for (let i = 0; i < 100; i++) {
			pacer.poke();
			vi.advanceTimersByTime(10);
		}
		return count - before;
	};
	forASecond();
	expect(forASecond()).toBeLessThanOrEqual(3);
	costMs = 5;
	forASecond();
	expect(forASecond()).toBeGreaterThanOrEqual(9);
});
