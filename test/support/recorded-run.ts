/** Synthetic runs recorded into a session, with every event kept beside it to compare. */
import { expect } from "vitest";
import type { EventLog } from "../../src/core/event-log.ts";
import { DirectRecorder } from "../../src/main/store/direct-recorder.ts";
import { type EventQuery, openSession, type Session } from "../../src/main/store/reader.ts";
import type { SessionRecorder } from "../../src/main/store/recording.ts";
import { QuorateError } from "../../src/shared/errors.ts";
import { readUs, recordAtWord, recordLengthWord } from "../../src/shared/event-record.ts";
import type { RecordedCommand, SessionDetail } from "../../src/shared/session.ts";
import { playSyntheticRun, syntheticLog, syntheticSession } from "../synthetic-run.ts";

export function textOf(words: Int32Array, start: number): string {
	return words.subarray(start, start + (words[start + recordLengthWord] as number)).join(" ");
}

export interface Played {
	readonly log: EventLog;
	/** Every event as text, stored or not. */
	readonly events: readonly string[];
	readonly timesUs: readonly number[];
	readonly commands: readonly RecordedCommand[];
}

/** Plays a synthetic run into a recorder and keeps every event beside it. */
export function play(
	recorder: SessionRecorder,
	eventCount: number,
	options: { readonly seed?: number; readonly afterwards?: (log: EventLog) => void } = {},
): Played {
	const log = syntheticLog(syntheticSession());
	const events: string[] = [];
	const timesUs: number[] = [];
	const commands: RecordedCommand[] = [];
	log.addSink(recorder);
	log.observe({
		onEvent: (words, start) => {
			events.push(textOf(words, start));
			timesUs.push(readUs(words, start + recordAtWord));
		},
	});
	playSyntheticRun(log, {
		...(options.seed === undefined ? {} : { seed: options.seed }),
		eventCount,
		onCommand: (command) => {
			commands.push(command);
			recorder.onCommand(command);
		},
	});
	options.afterwards?.(log);
	log.flush();
	return { log, events, timesUs, commands };
}

export const verdicts = [{ id: "calm", ok: true, evidence: [1, 2] }];

export function record(path: string, detail: SessionDetail, eventCount: number): Played {
	const recorder = new DirectRecorder({ kind: "create", path, session: syntheticSession({ detail }) });
	const played = play(recorder, eventCount);
	recorder.close({ untilUs: played.log.lastUs + 5, finished: true, verdicts });
	expect(recorder.failure).toBeNull();
	return played;
}

/** Index and text of what a query finds. */
export function read(session: Session, query: EventQuery = {}): [number, string][] {
	return [...session.events(query)].map(({ index, words, start }) => [index, textOf(words, start)]);
}

export function readAll(path: string, query: EventQuery = {}): [number, string][] {
	const session = openSession(path);
	try {
		return read(session, query);
	} finally {
		session.close();
	}
}

export function errorOf(action: () => unknown): QuorateError {
	try {
		action();
	} catch (error) {
		if (error instanceof QuorateError) return error;
		throw error;
	}
	throw new Error("nothing was refused");
}

/** Compares by the first difference: a diff of thousands of events helps nobody. */
export function expectSame(found: readonly [number, string][], expected: readonly [number, string][]): void {
	expect(found.findIndex(([index, text], i) => index !== expected[i]?.[0] || text !== expected[i]?.[1])).toBe(-1);
	expect(found.length).toBe(expected.length);
}

export const numbered = (events: readonly string[]): [number, string][] => events.map((text, index) => [index, text]);
