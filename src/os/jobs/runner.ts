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
import { type Checkpoints, checkpointPath, sweepCheckpoints } from "./checkpoints.ts";
import type { WorkerConfig } from "./config.ts";
import { newMessage } from "./contract.ts";
import { stateEffect, stateJob } from "./facts.ts";
import { type Program, programs } from "./programs.ts";
import { effectKey, type HeldJob, isOver, type JobRecord } from "./records.ts";
import type { JobTable } from "./table.ts";

export const runSpan = "jobs.attempt";
export const retryTimer = "jobs.retry";
const retryUs = 100_000;
/** A checkpoint is tried for as long as its steps would take to compute, and this long at least. */
const loadUsMin = 1_000_000;

export interface RunnerParts {
	readonly ctx: NodeContext;
	readonly config: WorkerConfig;
	readonly table: JobTable;
	readonly checkpoints: Checkpoints;
	/** Whether a machine has given no sign of life for too long. */
	isSilent(worker: string): boolean;
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
	/** The step of the last checkpoint that this attempt has tried to leave. */
	#triedAt = 0;
	/** What others have left behind of this job is removed once. */
	#hasSwept = false;

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
			yield* this.#commit(progress);
			if (this.#isMine()) yield* this.#checkpoint(progress, false);
			if (this.#isBehind(progress)) yield* this.#restore(progress);
		}
		if (isOver(this.job)) yield* this.#sweep();
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
		const startedUs = ctx.monoUs();
		while (this.#isMine() && this.job.saved !== null && this.job.saved.done > progress.at) {
			const { path, done } = this.job.saved;
			const loaded = yield* checkpoints.load(path);
			if (loaded.kind === "state") {
				progress.at = done;
				progress.state = loaded.state;
				return progress;
			}
			if (loaded.kind === "later") yield* ctx.sleep(retryUs, retryTimer);
			yield* this.#reread();
			const isHopeless = loaded.kind === "gone" || ctx.monoUs() - startedUs > this.#anewUs(done);
			if (isHopeless && this.job.saved?.path === path) yield* this.#doWithout();
		}
		return progress;
	}

	/** What it would take to compute so many steps again. */
	#anewUs(done: number): number {
		return Math.max(loadUsMin, done * this.#program.stepUs(0, this.job.argument));
	}

	/** The checkpoint cannot be had: nobody is to look for it again, and what it stood for is computed anew. */
	*#doWithout(): Task {
		const { ctx, table } = this.#parts;
		ctx.log(`job ${this.job.id}: the checkpoint after step ${this.job.saved?.done ?? 0} cannot be had; it is computed anew`, "warn");
		const next: JobRecord = { ...this.job, saved: null };
		const change = yield* table.change(this.#held, next);
		if (change.kind !== "made") return yield* this.#reread();
		this.#held = change.held;
		stateJob(ctx, next);
	}

	/**
	 * The step's effect and its being done, once. Whoever else changes the record meanwhile (a helper that joins, a
	 * user who wants it elsewhere) makes the change void, not the step: it is tried again until it counts as done.
	 */
	*#commit({ at, state }: Progress): Task {
		while (this.#isMine() && at > this.job.done) yield* this.#tryCommit(at, state);
	}

	*#tryCommit(at: number, state: PlainValue): Task {
		const { ctx, config, table } = this.#parts;
		const { id } = this.job;
		const effects = yield* table.effects(id);
		if (effects === undefined) return yield* this.#reread();
		const count = effects + 1;
		const next = this.#after(at, state);
		const effect = { do: "put", key: effectKey(id), value: count } as const;
		if (!config.effectsWithRecord) {
			if (!(yield* table.applyEffect(id, count))) return yield* this.#reread();
			stateEffect(ctx, { job: id, step: at, count });
		}
		const change = yield* table.change(this.#held, next, config.effectsWithRecord ? [effect] : []);
		if (change.kind !== "made") return yield* this.#reread();
		this.#held = change.held;
		if (config.effectsWithRecord) stateEffect(ctx, { job: id, step: at, count });
		stateJob(ctx, next);
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
		const steps = at - Math.max(before?.done ?? 0, force ? 0 : this.#triedAt);
		if (at > this.job.done || steps <= 0 || config.checkpointSteps === 0 || (!force && steps < config.checkpointSteps)) return;
		this.#triedAt = at;
		const path = checkpointPath(this.job.id, at, this.#me);
		if (!(yield* checkpoints.save(path, state))) return;
		const next: JobRecord = { ...this.job, saved: { path, done: at } };
		const change = yield* table.change(this.#held, next);
		if (change.kind !== "made") {
			yield* this.#reread();
			if (this.#isMine()) this.#triedAt = 0;
			return;
		}
		this.#held = change.held;
		stateJob(ctx, next);
		if (!this.#hasSwept) ctx.spawn(this.#sweep());
		else if (before !== null) ctx.spawn(checkpoints.remove(before.path));
		this.#hasSwept = true;
	}

	/** Removes the checkpoints of this job that nobody can go on from, whoever has left them. */
	#sweep(): Task {
		const { checkpoints, table } = this.#parts;
		return sweepCheckpoints(checkpoints, (id) => table.job(id), this.job.id);
	}

	/** To the machine where it is wanted; it goes on from here. A machine that is dead is not given it. */
	*#handOver(progress: Progress): Task {
		const { ctx, table, isSilent } = this.#parts;
		yield* this.#checkpoint(progress, true);
		const { job } = this;
		if (!this.#isMine() || job.wanted === null) return;
		const isRefused = isSilent(job.wanted);
		const next: JobRecord = isRefused ? { ...job, wanted: null } : { ...job, owner: job.wanted, helper: null, wanted: null, moves: job.moves + 1 };
		const change = yield* table.change(this.#held, next);
		if (change.kind !== "made") return yield* this.#reread();
		this.#held = change.held;
		stateJob(ctx, next);
		if (isRefused) ctx.log(`job ${job.id} stays here: ${job.wanted} has been silent`);
		else ctx.send(job.wanted, newMessage, { id: job.id });
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
