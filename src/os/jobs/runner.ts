/**
 * One machine's attempt at one job: from the last checkpoint to the end, or until the job is no longer its
 * own. Each step is computed first; then, in one transaction on condition that nobody else has changed the
 * job, its effect is applied and the step is noted as done. So an attempt may die, be doubted, doubled or
 * overtaken at any point, and the effects of the job are those of one undisturbed run.
 *
 * @source Dean and Ghemawat, MapReduce (OSDI 2004), sections 3.3 and 3.6: re-execution, backup tasks
 */
import type { NodeContext, PlainValue, Task } from "../../core/node-api.ts";
import { assert } from "../../shared/errors.ts";
import type { Checkpoints } from "./checkpoints.ts";
import type { WorkerConfig } from "./config.ts";
import { newMessage } from "./contract.ts";
import { stateEffect, stateJob } from "./facts.ts";
import { type Program, programs } from "./programs.ts";
import { effectKey, type HeldJob, isOver, type JobRecord } from "./records.ts";
import type { JobTable } from "./table.ts";

export const runSpan = "jobs.attempt";
export const retryTimer = "jobs.retry";
const retryUs = 100_000;
/** After so many tries a checkpoint is given up, and the job begun anew. */
const loadsMax = 20;

export interface RunnerParts {
	readonly ctx: NodeContext;
	readonly config: WorkerConfig;
	readonly table: JobTable;
	readonly checkpoints: Checkpoints;
}

/** The state of a program after so many steps. */
interface Progress {
	at: number;
	state: PlainValue;
}

export class Runner {
	readonly #parts: RunnerParts;
	readonly #program: Program;
	readonly #me: string;
	#held: HeldJob;

	constructor(parts: RunnerParts, held: HeldJob) {
		const program = programs.get(held.job.program);
		assert(program !== undefined, "a job in the table has a program");
		this.#parts = parts;
		this.#program = program;
		this.#me = parts.ctx.self.name;
		this.#held = held;
	}

	get job(): JobRecord {
		return this.#held.job;
	}

	*run(): Task {
		const { ctx } = this.#parts;
		const { id } = this.job;
		const span = ctx.startSpan(runSpan);
		const progress = yield* this.#restore();
		const from = progress.at;
		while (this.#isMine()) {
			if (this.job.wanted !== null && this.job.owner === this.#me) {
				yield* this.#handOver(progress);
				continue;
			}
			yield* ctx.compute(this.#program.stepUs(progress.at, this.job.argument));
			progress.state = this.#program.run(progress.at, this.job.argument, progress.state);
			progress.at++;
			// Steps between the checkpoint and the takeover have had their effect: they are made up for, no more.
			if (progress.at > this.job.done) yield* this.#commit(progress);
			if (this.#isMine()) yield* this.#checkpoint(progress, false);
			if (this.#isBehind(progress)) yield* this.#restore(progress);
		}
		span.finish("ok", { job: id, from, to: progress.at, state: this.job.state });
	}

	#isMine(): boolean {
		const { job } = this;
		return job.state === "running" && (job.owner === this.#me || job.helper === this.#me);
	}

	/** Somebody else has left a checkpoint that is further than what we have. */
	#isBehind({ at }: Progress): boolean {
		return this.#isMine() && this.job.saved !== null && this.job.saved.done > at;
	}

	*#restore(progress: Progress = { at: 0, state: this.#program.initial }): Task<Progress> {
		const { ctx, checkpoints } = this.#parts;
		for (let loads = 0; loads < loadsMax && this.job.saved !== null; loads++) {
			const { path, done } = this.job.saved;
			const state = yield* checkpoints.load(path);
			if (state !== undefined) {
				progress.at = done;
				progress.state = state;
				return progress;
			}
			yield* ctx.sleep(retryUs, retryTimer);
			yield* this.#reread();
		}
		return progress;
	}

	/** The step's effect and its being done, once. */
	*#commit({ at, state }: Progress): Task {
		const { ctx, config, table } = this.#parts;
		const { id } = this.job;
		const effects = yield* table.effects(id);
		if (effects === undefined) return yield* this.#reread();
		const next = this.#after(at, state);
		const effect = { do: "put", key: effectKey(id), value: effects + 1 } as const;
		if (!config.effectsWithRecord) {
			if (!(yield* table.applyEffect(id, effects + 1))) return yield* this.#reread();
			stateEffect(ctx, { job: id, step: at });
		}
		const change = yield* table.change(this.#held, next, config.effectsWithRecord ? [effect] : []);
		if (change.kind !== "made") return yield* this.#reread();
		this.#held = change.held;
		if (config.effectsWithRecord) stateEffect(ctx, { job: id, step: at });
		stateJob(ctx, next);
		if (isOver(next) && next.saved !== null) ctx.spawn(this.#parts.checkpoints.remove(next.saved.path));
	}

	#after(at: number, state: PlainValue): JobRecord {
		const { job } = this;
		if (at < job.steps) return { ...job, done: at };
		if (!Number.isFinite(this.#program.steps(job.argument))) {
			return { ...job, done: at, state: "failed", answer: `ended after ${at} steps: it would not have ended by itself` };
		}
		return { ...job, done: at, state: "done", answer: this.#program.answer(state, job.argument) };
	}

	/** @param force also when it is not yet due */
	*#checkpoint({ at, state }: Progress, force: boolean): Task {
		const { config, checkpoints, table, ctx } = this.#parts;
		const before = this.job.saved;
		const steps = at - (before?.done ?? 0);
		if (at > this.job.done || steps <= 0 || config.checkpointSteps === 0 || (!force && steps < config.checkpointSteps)) return;
		const path = `jobs/${this.job.id}/${at}-${this.#me}`;
		if (!(yield* checkpoints.save(path, state))) return;
		const next: JobRecord = { ...this.job, saved: { path, done: at } };
		const change = yield* table.change(this.#held, next);
		if (change.kind !== "made") return yield* this.#reread();
		this.#held = change.held;
		stateJob(ctx, next);
		if (before !== null) ctx.spawn(checkpoints.remove(before.path));
	}

	/** To the machine where it is wanted; it goes on from here. */
	*#handOver(progress: Progress): Task {
		const { ctx, table } = this.#parts;
		yield* this.#checkpoint(progress, true);
		const { job } = this;
		if (!this.#isMine() || job.wanted === null) return;
		const next: JobRecord = { ...job, owner: job.wanted, helper: null, wanted: null, moves: job.moves + 1 };
		const change = yield* table.change(this.#held, next);
		if (change.kind !== "made") return yield* this.#reread();
		this.#held = change.held;
		stateJob(ctx, next);
		ctx.send(job.wanted, newMessage, { id: job.id });
	}

	/** What became of the job meanwhile; waits for as long as nobody can say. */
	*#reread(): Task {
		const { ctx, table } = this.#parts;
		for (;;) {
			const held = yield* table.read(this.job.id);
			if (held === null) {
				this.#held = { ...this.#held, job: { ...this.job, state: "killed" } };
				return;
			}
			if (held !== undefined) {
				this.#held = held;
				return;
			}
			yield* ctx.sleep(retryUs, retryTimer);
		}
	}
}
