/** Two logs side by side: how far they are the same, and the first event in which they differ. */
import type { CallReply } from "../../../shared/contract/calls.ts";
import { recordLengthWord } from "../../../shared/event-record.ts";
import type { StoredEvent } from "../../store/reader.ts";
import { textOf } from "./pages.ts";
import { atUsOf, type OpenLog } from "./place.ts";

function isSame(a: StoredEvent, b: StoredEvent): boolean {
	const length = a.words[a.start + recordLengthWord] as number;
	if (a.index !== b.index || (b.words[b.start + recordLengthWord] as number) !== length) return false;
	for (let i = 0; i < length; i++) if (a.words[a.start + i] !== b.words[b.start + i]) return false;
	return true;
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);

/** Index of the first event whose block is not the same in both. Whole blocks are told apart by their digests. */
function firstOtherBlock(here: OpenLog, there: OpenLog): number {
	if (here.session.header.digestHeader !== there.session.header.digestHeader) return 0;
	const others = there.session.blocks({ branch: there.branch });
	for (const block of here.session.blocks({ branch: here.branch })) {
		const other = others.next();
		if (other.done === true || other.value.eventCount !== block.eventCount || !sameBytes(other.value.digest, block.digest)) return block.firstIndex;
	}
	return here.eventCount;
}

export function compareLogs(here: OpenLog, there: OpenLog): CallReply<"log.compare"> {
	const from = firstOtherBlock(here, there);
	const others = there.session.events({ branch: there.branch, fromIndex: from, toIndex: there.eventCount - 1 });
	const told = (event: StoredEvent | undefined, log: OpenLog): { index: number; atUs: number; text: string } | null =>
		event === undefined ? null : { index: event.index, atUs: atUsOf(event), text: textOf(event, log.session.plan).slice(0, 1_000) };
	let sameEvents = from;
	for (const event of here.session.events({ branch: here.branch, fromIndex: from, toIndex: here.eventCount - 1 })) {
		const other = others.next();
		if (other.done === true || !isSame(event, other.value))
			return { sameEvents, here: told(event, here), there: told(other.done === true ? undefined : other.value, there) };
		sameEvents = event.index + 1;
	}
	const rest = others.next();
	return { sameEvents, here: null, there: told(rest.done === true ? undefined : rest.value, there) };
}
