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
const keyCharsMax = 256;
const factId = kindId("factStated");
const nameOffset = offsetOf("factStated", "name");

export class FactBoard {
	readonly kindIds: ReadonlySet<number> = new Set([factId]);
	/** In the order in which they were last stated. */
	readonly #entries = new Map<string, BoardEntry>();

	onEvent(words: Int32Array, start: number, index: number): void {
		const node = words[start + recordNodeWord] as number;
		const name = words[start + nameOffset] as number;
		const value = decodeOrNull(bodyOf(words, start)) ?? null;
		const { key, isGone } = thingOf(value);
		const place = `${node} ${name} ${key}`;
		this.#entries.delete(place);
		if (isGone) return;
		this.#entries.set(place, { node, name, key, index, atUs: readUs(words, start + recordAtWord), value });
		if (this.#entries.size > boardEntriesMax) this.#entries.delete(this.#entries.keys().next().value as string);
	}

	/** Entries of these names, oldest statement first, of the newest `entriesMax`. */
	entries(names: ReadonlySet<number>, entriesMax: number): readonly BoardEntry[] {
		const found = [...this.#entries.values()].filter(({ name }) => names.has(name));
		return found.slice(Math.max(0, found.length - entriesMax));
	}
}

function thingOf(value: PlainValue): { readonly key: string; readonly isGone: boolean } {
	if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof Uint8Array) return { key: "", isGone: false };
	const { key, gone } = value as { readonly key?: PlainValue; readonly gone?: PlainValue };
	return { key: typeof key === "string" ? key.slice(0, keyCharsMax) : "", isGone: gone === true };
}
