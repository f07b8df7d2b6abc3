/**
 * Writes a session: creates the file or opens it to add a branch, takes blocks, commands and notes,
 * and commits them with a fresh seal. All or nothing between two commits; a failure rolls back to the
 * last one and ends this writer.
 *
 * Thread: the recorder thread (or the caller's own, in tests and for short work).
 */
import { existsSync } from "node:fs";
import { blockEvents } from "../../core/log-sink.ts";
import { canonicalJson } from "../../shared/canonical-json.ts";
import { assert, QuorateError } from "../../shared/errors.ts";
import type { RecordedCommand, RecordedVerdict, SessionHeader, SessionNote } from "../../shared/session.ts";
import { sessionLimits } from "../../shared/session.ts";
import { type Database, translateError } from "./database.ts";
import { identityOf } from "./identity.ts";
import { limitSize, makingFile, refuseExisting, withDatabase, withLock } from "./in-hand.ts";
import type { SessionLock } from "./lock.ts";
import { isBeingRead, renameTo, requireSame } from "./moving.ts";
import type { PackedBlock } from "./packing.ts";
import { checkedPath } from "./path.ts";
import { openSession } from "./reader.ts";
import type { NewBranch, NewSession } from "./recording.ts";
import { checkGoesOn, checkRepeats } from "./repeated.ts";
import { allBranches, annotationsDigest, blockRow, insertBlock, insertBranch, insertCommand, insertNote, updateBranch } from "./rows.ts";
import { applicationId, pageBytes, schemaVersion, tables } from "./schema.ts";
import { type BranchRow, sealOfBlock, sealOfCommand, sealOfRoot, sealOfSession, sha256 } from "./seal.ts";

/** A branch while it is written: its row, and the chain up to its last complete block. */
interface OpenBranch {
	row: BranchRow;
	readonly firstBlock: number;
	/** Own blocks that will not change again. */
	completeBlocks: number;
	/** Chain value after them. */
	sealBefore: Uint8Array;
	lastSequence: number;
	/** This writer wrote the open block, or saw that the new one begins like it. */
	extends: boolean;
}

const none = new Uint8Array(32);

/** A new branch off the middle of a block has its own copy of that block; without it nobody could read the branch. */
function lacksItsStart({ row, firstBlock, extends: isOurs }: OpenBranch): boolean {
	return isOurs && row.blockCount === 0 && row.forkIndex > firstBlock * blockEvents;
}

export class SessionWriter {
	readonly header: SessionHeader;
	#path: string;
	#database: Database;
	#lock: SessionLock;
	/** Of its file, so that no other is taken for it. */
	#identity = "";
	readonly #bytesMax: number | undefined;
	readonly #root: Uint8Array;
	readonly #branches: OpenBranch[] = [];
	#annotations: Uint8Array = none;
	#dead = false;

	private constructor({ path, header, database, lock, root, bytesMax }: InHand) {
		this.#path = path;
		this.header = header;
		this.#database = database;
		this.#lock = lock;
		this.#root = root;
		this.#bytesMax = bytesMax;
	}

	get path(): string {
		return this.#path;
	}

	/**
	 * Makes the file, with an empty trunk, and commits it.
	 * @throws QuorateError `session-exists`, `session-locked`, `session-not-found` (no such folder), `disk-full`
	 */
	static create(givenPath: string, session: NewSession, bytesMax?: number): SessionWriter {
		const path = checkedPath(givenPath);
		return withLock(path, (lock) => {
			refuseExisting(path);
			return makingFile(path, (database) => {
				const header = canonicalJson(session.header);
				assertSizes(session, header);
				database.execute(`PRAGMA page_size = ${pageBytes}; PRAGMA auto_vacuum = NONE; PRAGMA encoding = 'UTF-8'; PRAGMA synchronous = FULL`);
				limitSize(database, bytesMax);
				database.execute(`BEGIN; PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${schemaVersion}`);
				for (const [, sql] of tables) database.execute(sql);
				database.prepare("INSERT INTO session VALUES (0, ?, ?, ?)").run(header, session.labText, session.planText);
				database.prepare("INSERT INTO seal VALUES (0, ?)").run(none);
				const root = sealOfRoot({ header, lab: session.labText, plan: session.planText });
				const writer = new SessionWriter({ path, header: session.header, database, lock, root, bytesMax });
				writer.#annotations = annotationsDigest(database);
				writer.#addBranch({ parent: -1, forkIndex: 0, forkUs: 0, name: "trunk" }, root);
				writer.commit();
				database.pragma("journal_mode = WAL"); // only now, so that the file itself is a session from its first commit on
				writer.#identity = identityOf(path);
				return writer;
			});
		});
	}

