/** A session that is given another name while it is written. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { errorOf } from "../../../test/support/recorded-run.ts";
import { playSyntheticRun, syntheticLog, syntheticSession } from "../../../test/synthetic-run.ts";
import { RecorderClient } from "../threads/recorder-client.ts";
import { DirectRecorder } from "./direct-recorder.ts";
import { openSession } from "./reader.ts";
import type { SessionRecorder } from "./recording.ts";

let folder = "";
let path = "";
let target = "";
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "quorate-moving-"));
	path = join(folder, "before.quorate");
	target = join(folder, "after.quorate");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const recorders = [
	["on this thread", DirectRecorder],
	["on a thread of its own", RecorderClient],
] as const;

/** Records a run, with something done in the middle of it. @returns its events */
function recordWith(Recorder: (typeof recorders)[number][1], inTheMiddle: (recorder: SessionRecorder) => void): number {
	const session = syntheticSession();
	const recorder = new Recorder({ kind: "create", path, session });
	const log = syntheticLog(session);
	let seen = 0;
	log.addSink({
		onBlock: (block) => {
			recorder.onBlock(block);
			if (++seen === 2) inTheMiddle(recorder);
		},
	});
	playSyntheticRun(log, { eventCount: 5_000, onCommand: (command) => recorder.onCommand(command) });
	log.flush();
	recorder.close({ untilUs: log.lastUs, finished: true, verdicts: [] });
	expect(recorder.failure).toBeNull();
	return log.eventCount;
}

/** The recorder's thread needs nothing of this one, which stands still meanwhile. */
function untilCommitted(recorder: SessionRecorder): void {
	const nobody = new Int32Array(new SharedArrayBuffer(4));
	while (recorder.committedEvents === 0 && recorder.failure === null) Atomics.wait(nobody, 0, 0, 1);
}

function eventsIn(where: string): number {
	const session = openSession(where);
	const count = [...session.events()].length;
	expect([session.damage, session.head().finished]).toEqual([null, true]);
	session.close();
	return count;
}

it.each(recorders)("goes on in it, and nothing is left under the old one (%s)", (_, Recorder) => {
	const events = recordWith(Recorder, (recorder) => {
		recorder.moveTo(target);
		expect(recorder.path).toBe(target);
		expect([existsSync(path), existsSync(target)]).toEqual([false, true]);
	});
	expect(eventsIn(target)).toBe(events);
	expect(readdirSync(folder)).toEqual(["after.quorate"]);
});

it.each(recorders)("keeps the one it has, and goes on, while somebody reads it (%s)", (_, Recorder) => {
	const events = recordWith(Recorder, (recorder) => {
		recorder.commit();
		const reader = openSession(path, { depth: "structure" });
		expect(errorOf(() => recorder.moveTo(target))).toMatchObject({ code: "session-locked" });
		reader.close();
	});
	expect(eventsIn(path)).toBe(events);
	expect(readdirSync(folder)).toEqual(["before.quorate"]);
});

it.each(recorders)("takes no name that is taken (%s)", (_, Recorder) => {
	writeFileSync(target, "somebody's own");
	const events = recordWith(Recorder, (recorder) => expect(errorOf(() => recorder.moveTo(target))).toMatchObject({ code: "session-exists" }));
	expect(eventsIn(path)).toBe(events);
	expect(readFileSync(target, "utf8")).toBe("somebody's own");
});

it.runIf(process.platform !== "win32").each(recorders)("does not take another file for its own (%s)", (_, Recorder) => {
	const events = recordWith(Recorder, (recorder) => {
		recorder.commit();
		untilCommitted(recorder);
		for (const suffix of ["", "-wal"]) renameSync(path + suffix, join(folder, `away.quorate${suffix}`));
		writeFileSync(path, "somebody's own");
		expect(errorOf(() => recorder.moveTo(target))).toMatchObject({ code: "session-not-found" });
		expect(readFileSync(path, "utf8")).toBe("somebody's own");
		rmSync(path);
		for (const suffix of ["", "-wal"]) renameSync(join(folder, `away.quorate${suffix}`), path + suffix);
	});
	expect(eventsIn(path)).toBe(events);
});
