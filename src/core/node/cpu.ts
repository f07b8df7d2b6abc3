/**
 * A node's processor: a few cores, one queue, first come first served. Work is given in microseconds
 * at normal speed; a slowed node takes proportionally longer, including work already begun.
 */
import { assert } from "../../shared/errors.ts";
import type { Due, LocalEvent } from "./local-events.ts";
import { Suspension } from "./tasks.ts";
import type { TraceContext } from "./trace.ts";

/** One piece of work, and what its task waits for. */
export class CpuWork extends Suspension<void> implements Due {
	readonly askedUs: number;
	/** At normal speed. */
	readonly durationUs: number;
	/** The request it is done for. */
	readonly request: TraceContext;
	startedUs: number;
	/** True time at which it will be done at the present speed; -1 while it waits. */
	finishUs = -1;
	/** In the node's heap, once it is begun. */
	event: LocalEvent | null = null;
	readonly #finish: (work: CpuWork) => void;

	constructor(askedUs: number, durationUs: number, request: TraceContext, finish: (work: CpuWork) => void) {
		super("compute");
		this.askedUs = askedUs;
		this.durationUs = durationUs;
		this.request = request;
		this.startedUs = askedUs;
		this.#finish = finish;
	}

	due(): void {
		this.#finish(this);
	}
}

/** Work times factor, rounded up, exact. */
function scaled(durationUs: number, factorMilli: number): number {
	return factorMilli === 1_000 ? durationUs : Math.ceil((durationUs * factorMilli) / 1_000);
}

/** The queue is compacted when this many entries at its front are spent. */
const compactAfter = 1_024;

export class Cpu {
	readonly cores: number;
	readonly #schedule: (work: CpuWork) => void;
	readonly #running: CpuWork[] = [];
	#waiting: CpuWork[] = [];
	#waitingHead = 0;
	#factorMilli: number;

	/** @param options.schedule arranges for `finished(work)` at `work.finishUs` */
	constructor(options: { readonly cores: number; readonly factorMilli: number; readonly schedule: (work: CpuWork) => void }) {
		this.cores = options.cores;
		this.#factorMilli = options.factorMilli;
		this.#schedule = options.schedule;
	}

	get busy(): number {
		return this.#running.length;
	}

	get waiting(): number {
		return this.#waiting.length - this.#waitingHead;
	}

	submit(work: CpuWork, nowUs: number): void {
		if (this.#running.length < this.cores) this.#start(work, nowUs);
		else this.#waiting.push(work);
	}

	/** Called at `work.finishUs`: frees the core and starts the next in line. */
	finished(work: CpuWork, nowUs: number): void {
		const place = this.#running.indexOf(work);
		assert(place >= 0, "only work that runs is finished");
		this.#running.splice(place, 1);
		const next = this.#waiting[this.#waitingHead];
		if (next === undefined) return;
		this.#waitingHead++;
		if (this.#waitingHead >= compactAfter) {
			this.#waiting = this.#waiting.slice(this.#waitingHead);
			this.#waitingHead = 0;
		}
		this.#start(next, nowUs);
	}

	/** Changes the speed; every running work's `finishUs` moves, and the caller reschedules it. */
	setFactor(factorMilli: number, nowUs: number): void {
		for (const work of this.#running) work.finishUs = nowUs + Math.ceil(((work.finishUs - nowUs) * factorMilli) / this.#factorMilli);
		this.#factorMilli = factorMilli;
	}

	/** A paused node's work stood still for this long; the caller reschedules it. */
	shift(byUs: number): void {
		for (const work of this.#running) work.finishUs += byUs;
	}

	#start(work: CpuWork, nowUs: number): void {
		work.startedUs = nowUs;
		work.finishUs = nowUs + scaled(work.durationUs, this.#factorMilli);
		this.#running.push(work);
		this.#schedule(work);
	}
}
