import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { electronProgram, targets } from "./targets.ts";

let folder = "";
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "quorate-electron-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("Electron's program is found where its own variable says that it lies, and nowhere else then", () => {
	expect(electronProgram({ ELECTRON_OVERRIDE_DIST_PATH: folder })).toBeNull();
	const program = join(folder, { darwin: "Electron.app/Contents/MacOS/Electron", win32: "electron.exe" }[process.platform as string] ?? "electron");
	mkdirSync(dirname(program), { recursive: true });
	writeFileSync(program, "");
	expect(electronProgram({ ELECTRON_OVERRIDE_DIST_PATH: folder })).toBe(program);
	expect(electronProgram({ ELECTRON_OVERRIDE_DIST_PATH: "" })).toBe(electronProgram({}));
});

test("a target that cannot run here says why, and is none that has passed", () => {
	expect(targets).toHaveLength(3);
	for (const [title, { whyNot }] of targets) expect(title.includes("NOT RUN")).toBe(whyNot !== null);
});
