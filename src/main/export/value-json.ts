/**
 * Any decoded value as JSON text, whatever a file made it hold: bytes become `{"$base64": "..."}`,
 * numbers that JSON lacks `{"$number": "NaN"}`, and what nests too deep `{"$tooDeep": true}`.
 */
import { decode } from "../../shared/codec.ts";

const depthMax = 64;

function objectText(value: object, depth: number): string {
	if (value instanceof Uint8Array) return `{"$base64":${JSON.stringify(Buffer.from(value).toString("base64"))}}`;
	if (depth >= depthMax) return `{"$tooDeep":true}`;
	if (Array.isArray(value)) return `[${value.map((item) => textOf(item, depth + 1)).join(",")}]`;
	const prototype: unknown = Object.getPrototypeOf(value);
	if (prototype !== Object.prototype && prototype !== null) return `{"$unknown":${JSON.stringify(String(value))}}`;
	const properties = Object.entries(value).map(([key, property]) => `${JSON.stringify(key)}:${textOf(property, depth + 1)}`);
	return `{${properties.join(",")}}`;
}

function textOf(value: unknown, depth: number): string {
	if (value === null || value === undefined) return "null";
	if (typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
	if (typeof value === "number") return Number.isFinite(value) ? JSON.stringify(value) : `{"$number":"${value}"}`;
	return typeof value === "object" ? objectText(value, depth) : `{"$unknown":${JSON.stringify(String(value))}}`;
}

export function valueJson(value: unknown): string {
	return textOf(value, 0);
}

/** @returns the decoded body; bytes that are no encoding come as `{ $undecodable: bytes }` */
export function bodyValue(body: Uint8Array): unknown {
	if (body.length === 0) return null;
	try {
		return decode(body);
	} catch {
		return { $undecodable: body.slice() };
	}
}
