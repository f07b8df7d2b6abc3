/**
 * What a node has yet to do by itself: timers, finished computations and disk operations, a boot, a
 * user's line, a message to itself. Ordered by the event key (atUs, class, tie, sequence), so that
 * nothing depends on the order of insertion.
 */
import { noTrace, type TraceContext } from "./trace.ts";

/** What happens when an event is due: mostly the very object that waits for it, which needs no closure then. */
export interface Due {
	/** Runs the program, after the triggering record was written. */
	due(): void;
}

/** An action of nobody in particular. */
export class DueAction implements Due {
	readonly due: () => void;

	constructor(due: () => void) {
		this.due = due;
	}
}

const nothing: Due = { due: () => undefined };

/** The `class` of the event key: what happens first when several things fall on one instant. */
export const eventRanks = { start: 0, delivery: 1, completion: 2, timer: 3 } as const;

export interface LocalEventOptions {
	readonly atUs: number;
	readonly rank: number;
	readonly tie: number;
	readonly sequence: number;
	readonly deadlineMonoUs: number;
	readonly name: number;
	readonly trace: TraceContext;
	readonly target: Due;
}

export class LocalEvent {
	atUs: number;
	readonly rank: number;
	readonly tie: number;
	/** Unique within the node and the rank. */
	readonly sequence: number;
	/** Instant on the node's own clock that a timer waits for; -1 for everything else. */
	readonly deadlineMonoUs: number;
	/** Of a timer: index of its name. */
	readonly name: number;
	trace: TraceContext;
	target: Due;
	cancelled = false;
	/** Taken from the heap; it can no longer be cancelled. */
	fired = false;

	constructor(event: LocalEventOptions) {
		this.atUs = event.atUs;
		this.rank = event.rank;
		this.tie = event.tie;
		this.sequence = event.sequence;
		this.deadlineMonoUs = event.deadlineMonoUs;
		this.name = event.name;
		this.trace = event.trace;
		this.target = event.target;
	}
}

function before(a: LocalEvent, b: LocalEvent): boolean {
	if (a.atUs !== b.atUs) return a.atUs < b.atUs;
	if (a.rank !== b.rank) return a.rank < b.rank;
	if (a.tie !== b.tie) return a.tie < b.tie;
	return a.sequence < b.sequence;
}

/** A binary heap; cancelled events are swept out when they reach the top or outnumber the rest. */
export class LocalEventHeap {
	#items: LocalEvent[] = [];
	#cancelled = 0;

	get size(): number {
		return this.#items.length - this.#cancelled;
	}

	push(event: LocalEvent): void {
		const items = this.#items;
		let at = items.length;
		items.push(event);
		while (at > 0) {
			const parent = (at - 1) >>> 1;
			const above = items[parent] as LocalEvent;
			if (!before(event, above)) break;
			items[at] = above;
			at = parent;
		}
		items[at] = event;
	}

	/** The earliest event that still stands, or undefined. */
	peek(): LocalEvent | undefined {
		let top = this.#items[0];
		while (top?.cancelled) {
			this.#removeTop();
			this.#cancelled--;
			top = this.#items[0];
		}
		return top;
	}

	/** Takes what `peek` showed. */
	pop(): LocalEvent | undefined {
		const top = this.peek();
		if (top === undefined) return undefined;
		this.#removeTop();
		top.fired = true;
		return top;
	}

	cancel(event: LocalEvent): void {
		if (event.cancelled || event.fired) return;
		event.cancelled = true;
		// It may lie here until its time; what it would have woken need not.
		event.target = nothing;
		event.trace = noTrace;
		this.#cancelled++;
		if (this.#cancelled > 64 && this.#cancelled * 2 > this.#items.length) this.rebuild(() => undefined);
	}

	/** Lets `retime` change the instant of every event that stands, then restores the order. */
	rebuild(retime: (event: LocalEvent) => void): void {
		const standing = this.#items.filter((event) => !event.cancelled);
		this.#items = [];
		this.#cancelled = 0;
		for (const event of standing) {
			retime(event);
			this.push(event);
		}
	}

	forEach(visit: (event: LocalEvent) => void): void {
		for (const event of this.#items) if (!event.cancelled) visit(event);
	}

	#removeTop(): void {
		const items = this.#items;
		const last = items.pop() as LocalEvent;
		const length = items.length;
		if (length === 0) return;
		let at = 0;
		for (;;) {
			let child = at * 2 + 1;
			if (child >= length) break;
			if (child + 1 < length && before(items[child + 1] as LocalEvent, items[child] as LocalEvent)) child++;
			const below = items[child] as LocalEvent;
			if (!before(below, last)) break;
			items[at] = below;
			at = child;
		}
		items[at] = last;
	}
}
