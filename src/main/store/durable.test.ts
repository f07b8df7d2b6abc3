import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { syntheticSession } from "../../../test/synthetic-run.ts";
import { Database } from "./database.ts";
import { SessionWriter } from "./writer.ts";

const folder = mkdtempSync(join(tmpdir(), "quorate-durable-"));
afterEach(() => {
	vi.restoreAllMocks();
	rmSync(folder, { recursive: true, force: true });
});

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
