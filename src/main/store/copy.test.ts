import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { playSyntheticRun, syntheticLog, syntheticSession } from "../../../test/synthetic-run.ts";
import { copySession } from "./copy.ts";
import { Database } from "./database.ts";
import { DirectRecorder } from "./direct-recorder.ts";
import { openSession } from "./reader.ts";

let folder = "";
let path = "";
let copy = "";
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "quorate-copy-"));
	path = join(folder, "run.quorate");
	copy = join(folder, "copy.quorate");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function record(): DirectRecorder {
	const session = syntheticSession();
	const recorder = new DirectRecorder({ kind: "create", path, session });
	const log = syntheticLog(session);
	log.addSink(recorder);
	playSyntheticRun(log, { eventCount: 5_000, onCommand: (command) => recorder.onCommand(command) });
	log.flush();
	recorder.commit();
	return recorder;
}

const close = (recorder: DirectRecorder): void => recorder.close({ untilUs: 1_000_000_000, finished: true, verdicts: [] });

function contents(at: string) {
	const session = openSession(at);
	const head = session.head();
	const events = [...session.events()].length;
	session.close();
	return { events, digest: Buffer.from(head.digest).toString("hex"), finished: head.finished };
}

/** Another program wants the file for itself. @returns whether SQLite refuses, because somebody else has a lock on it */
function isRefusedToOthers(at: string): boolean {
	const sqlite = createRequire(import.meta.url).resolve("better-sqlite3");
	const script = `const db = new (require(${JSON.stringify(sqlite)}))(${JSON.stringify(at)}, { timeout: 0 });
		try { db.pragma("locking_mode = EXCLUSIVE"); db.exec("BEGIN EXCLUSIVE; CREATE TABLE intruder (a); ROLLBACK"); console.log("had it"); } catch (error) { console.log(error.code); }`;
	return spawnSync(process.execPath, ["-e", script], { encoding: "utf8" }).stdout.startsWith("SQLITE_BUSY");
}

describe("a copy of a session", () => {
	test("is the same session, in one file, and the first is as it was", async () => {
		close(record());
		const before = readFileSync(path);
		await copySession(path, copy);
		expect(contents(copy)).toEqual(contents(path));
		expect(contents(copy).events).toBeGreaterThan(4_999);
		expect(readFileSync(path).equals(before)).toBe(true);
		expect(readdirSync(folder).sort()).toEqual(["copy.quorate", "run.quorate"]);
	});

	test("has what is only in the journal so far, and is one file all the same", async () => {
		const recorder = record();
		expect(existsSync(`${path}-wal`)).toBe(true);
		await copySession(path, copy);
		expect(contents(copy)).toMatchObject({ events: contents(path).events, finished: false });
		expect(readdirSync(folder).filter((name) => name.startsWith("copy"))).toEqual(["copy.quorate"]);
		close(recorder);
	});

	test.skipIf(process.platform === "win32")("takes no lock from whoever reads the file in this same process", async () => {
		close(record());
		const reader = Database.open(path, "read");
		reader.execute("BEGIN; SELECT count(*) FROM sqlite_schema");
		expect(isRefusedToOthers(path)).toBe(true);
		await copySession(path, copy);
		expect(isRefusedToOthers(path)).toBe(true);
		reader.close();
		expect(isRefusedToOthers(path)).toBe(false);
	});

	test("that has lost its end, or was never one, is the same bytes", async () => {
		close(record());
		truncateSync(path, 20_000);
		await copySession(path, copy);
		expect(readFileSync(copy).equals(readFileSync(path))).toBe(true);
		writeFileSync(path, "My holidays");
		rmSync(copy);
		await copySession(path, copy);
		expect(readFileSync(copy, "utf8")).toBe("My holidays");
	});

	test("of what is not there is refused, and nothing is left", async () => {
		await expect(copySession(path, copy)).rejects.toMatchObject({ code: "session-not-found" });
		expect(readdirSync(folder)).toEqual([]);
	});
});
