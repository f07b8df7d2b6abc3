/** Colours are told apart by every kind of eye, in both themes; words are read on what lies under them. */
import { describe, expect, test } from "vitest";
import { type NodeState, nodeStates, nodeTones } from "./node-state.ts";
import { type DrawingColour, type DrawingTheme, drawingThemes, faded, palettes } from "./palette.ts";

type Rgb = readonly [number, number, number];

function linear(colour: string): Rgb {
	const part = (at: number): number => {
		const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
		return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
	};
	return [part(1), part(3), part(5)];
}

/**
 * What the eye makes of it, on linear light.
 * @source Machado, Oliveira, Fernandes: A Physiologically-based Model for Simulation of Color Vision Deficiency (2009), severity 1.0
 */
const eyes: { readonly [eye: string]: readonly Rgb[] } = {
	"an eye that sees all colours": [
		[1, 0, 0],
		[0, 1, 0],
		[0, 0, 1],
	],
	protanopia: [
		[0.152286, 1.052583, -0.204868],
		[0.114503, 0.786281, 0.099216],
		[-0.003882, -0.048116, 1.051998],
	],
	deuteranopia: [
		[0.367322, 0.860646, -0.227968],
		[0.280085, 0.672501, 0.047413],
		[-0.01182, 0.04294, 0.968881],
	],
	tritanopia: [
		[1.255528, -0.076749, -0.178779],
		[-0.078411, 0.930809, 0.147602],
		[0.004733, 0.691367, 0.3039],
	],
};

function seen([r, g, b]: Rgb, eye: readonly Rgb[]): Rgb {
	const [red, green, blue] = eye.map(([x, y, z]) => Math.min(1, Math.max(0, x * r + y * g + z * b)));
	return [red ?? 0, green ?? 0, blue ?? 0];
}

/** @source Ottosson: A perceptual color space for image processing (2020) */
function oklab([r, g, b]: Rgb): Rgb {
	const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
	const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
	const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
	return [
		0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
		1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
		0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
	];
}

/** Hundredths; below 2 nobody sees a difference. */
function difference(a: string, b: string, eye: readonly Rgb[]): number {
	const [one, other] = [oklab(seen(linear(a), eye)), oklab(seen(linear(b), eye))];
	return Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]) * 100;
}

function contrast(a: string, b: string): number {
	const light = (colour: string): number => {
		const [r, g, b2] = linear(colour);
		return 0.2126 * r + 0.7152 * g + 0.0722 * b2;
	};
	const [high = 0, low = 0] = [light(a), light(b)].sort((x, y) => y - x);
	return (high + 0.05) / (low + 0.05);
}

/** What must not be mistaken for one another wherever it is told by a mark and not by a word. */
const pairs: readonly (readonly [DrawingColour, DrawingColour])[] = [
	["good", "bad"],
	["good", "accent"],
	["bad", "accent"],
	["bad", "quiet"],
	["good", "warning"],
	["warning", "accent"],
	["message", "bad"],
	["reply", "bad"],
	["past", "future"],
	["past", "select"],
	["select", "good"],
	["select", "bad"],
];
const seenApart = 7;

describe.each(drawingThemes)("in the %s theme", (theme: DrawingTheme) => {
	const palette = palettes[theme];

	test.each(Object.keys(eyes))("%s tells apart what differs", (eye) => {
		const tooNear = pairs
			.map(([a, b]) => ({ a, b, far: difference(palette[a], palette[b], eyes[eye] as readonly Rgb[]) }))
			.filter(({ far }) => far < seenApart)
			.map(({ a, b, far }) => `${a} ${b}: ${far.toFixed(1)}`);
		expect(tooNear).toEqual([]);
	});

	test("states of nodes that share a colour are few, and each has an icon of its own", () => {
		const byTone = new Map<string, NodeState[]>();
		for (const state of nodeStates) byTone.set(nodeTones[state], [...(byTone.get(nodeTones[state]) ?? []), state]);
		for (const states of byTone.values()) expect(states.length).toBeLessThanOrEqual(2);
	});

	test("words are read on every ground they stand on", () => {
		for (const ground of ["paper", "surface", "raised"] as const)
			for (const ink of ["ink", "soft", "good", "bad", "warning", "quiet", "accent", "message"] as const)
				expect(contrast(palette[ink], palette[ground]), `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5);
	});
});

test("a colour of which there is less stays the same colour", () => {
	expect([faded("#102030", 0.5), faded("#102030", 0), faded("#102030", 7)]).toEqual(["#10203080", "#10203000", "#102030ff"]);
	expect(faded("var(--ink)", 0.5)).toBe("var(--ink)");
});
