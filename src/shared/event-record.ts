/**
 * The layout of one event in memory, in a ring and on disk: a run of 32-bit little-endian words.
 *
 *     word 0      kind id
 *     word 1      length of the record in words, header and body included
 *     word 2, 3   atUs, low and high half
 *     word 4      node (-1: none)
 *     word 5      Lamport stamp
 *     then        the kind's fields in the order of event-schema.ts (`us` takes two words)
 *     then, if the kind has a body: its length in bytes, and the bytes padded with zeros to a word
 *
 * Node threads write records, the cluster merges them, the digest covers every word, the store keeps
 * them as they are: nothing is translated between the program's act and the file.
 */
import { type ByteRange, copyBytes, lengthOf } from "./byte-range.ts";
import { assert } from "./errors.ts";
import { type EventFields, type EventKind, eventKindById, eventKinds, eventSchema, type FieldType } from "./event-schema.ts";

export const headerWords = 6;
export const recordKindWord = 0;
export const recordLengthWord = 1;
export const recordAtWord = 2;
export const recordNodeWord = 4;
export const recordLamportWord = 5;

const twoTo32 = 4_294_967_296;

/** Writes a signed 53-bit integer as two words. */
export function writeUs(words: Int32Array, at: number, value: number): void {
	words[at] = value | 0;
	words[at + 1] = Math.floor(value / twoTo32);
}

/** Reads a signed 53-bit integer from two words. */
export function readUs(words: Int32Array, at: number): number {
	const high = words[at + 1] as number;
	const low = (words[at] as number) >>> 0;
	// A product would make a floating number of it, which every object that keeps an instant would have to box.
	return high === 0 ? low : high * twoTo32 + low;
}

export interface KindLayout {
	readonly kind: EventKind;
	readonly id: number;
	/** Words before the body: header, fields and, if there is a body, its length word. */
	readonly fixedWords: number;
	/** Word offset of the body's length, or -1. */
	readonly bodyLengthWord: number;
	readonly fields: readonly { readonly name: string; readonly type: FieldType; readonly offset: number }[];
	readonly offsetOf: { readonly [field: string]: number };
}

function layOut(kind: EventKind): KindLayout {
	const schema = eventSchema[kind];
	const fields: { name: string; type: FieldType; offset: number }[] = [];
	const offsetOf: { [field: string]: number } = {};
	let offset = headerWords;
	for (const [name, type] of Object.entries<FieldType>(schema.fields)) {
		fields.push({ name, type, offset });
		offsetOf[name] = offset;
		offset += type === "us" ? 2 : 1;
	}
	const hasBody = schema.body !== "none";
	return { kind, id: schema.id, fixedWords: hasBody ? offset + 1 : offset, bodyLengthWord: hasBody ? offset : -1, fields, offsetOf };
}

const layouts = Object.fromEntries(eventKinds.map((kind) => [kind, layOut(kind)])) as { readonly [K in EventKind]: KindLayout };

export function layoutOf(kind: EventKind): KindLayout {
	return layouts[kind];
}

/** Word offset of a field within a record of this kind; the compiler checks both names. */
export function offsetOf<K extends EventKind>(kind: K, field: EventFields<K>): number {
	return layouts[kind].offsetOf[field] as number;
}

export function kindId(kind: EventKind): number {
	return eventSchema[kind].id;
}

/** A growable run of records; `length` is the words in use. Owned by one writer. */
export class RecordBuffer {
	words: Int32Array;
	bytes: Uint8Array;
	length = 0;

	constructor(capacityWords = 1_024) {
		this.words = new Int32Array(capacityWords);
		this.bytes = new Uint8Array(this.words.buffer);
	}

	clear(): void {
		this.length = 0;
	}

	/** Makes room for `extraWords` more words; every view taken before is stale afterwards. */
	reserve(extraWords: number): void {
		const needed = this.length + extraWords;
		if (needed <= this.words.length) return;
		const grown = new Int32Array(Math.max(needed, this.words.length * 2));
		grown.set(this.words.subarray(0, this.length));
		this.words = grown;
		this.bytes = new Uint8Array(grown.buffer);
	}

