/**
 * Rows of a session file, there and back. Reading believes nothing: a row comes out as a checked
 * value, as undefined when it is not there, or as a sentence saying what is wrong with it.
 */
import { blockEvents } from "../../core/log-sink.ts";
import { type CommandOrigin, commandOrigins } from "../../shared/event-schema.ts";
import { type RecordedCommand, type SessionNote, sessionLimits } from "../../shared/session.ts";
import type { Database, Row } from "./database.ts";
import type { PackedPart } from "./packing.ts";
import { type BranchRow, type SealedBlock, type SealedPart, SealHash } from "./seal.ts";

function whole(value: unknown, min: number, max: number = Number.MAX_SAFE_INTEGER): value is number {
	return Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;
}

/** A number that is whole and in range, or NaN, which no comparison survives. */
function integer(row: Row, column: string, min: number, max?: number): number {
	const value = row[column];
	return whole(value, min, max) ? value : Number.NaN;
}

function isHash(value: unknown): value is Uint8Array {
	return value instanceof Uint8Array && value.length === 32;
}

function isText(value: unknown, bytesMax: number): value is string {
	return typeof value === "string" && value.length <= bytesMax;
}

function anyNaN(values: readonly unknown[]): boolean {
	return values.some(Number.isNaN);
}

const branchColumns =
	"branch, parent, fork_index, fork_us, name, event_count, until_us, digest, finished, verdicts, block_count, block_seal, command_count, command_seal";

/** @returns the row of a branch */
export function branchRow(database: Database, branch: number): BranchRow | string | undefined {
	const size = database.prepare("SELECT octet_length(verdicts) AS verdicts, octet_length(name) AS name FROM branches WHERE branch = ?").get(branch);
	if (size === undefined) return undefined;
	if (!whole(size.verdicts, 0, sessionLimits.verdictBytes) || !whole(size.name, 0, sessionLimits.nameBytes))
		return `branch ${branch} has texts of an impossible size`;
	const row = database.prepare(`SELECT ${branchColumns} FROM branches WHERE branch = ?`).get(branch);
	if (row === undefined) return undefined;
	const { name, verdicts, digest, block_seal: blockSeal, command_seal: commandSeal } = row;
	const numbers = {
		parent: integer(row, "parent", -1, branch - 1),
		forkIndex: integer(row, "fork_index", 0),
		forkUs: integer(row, "fork_us", 0),
		eventCount: integer(row, "event_count", 0, sessionLimits.blocks * blockEvents),
		untilUs: integer(row, "until_us", 0),
		finished: integer(row, "finished", 0, 1),
		blockCount: integer(row, "block_count", 0, sessionLimits.blocks),
		commandCount: integer(row, "command_count", 0, sessionLimits.commands),
	};
	if (anyNaN(Object.values(numbers)) || (branch === 0) !== (numbers.parent === -1)) return `branch ${branch} holds an impossible number`;
	if (!isHash(digest) || !isHash(blockSeal) || !isHash(commandSeal)) return `branch ${branch} holds a hash that is none`;
	if (!isText(name, sessionLimits.nameBytes) || !isText(verdicts, sessionLimits.verdictBytes)) return `branch ${branch} holds a text that is none`;
	const { forkIndex, eventCount, blockCount } = numbers;
	const firstBlock = Math.floor(forkIndex / blockEvents);
	const blocks = Math.ceil(eventCount / blockEvents) - firstBlock;
	const isFresh = blockCount === 0 && eventCount === forkIndex;
	if (eventCount < forkIndex || (!isFresh && blockCount !== blocks)) return `branch ${branch} has ${blockCount} blocks for ${eventCount} events`;
	return { branch, ...numbers, name, verdicts, digest, blockSeal, commandSeal };
}

/** Numbers of the branches the file has, bounded. */
export function branchCount(database: Database): number | string {
	const count = database.prepare("SELECT count(*) AS count FROM branches").get()?.count;
	return whole(count, 1, sessionLimits.branches) ? count : "it has no branches, or too many";
}

/** For a file that was checked; throws nothing but what SQLite throws. */
export function allBranches(database: Database): readonly BranchRow[] {
	const count = branchCount(database);
	const rows: BranchRow[] = [];
	for (let branch = 0; typeof count === "number" && branch < count; branch++) {
		const row = branchRow(database, branch);
		if (row !== undefined && typeof row !== "string") rows.push(row);
	}
	return rows;
}

