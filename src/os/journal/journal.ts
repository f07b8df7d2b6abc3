/**
 * What a node must not forget, as records on its first drive. Nothing can be read behind a record that a crash
 * left half written, so every life writes a file of its own, and so does every tidying up. A full drive is told to
 * whoever writes; a drive that fails otherwise ends the node: fail-stop. Pure; knows nothing of what it keeps.
 */
import type { DiskResult, Drive, NodeContext, PlainValue, Task } from "../../core/node-api.ts";

/** Paths are sorted as texts. */
const digits = 8;
const padded = (count: number): string => String(count).padStart(digits, "0");
/** Records from which on tidying up is worth its while. */
const tidyFrom = 64;

export class Journal {
	readonly #drive: Drive;
	readonly #folder: string;
	readonly #life: string;
	#file = 1;
	/** Records on the drive, also those that later ones have replaced. */
	#length = 0;

	constructor(ctx: NodeContext, folder: string) {
		const [drive] = ctx.drives;
		if (drive === undefined) throw new Error(`${folder}: this node has no drive`);
		this.#drive = drive;
		this.#folder = `${folder}/`;
		this.#life = padded(ctx.incarnation);
	}

	get #path(): string {
		return `${this.#folder}${this.#life}-${padded(this.#file)}`;
	}

	/** Every record of earlier lives, oldest first. */
	*load(): Task<readonly PlainValue[]> {
		const records: PlainValue[] = [];
		for (const path of this.#drive.list(this.#folder)) {
			const stored = yield* this.#drive.records(path);
			if (!stored.ok) throw new Error(`${path}: ${stored.error}`);
			records.push(...stored.value);
		}
		this.#length = records.length;
		return records;
	}

	/**
	 * On the platter when the task is done; with `sync` false, only on its way there.
	 * @returns false: the drive is full, and the record is not on it
	 */
	*write(record: PlainValue, { sync = true }: { readonly sync?: boolean } = {}): Task<boolean> {
		this.#length++;
		const written = this.#drive.append(this.#path, record);
		const synced = sync ? this.#drive.sync() : written;
		const isWritten = this.#isDone(yield* written);
		return this.#isDone(yield* synced) && isWritten;
	}

	#isDone(result: DiskResult): boolean {
		if (!result.ok && result.error !== "full") throw new Error(`${this.#path}: ${result.error}`);
		return result.ok;
	}

	/** Whether most records have been replaced by later ones. @param live those that matter */
	isUntidy(live: number): boolean {
		return this.#length >= tidyFrom && this.#length > 4 * live;
	}

	/** Writes what matters into a new file, and removes the old ones when that is on the platter. */
	*tidy(live: readonly PlainValue[]): Task {
		const old = this.#drive.list(this.#folder);
		this.#file++;
		this.#length = live.length;
		const writes = live.map((record) => this.#drive.append(this.#path, record));
		const synced = this.#drive.sync();
		let isWritten = true;
		for (const write of [...writes, synced]) isWritten = this.#isDone(yield* write) && isWritten;
		// On a full drive the old files are all there is.
		if (!isWritten) return;
		for (const path of old) yield* this.#drive.remove(path);
		yield* this.#drive.sync();
	}
}
