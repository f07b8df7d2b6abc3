/**
 * The log of a run: the only place where events come into being. The kernel appends, observers look
 * at each event, sinks are given blocks; nobody changes what was appended. Nothing is kept here but
 * the open block, so the memory of a run does not grow with its length.
 */

import { wholeOf } from "../shared/byte-range.ts";
import { assert, fail } from "../shared/errors.ts";
import { type KindLayout, RecordBuffer, readUs, recordAtWord, recordKindWord } from "../shared/event-record.ts";
import { eventKindById, eventSchemaVersion } from "../shared/event-schema.ts";
import { DigestChain, toHex } from "./digest.ts";
import { blockEvents, type EventObserver, type LogSink } from "./log-sink.ts";

const blockWordsInitial = 16_384;

/** Raised whenever the same lab, seed and commands would give other events than before. */
export const engineVersion = 1;

export function digestHeader(options: { readonly labId: string; readonly labVersion: number; readonly seed: number }): string {
	return `quorate engine ${engineVersion} events ${eventSchemaVersion} lab ${options.labId} ${options.labVersion} seed ${options.seed}`;
}

/** The observers of each kind, by its id. */
function byKind(observers: readonly EventObserver[]): readonly (readonly EventObserver[])[] {
	return eventKindById.map((_, id) => observers.filter(({ kindIds }) => kindIds === undefined || kindIds.has(id)));
}

export class EventLog {
	readonly #chain: DigestChain;
	readonly #open = new RecordBuffer(blockWordsInitial);
	readonly #own = new RecordBuffer(64);
	readonly #observers: EventObserver[] = [];
	/** Those that want a kind, by its id. */
	#watching = byKind([]);
	readonly #sinks: LogSink[] = [];
	#block = 0;
	#lastUs = 0;

	constructor(header: string) {
		this.#chain = new DigestChain(header);
	}

	/** Observers and sinks see events appended after they joined. */
	observe(observer: EventObserver): () => void {
		this.#observers.push(observer);
		this.#watching = byKind(this.#observers);
		return () => {
			this.#observers.splice(this.#observers.indexOf(observer), 1);
			this.#watching = byKind(this.#observers);
		};
	}

	addSink(sink: LogSink): void {
		assert(this.#chain.eventCount === 0, "a sink joins before the first event");
		this.#sinks.push(sink);
	}

	get eventCount(): number {
		return this.#chain.eventCount;
	}

	/** True time of the newest event. */
	get lastUs(): number {
		return this.#lastUs;
	}

	digest(): string {
		return toHex(this.#chain.value());
	}

	/** Appends a finished record. @returns its index in the log */
	append(words: Int32Array, start: number, length: number): number {
		const index = this.#chain.eventCount;
		const atUs = readUs(words, start + recordAtWord);
		if (atUs < this.#lastUs) fail(`the log goes back in time, from ${this.#lastUs} to ${atUs} us`);
		this.#lastUs = atUs;
		if (this.#sinks.length > 0) this.#open.append(words, start, length);
		const full = this.#chain.add(words, start, length);
		for (const observer of this.#watching[words[start + recordKindWord] as number] as readonly EventObserver[]) observer.onEvent(words, start, index);
		if (full) this.#closeBlock();
		return index;
	}

	/**
	 * Writes and appends one of the kernel's own events.
	 * @param fill writes the fields into the words, at the layout's offsets from `start`
	 */
	write(
		layout: KindLayout,
		at: { readonly atUs: number; readonly node: number },
		body: Uint8Array | undefined,
		fill: (words: Int32Array, start: number) => void,
	): number {
		this.#own.clear();
		const start = this.#own.begin(layout, at.atUs, at.node, 0, body === undefined ? undefined : wholeOf(body));
		fill(this.#own.words, start);
		return this.append(this.#own.words, start, this.#own.length);
	}

	/** Gives sinks the open block as it stands. */
	flush(): void {
		if (this.#chain.openCount > 0) this.#give(this.#chain.value(), false);
	}

	#closeBlock(): void {
		const digest = this.#chain.closeBlock();
		this.#give(digest, true);
		this.#open.clear();
		this.#block++;
	}

	#give(digest: Uint8Array, complete: boolean): void {
		const eventCount = this.#chain.eventCount - this.#block * blockEvents;
		for (const sink of this.#sinks) {
			sink.onBlock({ block: this.#block, eventCount, words: this.#open.words, wordCount: this.#open.length, digest, complete, untilUs: this.#lastUs });
		}
	}
}
