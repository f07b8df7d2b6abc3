/**
 * A server's log in memory: what a snapshot stands for, then entries. Also remembers from which index
 * on the disk does not know it yet. Pure.
 *
 * @source thesis 3.5 (log matching), 5.1 (compaction)
 */
import { assert } from "../../shared/errors.ts";
import type { Entry, Snapshot } from "./types.ts";

export class RaftLog {
	#snapshotIndex: number;
	#snapshotTerm: number;
	#entries: Entry[];
	#unstableFrom: number;

	constructor(snapshot: Pick<Snapshot, "index" | "term">, entries: readonly Entry[]) {
		this.#snapshotIndex = snapshot.index;
		this.#snapshotTerm = snapshot.term;
		this.#entries = [...entries];
		assert(entries.length === 0 || entries[0]?.index === snapshot.index + 1, "a log goes on where its snapshot ends");
		this.#unstableFrom = this.lastIndex + 1;
	}

	/** Last index that only the snapshot knows. */
	get snapshotIndex(): number {
		return this.#snapshotIndex;
	}

	get lastIndex(): number {
		return this.#snapshotIndex + this.#entries.length;
	}

	get lastTerm(): number {
		return this.#entries[this.#entries.length - 1]?.term ?? this.#snapshotTerm;
	}

	/** Undefined where there is no entry, or none any more. */
	termAt(index: number): number | undefined {
		if (index === this.#snapshotIndex) return this.#snapshotTerm;
		return this.#entries[index - this.#snapshotIndex - 1]?.term;
	}

	entryAt(index: number): Entry | undefined {
		return this.#entries[index - this.#snapshotIndex - 1];
	}

	/** Entries from `from` to `to`, both included. */
	slice(from: number, to: number): readonly Entry[] {
		return this.#entries.slice(Math.max(0, from - this.#snapshotIndex - 1), Math.max(0, to - this.#snapshotIndex));
	}

	/** As many entries from `from` on as fit, at least one if there is one. */
	batch(from: number, limits: { readonly entries: number; readonly bytes: number }): readonly Entry[] {
		let bytes = 0;
		let to = from - 1;
		for (let entry = this.entryAt(from); entry !== undefined && to - from + 1 < limits.entries; entry = this.entryAt(to + 1)) {
			bytes += entry.bytes;
			if (to >= from && bytes > limits.bytes) break;
			to = entry.index;
		}
		return this.slice(from, to);
	}

	append(entry: Entry): void {
		assert(entry.index === this.lastIndex + 1, "entries are appended without a gap");
		this.#entries.push(entry);
	}

	/**
	 * Takes over a leader's entries, which follow an entry both have. What conflicts goes, with all behind it.
	 * @returns the first index that was overwritten, or 0
	 */
	merge(entries: readonly Entry[]): number {
		const first = entries.findIndex(({ index, term }) => this.termAt(index) !== term && index > this.#snapshotIndex);
		if (first < 0) return 0;
		const from = (entries[first] as Entry).index;
		const conflicts = from <= this.lastIndex;
		if (conflicts) this.#entries.length = from - this.#snapshotIndex - 1;
		this.#unstableFrom = Math.min(this.#unstableFrom, from);
		for (let i = first; i < entries.length; i++) this.append(entries[i] as Entry);
		return conflicts ? from : 0;
	}

	/** The first index of the term that stands at `index`. */
	firstOfTermAt(index: number): number {
		const term = this.termAt(index);
		let first = index;
		while (first - 1 > this.#snapshotIndex && this.termAt(first - 1) === term) first--;
		return first;
	}

	/** The last index at or before `index` whose term is `term` or older. */
	lastUpToTerm(index: number, term: number): number {
		let last = Math.min(index, this.lastIndex);
		while (last > this.#snapshotIndex && (this.termAt(last) as number) > term) last--;
		return last;
	}

	/** Forgets entries up to `index`, which a snapshot now stands for. */
	compact(index: number): void {
		const term = this.termAt(index);
		assert(term !== undefined && index >= this.#snapshotIndex, "only what is in the log is compacted");
		this.#entries = this.#entries.slice(index - this.#snapshotIndex);
		this.#snapshotIndex = index;
		this.#snapshotTerm = term;
	}

	/** A snapshot takes the place of everything. */
	reset({ index, term }: Pick<Snapshot, "index" | "term">): void {
		this.#snapshotIndex = index;
		this.#snapshotTerm = term;
		this.#entries = [];
		this.#unstableFrom = index + 1;
	}

	/** What the disk has yet to be told; from now on it counts as told. */
	takeUnstable(): { readonly after: number; readonly entries: readonly Entry[] } | null {
		const after = this.#unstableFrom - 1;
		if (after >= this.lastIndex) return null;
		const entries = this.slice(this.#unstableFrom, this.lastIndex);
		this.#unstableFrom = this.lastIndex + 1;
		return { after, entries };
	}
}
