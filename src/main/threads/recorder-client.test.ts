import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { playSyntheticRun, syntheticLog, syntheticSession } from "../../../test/synthetic-run.ts";
import { recordLengthWord } from "../../shared/event-record.ts";
import { DirectRecorder } from "../store/direct-recorder.ts";
import { openSession } from "../store/reader.ts";
import type { SessionRecorder } from "../store/recording.ts";
import { RecorderClient } from "./recorder-client.ts";

let folder = "";
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "quorate-recorder-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function play(recorder: SessionRecorder, session: ReturnType<typeof syntheticSession>, eventCount: number): string {
	const log = syntheticLog(session);
	log.addSink(recorder);
	playSyntheticRun(log, { eventCount, onCommand: (command) => recorder.onCommand(command) });
	log.flush();
	recorder.close({ untilUs: log.lastUs, finished: true, verdicts: [] });
	return log.digest();
}

function contentOf(path: string): unknown {
	const session = openSession(path);
	const events = [...session.events()].map(({ index, words, start }) => [index, ...words.subarray(start, start + (words[start + recordLengthWord] as number))]);
	const content = { events, head: session.head(), commands: [...session.commands()] };
	session.close();
	return content;
}

describe("the recorder thread", () => {
	it.each(["full", "messages", "summary"] as const)("writes at detail %s what a recorder on the same thread writes", (detail) => {
		const session = syntheticSession({ detail });
		const near = join(folder, "near.quorate");
		const far = join(folder, "far.quorate");
		const client = new RecorderClient({ kind: "create", path: far, session });
		const digest = play(client, session, 20_000);
		expect(client.failure).toBeNull();
		expect(play(new DirectRecorder({ kind: "create", path: near, session }), session, 20_000)).toBe(digest);
		expect(contentOf(far)).toEqual(contentOf(near));
		expect(readdirSync(folder)).toEqual(["far.quorate", "near.quorate"]);
	});

	it("refuses a file that exists, with the reason, before the run begins", () => {
		const session = syntheticSession();
		const target = { kind: "create", path: join(folder, "run.quorate"), session } as const;
		play(new RecorderClient(target), session, 10);
		const before = readFileSync(target.path);
		expect(() => new RecorderClient(target)).toThrowError(expect.objectContaining({ code: "session-exists" }));
		expect(readFileSync(target.path).equals(before)).toBe(true);
	});

	it("lets one writer in and tells the second that the session is in use", () => {
		const session = syntheticSession();
		const path = join(folder, "run.quorate");
		play(new RecorderClient({ kind: "create", path, session }), session, 3_000);
		const first = new RecorderClient({ kind: "continue", path, branch: 0 });
		expect(() => new RecorderClient({ kind: "continue", path, branch: 0 })).toThrowError(expect.objectContaining({ code: "session-locked" }));
		first.close();
		new RecorderClient({ kind: "continue", path, branch: 0 }).close();
		expect(openSession(path).head().eventCount).toBeGreaterThan(2_999);
	});
});
