/**
 * Looks from the main thread at a board on which handlers say where they are, and calls when one has
 * not returned for too long, or takes memory without end. Counts looks, not wall time alone: a machine
 * that slept, or was busy elsewhere, hangs nobody.
 */
import type { HandlerPlace, ProgressBoard } from "./progress-board.ts";

const looksAtLeast = 8;
const periodMsMax = 250;
/** A handler that does not return and takes this much meanwhile would have taken the rest as well. */
const greedyBytes = 67_108_864;

export type HandlerVerdict = "hung" | "outOfMemory";

export interface WatchedThread {
	readonly board: ProgressBoard;
	/** Heap and what lies outside of it; answers even while a handler runs. Rejects when the thread is gone. */
	memoryBytes(): Promise<number>;
}

export interface WatchLimits {
	readonly handlerMs: number;
	readonly memoryBytes: number;
}

class Watch {
	readonly #thread: WatchedThread;
	readonly #limits: WatchLimits;
	readonly #onVerdict: (place: HandlerPlace, verdict: HandlerVerdict) => void;
	readonly #timer: NodeJS.Timeout;
	readonly #looksMax: number;
	#looks = 0;
	#lastCount = -1;
	#firstBytes = 0;
	#bytes = 0;
	#over = false;

	constructor(thread: WatchedThread, limits: WatchLimits, onVerdict: (place: HandlerPlace, verdict: HandlerVerdict) => void) {
		this.#thread = thread;
		this.#limits = limits;
		this.#onVerdict = onVerdict;
		const periodMs = Math.max(1, Math.min(periodMsMax, Math.floor(limits.handlerMs / looksAtLeast)));
		this.#looksMax = Math.ceil(limits.handlerMs / periodMs);
		this.#timer = setInterval(() => this.#look(), periodMs);
		this.#timer.unref();
	}

	end(): void {
		this.#over = true;
		clearInterval(this.#timer);
	}

	#look(): void {
		const place = this.#thread.board.read();
		if (place === null || place.count !== this.#lastCount) {
			this.#lastCount = place?.count ?? -1;
			this.#looks = 0;
			this.#firstBytes = 0;
			return;
		}
		this.#looks++;
		if (this.#looks >= this.#looksMax) this.#judge(place, this.#bytes - this.#firstBytes > greedyBytes ? "outOfMemory" : "hung");
		else this.#weigh(place);
	}

	#weigh(place: HandlerPlace): void {
		this.#thread.memoryBytes().then(
			(bytes) => {
				if (this.#over || this.#lastCount !== place.count) return;
				if (this.#firstBytes === 0) this.#firstBytes = bytes;
				this.#bytes = bytes;
				if (bytes > this.#limits.memoryBytes && this.#thread.board.read()?.count === place.count) this.#judge(place, "outOfMemory");
			},
			() => {}, // the thread is gone, which is told elsewhere
		);
	}

	#judge(place: HandlerPlace, verdict: HandlerVerdict): void {
		this.end();
		this.#onVerdict(place, verdict);
	}
}

/** @returns what ends the watch; it ends by itself when it calls */
export function watchHandlers(thread: WatchedThread, limits: WatchLimits, onVerdict: (place: HandlerPlace, verdict: HandlerVerdict) => void): () => void {
	const watch = new Watch(thread, limits, onVerdict);
	return () => watch.end();
}

/** Of an executor whose nodes share one heap. */
export function watchLimits({ watchdogMs, heapMb }: { readonly watchdogMs: number; readonly heapMb: number }): WatchLimits {
	return { handlerMs: watchdogMs, memoryBytes: heapMb * 1_048_576 };
}
