/**
 * The latest of what programs stated, as views of services show it: one entry a node, fact and thing. A fact
 * whose value has a `key` (a text) is about the thing of that name, and `gone: true` takes that thing off the
 * board; any other fact has one entry a node. Bounded: what was stated longest ago makes room. Pure.
 */
import type { PlainValue } from "../codec.ts";
import { bodyOf, kindId, offsetOf, readUs, recordAtWord, recordNodeWord } from "../event-record.ts";
import { decodeOrNull } from "./preview.ts";

export interface BoardEntry {
	/** Index into the plan's nodes. */
	readonly node: number;
	/** Index into the plan's names. */
	readonly name: number;
	/** Empty: the fact is about the node as a whole. */
	readonly key: string;
	/** Of the event that stated it. */
	readonly index: number;
	/** True time. */
	readonly atUs: number;
	readonly value: PlainValue;
}

export const boardEntriesMax = 20_000;
/** Of all values as they were encoded. */
export const boardBytesMax = 16_777_216;
/** Of the values in one answer. */
export const toldEntriesMax = 4_000;
const toldBytesMax = 8_388_608;
const keyCharsMax = 256;
const factId = kindId("factStated");
const nameOffset = offsetOf("factStated", "name");

interface Kept {
	readonly entry: BoardEntry;
	/** Of its value, encoded. */
	readonly bytes: number;
}

/** What is told of a board at once: the newest entries that fit, oldest first. */
export interface BoardPart {
	readonly entries: readonly BoardEntry[];
	/** Entries of the same names that did not fit. */
	readonly omitted: number;
}

export class FactBoard {
	readonly kindIds: ReadonlySet<number> = new Set([factId]);
	/** In the order in which they were last stated. */
	readonly #kept = new Map<string, Kept>();
	#bytes = 0;

	onEvent(words: Int32Array, start: number, index: number): void {
		const node = words[start + recordNodeWord] as number;
		const name = words[start + nameOffset] as number;
		const body = bodyOf(words, start);
		const value = decodeOrNull(body) ?? null;
		const { key, isGone } = thingOf(value);
		const place = `${node} ${name} ${key}`;
		this.#remove(place);
		if (isGone) return;
		this.#kept.set(place, { entry: { node, name, key, index, atUs: readUs(words, start + recordAtWord), value }, bytes: body.length });
		this.#bytes += body.length;
		while (this.#kept.size > boardEntriesMax || this.#bytes > boardBytesMax) this.#remove(this.#kept.keys().next().value as string);
	}

	/** Entries of these names, oldest statement first, of the newest `entriesMax`. */
	entries(names: ReadonlySet<number>, entriesMax: number): readonly BoardEntry[] {
		return this.part(names, { entriesMax }).entries;
	}

	part(names: ReadonlySet<number>, { entriesMax = toldEntriesMax, bytesMax = toldBytesMax } = {}): BoardPart {
		const found = [...this.#kept.values()].filter(({ entry }) => names.has(entry.name));
		let first = found.length;
		let bytes = 0;
		while (first > 0 && found.length - first < entriesMax) {
			bytes += (found[first - 1] as Kept).bytes;
			if (bytes > bytesMax) break;
			first--;
		}
		return { entries: found.slice(first).map(({ entry }) => entry), omitted: first };
	}

	/** Another board that stands where this one does. */
	clone(): FactBoard {
		const twin = new FactBoard();
		for (const [place, kept] of this.#kept) twin.#kept.set(place, kept);
		twin.#bytes = this.#bytes;
		return twin;
	}

	#remove(place: string): void {
		const kept = this.#kept.get(place);
		if (kept === undefined) return;
		this.#kept.delete(place);
		this.#bytes -= kept.bytes;
	}
}

function thingOf(value: PlainValue): { readonly key: string; readonly isGone: boolean } {
	if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof Uint8Array) return { key: "", isGone: false };
	const { key, gone } = value as { readonly key?: PlainValue; readonly gone?: PlainValue };
	return { key: typeof key === "string" ? key.slice(0, keyCharsMax) : "", isGone: gone === true };
}
