/**
 * Frames: what actually travels, in one encoding for every transport. A frame is a codec value; what
 * is inside is checked against the tables of calls and pushes by whoever receives it. Every byte is
 * hostile. Pure.
 */
import { decode, encode, type PlainValue } from "../codec.ts";
import { ContractError } from "./errors.ts";
import { labFrameBytesMax, windowFrameBytesMax } from "./limits.ts";
import { count, type Of, text, z } from "./schema.ts";
import { errorView } from "./views.ts";

const hostNames = ["electron", "web"] as const;
export type HostName = (typeof hostNames)[number];

const windowFrame = z.discriminatedUnion("kind", [
	/** First of all. */
	z.strictObject({ kind: z.literal("hello"), contractVersion: z.int().min(0) }),
	z.strictObject({ kind: z.literal("call"), id: z.int().min(1), call: text(64), request: z.unknown() }),
	/** Nobody wants the answer to a call any more. What was asked to be done may be done all the same; what was asked is dropped. */
	z.strictObject({ kind: z.literal("cancel"), id: z.int().min(1) }),
]);
export type WindowFrame = Of<typeof windowFrame>;

const welcome = z.strictObject({
	kind: z.literal("welcome"),
	contractVersion: z.int().min(0),
	appVersion: text(64),
	engineVersion: z.int(),
	host: z.enum(hostNames),
	/** `darwin`, `win32`, `linux` ...: for the names of keys. */
	platform: text(32),
	/** What the host can do by itself. */
	hasOpenDialog: z.boolean(),
	windows: count,
});
export type Welcome = Of<typeof welcome>;

const labFrame = z.discriminatedUnion("kind", [
	welcome,
	z.strictObject({ kind: z.literal("reply"), id: z.int().min(1), reply: z.unknown() }),
	/** `id` 0: about a frame that did not tell which call it was. */
	z.strictObject({ kind: z.literal("refusal"), id: z.int().min(0), error: errorView }),
	z.strictObject({ kind: z.literal("push"), push: text(64), content: z.unknown() }),
]);
export type LabFrame = Of<typeof labFrame>;

/** What was wrong, without quoting what was sent. */
export function problemOf(error: z.ZodError): string {
	const issue = error.issues[0];
	if (issue === undefined) return "it is not what was expected";
	const path = issue.path.slice(0, 8).map((part) => String(part).slice(0, 40));
	return `${path.length > 0 ? `${path.join(".")}: ` : ""}${issue.message.slice(0, 300)}`;
}

function readFrame<Schema extends z.ZodType>(bytes: Uint8Array, schema: Schema, bytesMax: number): z.output<Schema> {
	if (bytes.length > bytesMax) throw new ContractError("request-invalid", `a frame of ${bytes.length} bytes; at most ${bytesMax} are taken`);
	let value: PlainValue;
	try {
		value = decode(bytes);
	} catch {
		throw new ContractError("request-invalid", "a frame that is no message");
	}
	const parsed = schema.safeParse(value);
	if (parsed.success) return parsed.data;
	throw new ContractError("request-invalid", `a frame that is no message of the contract: ${problemOf(parsed.error)}`);
}

/** @throws ContractError `request-invalid` */
export function readWindowFrame(bytes: Uint8Array): WindowFrame {
	return readFrame(bytes, windowFrame, windowFrameBytesMax) as WindowFrame;
}

/** @throws ContractError `request-invalid` */
export function readLabFrame(bytes: Uint8Array): LabFrame {
	return readFrame(bytes, labFrame, labFrameBytesMax) as LabFrame;
}

export function writeFrame(frame: WindowFrame | LabFrame): Uint8Array {
	return encode(frame as unknown as PlainValue);
}
