/**
 * Reads a service's configuration out of a lab, key by key: each reading method names what it
 * expects, and `end` refuses every key that nobody asked for. So the list of keys is the code that
 * reads them, and cannot drift from it.
 *
 * Durations are text with a unit ("250ms") or a number of microseconds. Pure; any thread.
 */
import type { PlainValue } from "../../shared/codec.ts";
import { QuorateError } from "../../shared/errors.ts";
import { nearest } from "../../shared/nearest.ts";
import { formatDurationUs, tryParseDurationUs, usMax } from "../../shared/units.ts";

export interface NumberBounds {
	readonly from: number;
	readonly to: number;
}

/** How a value is written in a message: short, and never a whole document. */
function shown(value: PlainValue): string {
	const text = JSON.stringify(value) ?? String(value);
	return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function isRecord(value: PlainValue): value is { readonly [key: string]: PlainValue } {
	return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

export class ConfigReader {
	readonly #service: string;
	readonly #given: { readonly [key: string]: PlainValue };
	readonly #asked: string[] = [];

	/** @throws QuorateError `lab-invalid` unless the configuration is absent (null) or a mapping */
	constructor(service: string, config: PlainValue) {
		this.#service = service;
		if (config !== null && config !== undefined && !isRecord(config)) {
			throw this.#error("the configuration", "a mapping of keys to values", config);
		}
		this.#given = config ?? {};
	}

	has(key: string): boolean {
		return Object.hasOwn(this.#given, key) && this.#given[key] !== null;
	}

	text(key: string, fallback?: string): string {
		const value = this.#take(key, fallback, "a text");
		if (typeof value !== "string" || value === "") throw this.#error(key, "a text", value);
		return value;
	}

	/** A text, or a list of at least one. */
	texts(key: string, fallback?: readonly string[]): readonly string[] {
		const expected = "a text or a list of texts";
		const value = this.#take(key, fallback, expected);
		const list = Array.isArray(value) ? (value as readonly PlainValue[]) : [value];
		if (!list.every((item) => typeof item === "string" && item !== "")) throw this.#error(key, expected, value);
		return list as readonly string[];
	}

	oneOf<Choice extends string>(key: string, choices: readonly Choice[], fallback?: Choice): Choice {
		const expected = `one of ${choices.join(", ")}`;
		const value = this.#take(key, fallback, expected);
		const choice = choices.find((candidate) => candidate === value);
		if (choice !== undefined) return choice;
		const near = typeof value === "string" ? nearest(value, choices) : undefined;
		throw this.#error(key, expected, value, near);
	}

	number(key: string, bounds: NumberBounds, fallback?: number): number {
		const expected = `a number from ${bounds.from} to ${bounds.to}`;
		return this.#within(key, this.#take(key, fallback, expected), bounds, expected);
	}

	integer(key: string, bounds: NumberBounds, fallback?: number): number {
		const expected = `a whole number from ${bounds.from} to ${bounds.to}`;
		const value = this.#within(key, this.#take(key, fallback, expected), bounds, expected);
		if (!Number.isInteger(value)) throw this.#error(key, expected, value);
		return value;
	}

	/** A number within the bounds, or the word "off", which gives undefined. */
	numberOrOff(key: string, bounds: NumberBounds, fallback: number): number | undefined {
		const expected = `a number from ${bounds.from} to ${bounds.to}, or off`;
		const value = this.#take(key, fallback, expected);
		if (value === "off" || value === false) return undefined;
		return this.#within(key, value, bounds, expected);
	}

	/** @returns microseconds */
	durationUs(key: string, bounds: { readonly from: string; readonly to?: string }, fallback?: string): number {
		const fromUs = tryParseDurationUs(bounds.from) as number;
		const toUs = bounds.to === undefined ? usMax : (tryParseDurationUs(bounds.to) as number);
		const range = bounds.to === undefined ? `of at least ${bounds.from}` : `from ${bounds.from} to ${bounds.to}`;
		const expected = `a duration ${range}, such as ${fallback ?? "250ms"}`;
		const value = this.#take(key, fallback, expected);
		const us = typeof value === "string" ? tryParseDurationUs(value) : value;
		if (typeof us !== "number" || !Number.isSafeInteger(us) || us < fromUs || us > toUs) throw this.#error(key, expected, value);
		return us;
	}

	/** A mapping of names to positive numbers; absent gives an empty list. In the order of their names. */
	weights(key: string): readonly (readonly [name: string, weight: number])[] {
		const expected = "a mapping of names to numbers from 0.001 to 1000000";
		const value = this.#take(key, {}, expected);
		if (!isRecord(value)) throw this.#error(key, expected, value);
		// A plan that was saved and read again has forgotten how the lab wrote them, and a draw must not.
		const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
		return entries.map(([name, weight]) => [name, this.#within(`${key}.${name}`, weight, { from: 0.001, to: 1_000_000 }, expected)]);
	}

	/** Call last: refuses keys that no method asked for. */
	end(): void {
		for (const key of Object.keys(this.#given)) {
			if (this.#asked.includes(key)) continue;
			const near = nearest(key, this.#asked);
			const hint = near === undefined ? `known keys: ${this.#asked.join(", ") || "none"}` : `did you mean ${near}?`;
			throw new QuorateError("lab-invalid", `${this.#service}: unknown key ${JSON.stringify(key)}; ${hint}`);
		}
	}

	/** For rules that span several keys. */
	refuse(key: string, expected: string): never {
		throw this.#error(key, expected, this.#given[key] ?? null);
	}

	/** A key that is missing, or null, has its fallback; without one it is required. */
	#take(key: string, fallback: PlainValue | undefined, expected: string): PlainValue {
		this.#asked.push(key);
		if (this.has(key)) return this.#given[key] as PlainValue;
		if (fallback === undefined) throw new QuorateError("lab-invalid", `${this.#service}: ${key} is missing; expected ${expected}`);
		return fallback;
	}

	#within(key: string, value: PlainValue, bounds: NumberBounds, expected: string): number {
		if (typeof value !== "number" || !(value >= bounds.from && value <= bounds.to)) throw this.#error(key, expected, value);
		return value;
	}

	#error(key: string, expected: string, value: PlainValue, near?: string): QuorateError {
		const hint = near === undefined ? "" : `; did you mean ${near}?`;
		const got =
			typeof value === "number" && key.length > 0 && expected.includes("duration") && Number.isSafeInteger(value) ? formatDurationUs(value) : shown(value);
		return new QuorateError("lab-invalid", `${this.#service}: ${key} must be ${expected}; got ${got}${hint}`);
	}
}
