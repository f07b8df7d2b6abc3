/**
 * A machine that does jobs. It gives signs of life in the shared database, looks there for what is to be
 * done, and takes it: jobs that nobody has, jobs of machines that have been silent for too long, a second
 * run of jobs that do not get on. There is no master whose death would matter; who has what is settled by
 * conditional changes of the job's record.
 *
 * Must not know: who wants the answers.
 */
import type { Inspection, Message, NodeContext, Service, ServiceDefinition, Task } from "../../core/node-api.ts";
import { StoreClient } from "../store/client.ts";
import { checkpointNames, checkpointsOf, sweepCheckpoints } from "./checkpoints.ts";
import { readWorkerConfig, type WorkerConfig } from "./config.ts";
import { isJobRequest, newMessage, pollUs, type StatusReply, statusMessage, workerServiceName } from "./contract.ts";
import { jobFacts, jobInvariants, stateJob, stateTakeover } from "./facts.ts";
import { programs } from "./programs.ts";
import { type HeldJob, heldOf, isOver, type JobRecord, jobRange, jobsMax, type WorkerRecord, workerKey, workerOf, workerRange } from "./records.ts";
import { Runner, type RunnerParts, retryTimer, runSpan } from "./runner.ts";
import { JobTable } from "./table.ts";

const beatTimer = "jobs.beat";
const workersMax = 200;
const patienceUs = 3_000_000;
/**
 * What a look finds to be done is left for so long to somebody who asks after the job: then what follows is part of
 * that request's trace. A job that nobody waits for is not asked after, and waits.
 */
const graceUs = 2 * pollUs;

type Occasion = "told" | "asked" | "look";

interface Sign {
	readonly beat: number;
	/** On our own clock, since when it has not changed. */
	readonly sinceUs: number;
}

class JobWorker {
	readonly #ctx: NodeContext;
	readonly #config: WorkerConfig;
	readonly #store: StoreClient;
	readonly #parts: RunnerParts;
	readonly #atOnce: number;
	readonly #running = new Map<string, Runner>();
	/** Jobs that are being thought about just now. */
	readonly #tended = new Set<string>();
	#signs: ReadonlyMap<string, Sign> = new Map();
	#progress: ReadonlyMap<string, { readonly done: number; readonly moves: number; readonly sinceUs: number }> = new Map();
	/** Unfinished jobs by whose they are, as last read. */
	#loads: ReadonlyMap<string, number> = new Map();
	#beat = 0;
	/** On our own clock, when leftovers were looked for last. */
	#sweptUs = 0;

	constructor(ctx: NodeContext, config: WorkerConfig) {
		this.#ctx = ctx;
		this.#config = config;
		this.#store = new StoreClient(ctx, { patienceUs });
		this.#parts = {
			ctx,
			config,
			table: new JobTable(this.#store, config.fences),
			checkpoints: checkpointsOf(ctx, this.#store),
			isSilent: (worker) => this.#isSilent(worker),
		};
		this.#atOnce = config.atOnce === 0 ? ctx.cpu().cores : config.atOnce;
	}

	service(): Service {
		return {
			boot: () => this.#live(),
			on: {
				[newMessage]: (message: Message) => this.#hear(message),
				[statusMessage]: (message: Message) => this.#status(message),
			},
			inspect: () => this.#inspect(),
		};
	}

	*#live(): Task {
		// Not all at the same instant, for ever.
		yield* this.#ctx.sleep(this.#ctx.random.below(this.#config.beatUs), beatTimer);
		for (;;) {
			yield* this.#look();
			this.#sweep();
			yield* this.#ctx.sleep(this.#config.beatUs, beatTimer);
		}
	}

