import { expect, test } from "vitest";
import { barRadiusPx, loadBar } from "./load-bar.ts";

const radii = [barRadiusPx, 14, 20, 30, 60];
const place = { x: 100, y: 50 };

test("a bar is wide and high enough to be read at every size at which it is drawn, and its line stands out of it", () => {
	for (const radius of radii) {
		const { frame, line } = loadBar(place, radius, 0.5);
		expect(frame.right - frame.left).toBeGreaterThanOrEqual(19);
		expect(frame.bottom).toBeLessThan(place.y + radius);
		expect(frame.bottom - frame.top).toBeGreaterThanOrEqual(8);
		// In the middle of its node, and within it where that is widest; of a large one it is not a mark among others.
		expect((frame.left + frame.right) / 2).toBeCloseTo(place.x);
		expect(frame.right - frame.left).toBeLessThan(2 * radius);
		expect(frame.right - frame.left).toBeGreaterThan(1.4 * radius);
		expect((line.x - frame.left) / (frame.right - frame.left)).toBeCloseTo(0.8);
		expect(frame.top - line.top).toBeGreaterThan(3);
		expect(line.bottom - frame.bottom).toBeGreaterThan(3);
	}
});

test("it fills by the load up to the line, and only what is over the line breaks out of it", () => {
	for (const radius of radii) {
		const half = loadBar(place, radius, 0.4);
		expect(half.filled.right).toBeCloseTo((half.frame.left + half.line.x) / 2);
		expect(half.over).toBeUndefined();
		expect(loadBar(place, radius, 0.8).over).toBeUndefined();
		for (const none of [0, -1]) {
			const { frame, filled } = loadBar(place, radius, none);
			expect(filled.right).toBe(frame.left);
		}
		for (const ratio of [0.801, 0.9, 1, 1.7]) {
			const { frame, filled, over, line } = loadBar(place, radius, ratio);
			expect(filled.right).toBe(line.x);
			expect(over?.left).toBe(line.x);
			expect(over && over.right - over.left).toBeGreaterThanOrEqual(3.5);
			expect(over?.right).toBeLessThanOrEqual(frame.right);
			expect(over && over.top < frame.top && over.bottom > frame.bottom).toBe(true);
		}
	}
	expect(loadBar(place, 30, 1).over?.right).toBe(loadBar(place, 30, 1).frame.right);
});
