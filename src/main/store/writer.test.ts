import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { errorOf, expectSame, numbered, type Played, play, read, readAll, record, textOf, verdicts } from "../../../test/support/recorded-run.ts";
import { logEvent, playSyntheticRun, syntheticLog, syntheticSession } from "../../../test/synthetic-run.ts";
import { sessionDetails, storedKinds } from "../../shared/session.ts";
import { Database } from "./database.ts";
import { DirectRecorder } from "./direct-recorder.ts";
import { openSession } from "./reader.ts";
import type { RecordingTarget } from "./recording.ts";
import { SessionWriter } from "./writer.ts";

let folder = "";
let path = "";
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "quorate-store-"));
	path = join(folder, "run.quorate");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("a session", () => {
	it.each(sessionDetails)("gives back at detail %s exactly the events that it stores", (detail) => {
		const { events, log, commands } = record(path, detail, 5_000);
		const stored = storedKinds(detail);
		const session = openSession(path);
		expectSame(
			read(session),
			numbered(events).filter(([, text]) => stored[Number(text.split(" ")[0])] === 1),
		);
		expect(Buffer.from(session.head().digest).toString("hex")).toBe(log.digest());
		expect(session.head()).toMatchObject({ eventCount: events.length, untilUs: log.lastUs + 5, finished: true, verdicts });
		expect([...session.commands()]).toEqual(commands);
		expect(session.header).toEqual(syntheticSession({ detail }).header);
		expect(session.labText).toBe(syntheticSession().labText);
		session.close();
		expect(readdirSync(folder)).toEqual(["run.quorate"]);
	});

	it("finds events by index and by time, at both ends inclusive", () => {
		const { events, timesUs } = record(path, "full", 5_000);
		const all = numbered(events);
		expectSame(readAll(path, { fromIndex: 1_023, toIndex: 2_048 }), all.slice(1_023, 2_049));
		const fromUs = timesUs[3_000] as number;
		const toUs = timesUs[4_000] as number;
		expectSame(
			readAll(path, { fromUs, toUs }),
			all.filter(([index]) => (timesUs[index] as number) >= fromUs && (timesUs[index] as number) <= toUs),
		);
		const blockEndUs = timesUs[1_023] as number;
		expectSame(
			readAll(path, { fromUs: blockEndUs, toUs: blockEndUs }),
			all.filter(([index]) => timesUs[index] === blockEndUs),
		);
		expectSame(readAll(path, { fromUs: (timesUs.at(-1) as number) + 1 }), []);
		expectSame(
			readAll(path, { toUs: 0 }),
			all.filter(([index]) => timesUs[index] === 0),
		);
	});

	it("tells its blocks with the chain value after each", () => {
		const { log, events } = record(path, "summary", 3_000);
		const session = openSession(path);
		const blocks = [...session.blocks()];
		session.close();
		expect(blocks.map(({ firstIndex, eventCount }) => [firstIndex, eventCount])).toEqual([
			[0, 1_024],
			[1_024, 1_024],
			[2_048, events.length - 2_048],
		]);
		expect(Buffer.from(blocks.at(-1)?.digest ?? []).toString("hex")).toBe(log.digest());
	});

	it("keeps a block of huge messages in parts of bounded size", () => {
		const recorder = new DirectRecorder({ kind: "create", path, session: syntheticSession() });
		const { events } = play(recorder, 100, {
			afterwards: (log) => {
				for (let i = 0; i < 20; i++) logEvent(log, "linkChanged", { atUs: log.lastUs, node: -1 }, { link: 0, direction: 0 }, new Uint8Array(1_000_000).fill(i));
			},
		});
		recorder.close();
		expectSame(readAll(path), numbered(events));
		const database = Database.open(path, "read");
		expect(database.prepare("SELECT count(*) AS parts, max(raw_bytes) < 5000000 AS bounded FROM parts").get()).toEqual({ parts: 5, bounded: 1 }); // four such messages to a part
		database.close();
	});

	it("keeps notes, and forgets removed ones", () => {
		record(path, "full", 100);
		const writer = SessionWriter.open(path);
		const first = writer.addNote({ branch: 0, eventIndex: 3, wallMs: 12, text: "look here" });
		writer.addNote({ branch: 0, eventIndex: -1, wallMs: 13, text: "and here" });
		writer.removeNote(first);
		writer.close();
		const session = openSession(path);
		expect([...session.notes()]).toEqual([{ id: 2, branch: 0, eventIndex: -1, wallMs: 13, text: "and here" }]);
		expect(session.head()).toMatchObject({ finished: true, verdicts });
		session.close();
	});
});