	/**
	 * Starts a record and writes its header; the caller fills the fields at the returned word and
	 * the layout's offsets.
	 * @param body the encoded body, for kinds that have one
	 * @returns the record's first word
	 */
	begin(layout: KindLayout, atUs: number, node: number, lamport: number, body?: ByteRange): number {
		const bodyBytes = body === undefined ? 0 : lengthOf(body);
		const total = layout.fixedWords + ((bodyBytes + 3) >>> 2);
		this.reserve(total);
		const start = this.length;
		const words = this.words;
		words[start] = layout.id;
		words[start + recordLengthWord] = total;
		writeUs(words, start + recordAtWord, atUs);
		words[start + recordNodeWord] = node;
		words[start + recordLamportWord] = lamport;
		if (layout.bodyLengthWord >= 0) {
			words[start + layout.bodyLengthWord] = bodyBytes;
			if (body !== undefined && bodyBytes > 0) {
				words[start + total - 1] = 0;
				copyBytes(body.bytes, body.start, body.end, this.bytes, (start + layout.fixedWords) * 4);
			}
		}
		this.length = start + total;
		return start;
	}

	/** Copies a whole record (or several) from elsewhere. @returns the copy's first word */
	append(source: Int32Array, from: number, wordCount: number): number {
		this.reserve(wordCount);
		const start = this.length;
		// A typed-array copy costs a call and a view; most records are shorter than that is worth.
		if (wordCount < 48) for (let i = 0; i < wordCount; i++) this.words[start + i] = source[from + i] as number;
		else this.words.set(source.subarray(from, from + wordCount), start);
		this.length = start + wordCount;
		return start;
	}
}

/** The encoded body of the record at `start` (a view, not a copy), or an empty array. */
export function bodyOf(words: Int32Array, start: number): Uint8Array {
	const kind = eventKindById[words[start] as number];
	assert(kind !== undefined, "a record of unknown kind");
	const layout = layouts[kind];
	if (layout.bodyLengthWord < 0) return new Uint8Array(0);
	const length = words[start + layout.bodyLengthWord] as number;
	return new Uint8Array(words.buffer, words.byteOffset + (start + layout.fixedWords) * 4, length);
}

/** One event as a plain object, for people and views; hot folds read the words instead. */
export interface DecodedEvent {
	readonly kind: EventKind;
	readonly atUs: number;
	readonly node: number;
	readonly lamport: number;
	/** Numbers as stored; enumerations as their word. */
	readonly fields: { readonly [field: string]: number | string };
	/** Encoded body; decode with the codec. */
	readonly body: Uint8Array;
}

/**
 * Reads one record that may come from anywhere.
 * @returns the event, or a sentence saying what is wrong with the words
 */
export function decodeRecord(words: Int32Array, start: number): DecodedEvent | string {
	if (start + headerWords > words.length) return "a record is cut off in its header";
	const kind = eventKindById[words[start] as number];
	if (kind === undefined) return `no event kind has the id ${words[start]}`;
	const layout = layouts[kind];
	const total = words[start + recordLengthWord] as number;
	if (total < layout.fixedWords || start + total > words.length) return `a ${kind} record has an impossible length of ${total} words`;
	const bodyBytes = layout.bodyLengthWord < 0 ? 0 : (words[start + layout.bodyLengthWord] as number);
	if (bodyBytes < 0 || layout.fixedWords + ((bodyBytes + 3) >>> 2) !== total) return `a ${kind} record has an impossible body of ${bodyBytes} bytes`;
	const fields: { [field: string]: number | string } = {};
	for (const { name, type, offset } of layout.fields) {
		const word = words[start + offset] as number;
		if (type === "us") fields[name] = readUs(words, start + offset);
		else if (typeof type === "string") fields[name] = word;
		else {
			const text = type[word];
			if (text === undefined) return `a ${kind} record has no ${name} number ${word}`;
			fields[name] = text;
		}
	}
	return {
		kind,
		atUs: readUs(words, start + recordAtWord),
		node: words[start + recordNodeWord] as number,
		lamport: words[start + recordLamportWord] as number,
		fields,
		body: bodyOf(words, start),
	};
}
