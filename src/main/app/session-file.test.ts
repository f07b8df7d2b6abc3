import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { errorOf, record } from "../../../test/support/recorded-run.ts";
import { lockSession } from "../store/lock.ts";
import { makeWay } from "./session-file.ts";

let folder = "";
let path = "";
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "quorate-way-"));
	path = join(folder, "run.quorate");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("making way for a new session", () => {
	test("removes the session that stands there, and nothing else", () => {
		record(path, "full", 10);
		writeFileSync(join(folder, "notes.txt"), "mine");
		makeWay(path);
		expect(readdirSync(folder)).toEqual(["notes.txt"]);
		makeWay(path); // there is nothing in the way any more
	});

	test("leaves alone what is no session, and leaves no lock beside it", () => {
		writeFileSync(path, "a shopping list");
		expect(errorOf(() => makeWay(path))).toMatchObject({ code: "usage", kept: "It was not changed." });
		expect(readdirSync(folder)).toEqual(["run.quorate"]);
	});

	test("does not as much as open what somebody writes: closing it would give up the locks of this process", () => {
		writeFileSync(path, "not even a session: it was never looked at");
		const lock = lockSession(path);
		try {
			expect(errorOf(() => makeWay(path)).code).toBe("session-locked");
		} finally {
			lock.release();
		}
		expect(existsSync(path)).toBe(true);
	});
});
