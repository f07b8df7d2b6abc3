/**
 * Going over a part of a log in slices, so that a long one does not keep others waiting. Between two slices whoever was
 * answered meanwhile may have had the file opened anew, so each begins where the one before it ended, on the log as it
 * is then; nothing is seen twice, and what has come since is not seen. Runs on the reader thread.
 */
import type { EventQuery, StoredEvent } from "../../store/reader.ts";
import { backwards, type OpenLog } from "./place.ts";

/** The log, and when to let others have their turn. */
export interface Sliced {
	/** As it is now: not to be kept beyond a rest. */
	log(): OpenLog;
	readonly sliceEvents: number;
	/** @throws ContractError `cancelled` */
	rest(): Promise<void>;
}

export interface Stretch extends Omit<EventQuery, "branch"> {
	/** From the last to the first; a range of time is the taker's to keep to then. */
	readonly isBackwards?: boolean;
}

/** @param take called with every event in its turn; returns whether it has seen enough */
export async function walk({ log, sliceEvents, rest }: Sliced, stretch: Stretch, take: (event: StoredEvent, log: OpenLog) => boolean): Promise<void> {
	const lastIndex = log().eventCount - 1;
	const range = { ...stretch, fromIndex: stretch.fromIndex ?? 0, toIndex: Math.min(stretch.toIndex ?? lastIndex, lastIndex) };
	for (;;) {
		const here = log();
		let left = sliceEvents;
		let next: StoredEvent | undefined;
		for (const event of eventsOf(here, range)) {
			if (left-- === 0) {
				next = event;
				break;
			}
			if (take(event, here)) return;
		}
		if (next === undefined) return;
		if (stretch.isBackwards === true) range.toIndex = next.index;
		else range.fromIndex = next.index;
		await rest();
	}
}

function eventsOf(log: OpenLog, { isBackwards, ...range }: Stretch & { readonly fromIndex: number; readonly toIndex: number }): Iterable<StoredEvent> {
	if (range.toIndex < range.fromIndex) return [];
	return isBackwards === true ? backwards(log, range.toIndex, range.fromIndex) : log.session.events({ ...range, branch: log.branch });
}
