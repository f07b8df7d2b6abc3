/**
 * Decides that a node's handler will never return. Looks only at words in shared memory, and only
 * while the kernel has slept through a whole slice of wall-clock time.
 *
 * Time counts against a handler while nothing at all moves in the window: as long as other nodes make
 * progress, the machine is merely slow, and a verdict that depends on its load would make the run
 * differ from its repetition. Slices count as long as they were meant to be, so a machine that was
 * put to sleep accuses nobody.
 */
import { QuorateError } from "../../shared/errors.ts";
import { inspecting, lives, type ThreadMemory } from "./thread-memory.ts";

export interface Patience {
	readonly handlerMsMax: number;
	readonly startMsMax: number;
}

const slicesPerPatience = 5;
const sliceMsMax = 250;

export class Watchdog {
	/** How long the kernel sleeps before it looks around. */
	readonly sliceMs: number;
	readonly #patience: Patience;
	#quietMs = 0;
	/** What was seen at the last look, a word a node. */
	#picture = "";

	constructor(patience: Patience) {
		this.#patience = patience;
		this.sliceMs = Math.max(1, Math.min(sliceMsMax, patience.handlerMsMax / slicesPerPatience));
	}

	/** Something happened. */
	stir(): void {
		this.#quietMs = 0;
	}

	/**
	 * After a slice in which nobody called.
	 * @param waiting the nodes that have not ended their window
	 * @returns whether those of them that run a program are to be given up
	 * @throws QuorateError `internal` when nobody runs a program, and still nothing moves
	 */
	patrol(waiting: readonly ThreadMemory[]): boolean {
		const picture = waiting.map(({ progress, life, requests }) => `${progress}/${life}/${requests}`).join();
		if (picture !== this.#picture) {
			this.#picture = picture;
			this.#quietMs = 0;
			return false;
		}
		this.#quietMs += this.sliceMs;
		if (waiting.some(runsProgram)) return this.#quietMs >= this.#patience.handlerMsMax;
		if (this.#quietMs < this.#patience.startMsMax) return false;
		const starting = waiting.filter(({ life }) => life === lives.starting).length;
		throw new QuorateError("internal", `${waiting.length} node threads do not answer, ${starting} of them have never started`);
	}
}

/** True while the node is in a program's hands, not in ours. */
export function runsProgram({ progress }: ThreadMemory): boolean {
	return progress > 0 || progress === inspecting;
}
