/**
 * The kinds of values a lab file holds, each a zod schema that reads the text a person writes and
 * gives the number the plan holds. Messages say what was expected; the caller adds what was found.
 * Pure.
 */
import { z } from "zod";
import { nearest } from "../nearest.ts";
import { namePattern } from "../plan-index.ts";
import { driftPpmMax, driftPpmMin, tryParseBitsPerSecond, tryParseBytes, tryParseBytesPerSecond, tryParsePpm, tryParseRatio } from "../quantities.ts";
import { formatDurationUs, tryParseDurationUs } from "../units.ts";

/** A map with these keys and no others; an unknown key is told with the one that is near. */
export function fields<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
	return z.strictObject(shape, {
		error: (issue) => {
			if (issue.code === "unrecognized_keys") {
				const [key = ""] = issue.keys;
				const near = nearest(key, Object.keys(shape));
				return `"${key}" is not known here; ${near === undefined ? `expected ${Object.keys(shape).join(", ")}` : `did you mean ${near}?`}`;
			}
			return "expected a map of keys and values";
		},
	});
}

interface Quantity {
	/** Follows "expected". */
	readonly expected: string;
	readonly pattern: RegExp;
	readonly read: (text: string) => number | undefined;
	readonly min: number;
	readonly max: number;
	/** The range as a person would write it. */
	readonly shown: string;
}

function quantity({ expected, pattern, read, min, max, shown }: Quantity) {
	return z
		.string({ error: `expected ${expected}` })
		.regex(pattern, { error: `expected ${expected}` })
		.transform((text, context) => {
			const value = read(text);
			if (value !== undefined && value >= min && value <= max) return value;
			context.addIssue({ code: "custom", message: `expected ${shown}` });
			return z.NEVER;
		});
}

const dayUs = 86_400_000_000;

/** Days as days: nobody reads 31536000s. */
function durationText(us: number): string {
	return us !== 0 && us % dayUs === 0 ? `${us / dayUs}d` : formatDurationUs(us);
}

/** A duration of at least `minUs` and at most `maxUs`, in microseconds. */
export function duration({ minUs = 0, maxUs = dayUs }: { readonly minUs?: number; readonly maxUs?: number } = {}) {
	return quantity({
		expected: "a duration with its unit, such as 5ms or 2s",
		pattern: /^[+-]?\d+(\.\d+)?(us|µs|ms|s|min|h|d)$/,
		read: tryParseDurationUs,
		min: minUs,
		max: maxUs,
		shown: minUs === -maxUs ? `at most ${durationText(maxUs)} either way` : `at least ${durationText(minUs)} and at most ${durationText(maxUs)}`,
	});
}

const ratioExpected = { error: "expected a ratio from 0 to 1, such as 0.01 or 1%" };

/** A probability: `0.1` or `10%`. */
export const ratio = z.union([z.number(), z.string().regex(/^\d+(\.\d+)?(e[+-]?\d+)?%?$/, ratioExpected)], ratioExpected).transform((written, context) => {
	const value = tryParseRatio(String(written));
	if (value !== undefined) return value;
	context.addIssue({ code: "custom", message: "expected a ratio from 0 to 1 (0% to 100%)" });
	return z.NEVER;
});

const ppmPattern = /^[+-]?\d+ppm$/;

export const driftPpm = quantity({
	expected: "a drift in parts per million, such as 200ppm or -50ppm",
	pattern: ppmPattern,
	read: tryParsePpm,
	min: driftPpmMin,
	max: driftPpmMax,
	shown: "a drift above -1000000ppm, at which a clock stands still, and at most 1000000ppm",
});

/** How far a drift swings or wanders: not negative, and short of standing still. */
export const swingPpm = quantity({
	expected: "parts per million, such as 50ppm",
	pattern: ppmPattern,
	read: tryParsePpm,
	min: 0,
	max: -driftPpmMin,
	shown: "0ppm to 999999ppm",
});

export const bitsPerSecond = quantity({
	expected: "a rate such as 100Mbit/s, or unlimited",
	pattern: /^(\d+(\.\d+)?(bit|kbit|Mbit|Gbit)\/s|unlimited)$/,
	read: tryParseBitsPerSecond,
	min: 0,
	max: 1_000_000_000_000,
	shown: "at most 1000Gbit/s",
});

const byteUnits = "(B|kB|MB|GB|KiB|MiB|GiB)";

export const bytes = quantity({
	expected: "a size such as 64KiB or 10MB",
	pattern: new RegExp(`^\\d+(\\.\\d+)?${byteUnits}$`),
	read: tryParseBytes,
	min: 0,
	max: 1_099_511_627_776,
	shown: "at most 1024GiB",
});

export const bytesPerSecond = quantity({
	expected: "a rate such as 200MB/s, or unlimited",
	pattern: new RegExp(`^(\\d+(\\.\\d+)?${byteUnits}/s|unlimited)$`),
	read: tryParseBytesPerSecond,
	min: 0,
	max: 1_099_511_627_776,
	shown: "at most 1024GiB/s",
});

export function wholeNumber(min: number, max: number) {
	const error = `expected a whole number from ${min} to ${max}`;
	return z.int({ error }).min(min, { error }).max(max, { error });
}

/** One or more sentences. */
export const sentence = z
	.string({ error: "expected a text" })
	.trim()
	.min(1, { error: "expected a text that is not empty" })
	.max(2_000, { error: "expected at most 2000 characters" });

/** A short heading. */
export const title = z
	.string({ error: "expected a text" })
	.trim()
	.min(1, { error: "expected a text that is not empty" })
	.max(200, { error: "expected at most 200 characters" });

/** Of a lab, a check, a variant: goes into file names, addresses and command lines. */
export const id = z
	.string({ error: "expected an id such as front-door" })
	.regex(/^[a-z][a-z0-9-]{0,62}$/, { error: "expected an id of lower-case letters, digits and hyphens, such as front-door" });

const nameExpected = "expected a name of letters, digits, hyphens and underscores that starts with a letter, at most 63 characters";

/** Of a switch or a region. */
export const name = z.string({ error: nameExpected }).regex(namePattern, { error: nameExpected });

/** Of a node or a family of nodes: `{n}` stands for its number. */
export const nodeName = z
	.string({ error: nameExpected })
	.regex(/^[A-Za-z][A-Za-z0-9_-]{0,62}(\{n\}[A-Za-z0-9_-]{0,20})?$/, { error: `${nameExpected}; {n} stands for the number in a group` });

/** A name, a glob such as `web-*` or `@region`. */
export const target = z
	.string({ error: "expected a name, a glob such as web-* or a @region" })
	.regex(/^@?[A-Za-z0-9_*-]{1,80}$/, { error: "expected a name, a glob such as web-* or a @region" });

/** A service's own options: any plain data. */
export const config = z.record(z.string(), z.unknown(), { error: "expected a map of the service's options" });
