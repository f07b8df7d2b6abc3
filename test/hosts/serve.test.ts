import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { desktopOpener, findChromium, hasDisplay } from "../../src/main/start/browser.ts";
import { rootDirectory } from "../architecture/files.ts";
import { quorate } from "../support/command-line.ts";
import { nextPush } from "../support/lab-window.ts";
import { clientAt } from "../support/web-host-process.ts";

const folder = mkdtempSync(join(tmpdir(), "quorate-serve-"));
const children: ChildProcess[] = [];

beforeEach(() => void mkdirSync(folder, { recursive: true }));
afterEach(() => {
	for (const child of children) child.kill("SIGKILL");
	rmSync(folder, { recursive: true, force: true });
});

interface Started {
	readonly child: ChildProcess;
	/** Its first line, or "" when it ended without one. */
	readonly firstLine: string;
	errors(): string;
	readonly ended: Promise<number | null>;
}

/** A script of ours where nothing can be shown. */
async function start(words: readonly string[]): Promise<Started> {
	const { DISPLAY: _, WAYLAND_DISPLAY: __, ...env } = process.env;
	const child = spawn(
		process.execPath,
		words.map((word, at) => (at === 0 ? join(rootDirectory, word) : word)),
		{
			env: { ...env, QUORATE_LIBRARY: join(folder, "library") },
			stdio: ["ignore", "pipe", "pipe"],
		},
	);
	children.push(child);
	let errors = "";
	child.stderr.setEncoding("utf8").on("data", (text) => {
		errors += text;
	});
	const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
	const spoken = new Promise<string>((resolve) => child.stdout.setEncoding("utf8").once("data", (text: string) => resolve(text.split("\n")[0] ?? "")));
	return { child, firstLine: await Promise.race([spoken, ended.then(() => "")]), errors: () => errors, ended };
}

describe("quorate serve", () => {
	test("says its address as its first line, serves there, and leaves nothing after Ctrl-C", async () => {
		const { child, firstLine, ended } = await start(["out/main/cli.js", "serve", "--no-open", "--port", "0"]);
		expect(firstLine).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}$/);
		expect((await fetch(firstLine, { redirect: "manual" })).status).toBe(303);
		child.kill("SIGINT");
		expect(await ended).toBe(0);
		await expect(fetch(firstLine)).rejects.toThrow();
	});

	test("a port that is in use is refused in words", async () => {
		const server = createServer();
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		const { port } = server.address() as { readonly port: number };
		const { ended, errors } = await start(["out/main/cli.js", "serve", "--no-open", "--port", String(port)]);
		expect(await ended).toBe(2);
		expect(errors()).toMatch(/port \d+ of 127\.0\.0\.1 is in use/);
		server.close();
	});
});

describe("quorate serve with files", () => {
	test("shows them in the window that comes up, whatever they are called", async () => {
		const path = join(folder, "handed in.quorate");
		await quorate(["run", "ping", "--until", "1s", "--save", path]);
		renameSync(path, join(folder, "handed in"));
		const { child, firstLine, ended } = await start(["out/main/cli.js", "serve", "--no-open", join(folder, "handed in")]);
		const client = await clientAt(firstLine);
		const { session } = await nextPush(client, "openSession");
		expect(session).toBe("handed in");
		const { run } = await client.call("runs.open", { session, branch: 0, salvage: false });
		expect(run).toMatchObject({ labId: "ping", finished: true });
		client.close();
		child.kill("SIGINT");
		expect(await ended).toBe(0);
	});

	test("refuses what is missing and what is no session in words, and starts nothing", async () => {
		writeFileSync(join(folder, "essay.quorate"), "My holidays");
		for (const [name, words] of [
			["nowhere.quorate", /there is no file .*nowhere\.quorate/],
			["essay.quorate", /essay\.quorate is damaged: file is not a database/],
		] as const) {
			const { firstLine, ended, errors } = await start(["out/main/cli.js", "serve", "--no-open", join(folder, name)]);
			expect([await ended, firstLine]).toEqual([2, ""]);
			expect(errors()).toMatch(words);
		}
	});
});

describe("opening the window", () => {
	test("where there is no display, says so in one line and gives the address", async () => {
		const { child, firstLine, errors, ended } = await start(["scripts/start.mjs"]);
		expect(firstLine).toMatch(/^http:\/\/127\.0\.0\.1:/);
		child.kill("SIGINT");
		expect(await ended).toBe(0);
		expect(errors()).toBe("There is no display here. Open the address above in a browser.\nClosing; what was recorded is kept.\n");
	});

	test("finds a browser by the names and places of each system", () => {
		const on = (platform: NodeJS.Platform, env: NodeJS.ProcessEnv, there: string) => findChromium({ platform, env, isProgram: (path) => path === there });
		expect(on("linux", { PATH: "/usr/local/bin:/usr/bin" }, "/usr/bin/chromium")).toBe("/usr/bin/chromium");
		expect(on("linux", { PATH: "" }, "/usr/bin/chromium")).toBeNull();
		expect(on("darwin", {}, "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge")).toContain("Edge");
		expect(on("win32", { PROGRAMFILES: "C:\\P" }, "C:\\P\\Google\\Chrome\\Application\\chrome.exe")).toContain("chrome.exe");
		expect(hasDisplay({ platform: "linux", env: {} })).toBe(false);
		expect(hasDisplay({ platform: "linux", env: { WAYLAND_DISPLAY: "wayland-0" } })).toBe(true);
	});

	test("never hands an address to a shell", () => {
		for (const platform of ["linux", "darwin", "win32"] as const) {
			const [program, words] = desktopOpener(platform, "http://127.0.0.1:1/?token=a&b");
			expect(program).not.toMatch(/sh$|cmd|start/);
			expect(words.at(-1)).toBe("http://127.0.0.1:1/?token=a&b");
		}
	});
});
