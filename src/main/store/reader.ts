/**
 * Reads sessions. A file is looked over as a whole when it is opened and its records again when they
 * are read; nothing is ever written to it, and memory does not grow with its length.
 *
 * Thread: any but the window's.
 */
import { statSync } from "node:fs";
import { basename } from "node:path";
import { blockEvents } from "../../core/log-sink.ts";
import { assert, QuorateError } from "../../shared/errors.ts";
import { readUs, recordAtWord } from "../../shared/event-record.ts";
import type { Plan } from "../../shared/plan.ts";
import type { RecordedCommand, SessionBranch, SessionDamage, SessionHead, SessionHeader, SessionNote } from "../../shared/session.ts";
import { type CheckDepth, type CheckedBranch, type CheckedSession, checkGrown, checkSession } from "./check.ts";
import { type Database, translateError } from "./database.ts";
import { unpack } from "./packing.ts";
import { checkedPath } from "./path.ts";
import { recordLength } from "./record-check.ts";
import { type BlockRow, blockRow, commandRow, noteRow, partRecords } from "./rows.ts";
import { sameBytes, sha256 } from "./seal.ts";
import { readVerdicts } from "./session-json.ts";
import { openSnapshot, type Snapshot } from "./snapshot.ts";

/** One stored event. Keeping it keeps the words of its whole block. */
export interface StoredEvent {
	readonly index: number;
	readonly words: Int32Array;
	readonly start: number;
}

export interface StoredBlock {
	readonly block: number;
	readonly firstIndex: number;
	readonly eventCount: number;
	/** Chain value after these events. */
	readonly digest: Uint8Array;
	readonly fromUs: number;
	readonly untilUs: number;
}

/** Bounds are inclusive; leave one out and there is none. */
export interface EventQuery {
	readonly branch?: number;
	readonly fromIndex?: number;
	readonly toIndex?: number;
	readonly fromUs?: number;
	readonly toUs?: number;
}

export interface OpenOptions {
	/** `refuse` (the default): a damaged file is an error. `prefix`: what is provably intact is offered, see `damage`. */
	readonly damaged?: "refuse" | "prefix";
	readonly depth?: CheckDepth;
}

interface BranchView extends SessionBranch {
	readonly checked: CheckedBranch;
	/** Events that can be read. */
	readonly readable: number;
}

export class Session {
	readonly path: string;
	readonly header: SessionHeader;
	readonly plan: Plan;
	readonly planText: string;
	readonly labText: string;
	/** Null unless the file was opened in spite of its damage. */
	readonly damage: SessionDamage | null;
	/** What a reader should know about an undamaged file, in a sentence; empty as a rule. */
	readonly remark: string;
	/** Where the chains begin: a hash of header, lab and plan. */
	readonly root: Uint8Array;
	readonly #database: Database;
	readonly #branches: ReadonlyMap<number, BranchView>;
	readonly #snapshot: Snapshot;
	readonly #checked: CheckedSession;

	/** Use `openSession`. */
	constructor(path: string, checked: CheckedSession, snapshot: Snapshot) {
		this.path = path;
		this.header = checked.header;
		this.plan = checked.plan;
		this.planText = checked.planText;
		this.labText = checked.labText;
		this.root = checked.root;
		this.#database = snapshot.database;
		this.#snapshot = snapshot;
		this.#checked = checked;
		const sound = checked.reasons.length === 0;
		const views = [...checked.branches.values()].map((branch) => viewOf(branch, sound)).filter((view) => view !== undefined);
		this.#branches = new Map(views.map((view) => [view.branch, view]));
		this.remark = snapshot.journalIsMissing && views.some(({ head }) => !head.finished) ? journalMissing(path) : "";
		this.damage = sound ? null : { reasons: checked.reasons, readableEvents: new Map(views.map((view) => [view.branch, view.readable])) };
	}

