/**
 * How other services have jobs done: `yield* jobs.run("primes", 2_000_000, patience)`. Names no machine: any
 * worker that answers will do, and when it dies while it is asked, another one.
 */
import type { NodeContext, Task } from "../../core/node-api.ts";
import type { StoreClient } from "../store/client.ts";
import { newMessage, pollUs, type StatusReply, statusMessage, workerServiceName } from "./contract.ts";
import { jobFacts, stateJob, stateTold } from "./facts.ts";
import { programs } from "./programs.ts";
import { type HeldJob, heldOf, isOver, type JobRecord, jobKey, jobRange, jobsMax, lastJobKey, putJob, stepsMax, unfinishedMax } from "./records.ts";
import { JobTable } from "./table.ts";

const pollTimer = "jobs.poll";
const submitSpan = "jobs.submit";

/** For the `names` of every service that has a client, beside the store's. */
export const jobsClientNames: readonly string[] = [newMessage, statusMessage, pollTimer, submitSpan, jobFacts.job, jobFacts.told];

export type JobResult<Value> =
	| { readonly ok: true; readonly value: Value }
	/** `refused`: nothing was done, and `why` says it in a sentence. */
	| { readonly ok: false; readonly error: "unavailable" | "refused"; readonly why: string };

const askTimeoutUs = 800_000;
const changesMax = 20;
const noAnswer = "the system did not answer in time; try again";

function refused(why: string): JobResult<never> {
	return { ok: false, error: "refused", why };
}

const silent: JobResult<never> = { ok: false, error: "unavailable", why: noAnswer };

export class JobsClient {
	readonly #ctx: NodeContext;
	readonly #store: StoreClient;
	readonly #table: JobTable;
	readonly #workers: readonly string[];
	#asked: number;

	constructor(ctx: NodeContext, store: StoreClient) {
		this.#ctx = ctx;
		this.#store = store;
		this.#table = new JobTable(store);
		this.#workers = ctx.nodes.filter(({ services }) => services.includes(workerServiceName)).map(({ name }) => name);
		this.#asked = ctx.random.below(Math.max(1, this.#workers.length));
	}

	/** False in a lab where nobody runs jobs. */
	get available(): boolean {
		return this.#workers.length > 0;
	}

	/** @returns the job's number */
	*submit(name: string, argument: number): Task<JobResult<string>> {
		const whyNot = whyNotRun(name, argument);
		if (whyNot !== null) return refused(whyNot);
		const span = this.#ctx.startSpan(submitSpan);
		const result = yield* this.#submit(name, argument);
		span.finish(result.ok ? "ok" : "error", { program: name, argument });
		return result;
	}

	/** Waits for the end of a job. @returns the job, not at an end when the patience was */
	*wait(id: string, waitUs: number): Task<JobResult<JobRecord>> {
		const ctx = this.#ctx;
		const deadlineUs = ctx.monoUs() + waitUs;
		let last: JobRecord | null = null;
		for (;;) {
			const reply = yield* this.#status(id);
			if (reply?.kind === "noJob") return refused(`there is no job ${id}`);
			if (reply?.kind === "job") {
				last = reply.job;
				if (isOver(last)) {
					if (last.state === "done") stateTold(ctx, { key: id, program: last.program, argument: last.argument, answer: last.answer ?? "" });
					return { ok: true, value: last };
				}
			}
			if (ctx.monoUs() >= deadlineUs) return last === null ? silent : { ok: true, value: last };
			yield* ctx.sleep(pollUs, pollTimer);
		}
	}

	/** All that are known, oldest first. */
	*list(): Task<JobResult<readonly JobRecord[]>> {
		const found = yield* this.#store.range(jobRange.from, jobRange.to, jobsMax);
		return found.ok ? { ok: true, value: found.value.map((entry) => heldOf(entry).job) } : silent;
	}

	kill(id: string): Task<JobResult<JobRecord>> {
		return this.#change(id, (job) => ({ ...job, state: "killed", helper: null, wanted: null, answer: "killed by its user" }));
	}

