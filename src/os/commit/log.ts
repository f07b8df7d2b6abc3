/**
 * A member's log of transactions on its first drive: one record a step. What is not synced may be gone after
 * a crash, so whoever promises something syncs first.
 */
import type { NodeContext, Task } from "../../core/node-api.ts";
import { laterState, type ParticipantState } from "./protocol.ts";

const path = "commit/log";
const states: readonly ParticipantState[] = ["none", "prepared", "precommitted", "commit", "abort"];

export class CommitLog {
	readonly #ctx: NodeContext;
	readonly #states = new Map<number, ParticipantState>();

	constructor(ctx: NodeContext) {
		this.#ctx = ctx;
	}

	/** Reads what earlier lives have left. */
	*load(): Task {
		const stored = yield* this.#ctx.drives[0]?.records(path) ?? nothing();
		if (!stored.ok) return;
		for (const record of stored.value) {
			if (!Array.isArray(record)) continue;
			const [transaction, state] = record as unknown as readonly [number, ParticipantState];
			if (Number.isSafeInteger(transaction) && states.includes(state)) this.#note(transaction, state);
		}
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
		const written = drive.append(path, [transaction, state]);
		yield* written;
		if (sync) yield* drive.sync();
	}
}

/** Stands in for the file of a node without a drive. */
// biome-ignore lint/correctness/useYield: a task that has nothing to wait for
function* nothing(): Task<{ readonly ok: false; readonly error: "notFound" }> {
	return { ok: false, error: "notFound" };
}