	get branches(): readonly SessionBranch[] {
		return [...this.#branches.values()].map(({ branch, parent, forkIndex, forkUs, name, head }) => ({ branch, parent, forkIndex, forkUs, name, head }));
	}

	head(branch = 0): SessionHead {
		return this.#branch(branch).head;
	}

	/** Every command of the branch from the run's beginning, in order: a branch holds its parent's too. */
	*commands(branch = 0): Generator<RecordedCommand> {
		let after = -1;
		for (let i = 0; i < this.#branch(branch).checked.intactCommands; i++) {
			const row = this.#read(() => commandRow(this.#database, branch, after));
			if (typeof row !== "object") throw this.#damaged(row ?? "a command is missing");
			after = row.sequence;
			yield { sequence: row.sequence, atUs: row.atUs, origin: row.origin, line: row.line };
		}
	}

	*notes(): Generator<SessionNote> {
		if (this.damage !== null) return; // only the seal vouches for notes
		for (let after = 0; ; ) {
			const row = this.#read(() => noteRow(this.#database, after));
			if (row === undefined) return;
			if (typeof row === "string") throw this.#damaged(row);
			after = row.id;
			yield row;
		}
	}

	/** The links of the digest chain, from the one that holds event `fromIndex`. */
	*blocks({ branch = 0, fromIndex = 0 }: { readonly branch?: number; readonly fromIndex?: number } = {}): Generator<StoredBlock> {
		const { readable } = this.#branch(branch);
		for (let block = Math.floor(fromIndex / blockEvents); block * blockEvents < readable; block++) {
			const { row } = this.#block(branch, block);
			const { eventCount, digest, fromUs, untilUs } = row;
			yield { block, firstIndex: block * blockEvents, eventCount, digest, fromUs, untilUs };
		}
	}

	/**
	 * Stored events in order. Blocks outside the bounds are not read.
	 * @throws QuorateError `session-damaged` where records turn out not to be what was written
	 */
	*events(query: EventQuery = {}): Generator<StoredEvent> {
		const { branch = 0, fromUs = 0, toUs = Number.POSITIVE_INFINITY } = query;
		const { readable } = this.#branch(branch);
		const fromIndex = Math.max(query.fromIndex ?? 0, fromUs > 0 ? this.#firstBlockUntil(branch, readable, fromUs) * blockEvents : 0);
		const toIndex = Math.min(query.toIndex ?? readable - 1, readable - 1);
		for (let block = Math.floor(fromIndex / blockEvents); block * blockEvents <= toIndex; block++) {
			const { owner, row } = this.#block(branch, block);
			if (row.fromUs > toUs) return;
			for (const part of row.parts.keys()) {
				for (const found of this.#partEvents(owner, row, part)) {
					if (found.index < fromIndex) continue;
					if (found.index > toIndex) return;
					const atUs = readUs(found.words, found.start + recordAtWord);
					if (atUs > toUs) return;
					if (atUs >= fromUs) yield found;
				}
			}
		}
	}

	/**
	 * The session as its file holds it by now: what has come since is looked at, and nothing else. Takes the place of this one,
	 * which only what is half read may still be read from.
	 * @returns null when it has to be opened anew; this one is to be closed then
	 */
	grown(): Session | null {
		try {
			if (this.damage !== null || !this.#snapshot.renew()) return null;
			const checked = checkGrown(this.#database, this.#checked);
			return checked === undefined ? null : new Session(this.path, checked, this.#snapshot);
		} catch {
			return null; // whoever opens it anew is told why it cannot be read
		}
	}

	close(): void {
		this.#snapshot.close();
	}

	*#partEvents(owner: number, row: BlockRow, part: number): Generator<StoredEvent> {
		const { words, firstOffset, storedCount } = this.#partWords(owner, row, part);
		const prefixed = this.header.detail !== "full";
		let at = 0;
		let offset = firstOffset - 1;
		for (let i = 0; i < storedCount; i++) {
			const next = prefixed ? words[at++] : offset + 1;
			const length = recordLength(words, at);
			if (next === undefined || next <= offset || next >= row.eventCount || length === 0)
				throw this.#damaged(`the records of block ${row.block} make no sense`);
			offset = next;
			yield { index: row.block * blockEvents + offset, words, start: at };
			at += length;
		}
		if (at !== words.length) throw this.#damaged(`block ${row.block} holds more than its records`);
	}

	#partWords(owner: number, row: BlockRow, part: number): { words: Int32Array; firstOffset: number; storedCount: number } {
		const sealed = row.parts[part];
		assert(sealed !== undefined, "a part within its block");
		const records = this.#read(() => partRecords(this.#database, owner, row.block, part));
		if (records === undefined || !sameBytes(sha256(records), sealed.checksum)) throw this.#damaged(`the records of block ${row.block} were altered`);
		const words = unpack(records, sealed.rawBytes);
		if (words === undefined) throw this.#damaged(`the records of block ${row.block} cannot be unpacked`);
		return { words, firstOffset: sealed.firstOffset, storedCount: sealed.storedCount };
	}

	/** The block as this branch sees it, and the branch that holds it. */
	#block(branch: number, block: number): { readonly owner: number; readonly row: BlockRow } {
		let view = this.#branch(branch);
		while (block < view.checked.firstBlock) view = this.#branch(view.parent);
		const row = this.#read(() => blockRow(this.#database, view.branch, block));
		if (typeof row !== "object") throw this.#damaged(row ?? `block ${block} is missing`);
		return { owner: view.branch, row };
	}

	/** The first block that reaches `us`: blocks are in order of time. */
	#firstBlockUntil(branch: number, readable: number, us: number): number {
		let low = 0;
		let high = Math.ceil(readable / blockEvents);
		while (low < high) {
			const middle = Math.floor((low + high) / 2);
			if (this.#block(branch, middle).row.untilUs < us) low = middle + 1;
			else high = middle;
		}
		return low;
	}

	#branch(branch: number): BranchView {
		const view = this.#branches.get(branch);
		if (view === undefined) throw new QuorateError("usage", `${this.path} has no readable branch ${branch}`);
		return view;
	}

	#read<Value>(action: () => Value): Value {
		try {
			return action();
		} catch (error) {
			throw translateError(error, this.path);
		}
	}

