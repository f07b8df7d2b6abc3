/**
 * One value, one text: JSON with sorted keys and no spaces, so that plans, headers and verdicts can be
 * compared and hashed as text. Knows nothing of who hashes it.
 */
import { assert } from "./errors.ts";

/** What JSON can hold. Properties that are undefined are left out. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue | undefined };

/**
 * Keys are sorted by UTF-16 code units; numbers are written as ECMAScript writes them (-0 as 0).
 * @throws QuorateError `internal` for what JSON cannot hold: bytes, functions, NaN and infinities
 */
export function canonicalJson(value: unknown): string {
	if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
	if (typeof value === "number") {
		assert(Number.isFinite(value), "canonical JSON holds finite numbers only");
		return JSON.stringify(value);
	}
	if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
	assert(typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype, "canonical JSON holds plain data only");
	const properties: string[] = [];
	for (const key of Object.keys(value).sort()) {
		const property = (value as { [key: string]: unknown })[key];
		if (property !== undefined) properties.push(`${JSON.stringify(key)}:${canonicalJson(property)}`);
	}
	return `{${properties.join(",")}}`;
}
