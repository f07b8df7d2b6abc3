/** Copies of a session while its run goes on: each is a whole session by itself, and the run's own beginning. */
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSession, type Session } from "../../src/main/store/reader.ts";
import { uploadPartBytesMax } from "../../src/shared/contract/calls.ts";
import type { LabClient } from "../../src/shared/contract/client.ts";
import { recordLengthWord } from "../../src/shared/event-record.ts";
import { nextPush, startOf, type TestLab, testLab } from "../support/lab-window.ts";

let lab: TestLab;
let client: LabClient;

beforeEach(async () => {
	lab = testLab();
	client = lab.window();
	await client.welcome;
});

afterEach(() => lab.close());

interface Known {
	readonly events: number;
	readonly digest: string;
	readonly finished: boolean;
	readonly commands: readonly string[];
}

function read<Found>(path: string, look: (session: Session) => Found): Found {
	const session = openSession(path); // refuses whatever is not whole
	try {
		return look(session);
	} finally {
		session.close();
	}
}

const known = (path: string): Known =>
	read(path, (session) => {
		const { eventCount, digest, finished } = session.head();
		return { events: eventCount, digest: Buffer.from(digest).toString("hex"), finished, commands: [...session.commands(0)].map(({ line }) => line) };
	});

/** Every word of the events up to one. */
const wordsOf = (path: string, toIndex: number): readonly string[] =>
	read(path, (session) =>
		[...session.events({ branch: 0, toIndex })].map(({ words, start }) => words.subarray(start, start + (words[start + recordLengthWord] as number)).join(" ")),
	);

/** Front door, played on and on; resolves once so much of it is in its file. */
async function goingOn(events: number): Promise<{ readonly run: string; readonly session: string }> {
	const { run } = await client.call("runs.start", startOf("front-door", { speed: 20, session: "lesson", untilUs: 600_000_000 }));
	await client.call("runs.watch", { run: run.run });
	await nextPush(client, "status", (status) => status.run.committedEvents > events);
	return run;
}

async function copyOf(session: string): Promise<string> {
	return lab.service.files.get((await client.call("files.session", { session })).ticket).path;
}

test("copies of a run that goes on are sound, each is a beginning of it, and the run does not notice", async () => {
	const { run, session } = await goingOn(1_500);
	const copies: string[] = [];
	for (let more = 0; more < 3; more++) {
		const path = await copyOf(session);
		copies.push(path);
		const { events } = known(path);
		// It goes on: there is more in its file than was copied.
		const { run: now } = await nextPush(client, "status", (status) => status.run.committedEvents > events + 500);
		expect(now).toMatchObject({ kind: "live", mode: "running", error: null });
	}
	const { session: twin } = await client.call("sessions.duplicate", { session });
	copies.push(lab.service.library.pathOf(twin));
	const { run: ended } = await client.call("runs.stop", { run });
	const counts = copies.map((path) => known(path).events);
	expect(counts).toEqual([...counts].sort((a, b) => a - b));
	expect(counts[0]).toBeGreaterThan(1_500);
	expect(counts.at(-1)).toBeLessThanOrEqual(ended.events);
	const whole = lab.service.library.pathOf(session);
	for (const path of copies) {
		const { events, finished } = known(path);
		expect(finished).toBe(false);
		expect(wordsOf(path, events - 1)).toEqual(wordsOf(whole, events - 1));
	}
});

test("a copy of a run that goes on is opened by somebody else, repeats itself to its last event, and can be gone on with", async () => {
	const { run, session } = await goingOn(1_500);
	await client.call("runs.command", { run, line: "crash web-3", atUs: null });
	const given = await client.call("runs.command", { run, line: "crash web-2", atUs: null });
	await nextPush(client, "status", (status) => status.run.committedEvents === status.run.events || status.now.view.virtualUs > given.atUs + 20_000_000);
	const bytes = new Uint8Array(readFileSync(await copyOf(session)));
	const { upload } = await client.call("uploads.begin", { name: "homework.quorate", bytes: bytes.length });
	for (let at = 0; at < bytes.length; at += uploadPartBytesMax) await client.call("uploads.part", { upload, part: bytes.slice(at, at + uploadPartBytesMax) });
	const { session: homework } = await client.call("uploads.end", { upload });
	const verified = nextPush(client, "job", ({ job }) => job.state !== "running");
	await client.call("jobs.verify", { session: homework, branch: null });
	expect((await verified).job).toMatchObject({ state: "done", verdict: { same: true } });
	expect(known(lab.service.library.pathOf(homework)).commands).toEqual(expect.arrayContaining(["crash web-3", "crash web-2"]));
	const { run: further } = await client.call("runs.continue", { session: homework, branch: 0, speed: "max", startPaused: true });
	expect(further).toMatchObject({ kind: "live", session: homework, branch: 0 });
	expect((await client.call("runs.list", {})).runs.filter(({ kind }) => kind === "live")).toHaveLength(2);
});

test("a copy of a run that stands still holds all that it has come to", async () => {
	const { run, session } = await goingOn(500);
	const paused = nextPush(client, "status", (status) => status.run.mode === "paused" && status.run.committedEvents === status.run.events);
	await client.call("runs.pause", { run });
	const { run: still } = await paused;
	expect(known(await copyOf(session)).events).toBe(still.events);
});

test("what was copied of a run goes on being itself when the run has gone on and come to its end", async () => {
	const { run, session } = await goingOn(500);
	const path = await copyOf(session);
	const before = known(path);
	await client.call("runs.stop", { run });
	await client.call("sessions.trash", { session });
	expect(known(path)).toEqual(before);
});
