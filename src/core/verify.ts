/**
 * Re-executes a recorded run and compares its events, block by block of the digest chain. Knows no
 * file: what was recorded is given as chain values, and of a block that differs the records are handed
 * back, so that whoever has the file can name the event.
 *
 * Runs in slices, on whichever thread has the executor; a slice is a number of windows.
 */
import { assert } from "../shared/errors.ts";
import type { Plan } from "../shared/plan.ts";
import type { CheckVerdict } from "./checks/check-fold.ts";
import { CheckBoard } from "./checks/create-check-folds.ts";
import { toHex } from "./digest.ts";
import type { Executor } from "./executor.ts";
import { Kernel, type RecordedCommand } from "./kernel.ts";
import { blockEvents, type EventObserver, type LogBlock, type LogSink } from "./log-sink.ts";
import type { ServiceRegistry } from "./node-api.ts";

export const digestBytes = 32;

/** What a file says of a run. */
export interface RecordedRun {
	readonly plan: Plan;
	readonly seed: number;
	/** Beyond the lab's story. */
	readonly commands: readonly RecordedCommand[];
	readonly eventCount: number;
	/** True time up to which it was carried, or of its last event if it was broken off. */
	readonly untilUs: number;
	readonly finished: boolean;
	/** Chain values, 32 bytes for each block; the last may belong to a block that is not full. */
	readonly digests: Uint8Array;
}

/** Where the re-execution went another way: somewhere in these events. */
export interface BlockDifference {
	readonly firstIndex: number;
	/** Recorded events of the block. */
	readonly eventCount: number;
	/** What the re-execution did instead, back to back from `firstIndex` on; at least as many events if it had them. */
	readonly words: Int32Array;
}

export type Verification =
	| { readonly kind: "same"; readonly events: number; readonly digest: string; readonly verdicts: readonly CheckVerdict[] }
	| ({ readonly kind: "differs" } & BlockDifference)
	/** The re-execution ended before its time, or goes on where the recorded run ended. */
	| { readonly kind: "otherLength"; readonly recordedEvents: number; readonly repeatedEvents: number; readonly lastUs: number };

export class Verifier implements LogSink, EventObserver {
	readonly #recorded: RecordedRun;
	readonly #kernel: Kernel;
	readonly #checks: CheckBoard;
	/** Complete blocks, all of them recorded as such. */
	readonly #fullBlocks: number;
	#wantsOpenBlock = false;
	#difference: BlockDifference | null = null;
	#result: Verification | null = null;

	/** @param services for checks that a service judges itself */
	constructor(recorded: RecordedRun, executor: Executor, services: ServiceRegistry = new Map()) {
		const { plan, seed, commands, eventCount, digests } = recorded;
		assert(digests.length === Math.ceil(eventCount / blockEvents) * digestBytes, "a chain value for each recorded block");
		this.#recorded = recorded;
		this.#fullBlocks = Math.floor(eventCount / blockEvents);
		this.#kernel = new Kernel({ plan, seed, executor, commands });
		this.#checks = new CheckBoard(plan, services);
		this.#kernel.log.addSink(this);
		this.#kernel.log.observe(this);
		this.#kernel.log.observe(this.#checks);
	}

	/** Events repeated so far. */
	get events(): number {
		return this.#kernel.log.eventCount;
	}

	/** Runs so many windows. @returns the outcome once it is known */
	advance(windowsMax: number): Verification | null {
		if (this.#result !== null) return this.#result;
		const { eventCount, finished, untilUs } = this.#recorded;
		if (eventCount === 0 && !finished) return this.#finish();
		// A run that was broken off has its last event at `untilUs`, and may have had others there.
		const outcome = this.#kernel.advance({ untilUs: finished ? untilUs : untilUs + 1, windowsMax });
		const isOver = outcome === "until" || this.#difference !== null || (!finished && this.events >= eventCount) || this.events > eventCount;
		return isOver ? this.#finish() : null;
	}

	onBlock(block: LogBlock): void {
		if (this.#difference !== null) return;
		if (this.#wantsOpenBlock) this.#differ(block);
		else if (block.complete && block.block < this.#fullBlocks && !this.#matches(block.block, block.digest)) this.#differ(block);
	}

	/** The block that was not full when the recording ended is compared at the very event that ended it. */
	onEvent(_words: Int32Array, _start: number, index: number): void {
		const { eventCount } = this.#recorded;
		if (index < eventCount - 1 || this.#difference !== null) return;
		this.#kernel.requestStop();
		if (index !== eventCount - 1 || eventCount === this.#fullBlocks * blockEvents) return;
		if (this.#kernel.log.digest() === toHex(this.#recordedDigest(this.#fullBlocks))) return;
		this.#wantsOpenBlock = true;
		this.#kernel.flush();
	}

	#matches(block: number, digest: Uint8Array): boolean {
		return toHex(digest) === toHex(this.#recordedDigest(block));
	}

	#recordedDigest(block: number): Uint8Array {
		return this.#recorded.digests.subarray(block * digestBytes, (block + 1) * digestBytes);
	}

	#differ({ block, words, wordCount }: LogBlock): void {
		const firstIndex = block * blockEvents;
		const eventCount = Math.min(blockEvents, this.#recorded.eventCount - firstIndex);
		this.#difference = { firstIndex, eventCount, words: words.slice(0, wordCount) };
		this.#kernel.requestStop();
	}

	#finish(): Verification {
		const { eventCount, untilUs } = this.#recorded;
		const { log } = this.#kernel;
		if (this.#difference !== null) this.#result = { kind: "differs", ...this.#difference };
		else if (this.events !== eventCount && (this.#recorded.finished || this.events < eventCount)) {
			this.#result = { kind: "otherLength", recordedEvents: eventCount, repeatedEvents: this.events, lastUs: log.lastUs };
		} else {
			this.#result = {
				kind: "same",
				events: eventCount,
				digest: eventCount === 0 ? log.digest() : toHex(this.#lastDigest()),
				verdicts: this.#checks.verdicts(untilUs),
			};
		}
		return this.#result;
	}

	#lastDigest(): Uint8Array {
		const { digests } = this.#recorded;
		return digests.subarray(digests.length - digestBytes);
	}
}
