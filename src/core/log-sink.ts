/**
 * Where the log goes: the kernel appends, sinks look on. A sink runs on the kernel's thread and must
 * copy what it keeps. Nothing a sink does can change the run.
 */

/** Watches single events as they are appended. */
export interface EventObserver {
	/** Kinds (by id) the observer wants; undefined: all. Asked when it joins. */
	readonly kindIds?: ReadonlySet<number>;
	/** `words` holds the record at `start`; `index` is its position in the log, from 0. */
	onEvent(words: Int32Array, start: number, index: number): void;
}

/** A run of consecutive events, at most `blockEvents`, all of one block of the digest chain. */
export interface LogBlock {
	/** Number of the block; the first event's index is `block * blockEvents`. */
	readonly block: number;
	readonly eventCount: number;
	/** The records, back to back; valid during the call only. */
	readonly words: Int32Array;
	readonly wordCount: number;
	/** Chain value after these events: 32 bytes. */
	readonly digest: Uint8Array;
	/** False for the still growing last block, which will be written again. */
	readonly complete: boolean;
	/** True time of the last event. */
	readonly untilUs: number;
}

export interface LogSink {
	onBlock(block: LogBlock): void;
}

export const blockEvents = 1_024;