	#damaged(reason: string): QuorateError {
		return new QuorateError("session-damaged", `${this.path} is damaged: ${reason}`, { kept: "The file was not changed." });
	}
}

function journalMissing(path: string): string {
	return `${basename(path)}-wal, the journal of the program that wrote this session, is missing; what was recorded last may have been in it.`;
}

/** @returns undefined for a branch nothing of which can be trusted */
function viewOf(checked: CheckedBranch, sound: boolean): BranchView | undefined {
	const { row, firstBlock, intactBlocks, lastBlock } = checked;
	const { branch, parent, forkIndex, forkUs } = row;
	if (sound) {
		const verdicts = readVerdicts(row.verdicts);
		if (verdicts instanceof QuorateError) throw verdicts;
		const head = { eventCount: row.eventCount, untilUs: row.untilUs, digest: row.digest, finished: row.finished === 1, verdicts };
		return { branch, parent, forkIndex, forkUs, name: row.name, head, checked, readable: row.eventCount };
	}
	// Own blocks vouch for where the branch forked; without any there is nothing to go by.
	if (lastBlock === undefined) return branch === 0 ? prefixView(checked, 0) : undefined;
	return prefixView(checked, (firstBlock + intactBlocks - 1) * blockEvents + lastBlock.eventCount);
}

/** A branch of a damaged file: the events its links prove, and nothing that only the head could tell. */
function prefixView(checked: CheckedBranch, readable: number): BranchView {
	const { branch, parent, forkIndex, forkUs } = checked.row;
	const digest = checked.lastBlock?.digest ?? new Uint8Array(32);
	const head = { eventCount: readable, untilUs: checked.lastBlock?.untilUs ?? 0, digest, finished: false, verdicts: [] };
	return { branch, parent, forkIndex, forkUs, name: "", head, checked, readable };
}

/**
 * @throws QuorateError `session-not-found`, `session-unsupported` (no session, or a later format),
 *   `session-damaged` (saying what is wrong, and how many events could still be read)
 */
export function openSession(givenPath: string, { damaged = "refuse", depth = "full" }: OpenOptions = {}): Session {
	const path = checkedPath(givenPath);
	if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw new QuorateError("session-not-found", `there is no file ${path}`);
	let opened: Snapshot | undefined;
	try {
		opened = openSnapshot(path);
		const checked = checkSession(opened.database, path, depth);
		const reasons = opened.cutOff === "" ? checked.reasons : [opened.cutOff, ...checked.reasons];
		const session = new Session(path, { ...checked, reasons }, opened);
		if (session.damage !== null && damaged === "refuse") throw refusal(path, session.damage);
		return session;
	} catch (error) {
		opened?.close();
		throw opened?.cutOff ? cutOffError(path, opened.cutOff, error) : translateError(error, path);
	}
}

/** A file that lost its end may have lost so much that SQLite's own words say less than ours. */
function cutOffError(path: string, cutOff: string, error: unknown): Error {
	const translated = translateError(error, path);
	if (!(translated instanceof QuorateError) || translated.kept.startsWith("Its first")) return translated;
	return new QuorateError("session-damaged", `${path} is damaged: ${cutOff}`, {
		kept: "The file was not changed.",
		advice: "Use a copy of it, if there is one.",
	});
}

function refusal(path: string, damage: SessionDamage): QuorateError {
	const readable = damage.readableEvents.get(0) ?? 0;
	const kept = readable > 0 ? `Its first ${readable} events are as they were written. The file was not changed.` : "The file was not changed.";
	return new QuorateError("session-damaged", `${path} is damaged: ${damage.reasons[0] ?? "its seal does not fit"}`, {
		kept,
		advice: readable > 0 ? "Use a copy of it, if there is one, or open it as far as it can be read." : "Use a copy of it, if there is one.",
	});
}
