/**
 * A run that is continued first repeats itself: what it brings again is held against what the file has.
 *
 * Thread: the writer's.
 */
import { blockEvents } from "../../core/log-sink.ts";
import { assert, QuorateError } from "../../shared/errors.ts";
import type { Database } from "./database.ts";
import { type PackedBlock, unpack } from "./packing.ts";
import { type BlockRow, partRecords } from "./rows.ts";
import { sameBytes } from "./seal.ts";

/** @throws QuorateError `verify-differs` */
export function checkRepeats(path: string, stored: BlockRow | undefined, block: PackedBlock): void {
	// While a run repeats itself, its open block is flushed too; only whole blocks can be compared.
	if (stored === undefined || stored.eventCount !== block.eventCount || sameBytes(stored.digest, block.digest)) return;
	throw differs(path, block.block, block.eventCount);
}

export interface GoingOn {
	readonly path: string;
	readonly database: Database;
	readonly branch: number;
	/** The last block of the file; it was not full. */
	readonly stored: BlockRow | undefined;
	/** What takes its place: it must begin with the same records. */
	readonly block: PackedBlock;
}

/** @throws QuorateError `verify-differs` */
export function checkGoesOn({ path, database, branch, stored, block }: GoingOn): void {
	assert(stored !== undefined, "an open block is stored");
	if (stored.eventCount === block.eventCount) {
		checkRepeats(path, stored, block);
		return;
	}
	const old = Buffer.concat(stored.parts.map((part, i) => rawOf(partRecords(database, branch, block.block, i), part.rawBytes)));
	const fresh = Buffer.concat(block.parts.map((part) => rawOf(part.records, part.rawBytes)));
	if (stored.eventCount > block.eventCount || !old.equals(fresh.subarray(0, old.length))) throw differs(path, block.block, stored.eventCount);
}

function differs(path: string, block: number, eventCount: number): QuorateError {
	const first = block * blockEvents;
	return new QuorateError("verify-differs", `the run does not repeat what ${path} holds: events ${first} to ${first + eventCount - 1} differ`, {
		kept: "The file was not changed.",
		advice: "It was recorded by another version, or the lab's services have changed; run the lab anew.",
	});
}

function rawOf(records: Uint8Array | undefined, rawBytes: number): Uint8Array {
	const words = records === undefined ? undefined : unpack(records, rawBytes);
	assert(words !== undefined, "a session that was checked unpacks");
	return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}
