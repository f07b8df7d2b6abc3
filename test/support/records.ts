/** Logs made by hand, for tests of what folds over them. */
import { wholeOf } from "../../src/shared/byte-range.ts";
import { encode, type PlainValue } from "../../src/shared/codec.ts";
import { layoutOf, RecordBuffer, recordLengthWord, writeUs } from "../../src/shared/event-record.ts";
import { type EventFields, type EventKind, eventSchema } from "../../src/shared/event-schema.ts";

export class LogBuilder {
	readonly buffer = new RecordBuffer();
	readonly starts: number[] = [];

	/** Enumerations are given as their word; fields left out are 0. @returns the event's index */
	add<K extends EventKind>(
		kind: K,
		at: { readonly atUs: number; readonly node?: number },
		fields: { readonly [field in EventFields<K>]?: number | string } = {},
		body: PlainValue = null,
	): number {
		const layout = layoutOf(kind);
		const bytes = eventSchema[kind].body === "none" ? undefined : wholeOf(encode(body));
		const start = this.buffer.begin(layout, at.atUs, at.node ?? -1, 0, bytes);
		const given = fields as { readonly [field: string]: number | string | undefined };
		for (const { name, type, offset } of layout.fields) {
			const value = given[name] ?? 0;
			const number = typeof value === "number" ? value : (type as readonly string[]).indexOf(value);
			if (type === "us") writeUs(this.buffer.words, start + offset, number);
			else this.buffer.words[start + offset] = number;
		}
		this.starts.push(start);
		return this.starts.length - 1;
	}

	/** Shows every event to an observer, as the log would. */
	feed(observer: { readonly kindIds?: ReadonlySet<number>; onEvent(words: Int32Array, start: number, index: number): void }): void {
		for (const [index, start] of this.starts.entries()) {
			const { words } = this.buffer;
			if (observer.kindIds === undefined || observer.kindIds.has(words[start] as number)) observer.onEvent(words, start, index);
		}
	}

	/** Words in all, for tests that read them as one block. */
	get wordCount(): number {
		return this.starts.reduce((sum, start) => sum + (this.buffer.words[start + recordLengthWord] as number), 0);
	}
}
