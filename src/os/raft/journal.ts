/**
 * Raft's memory on a drive: checkpoints that stand alone, and a log of what came after. A generation
 * is a checkpoint (`raft/7`) and its log (`raft/7.log`); the next one is written and synced before the
 * last is removed, because a drive promises neither order nor wholeness for what is not synced.
 *
 * Every log record is numbered. What a crash left unsynced may be missing or torn in the middle, so
 * reading stops at the first record that does not follow, and a boot starts a new generation: nothing
 * is ever appended behind a hole.
 *
 * @source thesis 3.8 (what is persisted, and when)
 */
import type { DiskResult, Drive, PlainValue, Task } from "../../core/node-api.ts";
import type { Entry, HardState, Ready, Snapshot, StoredState } from "./types.ts";

const folder = "raft/";
/** An unreadable sector is tried again this often before the server gives up. */
const readsMax = 20;

type Checkpoint = { readonly hardState: HardState; readonly snapshot: Snapshot; readonly entries: readonly Entry[] };
type JournalRecord = {
	readonly number: number;
	readonly hardState: HardState | null;
	readonly append: { readonly after: number; readonly entries: readonly Entry[] } | null;
};

/** A server that cannot remember must not go on: the error crashes its node (thesis 3.8). */
function sure<Value>(result: DiskResult<Value>, what: string): Value {
	if (!result.ok) throw new Error(`raft cannot ${what} its journal: ${result.error}`);
	return result.value;
}

export class Journal {
	readonly #drive: Drive;
	/** False: the mistake of answering before the disk has it. */
	readonly #sync: boolean;
	#generation = 0;
	#records = 0;

	constructor(drive: Drive, sync: boolean) {
		this.#drive = drive;
		this.#sync = sync;
	}

	/** What the disk remembers, or null if it is empty. Afterwards `checkpoint` is to be called. */
	*load(): Task<StoredState | null> {
		const generations = this.#drive
			.list(folder)
			.flatMap((path) => (/^\d+$/.test(path.slice(folder.length)) ? [Number(path.slice(folder.length))] : []))
			.sort((a, b) => b - a);
		this.#generation = generations[0] ?? 0;
		for (const generation of generations) {
			const found = yield* this.#read(() => this.#drive.get(`${folder}${generation}`));
			// Torn before it was ever synced: then the one before is still there.
			if (!found.ok) continue;
			const { hardState, snapshot, entries } = found.value as Checkpoint;
			const log = yield* this.#read(() => this.#drive.records(`${folder}${generation}.log`));
			return replayed({ hardState, snapshot, entries }, log.ok ? log.value : []);
		}
		return null;
	}

	/** Writes everything anew and forgets what was before. */
	*checkpoint(state: StoredState): Task {
		const old = this.#drive.list(folder);
		this.#generation++;
		this.#records = 0;
		sure(yield* this.#drive.put(`${folder}${this.#generation}`, { ...state }), "write");
		if (this.#sync) sure(yield* this.#drive.sync(), "sync");
		for (const path of old) yield* this.#drive.remove(path);
	}

	/** Returns when all of it is on the platter. */
	*save({ hardState, append }: Pick<Ready, "hardState" | "append">): Task {
		if (hardState === null && append === null) return;
		const record: JournalRecord = { number: this.#records++, hardState, append };
		sure(yield* this.#drive.append(`${folder}${this.#generation}.log`, record), "write");
		if (this.#sync) sure(yield* this.#drive.sync(), "sync");
	}

	*#read<Value>(read: () => Task<DiskResult<Value>>): Task<DiskResult<Value>> {
		for (let reads = 1; ; reads++) {
			const result = yield* read();
			if (result.ok || result.error === "corrupt" || result.error === "notFound") return result;
			if (reads === readsMax) sure(result, "read");
		}
	}
}

function replayed(checkpoint: Checkpoint, records: readonly PlainValue[]): StoredState {
	let { hardState } = checkpoint;
	const entries = [...checkpoint.entries];
	const { index } = checkpoint.snapshot;
	for (const [number, value] of records.entries()) {
		const record = value as JournalRecord;
		if (record.number !== number) break;
		if (record.hardState !== null) hardState = record.hardState;
		if (record.append === null) continue;
		entries.length = Math.max(0, record.append.after - index);
		entries.push(...record.append.entries);
	}
	return { hardState, snapshot: checkpoint.snapshot, entries };
}
