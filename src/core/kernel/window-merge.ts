/**
 * The barrier: joins what the nodes of a window wrote into one stream ordered by (atUs, node), each
 * node's own order kept. The order of the log comes from here and from nowhere else, and depends on
 * neither the window's length nor on which node was done first.
 */
import { type RecordBuffer, readUs, recordAtWord, recordLengthWord } from "../../shared/event-record.ts";
import type { NodeFailure } from "../executor.ts";

export interface WindowStream {
	readonly node: number;
	readonly records: RecordBuffer;
	/** The node stopped inside the window: comes after its last record. */
	readonly failure: NodeFailure | null;
}

export interface MergeSink {
	/** Called before the first record of each instant. */
	onInstant(atUs: number): void;
	onRecord(node: number, records: RecordBuffer, start: number, length: number): void;
	onFailure(node: number, failure: NodeFailure): void;
}

class Cursor {
	readonly stream: WindowStream;
	#at = 0;
	atUs = 0;

	constructor(stream: WindowStream) {
		this.stream = stream;
		this.#look();
	}

	get done(): boolean {
		return this.atUs === Number.POSITIVE_INFINITY;
	}

	/** Gives the sink everything this node did at the present instant. */
	giveInstant(sink: MergeSink): void {
		const { node, records, failure } = this.stream;
		const atUs = this.atUs;
		while (this.atUs === atUs) {
			if (this.#at < records.length) {
				const length = records.words[this.#at + recordLengthWord] as number;
				sink.onRecord(node, records, this.#at, length);
				this.#at += length;
				this.#look();
			} else {
				if (failure !== null) sink.onFailure(node, failure);
				this.atUs = Number.POSITIVE_INFINITY;
			}
		}
	}

	#look(): void {
		const { records, failure } = this.stream;
		if (this.#at < records.length) this.atUs = readUs(records.words, this.#at + recordAtWord);
		else this.atUs = failure === null ? Number.POSITIVE_INFINITY : failure.atUs;
	}
}

function before(a: Cursor, b: Cursor): boolean {
	return a.atUs !== b.atUs ? a.atUs < b.atUs : a.stream.node < b.stream.node;
}

function siftDown(heap: Cursor[], from: number): void {
	const item = heap[from] as Cursor;
	let at = from;
	for (;;) {
		let child = at * 2 + 1;
		if (child >= heap.length) break;
		if (child + 1 < heap.length && before(heap[child + 1] as Cursor, heap[child] as Cursor)) child++;
		const below = heap[child] as Cursor;
		if (!before(below, item)) break;
		heap[at] = below;
		at = child;
	}
	heap[at] = item;
}

export function mergeWindow(streams: readonly WindowStream[], sink: MergeSink): void {
	const heap = streams.map((stream) => new Cursor(stream)).filter((cursor) => !cursor.done);
	for (let at = (heap.length >>> 1) - 1; at >= 0; at--) siftDown(heap, at);
	let instantUs = -1;
	while (heap.length > 0) {
		const first = heap[0] as Cursor;
		if (first.atUs !== instantUs) {
			instantUs = first.atUs;
			sink.onInstant(instantUs);
		}
		first.giveInstant(sink);
		if (first.done) {
			const last = heap.pop() as Cursor;
			if (heap.length === 0) return;
			heap[0] = last;
		}
		siftDown(heap, 0);
	}
}
