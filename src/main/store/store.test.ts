import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { playSyntheticRun, syntheticLog, syntheticSession } from "../../../test/synthetic-run.ts";
import { recordLengthWord } from "../../shared/event-record.ts";
import { type RecordedCommand, type SessionDetail, sessionDetails, storedKinds } from "../../shared/session.ts";
import { openSession, type Session } from "./reader.ts";
import { DirectRecorder } from "./recording.ts";

let folder = "";
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "quorate-store-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Recorded {
	readonly path: string;
	readonly events: readonly (readonly number[])[];
	readonly commands: readonly RecordedCommand[];
	readonly digest: string;
}

/** Records a synthetic run and keeps every event beside it. */
function record(detail: SessionDetail, eventCount: number): Recorded {
	const path = join(folder, "run.quorate");
	const session = syntheticSession({ detail });
	const recorder = new DirectRecorder({ kind: "create", path, session });
	const log = syntheticLog(session);
	const events: number[][] = [];
	const commands: RecordedCommand[] = [];
	log.addSink(recorder);
	log.observe({ onEvent: (words, start) => void events.push([...words.subarray(start, start + (words[start + recordLengthWord] as number))]) });
	playSyntheticRun(log, {
		eventCount,
		onCommand: (command) => {
			commands.push(command);
			recorder.onCommand(command);
		},
	});
	log.flush();
	recorder.close({ untilUs: log.lastUs + 5, finished: true, verdicts: [{ id: "calm", ok: true, evidence: [1, 2] }] });
	expect(recorder.failure).toBeNull();
	return { path, events, commands, digest: log.digest() };
}

function eventsOf(session: Session, query: Parameters<Session["events"]>[0] = {}): Map<number, number[]> {
	const found = new Map<number, number[]>();
	for (const { index, words, start } of session.events(query))
		found.set(index, [...words.subarray(start, start + (words[start + recordLengthWord] as number))]);
	return found;
}

describe("a session", () => {
	it.each(sessionDetails)("gives back at detail %s exactly the events that it stores", (detail) => {
		const recorded = record(detail, 5_000);
		const session = openSession(recorded.path);
		const stored = storedKinds(detail);
		const expected = new Map(recorded.events.map((words, index) => [index, words] as const).filter(([, words]) => stored[words[0] as number] === 1));
		expect(eventsOf(session)).toEqual(expected);
		expect(session.head().eventCount).toBe(recorded.events.length);
		expect(Buffer.from(session.head().digest).toString("hex")).toBe(recorded.digest);
		expect([...session.commands()]).toEqual(recorded.commands);
		expect(session.head()).toMatchObject({ finished: true, verdicts: [{ id: "calm", ok: true, evidence: [1, 2] }] });
		session.close();
		expect(readdirSync(folder)).toEqual(["run.quorate"]);
	});
});
