/**
 * The one binary encoding of plain data: message bodies, event bodies, disk files, ring frames.
 * MessagePack, without the extensions that would let a value carry code, identity or a shared shape.
 *
 * Pure JavaScript on purpose: the same bytes on every machine (see docs/adr/0003-codec.md).
 */
import { Packr, RESET_BUFFER_MODE, REUSE_BUFFER_MODE } from "msgpackr/pack";
import { Unpackr } from "msgpackr/unpack";
import { type ByteRange, copyBytes, wholeOf } from "./byte-range.ts";
import { holdsForeign } from "./codec-check.ts";
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

/** What the encoder gives when it is told to write into its one buffer again and again. */
type ReusedBuffer = Uint8Array & { readonly start: number; readonly end: number };
const reuse = (REUSE_BUFFER_MODE | RESET_BUFFER_MODE) as never;

/** @returns the encoding, a view of a buffer that the next call overwrites: for whoever copies it at once */
export function encodeTransient(value: PlainValue): ByteRange {
	const target = packr.pack(value, reuse) as Uint8Array as ReusedBuffer;
	return { bytes: target, start: target.start, end: target.end };
}

/** @returns the encoding; the caller may keep it, nobody else writes to it. */
export function encode(value: PlainValue): Uint8Array {
	const { bytes, start, end } = encodeTransient(value);
	const kept = new Uint8Array(end - start);
	copyBytes(bytes, start, end, kept, 0);
	return kept;
}

/**
 * Values up to this size are decoded from here. The decoder needs a view of the memory under its input;
 * made anew for each of a million small messages, those views are most of the garbage of a run.
 */
const scratch = new Uint8Array(4_096);

/** @throws QuorateError `internal` when the bytes are no encoding of plain data (callers that read files map it). */
export function decode(bytes: Uint8Array): PlainValue {
	if (holdsForeign(bytes)) throw new QuorateError("internal", "undecodable value: it holds what is no plain data");
	return decodeRange(wholeOf(bytes));
}

/**
 * For bytes that `encode` has made and nobody else has touched.
 * @throws QuorateError `internal` when the bytes are no encoding
 */
export function decodeRange({ bytes, start, end }: ByteRange): PlainValue {
	try {
		// A copy as plain bytes: from a Node Buffer, programs would be given Buffers.
		if (end - start > scratch.length) return unpackr.unpack(new Uint8Array(bytes.subarray(start, end)) as never) as PlainValue;
		copyBytes(bytes, start, end, scratch, 0);
		return unpackr.unpack(scratch as never, (end - start) as never) as PlainValue;
	} catch (error) {
		throw new QuorateError("internal", `undecodable value: ${(error as Error).message}`);
	}
}
