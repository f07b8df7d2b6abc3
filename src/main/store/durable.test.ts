import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { syntheticSession } from "../../../test/synthetic-run.ts";
import { Database, translateError } from "./database.ts";
import { SessionWriter } from "./writer.ts";

const folder = mkdtempSync(join(tmpdir(), "quorate-durable-"));
afterEach(() => vi.restoreAllMocks());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** SQLite's own word for: each commit is on the disk before it is said to be made. */
const full = 2;

test("what was committed outlasts a power cut: the journal is on the disk with each commit, in a new file and in one that is written on", () => {
	const open = vi.spyOn(Database, "open");
	const path = join(folder, "run.quorate");
	const settings: unknown[] = [];
	for (const begin of [() => SessionWriter.create(path, syntheticSession()), () => SessionWriter.open(path)]) {
		open.mockClear();
		const writer = begin();
		const [database] = open.mock.results.filter(({ type, value }) => type === "return" && value.path === path).slice(-1);
		settings.push([database?.value.pragma("journal_mode"), database?.value.pragma("synchronous")]);
		writer.close();
	}
	expect(settings).toEqual([
		["wal", full],
		["wal", full],
	]);
});

/** An error of SQLite as its own class makes it. */
function errorOf(code: string): Error {
	try {
		Database.open(folder, "read");
	} catch (error) {
		const made = (error as Error).constructor as new (message: string, code: string) => Error;
		if (made.name === "SqliteError") return new made("disk I/O error", code);
	}
	throw new Error("SQLite has opened a folder");
}

test.each([
	[
		"SQLITE_IOERR_WRITE",
		{
			code: "disk-full",
			message: "the disk did not take what was written to /stick/run.quorate (SQLITE_IOERR_WRITE)",
			advice: "Check the disk, or save elsewhere.",
		},
	],
	["SQLITE_IOERR_FSYNC", { code: "disk-full", kept: "Everything up to the last commit is in the file." }],
	[
		"SQLITE_IOERR_READ",
		{ code: "session-not-found", message: "the disk does not give what it holds of /stick/run.quorate", kept: "The file was not changed." },
	],
	["SQLITE_IOERR_SHORT_READ", { code: "session-damaged" }],
])("a disk that is pulled out, or breaks, is not taken for a damaged session: %s", (code, said) => {
	expect(translateError(errorOf(code), "/stick/run.quorate")).toMatchObject(said);
});
