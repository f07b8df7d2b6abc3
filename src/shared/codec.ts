/**
 * The one binary encoding of plain data: message bodies, event bodies, disk files, ring frames.
 * MessagePack, without the extensions that would let a value carry code, identity or a shared shape.
 *
 * Pure JavaScript on purpose: the same bytes on every machine (see docs/adr/0003-codec.md).
 */
import { Packr } from "msgpackr/pack";
import { Unpackr } from "msgpackr/unpack";
import { QuorateError } from "./errors.ts";

/** What a message, a file or an attribute may hold: data without identity. */
export type PlainValue = null | boolean | number | string | Uint8Array | readonly PlainValue[] | { readonly [key: string]: PlainValue };

const options = {
	useRecords: false,
	moreTypes: false,
	bundleStrings: false,
	mapsAsObjects: true,
	int64AsType: "number",
	copyBuffers: true,
	variableMapSize: true,
} as const;
const packr = new Packr(options);
const unpackr = new Unpackr(options);

/** @returns the encoding; the caller may keep it, nobody else writes to it. */
export function encode(value: PlainValue): Uint8Array {
	return packr.pack(value);
}

/**
 * Values up to this size are decoded from here. The decoder needs a view of the memory under its input;
 * made anew for each of a million small messages, those views are most of the garbage of a run.
 */
const scratch = new Uint8Array(4_096);

/** @throws QuorateError `internal` when the bytes are no encoding (callers that read files map it). */
export function decode(bytes: Uint8Array): PlainValue {
	try {
		// A copy as plain bytes: from a Node Buffer, programs would be given Buffers.
		if (bytes.length > scratch.length) return unpackr.unpack(new Uint8Array(bytes) as never) as PlainValue;
		scratch.set(bytes);
		return unpackr.unpack(scratch as never, bytes.length as never) as PlainValue;
	} catch (error) {
		throw new QuorateError("internal", `undecodable value: ${(error as Error).message}`);
	}
}
