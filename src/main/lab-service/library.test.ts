import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Library } from "./library.ts";

let folder = "";
let library: Library;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "quorate-library-"));
	library = new Library(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const put = (name: string, text: string): void => writeFileSync(join(folder, name), text);

describe("a library", () => {
	test("lists sessions alone, the latest first, however many there are; and none where there is no folder", async () => {
		for (let i = 0; i < 200; i++) {
			put(`s${i}.quorate`, "x".repeat(i));
			utimesSync(join(folder, `s${i}.quorate`), 1_000 + i, 1_000 + i);
		}
		put("notes.txt", "");
		put("con.quorate", "");
		mkdirSync(join(folder, "folder.quorate"));
		const listed = await library.list();
		expect(listed.map(({ session }) => session)).toEqual(Array.from({ length: 200 }, (_, i) => `s${199 - i}`));
		expect(listed[0]).toMatchObject({ bytes: 199, changedMs: 1_199_000 });
		expect(await new Library(join(folder, "none")).list()).toEqual([]);
		expect(await library.entry("s7")).toMatchObject({ bytes: 7 });
		expect(await library.entry("gone")).toBeNull();
	});

	test("duplicates a session with its layout and journal, under a name that is free", async () => {
		put("a.quorate", "main");
		put("a.quorate-wal", "journal");
		library.writeLayout("a", "{}");
		expect(await Promise.all([library.duplicate("a"), library.duplicate("a")])).toEqual(expect.arrayContaining(["a copy", "a copy 2"]));
		expect(readFileSync(join(folder, "a copy 2.quorate"), "utf8")).toBe("main");
		expect(readFileSync(join(folder, "a copy 2.quorate-wal"), "utf8")).toBe("journal");
		expect(library.readLayout("a copy")).toBe("{}");
		expect(readdirSync(join(folder, ".incoming"))).toEqual([]);
	});

	test("leaves nothing of a copy that cannot be made, and the session as it was", async () => {
		put("a.quorate", "main");
		mkdirSync(join(folder, "a.quorate-wal")); // what cannot be copied
		await expect(library.duplicate("a")).rejects.toMatchObject({ code: "not-here" });
		expect(existsSync(join(folder, "a copy.quorate"))).toBe(false);
		expect(readdirSync(join(folder, ".incoming"))).toEqual([]);
		expect(readFileSync(join(folder, "a.quorate"), "utf8")).toBe("main");
	});

	test("knows its own sessions by their paths, and no others", () => {
		put("a.quorate", "");
		expect(library.nameOf(join(folder, "a.quorate"))).toBe("a");
		expect(library.nameOf(join(folder, "b.quorate"))).toBeNull();
		expect(library.nameOf(join(folder, "..", "a.quorate"))).toBeNull();
		expect(library.nameOf(join(folder, ".quorate"))).toBeNull();
	});

	test("throws away what a killed program left on its way, but not what is on its way now", async () => {
		const incoming = library.incomingFolder();
		writeFileSync(join(incoming, "old"), "");
		writeFileSync(join(incoming, "new"), "");
		utimesSync(join(incoming, "old"), 1_000, 1_000);
		await library.sweepIncoming(Date.now());
		expect(readdirSync(incoming)).toEqual(["new"]);
	});
});
