/**
 * The barrier: joins what the nodes of a window wrote into one stream ordered by (atUs, node), each
 * node's own order kept. The order of the log comes from here and from nowhere else, and depends on
 * neither the window's length nor on which node was done first.
 */
import { RecordBuffer, readUs, recordAtWord, recordLengthWord } from "../../shared/event-record.ts";
import type { NodeFailure } from "../executor.ts";

export interface MergeSink {
	/** Called before the first record of each instant. */
	onInstant(atUs: number): void;
	onRecord(node: number, records: RecordBuffer, start: number, length: number): void;
	onFailure(node: number, failure: NodeFailure): void;
}

const nothing = new RecordBuffer(0);

/** How far the records of one node have been given. */
class Cursor {
	node = -1;
	/** Of what comes next; Infinity when nothing does. */
	atUs = Number.POSITIVE_INFINITY;
	#records: RecordBuffer = nothing;
	#at = 0;
	/** The node stopped inside the window: comes after its last record. */
	#failure: NodeFailure | null = null;

	open(node: number, records: RecordBuffer, failure: NodeFailure | null): void {
		this.node = node;
		this.#records = records;
		this.#at = 0;
		this.#failure = failure;
		this.#look();
	}

	get done(): boolean {
		return this.atUs === Number.POSITIVE_INFINITY;
	}

	/** Gives the sink everything this node did at the present instant. */
	giveInstant(sink: MergeSink): void {
		const records = this.#records;
		const atUs = this.atUs;
		while (this.atUs === atUs) {
			if (this.#at < records.length) {
				const length = records.words[this.#at + recordLengthWord] as number;
				sink.onRecord(this.node, records, this.#at, length);
				this.#at += length;
				this.#look();
			} else {
				if (this.#failure !== null) sink.onFailure(this.node, this.#failure);
				this.atUs = Number.POSITIVE_INFINITY;
			}
		}
	}

	#look(): void {
		if (this.#at < this.#records.length) this.atUs = readUs(this.#records.words, this.#at + recordAtWord);
		else this.atUs = this.#failure === null ? Number.POSITIVE_INFINITY : this.#failure.atUs;
	}
}

function before(a: Cursor, b: Cursor): boolean {
	return a.atUs !== b.atUs ? a.atUs < b.atUs : a.node < b.node;
}

/** Joins one window after the other, with the same cursors: a run has millions of windows. */
export class WindowMerge {
	readonly #sink: MergeSink;
	/** The first `#count` are a heap; those behind them wait to be used again. */
	readonly #cursors: Cursor[] = [];
	#count = 0;

	constructor(sink: MergeSink) {
		this.#sink = sink;
	}

	/** What a node wrote in the window; its records are read when the window is joined. */
	add(node: number, records: RecordBuffer, failure: NodeFailure | null): void {
		this.#cursors[this.#count] ??= new Cursor();
		const cursor = this.#cursors[this.#count] as Cursor;
		cursor.open(node, records, failure);
		if (!cursor.done) this.#count++;
	}

	/** Gives the sink all that was added. */
	run(): void {
		for (let at = (this.#count >>> 1) - 1; at >= 0; at--) this.#siftDown(at);
		let instantUs = -1;
		while (this.#count > 0) {
			const first = this.#cursors[0] as Cursor;
			if (first.atUs !== instantUs) {
				instantUs = first.atUs;
				this.#sink.onInstant(instantUs);
			}
			first.giveInstant(this.#sink);
			if (first.done) {
				const last = --this.#count;
				this.#cursors[0] = this.#cursors[last] as Cursor;
				this.#cursors[last] = first;
			}
			this.#siftDown(0);
		}
	}

	#siftDown(from: number): void {
		const cursors = this.#cursors;
		const count = this.#count;
		const item = cursors[from] as Cursor;
		let at = from;
		for (;;) {
			let child = at * 2 + 1;
			if (child >= count) break;
			if (child + 1 < count && before(cursors[child + 1] as Cursor, cursors[child] as Cursor)) child++;
			const below = cursors[child] as Cursor;
			if (!before(below, item)) break;
			cursors[at] = below;
			at = child;
		}
		cursors[at] = item;
	}
}
