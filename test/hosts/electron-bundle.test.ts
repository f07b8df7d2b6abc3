import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rootDirectory } from "../architecture/files.ts";
import { nextPush, startOf, testLab } from "../support/lab-window.ts";

const folder = mkdtempSync(join(tmpdir(), "quorate-desktop-"));
// biome-ignore lint/suspicious/noExplicitAny: the scenario's own JSON, whose shape the expectations below tell
let seen: any;

/** A session outside of the desktop's library. */
async function someSession(): Promise<string> {
	const lab = testLab(join(folder, "elsewhere"));
	const client = lab.window();
	await client.welcome;
	const ended = nextPush(client, "run", ({ run }) => run.mode === "ended");
	await client.call("runs.start", startOf("ping", { untilUs: 500_000, session: "homework" }));
	await ended;
	await lab.service.close();
	return lab.service.library.pathOf("homework");
}

beforeAll(async () => {
	const path = await someSession();
	const { stdout } = await promisify(execFile)(process.execPath, [join(rootDirectory, "test/support/electron-scenario.ts"), path], {
		env: { ...process.env, QUORATE_LIBRARY: join(folder, "library") },
		cwd: rootDirectory,
		maxBuffer: 1_048_576,
	});
	seen = JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the built desktop application, under a double of Electron", () => {
	test("isolates and sandboxes its page, and shows it one door of three words", () => {
		expect(seen.preferences).toMatchObject({ contextIsolation: true, sandbox: true, nodeIntegration: false, webviewTag: false });
		expect(seen.isSandboxed).toBe(true);
		expect(seen.shown).toEqual({ quorate: ["host", "onFrame", "send"] });
	});

	test("shows its own page under its own scheme, and no other file of the machine", () => {
		expect(seen.url).toBe("app://quorate/");
		expect(seen.schemes).toMatchObject([{ scheme: "app", privileges: { standard: true, secure: true } }]);
		expect(seen.page.itself).toBe(200);
		expect(seen.page.others).toEqual([404, 404, 404, 404, 404, 404]);
		expect(seen.page.post).toBe(404);
	});

	test("denies every window, navigation and permission", () => {
		expect(seen.openedWindow).toBe("deny");
		expect(seen.prevented).toEqual({ "will-navigate": true, "will-redirect": true, "will-attach-webview": true });
		expect(seen.permissions).toEqual({ request: false, check: false, device: false });
	});

	test("speaks the contract with its page, and with nobody who only claims to be it", () => {
		expect(seen.welcome).toEqual({ host: "electron", appVersion: "1.2.3", hasOpenDialog: true });
		expect(seen.strangers).toEqual({ frameInPage: false, noFrame: false, text: false, foreignPage: false });
	});

	test("a page that is loaded again finds its run going on", () => {
		expect(seen.startedMode).toBe("paused");
		expect(seen.runsAfterReload).toEqual([["r1", "paused"]]);
	});

	test("takes in the file it was started with, once somebody is there to see it", () => {
		expect(seen.opened).toBe("homework");
		expect(seen.recent).toHaveLength(1);
	});

	test("closes what is being recorded before it leaves", () => {
		expect(seen.quits).toBe(2);
		expect(seen.menus).toBeGreaterThan(3);
	});
});