	/** Has it go on at another machine, from where it is. */
	*migrate(id: string, worker: string): Task<JobResult<JobRecord>> {
		if (!this.#workers.includes(worker)) return refused(`no machine called ${worker.slice(0, 40)} runs jobs; there are ${this.#workers.join(", ")}`);
		return yield* this.#change(id, (job) => (job.owner === worker || job.owner === null ? job : { ...job, wanted: worker }));
	}

	*#submit(name: string, argument: number): Task<JobResult<string>> {
		for (let tries = 0; tries < changesMax; tries++) {
			const read = yield* this.#store.read([
				{ do: "get", key: lastJobKey },
				{ do: "range", ...jobRange, limit: jobsMax },
			]);
			if (!read.ok) return silent;
			const [[last] = [], entries = []] = read.value;
			const jobs = entries.map(heldOf);
			if (jobs.filter(({ job }) => !isOver(job)).length >= unfinishedMax) return refused(`${unfinishedMax} jobs are not finished yet; wait, or kill one`);
			const id = String((typeof last?.value === "number" ? last.value : 0) + 1);
			const job = newJob(id, name, argument);
			const oldest = jobs.length >= jobsMax ? jobs.find((held) => isOver(held.job)) : undefined;
			const result = yield* this.#store.transact({
				when: [last === undefined ? { key: lastJobKey, is: "absent" } : { key: lastJobKey, is: "version", version: last.version }],
				run: [
					{ do: "put", key: lastJobKey, value: Number(id) },
					putJob(job),
					...(oldest === undefined ? [] : [{ do: "delete", key: jobKey(oldest.job.id) } as const]),
				],
				otherwise: [],
			});
			if (!result.ok) return silent;
			if (!result.value.held) continue;
			stateJob(this.#ctx, job);
			for (const worker of this.#workers) this.#ctx.send(worker, newMessage, { id });
			return { ok: true, value: id };
		}
		return silent;
	}

	*#change(id: string, alter: (job: JobRecord) => JobRecord): Task<JobResult<JobRecord>> {
		for (let tries = 0; tries < changesMax; tries++) {
			const held: HeldJob | null | undefined = yield* this.#table.read(id);
			if (held === undefined) return silent;
			if (held === null) return refused(`there is no job ${id}`);
			if (isOver(held.job)) return refused(`job ${id} is at an end: ${held.job.answer ?? held.job.state}`);
			const next = alter(held.job);
			if (next === held.job) return { ok: true, value: next };
			const change = yield* this.#table.change(held, next);
			if (change.kind === "unavailable") return silent;
			if (change.kind === "lost") continue;
			stateJob(this.#ctx, next);
			return { ok: true, value: next };
		}
		return silent;
	}

	/** From one worker after the other, until one answers. */
	*#status(id: string): Task<StatusReply | null> {
		for (let tries = 0; tries < this.#workers.length; tries++) {
			const worker = this.#workers[this.#asked % this.#workers.length] as string;
			const result = yield* this.#ctx.call<StatusReply>(worker, statusMessage, { id }, { timeoutUs: askTimeoutUs });
			if (result.ok && (result.body.kind === "job" || result.body.kind === "noJob")) return result.body;
			this.#asked++;
		}
		return null;
	}
}

function whyNotRun(name: string, argument: number): string | null {
	const program = programs.get(name);
	if (program === undefined) return `no program is called ${name.slice(0, 40)}; there are ${[...programs.keys()].join(", ")}`;
	const { argumentMin, argumentMax } = program;
	if (Number.isSafeInteger(argument) && argument >= argumentMin && argument <= argumentMax) return null;
	return `${name} takes a whole number from ${argumentMin} to ${argumentMax}`;
}

function newJob(id: string, name: string, argument: number): JobRecord {
	const steps = Math.min(stepsMax, programs.get(name)?.steps(argument) ?? 0);
	return { id, program: name, argument, state: "queued", owner: null, helper: null, wanted: null, moves: 0, done: 0, steps, saved: null, answer: null };
}
