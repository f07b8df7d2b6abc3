/**
 * What a node must not forget, as records on its first drive. Nothing can be read behind a record that a crash
 * left half written, so every life writes a file of its own. A drive that fails ends the node: fail-stop.
 */
import type { Drive, NodeContext, PlainValue, Task } from "../../core/node-api.ts";

/** Paths are sorted as texts. */
const livesDigits = 8;

export class Journal {
	readonly #drive: Drive;
	readonly #folder: string;
	readonly #path: string;

	constructor(ctx: NodeContext, folder: string) {
		const [drive] = ctx.drives;
		if (drive === undefined) throw new Error(`${folder}: this node has no drive`);
		this.#drive = drive;
		this.#folder = `${folder}/`;
		this.#path = `${folder}/${String(ctx.incarnation).padStart(livesDigits, "0")}`;
	}

	/** Every record of earlier lives, oldest first. */
	*load(): Task<readonly PlainValue[]> {
		const records: PlainValue[] = [];
		for (const path of this.#drive.list(this.#folder)) {
			const stored = yield* this.#drive.records(path);
			if (!stored.ok) throw new Error(`${path}: ${stored.error}`);
			records.push(...stored.value);
		}
		return records;
	}

	/** On the platter when the task is done. */
	*write(record: PlainValue): Task {
		const written = this.#drive.append(this.#path, record);
		const synced = this.#drive.sync();
		for (const result of [yield* written, yield* synced]) if (!result.ok) throw new Error(`${this.#path}: ${result.error}`);
	}
}
