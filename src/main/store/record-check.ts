/** Whether words that came from a file are a record: the cheap half of `decodeRecord`, for readers in a hurry. */
import { headerWords, layoutOf, recordLengthWord } from "../../shared/event-record.ts";
import { eventKindById, eventKinds } from "../../shared/event-schema.ts";

const fixedWords = new Int32Array(eventKindById.length);
const bodyLengthWord = new Int32Array(eventKindById.length);
for (const kind of eventKinds) {
	const layout = layoutOf(kind);
	fixedWords[layout.id] = layout.fixedWords;
	bodyLengthWord[layout.id] = layout.bodyLengthWord;
}

/** @returns the record's length in words, or 0 when there is no sound record at `start` */
export function recordLength(words: Int32Array, start: number): number {
	if (start < 0 || start + headerWords > words.length) return 0;
	const id = words[start] as number;
	const fixed = fixedWords[id];
	if (fixed === undefined || fixed === 0) return 0;
	const total = words[start + recordLengthWord] as number;
	if (total < fixed || start + total > words.length) return 0;
	const lengthWord = bodyLengthWord[id] as number;
	const bodyBytes = lengthWord < 0 ? 0 : (words[start + lengthWord] as number);
	return bodyBytes >= 0 && fixed + ((bodyBytes + 3) >>> 2) === total ? total : 0;
}
