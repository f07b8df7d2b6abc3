import { describe, expect, test } from "vitest";
import { distanceKm, type Place, placeOf, places, propagationUs } from "./places.ts";

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** @source Sinnott, Virtues of the Haversine, Sky and Telescope 68:2 (1984) */
function haversineKm(a: Place, b: Place): number {
	const half = (from: number, to: number): number => Math.sin(radians(to - from) / 2) ** 2;
	const h = half(a.latitude, b.latitude) + Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * half(a.longitude, b.longitude);
	return 2 * 6_371 * Math.asin(Math.sqrt(h));
}

function place(name: string): Place {
	const found = placeOf(name);
	if (found === undefined) throw new Error(name);
	return found;
}

test("every place's direction is that of its latitude and longitude", () => {
	for (const { latitude, longitude, direction } of places) {
		const [x, y, z] = direction;
		expect(x).toBeCloseTo(Math.cos(radians(latitude)) * Math.cos(radians(longitude)), 9);
		expect(y).toBeCloseTo(Math.cos(radians(latitude)) * Math.sin(radians(longitude)), 9);
		expect(z).toBeCloseTo(Math.sin(radians(latitude)), 9);
	}
});

test("every distance is that of the haversine formula to a metre", () => {
	for (const a of places) for (const b of places) expect(Math.abs(distanceKm(a, b) - haversineKm(a, b))).toBeLessThan(0.001);
});

describe("distances known from elsewhere", () => {
	test.each([
		["chicago", "ohio", 444],
		["new-york", "london", 5_570],
		["texas", "tokyo", 10_400],
		["sydney", "london", 16_990],
	])("%s to %s is %i km, within half a percent", (a, b, km) => {
		expect(Math.abs(distanceKm(place(a), place(b)) / km - 1)).toBeLessThan(0.005);
	});

	test("nobody is away from themselves, and nobody farther than half the earth's girth", () => {
		for (const a of places) {
			expect(distanceKm(a, a)).toBe(0);
			for (const b of places) expect(distanceKm(a, b)).toBeLessThan(Math.PI * 6_371);
		}
	});

	test("light in glass takes five milliseconds for a thousand kilometres", () => {
		expect(propagationUs(1_000)).toBe(5_004);
		expect(propagationUs(0)).toBe(0);
	});
});
