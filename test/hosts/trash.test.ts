/** What is thrown away can be taken out of the trash again, whole: the library's own, or the one of the system. */
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSession } from "../../src/main/store/reader.ts";
import type { LabClient } from "../../src/shared/contract/client.ts";
import { nextPush, startOf, type TestLab, testLab } from "../support/lab-window.ts";
import { killHosts, startHost } from "../support/web-host-process.ts";

let folder = "";
let library = "";
/** The system's own trash: a folder. */
let outside = "";
let lab: TestLab | undefined;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "quorate-trash-"));
	library = join(folder, "library");
	outside = join(folder, "outside");
	for (const made of [library, outside]) mkdirSync(made);
});
afterEach(async () => {
	await lab?.close();
	killHosts();
	rmSync(folder, { recursive: true, force: true });
});

const moveOutside = async (path: string): Promise<void> => renameSync(path, join(outside, basename(path)));

async function open(kind: "own" | "outside"): Promise<LabClient> {
	lab = testLab(library, kind === "own" ? {} : { trashFile: moveOutside });
	const client = lab.window();
	await client.welcome;
	return client;
}

const trashOf = (kind: "own" | "outside"): string => (kind === "own" ? join(library, ".trash") : outside);
/** Of that session, in the library and in what it keeps beside the files. */
const left = (): readonly string[] =>
	readdirSync(library, { recursive: true, encoding: "utf8" }).filter((name) => name.includes("lesson") && !name.startsWith(".trash"));

/** A sound session, read to its last event. */
function eventsIn(path: string): number {
	const session = openSession(path, { depth: "full" });
	expect(session.damage).toBeNull();
	const count = [...session.events()].length;
	session.close();
	return count;
}

test.each(["own", "outside"] as const)("a session in the trash (%s) is whole, and nothing of it stays where it was", async (kind) => {
	const client = await open(kind);
	const ended = nextPush(client, "run", ({ run }) => run.mode === "ended");
	await client.call("runs.start", startOf("ping", { session: "lesson", untilUs: 1_000_000 }));
	const { run } = await ended;
	await client.call("sessions.writeLayout", { session: "lesson", text: "{}" });
	await client.call("sessions.trash", { session: "lesson" });
	expect((await client.call("sessions.list", {})).sessions).toEqual([]);
	expect(left()).toEqual([]);
	const [file, ...more] = readdirSync(trashOf(kind));
	expect([file, more]).toEqual([expect.stringMatching(/^lesson.*\.quorate$/), []]);
	expect(eventsIn(join(trashOf(kind), file ?? ""))).toBe(run.events);
});

test("what a killed program left is in the system's trash with all that it had promised, as one file", async () => {
	const first = await startHost({ library });
	const { run } = await first.client.call("runs.start", startOf("front-door", { speed: 1, session: "lesson" }));
	await first.client.call("runs.watch", { run: run.run });
	const { run: promised } = await nextPush(first.client, "status", (status) => status.run.committedEvents > 2_000);
	first.child.kill("SIGKILL");
	await first.ended;
	expect(left()).toContain("lesson.quorate-wal");

	const client = await open("outside");
	await client.call("sessions.trash", { session: "lesson" });
	expect(left()).toEqual([]);
	expect(readdirSync(outside)).toEqual(["lesson.quorate"]);
	expect(eventsIn(join(outside, "lesson.quorate"))).toBeGreaterThanOrEqual(promised.committedEvents);
});
