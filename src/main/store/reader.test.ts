import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { errorOf, expectSame, numbered, read, record } from "../../../test/support/recorded-run.ts";
import { syntheticSession } from "../../../test/synthetic-run.ts";
import { Database } from "./database.ts";
import { openSession } from "./reader.ts";
import { SessionWriter } from "./writer.ts";

let folder = "";
let path = "";
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "quorate-store-"));
	path = join(folder, "run.quorate");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("what cannot be opened", () => {
	it("is told by name when it is not there", () => {
		expect(errorOf(() => openSession(path))).toMatchObject({ code: "session-not-found" });
		expect(errorOf(() => openSession(join(folder, "none/run.quorate")))).toMatchObject({ code: "session-not-found" });
		expect(errorOf(() => openSession(folder))).toMatchObject({ code: "session-not-found" });
		expect(errorOf(() => SessionWriter.create(join(folder, "none/run.quorate"), syntheticSession()))).toMatchObject({ code: "session-not-found" });
	});

	it.each([
		["an empty file", Buffer.alloc(0), "session-unsupported"],
		["a text", Buffer.from("five web servers\n".repeat(100)), "session-damaged"],
	])("is refused when it is %s", (_, bytes, code) => {
		writeFileSync(path, bytes);
		expect(errorOf(() => openSession(path)).code).toBe(code);
		expect(readFileSync(path).equals(bytes)).toBe(true);
	});

	it("is refused when it is another program's database", () => {
		const database = Database.open(path, "create");
		database.execute("CREATE TABLE session (id INTEGER PRIMARY KEY)");
		database.close();
		expect(errorOf(() => openSession(path)).code).toBe("session-unsupported");
	});

	it("is refused, with the version, when a later program wrote it", () => {
		record(path, "full", 100);
		const database = Database.open(path, "write");
		database.execute("PRAGMA user_version = 2");
		database.close();
		expect(errorOf(() => openSession(path))).toMatchObject({ code: "session-unsupported", message: expect.stringContaining("format 2") });
		expect(errorOf(() => SessionWriter.open(path)).code).toBe("session-unsupported");
	});

	it.each([
		["a table too many", "CREATE TABLE extra (id INTEGER PRIMARY KEY)"],
		["a trigger", "CREATE TRIGGER t AFTER INSERT ON notes BEGIN DELETE FROM commands; END"],
		["a view", "CREATE VIEW extra AS SELECT 1"],
		["a changed verdict", `UPDATE branches SET verdicts = '[{"id":"calm","ok":false}]'`],
		["a changed name", "UPDATE branches SET name = 'other'"],
		["a removed command", "DELETE FROM commands WHERE sequence = 3"],
		["a changed instant", "UPDATE commands SET at_us = at_us + 1 WHERE sequence = 0"],
		["a removed block", "DELETE FROM blocks WHERE block = 1"],
		["a shortened branch", "DELETE FROM blocks WHERE block = 2; UPDATE branches SET block_count = 2, event_count = 2048"],
		["a block of another time", "UPDATE blocks SET until_us = until_us + 1 WHERE block = 0"],
		["a last block less", "DELETE FROM blocks WHERE block = 2"],
		["swapped records", "UPDATE parts SET records = (SELECT records FROM parts WHERE block = 0) WHERE block = 1"],
		["a changed seed", `UPDATE session SET header = replace(header, '"seed":7', '"seed":8')`],
		["a changed plan", `UPDATE session SET plan = replace(plan, '"floorUs":500', '"floorUs":501')`],
		["a note nobody wrote", "INSERT INTO notes VALUES (1, 0, -1, 0, 'hello')"],
		["an answer nobody gave", "INSERT INTO answers VALUES (1, 0, -1, 0, 'why?', 'because')"],
		["no trunk", "DELETE FROM branches"],
		[
			"a branch without a parent",
			"INSERT INTO branches SELECT 1, -1, fork_index, fork_us, name, event_count, until_us, digest, finished, verdicts, block_count, block_seal, command_count, command_seal FROM branches",
		],
		["no seal", "DELETE FROM seal"],
	])("is refused when somebody made it hold %s", (_, sql) => {
		record(path, "full", 3_000);
		const database = Database.open(path, "write");
		database.execute(sql);
		database.close();
		const error = errorOf(() => openSession(path));
		expect(error.code).toBe("session-damaged");
		expect(error.message).toContain(path);
	});

	it("is offered up to the damage when asked for, and no further", () => {
		const { events } = record(path, "full", 5_000);
		const database = Database.open(path, "write");
		database.execute("UPDATE parts SET records = zeroblob(10) WHERE block = 3");
		database.close();
		expect(errorOf(() => openSession(path)).kept).toContain("3072 events");
		const session = openSession(path, { damaged: "prefix" });
		expect(session.damage?.reasons.join()).toContain("block 3");
		expect(session.damage?.readableEvents.get(0)).toBe(3_072);
		expectSame(read(session), numbered(events.slice(0, 3_072)));
		expect(session.head()).toMatchObject({ eventCount: 3_072, finished: false, verdicts: [] });
		session.close();
	});

	it("is found out when it is read, if it was not looked at when it was opened", () => {
		record(path, "full", 3_000);
		const database = Database.open(path, "write");
		database.execute("UPDATE parts SET records = zeroblob(10) WHERE block = 1");
		database.close();
		const session = openSession(path, { depth: "structure" });
		expect(errorOf(() => read(session)).code).toBe("session-damaged");
		expect(read(session, { toIndex: 1_023 }).length).toBe(1_024);
		session.close();
	});

	it("is not created over something else", () => {
		writeFileSync(path, "my thesis");
		expect(errorOf(() => SessionWriter.create(path, syntheticSession())).code).toBe("session-exists");
		expect(readFileSync(path, "utf8")).toBe("my thesis");
		expect(existsSync(`${path}-lock`)).toBe(false);
	});
});
