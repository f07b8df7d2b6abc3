/**
 * How people write quantities other than time (units.ts): ratios, parts per million, bytes, rates.
 * Every reader returns undefined when the text is not what it reads; every writer's text is read
 * back to the same number. Pure; runs anywhere.
 */

/** Digits with an optional fraction and, for very small ratios, an exponent. */
const decimal = "\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?";
const ratioPattern = new RegExp(`^(${decimal})(%?)$`);
const ppmPattern = /^([+-]?)(\d+)ppm$/;
const factorPattern = /^(\d+(?:\.\d+)?)x$/;
const bitRatePattern = /^(\d+(?:\.\d+)?)(bit|kbit|Mbit|Gbit)\/s$/;
const bytesPattern = /^(\d+(?:\.\d+)?)(B|kB|MB|GB|KiB|MiB|GiB)$/;

const bitScales: readonly (readonly [unit: string, scale: number])[] = [
	["Gbit", 1_000_000_000],
	["Mbit", 1_000_000],
	["kbit", 1_000],
	["bit", 1],
];
const byteScales: readonly (readonly [unit: string, scale: number])[] = [
	["GiB", 1_073_741_824],
	["MiB", 1_048_576],
	["KiB", 1_024],
	["GB", 1_000_000_000],
	["MB", 1_000_000],
	["kB", 1_000],
	["B", 1],
];

function scaled(digits: string | undefined, unit: string | undefined, scales: readonly (readonly [string, number])[]): number | undefined {
	const scale = scales.find(([name]) => name === unit)?.[1];
	if (scale === undefined) return undefined;
	const value = Math.round(Number(digits) * scale);
	return Number.isSafeInteger(value) ? value : undefined;
}

/** Reads `0.1` or `10%`; the result is within 0..1. */
export function tryParseRatio(text: string): number | undefined {
	const match = ratioPattern.exec(text);
	if (!match) return undefined;
	const value = match[2] === "%" ? Number(match[1]) / 100 : Number(match[1]);
	return value >= 0 && value <= 1 ? value : undefined;
}

export function formatRatio(ratio: number): string {
	return String(ratio);
}

/** Reads `200ppm`, `-50ppm`: whole parts per million of clock rate, no limit but that of exact integers. */
export function tryParsePpm(text: string): number | undefined {
	const match = ppmPattern.exec(text);
	if (!match) return undefined;
	const value = Number(match[2]) * (match[1] === "-" ? -1 : 1);
	return Number.isSafeInteger(value) ? value + 0 : undefined;
}

/** A clock must go forward, and no lab needs one that runs more than twice as fast. */
export const driftPpmMin = -999_999;
export const driftPpmMax = 1_000_000;

/** Reads `4x`, `0.5x` as thousandths: 4000, 500. */
export function tryParseFactorMilli(text: string): number | undefined {
	const match = factorPattern.exec(text);
	if (!match) return undefined;
	const milli = Math.round(Number(match[1]) * 1_000);
	return Number.isSafeInteger(milli) ? milli : undefined;
}

export function formatFactorMilli(milli: number): string {
	return `${milli / 1_000}x`;
}

/** Reads `100Mbit/s`, or `unlimited` as 0. */
export function tryParseBitsPerSecond(text: string): number | undefined {
	if (text === "unlimited") return 0;
	const match = bitRatePattern.exec(text);
	return match ? scaled(match[1], match[2], bitScales) : undefined;
}

/** In the largest unit that divides the rate, so that nothing is rounded. */
export function formatBitsPerSecond(bits: number): string {
	if (bits === 0) return "unlimited";
	const [unit, scale] = bitScales.find(([, candidate]) => bits % candidate === 0) as readonly [string, number];
	return `${bits / scale}${unit}/s`;
}

/** Reads `512B`, `64kB` (thousands), `64KiB` (1,024s), up to GB and GiB. */
export function tryParseBytes(text: string): number | undefined {
	const match = bytesPattern.exec(text);
	return match ? scaled(match[1], match[2], byteScales) : undefined;
}

/** Reads `200MB/s`, or `unlimited` as 0. */
export function tryParseBytesPerSecond(text: string): number | undefined {
	if (text === "unlimited") return 0;
	return text.endsWith("/s") ? tryParseBytes(text.slice(0, -2)) : undefined;
}