	/**
	 * Opens a finished or broken-off session to write on: a branch, more of a branch, or notes.
	 * @throws QuorateError `session-not-found`, `session-locked`, `session-damaged`, `session-unsupported`
	 */
	static open(givenPath: string, bytesMax?: number): SessionWriter {
		const path = checkedPath(givenPath);
		if (!existsSync(path)) throw new QuorateError("session-not-found", `there is no file ${path}`);
		return withLock(path, (lock) => {
			const session = openSession(path); // refuses what is damaged before a byte is written
			const { header, root } = session;
			session.close();
			return withDatabase(path, "write", (database) => {
				prepareToWrite(database, bytesMax);
				const writer = new SessionWriter({ path, header, database, lock, root, bytesMax });
				writer.#annotations = annotationsDigest(database);
				writer.#identity = identityOf(path);
				for (const row of allBranches(database)) writer.#adopt(row);
				return writer;
			});
		});
	}

	/** Starts a branch off `parent`. @returns its number */
	createBranch(branch: NewBranch): number {
		const parent = this.#branch(branch.parent);
		assert(branch.forkIndex >= 0 && branch.forkIndex <= parent.row.eventCount, `a fork at event ${branch.forkIndex} of a branch with ${parent.row.eventCount}`);
		assert(this.#branches.length < sessionLimits.branches, "too many branches for a session");
		const firstBlock = Math.floor(branch.forkIndex / blockEvents);
		const seal = firstBlock === 0 ? this.#root : this.#storedBlock(branch.parent, firstBlock - 1)?.seal;
		assert(seal !== undefined, "the block before the fork is stored");
		return this.#guard(() => this.#addBranch(branch, seal));
	}

	/**
	 * Stores a block. A block the branch shares with its parent, or has already, is compared instead:
	 * a run that is continued first repeats itself.
	 * @throws QuorateError `verify-differs` when a repeated block is not what was recorded
	 */
	writeBlock(branch: number, block: PackedBlock): void {
		const open = this.#branch(branch);
		const nextBlock = open.firstBlock + open.completeBlocks;
		if (block.block < nextBlock) {
			checkRepeats(this.path, this.#storedBlock(branch, block.block), block);
			return;
		}
		assert(block.block === nextBlock, `block ${block.block} came when ${nextBlock} was due`);
		assert(block.block < sessionLimits.blocks, "too many events for a session");
		assert(block.parts.length <= sessionLimits.partsPerBlock, "too many parts in a block");
		const events = block.block * blockEvents + block.eventCount;
		if (events < open.row.eventCount && !block.complete) return; // a continued run has not caught up yet
		if (open.row.blockCount > open.completeBlocks && !open.extends) {
			checkGoesOn({ path: this.path, database: this.#database, branch, stored: this.#storedBlock(branch, block.block), block });
		}
		open.extends = true;
		this.#guard(() => {
			const seal = sealOfBlock(open.sealBefore, branch, block);
			insertBlock(this.#database, branch, block, seal);
			open.row = {
				...open.row,
				eventCount: events,
				untilUs: Math.max(open.row.untilUs, block.untilUs),
				digest: block.digest,
				finished: 0,
				verdicts: "[]",
				blockCount: open.completeBlocks + 1,
				blockSeal: seal,
			};
			if (!block.complete) return;
			open.completeBlocks++;
			open.sealBefore = seal;
		});
	}

	/** Records a command; one that a continued run repeats is passed over. Call it before the block that holds its event. */
	writeCommand(branch: number, command: RecordedCommand): void {
		const open = this.#branch(branch);
		if (command.sequence <= open.lastSequence) return;
		assert(open.row.commandCount < sessionLimits.commands && command.line.length * 3 <= sessionLimits.lineBytes, "a session's commands are bounded");
		this.#guard(() => {
			const seal = sealOfCommand(open.row.commandSeal, branch, command);
			insertCommand(this.#database, branch, command, seal);
			open.row = { ...open.row, commandCount: open.row.commandCount + 1, commandSeal: seal };
			open.lastSequence = command.sequence;
		});
	}

	/** Says how a branch ended, or how far it came. */
	setHead(branch: number, head: { readonly untilUs: number; readonly finished: boolean; readonly verdicts: readonly RecordedVerdict[] }): void {
		const open = this.#branch(branch);
		const verdicts = canonicalJson(head.verdicts);
		assert(verdicts.length * 3 <= sessionLimits.verdictBytes, "the verdicts are too large for a session");
		this.#guard(() => {
			open.row = { ...open.row, untilUs: Math.max(open.row.untilUs, head.untilUs), finished: head.finished ? 1 : 0, verdicts };
		});
	}

