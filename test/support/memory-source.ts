/** A log kept in memory, to be exported: what tests give to exports in the place of a session file. */
import type { EventLog } from "../../src/core/event-log.ts";
import type { ExportSource } from "../../src/main/export/export.ts";
import type { EventQuery, StoredEvent } from "../../src/main/store/reader.ts";
import { readUs, recordAtWord, recordLengthWord } from "../../src/shared/event-record.ts";
import type { RecordedCommand, SessionBranch, SessionHead, SessionNote } from "../../src/shared/session.ts";
import { syntheticLog, syntheticPlan, syntheticSession } from "../synthetic-run.ts";

export class MemorySource implements ExportSource {
	readonly header = syntheticSession().header;
	readonly plan;
	readonly log: EventLog;
	readonly stored: StoredEvent[] = [];
	commandList: readonly RecordedCommand[] = [];
	noteList: readonly SessionNote[] = [];
	verdicts: SessionHead["verdicts"] = [];

	constructor(plan = syntheticPlan()) {
		this.plan = plan;
		this.log = syntheticLog(syntheticSession());
		this.log.observe({
			onEvent: (words, start, index) => {
				const copy = words.slice(start, start + (words[start + recordLengthWord] as number));
				this.stored.push({ index, words: copy, start: 0 });
			},
		});
	}

	/** Narrowed as a file is: what an export did not ask for, it does not get. */
	*events({ fromIndex = 0, toIndex = Number.POSITIVE_INFINITY, fromUs = 0, toUs = Number.POSITIVE_INFINITY }: EventQuery = {}): Generator<StoredEvent> {
		for (const stored of this.stored) {
			const atUs = readUs(stored.words, stored.start + recordAtWord);
			if (stored.index >= fromIndex && stored.index <= toIndex && atUs >= fromUs && atUs <= toUs) yield stored;
		}
	}

	get branches(): readonly SessionBranch[] {
		return [{ branch: 0, parent: -1, forkIndex: 0, forkUs: 0, name: "main", head: this.head() }];
	}

	head(): SessionHead {
		return { eventCount: this.stored.length, untilUs: this.log.lastUs, digest: new Uint8Array(32), finished: true, verdicts: this.verdicts };
	}

	commands(): readonly RecordedCommand[] {
		return this.commandList;
	}

	notes(): readonly SessionNote[] {
		return this.noteList;
	}
}