export function insertBranch(database: Database, row: BranchRow): void {
	database
		.prepare(`INSERT INTO branches (${branchColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
		.run(
			row.branch,
			row.parent,
			row.forkIndex,
			row.forkUs,
			row.name,
			row.eventCount,
			row.untilUs,
			row.digest,
			row.finished,
			row.verdicts,
			row.blockCount,
			row.blockSeal,
			row.commandCount,
			row.commandSeal,
		);
}

export function updateBranch(database: Database, row: BranchRow): void {
	database
		.prepare(
			"UPDATE branches SET event_count = ?, until_us = ?, digest = ?, finished = ?, verdicts = ?, block_count = ?, block_seal = ?, command_count = ?, command_seal = ? WHERE branch = ?",
		)
		.run(row.eventCount, row.untilUs, row.digest, row.finished, row.verdicts, row.blockCount, row.blockSeal, row.commandCount, row.commandSeal, row.branch);
}

export interface BlockRow extends SealedBlock {
	readonly seal: Uint8Array;
}

/** A block and its parts, without the records. */
export function blockRow(database: Database, branch: number, block: number): BlockRow | string | undefined {
	const row = database
		.prepare("SELECT event_count, stored_count, from_us, until_us, part_count, digest, seal FROM blocks WHERE branch = ? AND block = ?")
		.get(branch, block);
	if (row === undefined) return undefined;
	const eventCount = integer(row, "event_count", 1, blockEvents);
	const storedCount = integer(row, "stored_count", 0, blockEvents);
	const fromUs = integer(row, "from_us", 0);
	const untilUs = integer(row, "until_us", 0);
	const partCount = integer(row, "part_count", 0, sessionLimits.partsPerBlock);
	const { digest, seal } = row;
	if (anyNaN([eventCount, storedCount, fromUs, untilUs, partCount]) || storedCount > eventCount || fromUs > untilUs)
		return `block ${block} holds an impossible number`;
	if (!isHash(digest) || !isHash(seal)) return `block ${block} holds a hash that is none`;
	const parts: SealedPart[] = [];
	for (let part = 0; part < partCount; part++) {
		const sealed = partRow(database, branch, block, part);
		if (sealed === undefined) return `part ${part} of block ${block} is missing`;
		if (typeof sealed === "string") return sealed;
		parts.push(sealed);
	}
	return { block, eventCount, storedCount, fromUs, untilUs, digest, parts, seal };
}

function partRow(database: Database, branch: number, block: number, part: number): SealedPart | string | undefined {
	const row = database
		.prepare("SELECT first_offset, stored_count, raw_bytes, checksum FROM parts WHERE branch = ? AND block = ? AND part = ?")
		.get(branch, block, part);
	if (row === undefined) return undefined;
	const firstOffset = integer(row, "first_offset", 0, blockEvents - 1);
	const storedCount = integer(row, "stored_count", 1, blockEvents);
	const rawBytes = integer(row, "raw_bytes", 1, sessionLimits.partBytes);
	const { checksum } = row;
	if (anyNaN([firstOffset, storedCount, rawBytes]) || !isHash(checksum)) return `part ${part} of block ${block} holds an impossible number or hash`;
	return { firstOffset, storedCount, rawBytes, checksum };
}

/** The compressed records of a part, or undefined when they are not there or larger than anything ever written. */
export function partRecords(database: Database, branch: number, block: number, part: number): Uint8Array | undefined {
	const where = "FROM parts WHERE branch = ? AND block = ? AND part = ?";
	const bytes = database.prepare(`SELECT octet_length(records) AS bytes ${where}`).get(branch, block, part)?.bytes;
	if (!whole(bytes, 1, sessionLimits.partBytes * 2)) return undefined;
	const records = database.prepare(`SELECT records ${where}`).get(branch, block, part)?.records;
	return records instanceof Uint8Array ? records : undefined;
}

/** Stores a block, in place of an earlier and shorter version of itself. */
export function insertBlock(
	database: Database,
	branch: number,
	block: Omit<SealedBlock, "parts"> & { readonly parts: readonly PackedPart[] },
	seal: Uint8Array,
): void {
	database.prepare("DELETE FROM parts WHERE branch = ? AND block = ?").run(branch, block.block);
	database
		.prepare(
			"INSERT OR REPLACE INTO blocks (branch, block, event_count, stored_count, from_us, until_us, part_count, digest, seal) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		)
		.run(branch, block.block, block.eventCount, block.storedCount, block.fromUs, block.untilUs, block.parts.length, block.digest, seal);
	const statement = database.prepare(
		"INSERT INTO parts (branch, block, part, first_offset, stored_count, raw_bytes, checksum, records) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
	);
	block.parts.forEach((part, index) => {
		statement.run(branch, block.block, index, part.firstOffset, part.storedCount, part.rawBytes, part.checksum, part.records);
	});
}

export function insertCommand(database: Database, branch: number, command: RecordedCommand, seal: Uint8Array): void {
	const sql = "INSERT INTO commands (branch, sequence, at_us, origin, line, seal) VALUES (?, ?, ?, ?, ?, ?)";
	database.prepare(sql).run(branch, command.sequence, command.atUs, command.origin, command.line, seal);
}

export interface CommandRow extends RecordedCommand {
	readonly seal: Uint8Array;
}

/** The first command of a branch numbered above `after`. */
export function commandRow(database: Database, branch: number, after: number): CommandRow | string | undefined {
	const where = "FROM commands WHERE branch = ? AND sequence > ? ORDER BY sequence LIMIT 1";
	const size = database.prepare(`SELECT octet_length(line) AS line ${where}`).get(branch, after);
	if (size === undefined) return undefined;
	if (!whole(size.line, 0, sessionLimits.lineBytes)) return `the command after number ${after} has an impossible size`;
	const row = database.prepare(`SELECT sequence, at_us, origin, line, seal ${where}`).get(branch, after);
	if (row === undefined) return undefined;
	const sequence = integer(row, "sequence", after + 1);
	const atUs = integer(row, "at_us", 0);
	const { origin, line, seal } = row;
	if (anyNaN([sequence, atUs]) || !isText(line, sessionLimits.lineBytes) || !isHash(seal)) return `the command after number ${after} is unreadable`;
	if (!commandOrigins.includes(origin as CommandOrigin)) return `the command after number ${after} comes from nobody`;
	return { sequence, atUs, origin: origin as CommandOrigin, line, seal };
}

export function insertNote(database: Database, note: Omit<SessionNote, "id">): number {
	database.prepare("INSERT INTO notes (branch, event_index, wall_ms, text) VALUES (?, ?, ?, ?)").run(note.branch, note.eventIndex, note.wallMs, note.text);
	return database.prepare("SELECT last_insert_rowid() AS id").get()?.id as number;
}

/** @returns the first note numbered above `after` */
export function noteRow(database: Database, after: number): SessionNote | string | undefined {
	const where = "FROM notes WHERE id > ? ORDER BY id LIMIT 1";
	const size = database.prepare(`SELECT octet_length(text) AS text ${where}`).get(after);
	if (size === undefined) return undefined;
	if (!whole(size.text, 0, sessionLimits.noteBytes)) return `the note after number ${after} has an impossible size`;
	const row = database.prepare(`SELECT id, branch, event_index, wall_ms, text ${where}`).get(after);
	if (row === undefined) return undefined;
	const id = integer(row, "id", after + 1);
	const branch = integer(row, "branch", 0, sessionLimits.branches);
	const eventIndex = integer(row, "event_index", -1);
	const wallMs = integer(row, "wall_ms", 0);
	const { text } = row;
	if (anyNaN([id, branch, eventIndex, wallMs]) || !isText(text, sessionLimits.noteBytes)) return `the note after number ${after} is unreadable`;
	return { id, branch, eventIndex, wallMs, text };
}

/** Tables that people and views add to, in the order in which the seal takes them; a checkpoint's `state` has its checksum. */
const annotations = [
	["notes", "SELECT id, branch, event_index, wall_ms, text FROM notes WHERE id > ? ORDER BY id LIMIT 1"],
	["answers", "SELECT id, branch, event_index, wall_ms, question, answer FROM answers WHERE id > ? ORDER BY id LIMIT 1"],
	["checkpoints", "SELECT id, branch, event_index, at_us, kind, raw_bytes, checksum FROM checkpoints WHERE id > ? ORDER BY id LIMIT 1"],
] as const;

/** One hash over notes, answers and checkpoints, whatever they hold. */
export function annotationsDigest(database: Database): Uint8Array {
	const hash = new SealHash("quorate annotations 1");
	for (const [table, sql] of annotations) {
		hash.text(table);
		let after = Number.MIN_SAFE_INTEGER;
		for (let count = 0; count < sessionLimits.notes * 2; count++) {
			const row = database.prepare(sql).get(after);
			if (row === undefined) break;
			for (const value of Object.values(row)) hashValue(hash, value);
			if (!whole(row.id, after + 1)) break; // ids that do not ascend: the seal will not match
			after = row.id;
		}
	}
	return hash.value();
}

function hashValue(hash: SealHash, value: unknown): void {
	if (whole(value, Number.MIN_SAFE_INTEGER)) hash.integer(value);
	else if (typeof value === "string") hash.text(value);
	else if (value instanceof Uint8Array) hash.bytes(value);
	else hash.text(`\0${String(value)}`);
}
