/**
 * A member's log of transactions on its first drive: one record a step. What is not synced may be gone after
 * a crash, or half written, so whoever promises something syncs first. Nothing can be read behind a record that
 * is half written; so every life writes a file of its own.
 */
import type { Drive, NodeContext, PlainValue, Task } from "../../core/node-api.ts";
import { laterState, type ParticipantState } from "./protocol.ts";

const folder = "commit/log/";
/** Paths are sorted as texts. */
const livesDigits = 8;
const states: readonly ParticipantState[] = ["none", "prepared", "precommitted", "commit", "abort"];

export class CommitLog {
	readonly #ctx: NodeContext;
	/** Of this life. */
	readonly #path: string;
	readonly #states = new Map<number, ParticipantState>();

	constructor(ctx: NodeContext) {
		this.#ctx = ctx;
		this.#path = `${folder}${String(ctx.incarnation).padStart(livesDigits, "0")}`;
	}

	/** Reads what earlier lives have left. */
	*load(): Task {
		const drive = this.#ctx.drives[0];
		for (const path of drive?.list(folder) ?? []) {
			const stored = yield* (drive as Drive).records(path);
			if (stored.ok) for (const record of stored.value) this.#read(record);
		}
	}

	#read(record: PlainValue): void {
		if (!Array.isArray(record)) return;
		const [transaction, state] = record as unknown as readonly [number, ParticipantState];
		if (Number.isSafeInteger(transaction) && states.includes(state)) this.#note(transaction, state);
	}

	#note(transaction: number, state: ParticipantState): void {
		this.#states.set(transaction, laterState(this.stateOf(transaction), state));
	}

	stateOf(transaction: number): ParticipantState {
		return this.#states.get(transaction) ?? "none";
	}

	get latest(): number {
		return [...this.#states.keys()].reduce((latest, transaction) => Math.max(latest, transaction), 0);
	}

	/** Transactions in this state, lowest first. */
	in(...wanted: readonly ParticipantState[]): readonly number[] {
		return [...this.#states].flatMap(([transaction, state]) => (wanted.includes(state) ? [transaction] : [])).sort((a, b) => a - b);
	}

	/** The state is known at once, and on disk when the task is done. */
	*write(transaction: number, state: ParticipantState, { sync }: { readonly sync: boolean }): Task {
		this.#note(transaction, state);
		const drive = this.#ctx.drives[0];
		if (drive === undefined) return;
		const written = drive.append(this.#path, [transaction, state]);
		yield* written;
		if (sync) yield* drive.sync();
	}
}