describe("a session that is written on", () => {
	it("continues a run that repeats itself, from the middle of a block", () => {
		record(path, "full", 2_500);
		const recorder = new DirectRecorder({ kind: "continue", path, branch: 0 });
		const { events, log, commands } = play(recorder, 6_000);
		recorder.close({ untilUs: log.lastUs, finished: true, verdicts: [] });
		expect(recorder.failure).toBeNull();
		expectSame(readAll(path), numbered(events));
		const session = openSession(path);
		expect([...session.commands()]).toEqual(commands);
		expect(session.head().verdicts).toEqual([]);
		session.close();
	});

	it.each([
		["in a whole block", 2_500],
		["in the last block, which was not full", 900],
	])("refuses a run that does not repeat itself, %s, and keeps the old one", (_, eventCount) => {
		const { events } = record(path, "full", eventCount);
		const recorder = new DirectRecorder({ kind: "continue", path, branch: 0 });
		const { log } = play(recorder, 6_000, { seed: 8 });
		recorder.close({ untilUs: log.lastUs, finished: true, verdicts: [] });
		expect(recorder.failure).toMatchObject({ code: "verify-differs", message: expect.stringContaining("events 0 to") });
		expectSame(readAll(path), numbered(events));
	});

	it("keeps the old future beside a branch, and a branch of that", () => {
		const trunk = record(path, "full", 5_000);
		const fork = (parent: number, forkIndex: number, name: string, lines: number): Played => {
			const recorder = new DirectRecorder({ kind: "fork", path, branch: { parent, forkIndex, forkUs: trunk.timesUs[forkIndex] as number, name } });
			const played = play(recorder, forkIndex, {
				afterwards: (log) => {
					for (let i = 0; i < lines; i++) logEvent(log, "logLine", { atUs: log.lastUs, node: 0 }, { level: 1 }, `${name} ${i}`);
				},
			});
			recorder.close({ untilUs: played.log.lastUs, finished: true, verdicts: [] });
			expect(recorder.failure).toBeNull();
			return played;
		};
		const first = fork(0, 3_000, "what if", 1_500);
		const second = fork(0, 1_024, "or else", 10);
		fork(0, 1_024, "", 10);
		const session = openSession(path);
		expect(session.branches.map(({ branch, parent, forkIndex, name }) => [branch, parent, forkIndex, name])).toEqual([
			[0, -1, 0, "trunk"],
			[1, 0, 3_000, "what if"],
			[2, 0, 1_024, "or else"],
			[3, 0, 1_024, "branch 3"],
		]);
		expectSame(read(session), numbered(trunk.events));
		expectSame(read(session, { branch: 1 }), numbered(first.events));
		expectSame(read(session, { branch: 2, fromIndex: 500 }), numbered(second.events).slice(500));
		expect([...session.commands(1)]).toEqual(first.commands);
		expect(Buffer.from(session.head(1).digest).toString("hex")).toBe(first.log.digest());
		session.close();
	});

	it("can be read meanwhile, at its last commit, by any number of readers", () => {
		const recorder = new DirectRecorder({ kind: "create", path, session: syntheticSession() }, () => 0);
		const early = openSession(path);
		const { events } = play(recorder, 3_000);
		recorder.commit();
		const late = openSession(path);
		expect(read(early)).toEqual([]);
		expectSame(read(late), numbered(events));
		recorder.close({ untilUs: 1, finished: true, verdicts: [] });
		expectSame(read(late), numbered(events));
		early.close();
		late.close();
		expectSame(readAll(path), numbered(events));
	});

	it("shows a reader one state only, whatever is added meanwhile", () => {
		record(path, "full", 100);
		const writer = SessionWriter.open(path);
		const session = openSession(path);
		writer.addNote({ branch: 0, eventIndex: -1, wallMs: 0, text: "later" });
		writer.commit();
		expect([...session.notes()]).toEqual([]);
		session.close();
		writer.close();
	});

	it("is committed by itself, half a second after the last time", () => {
		let nowMs = 0;
		const recorder = new DirectRecorder({ kind: "create", path, session: syntheticSession() }, () => nowMs);
		const committed: number[] = [];
		const log = syntheticLog(syntheticSession());
		log.addSink(recorder);
		log.addSink({
			onBlock: () => {
				committed.push(recorder.committedEvents);
				nowMs += 200;
			},
		});
		playSyntheticRun(log, { eventCount: 8_192 });
		recorder.close();
		// Blocks come at 0, 200, 400, 600 ms: the fourth finds the first 600 ms old.
		expect(committed.slice(0, 8)).toEqual([0, 0, 0, 4_096, 4_096, 4_096, 4_096, 8_192]);
	});

	it("is not opened for writing twice", () => {
		record(path, "full", 100);
		const writer = SessionWriter.open(path);
		expect(errorOf(() => SessionWriter.open(path)).code).toBe("session-locked");
		expect(errorOf(() => SessionWriter.create(path, syntheticSession())).code).toBe("session-locked");
		writer.close();
		SessionWriter.open(path).close();
	});
});

describe("a disk that is full", () => {
	it.each([60_000, 200_000])("ends the recording at %i bytes, not the run, and what was committed can be read", (bytesMax) => {
		const recorder = new DirectRecorder({ kind: "create", path, session: syntheticSession(), bytesMax });
		let safe = 0;
		const log = syntheticLog(syntheticSession());
		const events: string[] = [];
		log.addSink(recorder);
		log.observe({ onEvent: (words, start) => void events.push(textOf(words, start)) });
		playSyntheticRun(log, {
			eventCount: 20_000,
			onCommand: (command) => {
				recorder.onCommand(command);
				log.flush();
				recorder.commit();
				safe = recorder.committedEvents;
			},
		});
		expect(recorder.failure).toMatchObject({ code: "disk-full" });
		recorder.close({ untilUs: log.lastUs, finished: true, verdicts: [] });
		expectSame(readAll(path), numbered(events.slice(0, safe)));
		expect(safe).toBeGreaterThan(0);
		expect(events.length).toBeGreaterThan(19_999);
		expect(readdirSync(folder)).toEqual(["run.quorate"]);
	});

	it("from the start leaves no half a file", () => {
		const target: RecordingTarget = { kind: "create", path, session: syntheticSession(), bytesMax: 8_192 };
		expect(errorOf(() => new DirectRecorder(target)).code).toBe("disk-full");
		expect(readdirSync(folder)).toEqual([]);
	});
});