	/** A sign of life, and with it, at one instant, everybody else's and all jobs. */
	*#look(): Task {
		const sign: WorkerRecord = { beat: ++this.#beat, running: this.#running.size };
		const result = yield* this.#store.transact({
			when: [],
			run: [
				{ do: "put", key: workerKey(this.#ctx.self.name), value: sign },
				{ do: "range", ...workerRange, limit: workersMax },
				{ do: "range", ...jobRange, limit: jobsMax },
			],
			otherwise: [],
		});
		if (!result.ok) return;
		const [, workers = [], jobs = []] = result.value.results;
		const open = jobs.map(heldOf).filter(({ job }) => !isOver(job));
		this.#note(new Map(workers.map(({ key, value }) => [workerOf(key), (value as WorkerRecord).beat])), open);
		this.#noteJobs(open.map(({ job }) => job));
		for (const held of open) yield* this.#tend(held, "look");
		if (this.#config.balances) yield* this.#balance(open);
	}

	#note(beats: ReadonlyMap<string, number>, open: readonly HeldJob[]): void {
		const nowUs = this.#ctx.monoUs();
		const before = this.#signs;
		// A machine may be given a job before it has ever shown that it lives.
		const mute = open.flatMap(({ job: { owner, helper } }) => [owner, helper]).filter((name) => name !== null && !beats.has(name));
		this.#signs = new Map(
			[...beats, ...mute.map((name) => [name as string, 0] as const)].map(([worker, beat]) => {
				const sign = before.get(worker);
				return [worker, sign?.beat === beat ? sign : { beat, sinceUs: nowUs }];
			}),
		);
	}

	#noteJobs(open: readonly JobRecord[]): void {
		const nowUs = this.#ctx.monoUs();
		const before = this.#progress;
		this.#progress = new Map(
			open.map(({ id, done, moves }) => {
				const seen = before.get(id);
				return [id, seen?.done === done && seen.moves === moves ? seen : { done, moves, sinceUs: nowUs }];
			}),
		);
		const loads = new Map<string, number>();
		for (const { owner, helper } of open) for (const name of [owner, helper]) if (name !== null) loads.set(name, (loads.get(name) ?? 0) + 1);
		this.#loads = loads;
	}

	/**
	 * Does for one job what there is for this machine to do.
	 * @param occasion somebody waits for it, or hands it over (or it is new), or this machine looks for what there is
	 */
	*#tend(held: HeldJob, occasion: Occasion): Task {
		const { job } = held;
		if (isOver(job) || this.#tended.has(job.id)) return;
		this.#tended.add(job.id);
		yield* this.#attend(held, occasion);
		this.#tended.delete(job.id);
	}

	*#attend(held: HeldJob, occasion: Occasion): Task {
		const { job } = held;
		const me = this.#ctx.self.name;
		const { takesOver } = this.#config;
		const afterUs = occasion === "look" ? graceUs : 0;
		if (this.#running.has(job.id)) {
			// Who runs it as well goes on alone.
			if (takesOver && job.helper === me && this.#isSilent(job.owner)) yield* this.#take(held, `${job.owner} has been silent`);
		} else if (job.owner === me || job.helper === me) {
			// Its own, from before it was restarted, or handed over to it.
			if (takesOver || occasion === "told") this.#start(held);
		} else if (job.owner === null) {
			if (this.#isNext() && this.#stillUs(job) >= afterUs) yield* this.#take(held, "it was waiting");
		} else if (this.#isSilent(job.owner)) {
			const isLeft = this.#isSilent(job.owner, afterUs) && (job.helper === null || this.#isSilent(job.helper));
			if (takesOver && isLeft && this.#hasRoom()) yield* this.#take(held, `${job.owner} has been silent`);
		} else if (this.#straggles(job, afterUs) && this.#running.size === 0) yield* this.#help(held);
	}

	#hasRoom(): boolean {
		return this.#running.size < this.#atOnce;
	}

	/** Nobody who is alive has less to do. */
	#isNext(): boolean {
		const mine = this.#loads.get(this.#ctx.self.name) ?? 0;
		return this.#hasRoom() && [...this.#signs.keys()].every((worker) => this.#isSilent(worker) || (this.#loads.get(worker) ?? 0) >= mine);
	}

	/** @param afterUs so much longer than it takes to be silent */
	#isSilent(worker: string | null, afterUs = 0): boolean {
		const sign = worker === null ? undefined : this.#signs.get(worker);
		return worker !== this.#ctx.self.name && sign !== undefined && this.#ctx.monoUs() - sign.sinceUs > this.#config.silenceUs + afterUs;
	}

	/** For how long a job has been as it is, as far as this machine knows. */
	#stillUs({ id }: JobRecord): number {
		return this.#ctx.monoUs() - (this.#progress.get(id)?.sinceUs ?? this.#ctx.monoUs());
	}

	#straggles({ id, program, argument, done, helper }: JobRecord, afterUs: number): boolean {
		const { stragglerFactor, beatUs } = this.#config;
		const seen = this.#progress.get(id);
		const stepUs = programs.get(program)?.stepUs(done, argument) ?? 0;
		if ((helper !== null && !this.#isSilent(helper)) || stragglerFactor === 0 || seen === undefined || seen.done !== done) return false;
		return this.#ctx.monoUs() - seen.sinceUs > stragglerFactor * stepUs + 2 * beatUs + afterUs;
	}

	*#take(held: HeldJob, why: string): Task {
		const { job } = held;
		const owner = this.#ctx.self.name;
		const next: JobRecord = { ...job, state: "running", owner, helper: null, wanted: null, moves: job.moves + 1 };
		const change = yield* this.#parts.table.change(held, next);
		if (change.kind !== "made") return;
		stateJob(this.#ctx, next);
		if (job.owner !== null) {
			stateTakeover(this.#ctx, { key: `${job.id}.${next.moves}`, from: job.owner, to: owner, step: job.saved?.done ?? 0, why });
			this.#ctx.log(`takes over job ${job.id} from ${job.owner}: ${why}`);
		}
		// Its own attempt, if it runs it as well, will find that the job is its own now.
		if (!this.#running.has(job.id)) this.#start(change.held);
	}

	/** A second run beside the first: whichever is faster has the effect. */
	*#help(held: HeldJob): Task {
		const helper = this.#ctx.self.name;
		const next: JobRecord = { ...held.job, helper };
		const change = yield* this.#parts.table.change(held, next);
		if (change.kind !== "made") return;
		stateJob(this.#ctx, next);
		this.#ctx.log(`runs job ${next.id} as well: ${next.owner} is slow`);
		this.#start(change.held);
	}

	/** One machine does it, the first that lives; if two think so, no harm is done. */
	#sweep(): void {
		const nowUs = this.#ctx.monoUs();
		const { checkpoints, table, config } = this.#parts;
		if (nowUs - this.#sweptUs < config.sweepUs) return;
		this.#sweptUs = nowUs;
		const me = this.#ctx.self.name;
		if ([...this.#signs.keys()].some((worker) => worker < me && !this.#isSilent(worker))) return;
		this.#ctx.spawn(sweepCheckpoints(checkpoints, (id) => table.job(id)));
	}

	#start(held: HeldJob): void {
		const { id } = held.job;
		const runner = new Runner(this.#parts, held);
		this.#running.set(id, runner);
		const attempt = runner.run();
		const running = this.#running;
		this.#ctx.spawn(
			(function* () {
				yield* attempt;
				running.delete(id);
			})(),
		);
	}

	/** One of several jobs of this machine goes to one that has none. */
	*#balance(open: readonly HeldJob[]): Task {
		const me = this.#ctx.self.name;
		const mine = open.filter(({ job }) => job.owner === me && job.state === "running");
		if (mine.length < 2 || mine.some(({ job }) => job.wanted !== null)) return;
		const idle = [...this.#signs.keys()].find((worker) => worker !== me && !this.#isSilent(worker) && !this.#loads.has(worker));
		const last = mine[mine.length - 1];
		if (idle === undefined || last === undefined) return;
		const wanted: JobRecord = { ...last.job, wanted: idle };
		if ((yield* this.#parts.table.change(last, wanted)).kind === "made") stateJob(this.#ctx, wanted);
	}

	/** Somebody says that there is something to do: what follows belongs to that request. */
	*#hear({ body }: Message): Task {
		if (!isJobRequest(body)) return;
		const held = yield* this.#parts.table.read(body.id);
		if (held !== null && held !== undefined) yield* this.#tend(held, "told");
	}

	*#status(message: Message): Task {
		if (!isJobRequest(message.body)) return this.#answer(message, { kind: "refused" });
		const held = yield* this.#parts.table.read(message.body.id);
		if (held === undefined) return this.#answer(message, { kind: "unavailable" });
		if (held === null) return this.#answer(message, { kind: "noJob" });
		this.#answer(message, { kind: "job", job: held.job });
		yield* this.#tend(held, "asked");
	}

	#answer(message: Message, reply: StatusReply): void {
		this.#ctx.reply(message, reply);
	}

	#inspect(): Inspection {
		return {
			running: [...this.#running.values()].map(({ job }) => `${job.id}: ${job.program} ${job.argument}, ${job.done} of ${job.steps} steps`),
			silent: [...this.#signs.keys()].filter((worker) => this.#isSilent(worker)),
		};
	}
}

export const jobsDefinition: ServiceDefinition = {
	name: workerServiceName,
	summary: "Runs jobs: takes them from a shared table, checkpoints them, and takes over those of machines that died.",
	names: [...checkpointNames, newMessage, statusMessage, beatTimer, retryTimer, runSpan, ...Object.values(jobFacts), ...jobInvariants.map(({ name }) => name)],
	invariants: jobInvariants,
	configure: readWorkerConfig,
	start: (ctx, config: WorkerConfig) => new JobWorker(ctx, config).service(),
};