	/**
	 * @returns the note's id
	 * @throws QuorateError `usage` when the session has no such branch
	 */
	addNote(note: Omit<SessionNote, "id">): number {
		if (this.#branches[note.branch] === undefined) throw new QuorateError("usage", `the session has no branch ${note.branch}`);
		assert(note.text.length * 3 <= sessionLimits.noteBytes, "the note is too long");
		return this.#guard(() => {
			const id = insertNote(this.#database, note);
			this.#annotations = annotationsDigest(this.#database);
			return id;
		});
	}

	removeNote(id: number): void {
		this.#guard(() => {
			this.#database.prepare("DELETE FROM notes WHERE id = ?").run(id);
			this.#annotations = annotationsDigest(this.#database);
		});
	}

	eventCount(branch: number): number {
		return this.#branch(branch).row.eventCount;
	}

	/** All that was written survives the process, and readers see it. */
	get isCommitted(): boolean {
		return !this.#database.inTransaction;
	}

	/** Makes everything so far survive the process. Does nothing when nothing is new, and waits for the first block of a new branch. */
	commit(): void {
		if (this.isCommitted || this.#branches.some(lacksItsStart)) return;
		this.#guard(() => {
			for (const { row } of this.#branches) updateBranch(this.#database, row);
			const rows = this.#branches.map(({ row }) => row);
			this.#database.prepare("UPDATE seal SET value = ? WHERE id = 0").run(sealOfSession(this.#root, rows, this.#annotations));
			this.#database.execute("COMMIT");
		});
	}

	/**
	 * Commits, and has its file under another name from now on, on the same disk. Nobody may be reading it meanwhile.
	 * @throws QuorateError `session-exists`, `session-locked` (somebody reads it, or its branch has just begun), `session-not-found`
	 *   (it was not where it was put): it goes on under the name it had
	 */
	moveTo(givenPath: string): void {
		const path = checkedPath(givenPath);
		this.commit();
		if (!this.isCommitted) throw isBeingRead(this.#path);
		requireSame(this.#path, this.#identity);
		this.#lock = withLock(path, (lock) => {
			refuseExisting(path);
			// Only a file that nobody reads becomes one file; and a journal is known by the name of its file.
			if (!this.#fold()) throw isBeingRead(this.#path);
			this.#database.close();
			this.#dead = true;
			try {
				renameTo(this.#path, path);
			} catch (error) {
				this.#takeUp(this.#path);
				throw error;
			}
			this.#takeUp(path);
			this.#lock.release();
			return lock;
		});
	}

	/** Goes on with a file that it has closed. */
	#takeUp(path: string): void {
		this.#database = withDatabase(path, "write", (database) => {
			prepareToWrite(database, this.#bytesMax);
			return database;
		});
		this.#path = path;
		this.#dead = false;
	}

	/** Commits, folds the journal into the file so that one file remains, and lets go of it. */
	close(): void {
		try {
			if (!this.#dead) this.commit();
			if (!this.isCommitted) this.#database.execute("ROLLBACK"); // a branch that was never begun
		} finally {
			this.#dead = true;
			this.#fold();
			this.#database.close();
			this.#lock.release();
		}
	}

	/** @returns whether one file is all there is */
	#fold(): boolean {
		try {
			this.#database.pragma("wal_checkpoint(TRUNCATE)");
			return this.#database.pragma("journal_mode = DELETE") === "delete";
		} catch {
			return false; // a reader still looks on, or the disk is full: the journal stays beside the file, and nothing is lost
		}
	}

	#addBranch(branch: NewBranch, seal: Uint8Array): number {
		const number = this.#branches.length;
		const row: BranchRow = {
			branch: number,
			...branch,
			name: branch.name === "" ? `branch ${number}` : branch.name,
			eventCount: branch.forkIndex,
			untilUs: branch.forkUs,
			digest: number === 0 ? sha256(Buffer.from(this.header.digestHeader, "latin1")) : none,
			finished: 0,
			verdicts: "[]",
			blockCount: 0,
			blockSeal: seal,
			commandCount: 0,
			commandSeal: this.#root,
		};
		insertBranch(this.#database, row);
		this.#branches.push({ row, firstBlock: Math.floor(branch.forkIndex / blockEvents), completeBlocks: 0, sealBefore: seal, lastSequence: -1, extends: true });
		return number;
	}

	/** Takes over a branch that the file holds. */
	#adopt(row: BranchRow): void {
		const firstBlock = Math.floor(row.forkIndex / blockEvents);
		const last = this.#storedOwn(row.branch, firstBlock + row.blockCount - 1);
		const completeBlocks = row.blockCount - (last !== undefined && last.eventCount < blockEvents ? 1 : 0);
		const lastComplete = completeBlocks === row.blockCount ? last : this.#storedOwn(row.branch, firstBlock + completeBlocks - 1);
		const before = firstBlock === 0 ? this.#root : this.#storedBlock(row.parent, firstBlock - 1)?.seal;
		assert(before !== undefined, "the block before the fork is stored");
		const sequence = this.#database.prepare("SELECT max(sequence) AS last FROM commands WHERE branch = ?").get(row.branch)?.last;
		const lastSequence = typeof sequence === "number" ? sequence : -1;
		const sealBefore = completeBlocks === 0 ? before : lastComplete?.seal;
		assert(sealBefore !== undefined, "the last complete block is stored");
		this.#branches.push({ row, firstBlock, completeBlocks, sealBefore, lastSequence, extends: false });
	}

	/** A block as a branch sees it: its own, or its ancestors'. */
	#storedBlock(branch: number, block: number) {
		let at = this.#branch(branch);
		while (block < at.firstBlock) at = this.#branch(at.row.parent);
		return this.#storedOwn(at.row.branch, block);
	}

	#storedOwn(branch: number, block: number) {
		const row = blockRow(this.#database, branch, block);
		assert(typeof row !== "string", "a session that was checked has sound rows");
		return row;
	}

	#branch(branch: number): OpenBranch {
		const open = this.#branches[branch];
		assert(open !== undefined, `the session has no branch ${branch}`);
		return open;
	}

	/** Runs a change inside the open transaction; any failure undoes everything since the last commit. */
	#guard<Result>(change: () => Result): Result {
		assert(!this.#dead, "this writer has failed or was closed");
		try {
			if (!this.#database.inTransaction) this.#database.execute("BEGIN IMMEDIATE");
			return change();
		} catch (error) {
			this.#dead = true;
			try {
				if (this.#database.inTransaction) this.#database.execute("ROLLBACK");
			} catch {
				// closing the connection rolls back as well
			}
			throw translateError(error, this.path);
		}
	}
}

interface InHand {
	readonly path: string;
	readonly header: SessionHeader;
	readonly database: Database;
	readonly lock: SessionLock;
	readonly root: Uint8Array;
	readonly bytesMax: number | undefined;
}

function prepareToWrite(database: Database, bytesMax: number | undefined): void {
	database.execute("PRAGMA synchronous = FULL");
	limitSize(database, bytesMax);
	database.pragma("journal_mode = WAL");
}

function assertSizes({ labText, planText }: NewSession, header: string): void {
	assert(header.length * 3 <= sessionLimits.headerBytes, "the header is too large for a session");
	assert(labText.length * 3 <= sessionLimits.labBytes, "the lab is too large for a session");
	assert(planText.length * 3 <= sessionLimits.planBytes, "the plan is too large for a session");
}
