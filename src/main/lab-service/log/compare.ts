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

/** Both logs, and when to let others have their turn. */
export interface Pair {
	/** As they are now: not to be kept beyond a rest. */
	logs(): readonly [here: OpenLog, there: OpenLog];
	readonly sliceEvents: number;
	/** @throws ContractError `cancelled` */
	rest(): Promise<void>;
}

/** Looking at a block costs as much as looking at so many events. */
const blockCostEvents = 256;

/** Index of the first event whose block is not the same in both. Whole blocks are told apart by their digests. */
async function firstOtherBlock({ logs, sliceEvents, rest }: Pair, eventCount: number): Promise<number> {
	const sliceBlocks = Math.max(1, Math.floor(sliceEvents / blockCostEvents));
	for (let sameEvents = 0; ; await rest()) {
		const [here, there] = logs();
		if (here.session.header.digestHeader !== there.session.header.digestHeader) return 0;
		const others = there.session.blocks({ branch: there.branch, fromIndex: sameEvents });
		let left = sliceBlocks;
		for (const block of here.session.blocks({ branch: here.branch, fromIndex: sameEvents })) {
			if (left-- === 0) break;
			const other = others.next();
			if (other.done === true || other.value.eventCount !== block.eventCount || !sameBytes(other.value.digest, block.digest)) return block.firstIndex;
			sameEvents = block.firstIndex + block.eventCount;
		}
		if (left >= 0 || sameEvents >= eventCount) return Math.min(sameEvents, eventCount);
	}
}

/** How far two logs are the same, as they were when it was asked. */
export async function compareLogs(pair: Pair): Promise<CallReply<"log.compare">> {
	const [hereCount, thereCount] = pair.logs().map(({ eventCount }) => eventCount) as [number, number];
	const told = (event: StoredEvent | undefined, log: OpenLog): { index: number; atUs: number; text: string } | null =>
		event === undefined ? null : { index: event.index, atUs: atUsOf(event), text: textOf(event, log.session.plan).slice(0, 1_000) };
	let sameEvents = await firstOtherBlock(pair, hereCount);
	for (;;) {
		const [here, there] = pair.logs();
		const others = there.session.events({ branch: there.branch, fromIndex: sameEvents, toIndex: thereCount - 1 });
		let left = pair.sliceEvents;
		let isWhole = true;
		for (const event of here.session.events({ branch: here.branch, fromIndex: sameEvents, toIndex: hereCount - 1 })) {
			if (left-- === 0) {
				isWhole = false;
				break;
			}
			const other = others.next();
			if (other.done === true || !isSame(event, other.value))
				return { sameEvents, here: told(event, here), there: told(other.done === true ? undefined : other.value, there) };
			sameEvents = event.index + 1;
		}
		if (isWhole) {
			const rest = others.next();
			return { sameEvents, here: null, there: told(rest.done === true ? undefined : rest.value, there) };
		}
		await pair.rest();
	}
}
