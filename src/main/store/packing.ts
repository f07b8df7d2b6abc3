/**
 * Between the log's words and the file's blobs: cutting what is stored into parts of bounded
 * size, compressing, and the way back. Knows no SQLite.
 *
 * A stored run of records is the records themselves, back to back (`full`), or each preceded by one
 * word, its offset within the block (the other details). Words are little-endian.
 */
import { constants as zlib, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { assert, QuorateError } from "../../shared/errors.ts";
import { recordLengthWord } from "../../shared/event-record.ts";
import { sessionLimits } from "../../shared/session.ts";
import type { StoredRun } from "./recording.ts";
import { type SealedBlock, type SealedPart, sha256 } from "./seal.ts";

assert(new Uint8Array(new Int32Array([1]).buffer)[0] === 1, "this machine is big-endian; sessions are little-endian");

export interface PackedPart extends SealedPart {
	/** Compressed. */
	readonly records: Uint8Array;
}

/** One block of the digest chain, ready to be stored. */
export interface PackedBlock extends SealedBlock {
	readonly parts: readonly PackedPart[];
	/** False: this block will be written again with more events. */
	readonly complete: boolean;
}

/** Level 1: the recorder must keep up with the kernel on the other core. */
const compression = { params: { [zlib.ZSTD_c_compressionLevel]: 1 } };

function pack(run: StoredRun, from: number, to: number, firstOffset: number, storedCount: number): PackedPart {
	const raw = new Uint8Array(run.words.buffer, run.words.byteOffset + from * 4, (to - from) * 4);
	const records = new Uint8Array(zstdCompressSync(raw, compression));
	return { firstOffset, storedCount, rawBytes: raw.length, checksum: sha256(records), records };
}

/** Most blocks are one part; a block of huge messages is cut so that a reader's memory stays bounded. */
export function packRun(run: StoredRun): PackedPart[] {
	const { words, wordCount, prefixed } = run;
	if (run.storedCount === 0) return [];
	const prefix = prefixed ? 1 : 0;
	if (wordCount * 4 <= sessionLimits.partBytesWanted) return [pack(run, 0, wordCount, prefixed ? (words[0] as number) : 0, run.storedCount)];
	const parts: PackedPart[] = [];
	let from = 0;
	let firstOffset = prefixed ? (words[0] as number) : 0;
	let inPart = 0;
	for (let at = 0, index = 0; at < wordCount; index++) {
		const end = at + prefix + (words[at + prefix + recordLengthWord] as number);
		if ((end - at) * 4 > sessionLimits.partBytes) throw new QuorateError("internal", "an event is too large for a session");
		if (inPart > 0 && (end - from) * 4 > sessionLimits.partBytesWanted) {
			parts.push(pack(run, from, at, firstOffset, inPart));
			from = at;
			firstOffset = prefixed ? (words[at] as number) : index;
			inPart = 0;
		}
		inPart++;
		at = end;
	}
	parts.push(pack(run, from, wordCount, firstOffset, inPart));
	return parts;
}

/**
 * The way back, for blobs that may come from anywhere.
 * @param rawBytes what the file says the blob holds; nothing beyond it is ever allocated
 * @returns the words, or undefined when the blob is not what it claims
 */
export function unpack(records: Uint8Array, rawBytes: number): Int32Array | undefined {
	if (rawBytes <= 0 || rawBytes % 4 !== 0 || rawBytes > sessionLimits.partBytes) return undefined;
	try {
		const options = { maxOutputLength: rawBytes, chunkSize: Math.max(rawBytes, 64), params: { [zlib.ZSTD_d_windowLogMax]: 23 } };
		const raw = zstdDecompressSync(records, options);
		if (raw.length !== rawBytes) return undefined;
		if (raw.byteOffset % 4 === 0) return new Int32Array(raw.buffer, raw.byteOffset, rawBytes / 4);
		return new Int32Array(new Uint8Array(raw).buffer);
	} catch {
		return undefined; // zstd says no, or there would be more than was claimed
	}
}
