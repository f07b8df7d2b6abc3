/**
 * Quantities and how people write them. Everything inside is an integer in the base unit:
 * microseconds, bytes, bits per second, parts per million. Text is English and locale-free.
 */
import { QuorateError } from "./errors.ts";

declare const brand: unique symbol;
/** A node's own clock, microseconds. What is plainly a number is true time, which no program can see. */
export type LocalUs = number & { readonly [brand]: "local" };

export const usPerSecond = 1_000_000;
/** No instant lies beyond this: 285 years. */
export const usMax = Number.MAX_SAFE_INTEGER;

const timeUnits: readonly (readonly [string, number])[] = [
	["us", 1],
	["µs", 1],
	["ms", 1_000],
	["s", 1_000_000],
	["min", 60_000_000],
	["h", 3_600_000_000],
	["d", 86_400_000_000],
];

/**
 * Reads `250us`, `1.5ms`, `-2s`, `3min`, `1h`, `1d`. A unit is required.
 * @returns whole microseconds, or undefined when the text is no duration
 */
export function tryParseDurationUs(text: string): number | undefined {
	const match = /^\s*([+-]?)(\d+(?:\.\d+)?)\s*(us|µs|ms|s|min|h|d)\s*$/.exec(text);
	if (!match) return undefined;
	const [, sign, digits, unit] = match;
	const scale = timeUnits.find(([name]) => name === unit)?.[1];
	if (scale === undefined || digits === undefined) return undefined;
	const us = Math.round(Number(digits) * scale) * (sign === "-" ? -1 : 1);
	return Number.isSafeInteger(us) ? us + 0 : undefined;
}

/** @throws QuorateError `usage` naming the text and what was expected */
export function parseDurationUs(text: string): number {
	const us = tryParseDurationUs(text);
	if (us === undefined) throw new QuorateError("usage", `"${text}" is no duration; write a number and a unit, such as 250us, 10ms, 2s or 1min`);
	return us;
}

/** A number of things, in English: `1 thing`, `0 things`, `2 branches`. */
export function formatCount(count: number, one: string, many = `${one}s`): string {
	return `${count} ${count === 1 ? one : many}`;
}

/** The shortest exact text that `parseDurationUs` reads back: `1.5ms`, `2s`, `0us`. */
export function formatDurationUs(us: number): string {
	const magnitude = Math.abs(us);
	const [unit, scale] = magnitude >= 1_000_000 ? ["s", 1_000_000] : magnitude >= 1_000 ? ["ms", 1_000] : ["us", 1];
	const whole = Math.floor(magnitude / Number(scale));
	const rest = magnitude - whole * Number(scale);
	const digits =
		rest === 0
			? ""
			: `.${String(rest)
					.padStart(String(scale).length - 1, "0")
					.replace(/0+$/, "")}`;
	return `${us < 0 ? "-" : ""}${whole}${digits}${unit}`;
}
