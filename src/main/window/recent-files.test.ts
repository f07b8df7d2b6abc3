import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { RecentFiles } from "./recent-files.ts";

let folder: string;
let path: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "quorate-recent-"));
	path = join(folder, "kept", "recent.json");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("the latest file comes first, once, and is found again", () => {
	const recent = new RecentFiles(path);
	for (const file of ["/a.quorate", "/b.quorate", "/a.quorate"]) recent.add(file);
	expect(new RecentFiles(path).files).toEqual(["/a.quorate", "/b.quorate"]);
	recent.remove("/a.quorate");
	expect(new RecentFiles(path).files).toEqual(["/b.quorate"]);
	recent.clear();
	expect(new RecentFiles(path).files).toEqual([]);
});

test("no more than ten are kept", () => {
	const recent = new RecentFiles(path);
	for (let i = 0; i < 30; i++) recent.add(`/${i}.quorate`);
	expect(recent.files).toHaveLength(10);
	expect(recent.files[0]).toBe("/29.quorate");
});

test.each(["", "{", '{"a":1}', '["relative.quorate", 5, null]', `["/${"x".repeat(70_000)}"]`])("a list that is none is an empty one: %j", (text) => {
	const damaged = join(folder, "recent.json");
	writeFileSync(damaged, text);
	expect(new RecentFiles(damaged).files).toEqual([]);
});

test("a place that cannot be written to only shortens the memory", () => {
	writeFileSync(join(folder, "file"), "");
	const recent = new RecentFiles(join(folder, "file", "recent.json"));
	recent.add("/a.quorate");
	expect(recent.files).toEqual(["/a.quorate"]);
});
