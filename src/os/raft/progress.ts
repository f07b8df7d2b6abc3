/**
 * What a leader believes of one follower's log, and how it may send: probing for the last entry both
 * have, streaming entries ahead of their acknowledgement, or feeding it a snapshot. Pure.
 *
 * @source thesis 3.5 (nextIndex, matchIndex), 10.2.1 (pipelining), 5.3 (snapshots)
 */
import type { Snapshot } from "./types.ts";

/** Unacknowledged messages that may be on their way to one follower. */
const inFlightMax = 64;

export class Progress {
	/** Highest index known to be the same in both logs. */
	match = 0;
	/** The next index to send. */
	next: number;
	/** Last broadcast it has acknowledged, and when it was last heard at all. */
	round = 0;
	heardUs: number;
	/** Probing: the last common entry is not known, so one message at a time. */
	probing = true;
	#probeSent = false;
	#inFlight: number[] = [];
	snapshot: { readonly snapshot: Snapshot; offset: number; sent: boolean } | null = null;

	constructor(next: number, nowUs: number) {
		this.next = next;
		this.heardUs = nowUs;
	}

	get mayAppend(): boolean {
		if (this.snapshot !== null) return false;
		return this.probing ? !this.#probeSent : this.#inFlight.length < inFlightMax;
	}

	/** An append up to `lastIndex` was sent. */
	sent(lastIndex: number, isEmpty: boolean): void {
		if (this.probing) this.#probeSent = true;
		else if (!isEmpty) {
			this.#inFlight.push(lastIndex);
			this.next = lastIndex + 1;
		}
	}

	/** A heartbeat is due: whatever was sent before may be lost, so a probe or a piece may be sent again (thesis 3.7). */
	retry(): void {
		this.#probeSent = false;
		if (this.snapshot !== null) this.snapshot.sent = false;
	}

	/** @returns whether this was news */
	acknowledged(index: number): boolean {
		const isNews = index > this.match;
		if (isNews) this.match = index;
		this.next = Math.max(this.next, index + 1);
		if (this.snapshot !== null && this.match >= this.snapshot.snapshot.index) this.snapshot = null;
		if (this.snapshot === null && this.probing) {
			this.probing = false;
			this.next = this.match + 1;
		}
		this.#probeSent = false;
		this.#inFlight = this.#inFlight.filter((sentIndex) => sentIndex > index);
		return isNews;
	}

	/** Its log ends before what it once acknowledged: it has lost its disk, and begins again. */
	forgot(lastIndex: number): void {
		this.match = lastIndex;
		this.next = lastIndex + 1;
		this.probing = true;
		this.#probeSent = false;
		this.#inFlight = [];
	}

	/** @returns false for news that is old: a later answer has overtaken it */
	refused(refusedIndex: number, next: number): boolean {
		if (refusedIndex <= this.match || (this.probing && refusedIndex !== this.next - 1)) return false;
		this.probing = true;
		this.#probeSent = false;
		this.#inFlight = [];
		this.next = Math.max(this.match + 1, Math.min(next, refusedIndex));
		return true;
	}
}
