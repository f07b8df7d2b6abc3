/**
 * The table of jobs in the shared database, as workers and clients change it: one conditional transaction
 * a change, so that of two who want the same only one gets it.
 */
import type { PlainValue, Task } from "../../core/node-api.ts";
import type { StoreClient } from "../store/client.ts";
import type { Operation } from "../store/contract.ts";
import { effectKey, type HeldJob, heldOf, type JobRecord, jobKey, putJob, unchanged } from "./records.ts";

/** `lost`: somebody else was first. `unavailable`: nobody knows whether it was changed. */
export type Change = { readonly kind: "made"; readonly held: HeldJob } | { readonly kind: "lost" | "unavailable" };

export class JobTable {
	readonly #store: StoreClient;
	readonly #fences: boolean;

	/** @param fences false: changes are made whatever became of the record meanwhile */
	constructor(store: StoreClient, fences = true) {
		this.#store = store;
		this.#fences = fences;
	}

	/** @returns null when there is no such job, undefined when the store does not answer */
	*read(id: string): Task<HeldJob | null | undefined> {
		const found = yield* this.#store.get(jobKey(id));
		if (!found.ok) return undefined;
		return found.value === null ? null : heldOf(found.value);
	}

	/** The same, without its version. */
	*job(id: string): Task<JobRecord | null | undefined> {
		const held = yield* this.read(id);
		return held?.job ?? (held === null ? null : undefined);
	}

	/** Puts `job` in the place of `held`, together with what else belongs to the change. */
	*change(held: HeldJob, job: JobRecord, also: readonly Operation[] = []): Task<Change> {
		const result = yield* this.#store.transact({ when: this.#fences ? [unchanged(held)] : [], run: [putJob(job), ...also], otherwise: [] });
		if (!result.ok) return { kind: "unavailable" };
		return result.value.held ? { kind: "made", held: { job, version: result.value.version } } : { kind: "lost" };
	}

	/** How often the effect of a job was applied; undefined when the store does not answer. */
	*effects(id: string): Task<number | undefined> {
		const found = yield* this.#store.get(effectKey(id));
		return found.ok ? countOf(found.value?.value) : undefined;
	}

	*applyEffect(id: string, count: number): Task<boolean> {
		return (yield* this.#store.put(effectKey(id), count)).ok;
	}
}

function countOf(value: PlainValue | undefined): number {
	return typeof value === "number" ? value : 0;
}
