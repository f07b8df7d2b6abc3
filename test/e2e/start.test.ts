/** `npm start`, from the first line to the last process: with programs that stand in for Electron and for a browser. */
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, watch, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { rootDirectory } from "../architecture/files.ts";
import { quorate } from "../support/command-line.ts";
import { nextPush } from "../support/lab-window.ts";
import { clientAt } from "../support/web-host-process.ts";

const root = mkdtempSync(join(tmpdir(), "quorate-start-"));
const groups: number[] = [];
const goneMsMax = 20_000;
let folder: string;
let count = 0;

beforeEach(() => {
	folder = join(root, String(++count));
	mkdirSync(join(folder, "bin"), { recursive: true });
	mkdirSync(join(folder, "electron"));
	// Programs of the system without the browsers of this machine.
	mkdirSync(join(folder, "tools"));
	for (const name of ["sh", "sleep", "mv"]) symlinkSync(join("/bin", name), join(folder, "tools", name));
});
afterEach(() => {
	for (const group of groups.splice(0)) endGroup(group, "SIGKILL");
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function endGroup(group: number, signal: NodeJS.Signals): void {
	try {
		process.kill(-group, signal);
	} catch {
		// nobody is left in it
	}
}

/** A program that says how it was called and who it is, and first starts another one, as browsers do. */
function put(path: string, then: string, first = "sleep 1000 &"): void {
	const full = join(folder, path);
	writeFileSync(
		full,
		`#!/bin/sh
${first}
echo "$! $$" > "${full}.pids"
printf '%s\\n' "$@" > "${full}.words.next"
mv "${full}.words.next" "${full}.words"
${then}
`,
	);
	chmodSync(full, 0o755);
}

/** What the program was called with, as soon as it was. */
async function wordsOf(path: string): Promise<readonly string[]> {
	const file = `${join(folder, path)}.words`;
	await new Promise<void>((resolve) => {
		const watcher = watch(dirname(file), look);
		function look(): void {
			if (!existsSync(file)) return;
			watcher.close();
			resolve();
		}
		look();
	});
	return readFileSync(file, "utf8").trimEnd().split("\n");
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		// One that has ended and was not fetched yet is none.
		return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
	} catch {
		return false; // there is no such process
	}
}

function left(path: string): readonly number[] {
	return readFileSync(`${join(folder, path)}.pids`, "utf8")
		.trim()
		.split(" ")
		.map(Number)
		.filter(isAlive);
}

/** Who was killed a moment ago may still be on the way. */
async function nobodyIsLeft(path: string): Promise<void> {
	await expect.poll(() => left(path), { timeout: goneMsMax }).toEqual([]);
}

interface Started {
	readonly child: ChildProcess;
	readonly group: number;
	out(): string;
	errors(): string;
	/** Resolves once the standard error has this. */
	complains(pattern: RegExp): Promise<void>;
	readonly ended: Promise<number | null>;
}

/** Starts it as a terminal does: with a group of its own. */
function start(command: readonly string[], env: NodeJS.ProcessEnv = {}): Started {
	const { WAYLAND_DISPLAY: _, NODE_OPTIONS: __, ...around } = process.env;
	const [program = "", ...words] = command;
	const child = spawn(program, words, {
		cwd: rootDirectory,
		detached: true,
		stdio: ["ignore", "pipe", "pipe"],
		env: {
			...around,
			DISPLAY: ":nowhere",
			ELECTRON_SKIP_BINARY_DOWNLOAD: "1",
			ELECTRON_OVERRIDE_DIST_PATH: join(folder, "electron"),
			PATH: `${join(folder, "bin")}:${dirname(process.execPath)}:${join(folder, "tools")}`,
			QUORATE_LIBRARY: join(folder, "library"),
			...env,
		},
	});
	let [out, errors] = ["", ""];
	const wakes = new Set<() => void>();
	child.stdout.setEncoding("utf8").on("data", (text: string) => {
		out += text;
	});
	child.stderr.setEncoding("utf8").on("data", (text: string) => {
		errors += text;
		for (const wake of wakes) wake();
	});
	const group = child.pid ?? 0;
	groups.push(group);
	return {
		child,
		group,
		out: () => out,
		errors: () => errors,
		complains: (pattern) =>
			new Promise((resolve) => {
				const look = (): void => (pattern.test(errors) ? resolve() : undefined);
				wakes.add(look);
				look();
			}),
		ended: new Promise((resolve) => child.once("close", resolve)),
	};
}

const script = [process.execPath, join(rootDirectory, "scripts/start.mjs")];
describe("where Electron's program is", () => {
	test("it is started with the application and the files, and Ctrl-C leaves nothing of it", async () => {
		// A shell that is just becoming another program would not hear the signal.
		const endsOnSignal = "trap 'kill $!; exit' INT\nsleep 1000 &";
		put("electron/electron", "wait", `[ -z "$ELECTRON_RUN_AS_NODE" ] || exit 1\n${endsOnSignal}`);
		const { group, ended, errors } = start([...script, "--a-switch", "monday.quorate"], { INIT_CWD: folder, ELECTRON_RUN_AS_NODE: "1" });
		expect(await wordsOf("electron/electron")).toEqual([expect.stringMatching(/[\\/]$/), "--a-switch", join(folder, "monday.quorate")]);
		endGroup(group, "SIGINT");
		await ended;
		await nobodyIsLeft("electron/electron");
		expect(errors()).toBe("");
	});

	test("where it does not run, one line says so, and a browser's window of its own is opened", async () => {
		put("electron/electron", "exit 1", "");
		put("bin/chromium", "wait");
		const { group, ended, errors, out } = start(script);
		const words = await wordsOf("bin/chromium");
		expect(errors()).toBe("quorate: Electron does not run here, so the window opens in a browser\n");
		expect(words).toContain(`--app=${out().trim()}`);
		endGroup(group, "SIGINT");
		expect(await ended).toBe(0);
		await nobodyIsLeft("bin/chromium");
	});
});

describe("where it is not", () => {
	test.each([
		["Ctrl-C, which the terminal tells all of them", (started: Started) => endGroup(started.group, "SIGINT")],
		["an end that it alone is told", (started: Started) => started.child.kill("SIGTERM")],
		["a terminal that is closed", (started: Started) => endGroup(started.group, "SIGHUP")],
	])("a browser's window is opened, and %s leaves nothing running", async (_, end) => {
		put("bin/chromium", "wait");
		const started = start(script);
		await wordsOf("bin/chromium");
		expect(started.errors()).toBe("quorate: Electron's program cannot be had here, so the window opens in a browser\n");
		end(started);
		expect(await started.ended).toBe(0);
		await nobodyIsLeft("bin/chromium");
		await expect(fetch(started.out().trim())).rejects.toThrow();
	});

	test("a session it is started with is shown there; what is none is refused in words", async () => {
		put("bin/chromium", "wait");
		await quorate(["run", "ping", "--save", join(folder, "homework.quorate"), "--speed", "max"]);
		writeFileSync(join(folder, "essay.quorate"), "My holidays");
		const { group, ended, out } = start([...script, "homework.quorate", "essay.quorate"], { INIT_CWD: folder });
		await wordsOf("bin/chromium");
		const client = await clientAt(out().trim());
		const [{ session }, notice] = await Promise.all([nextPush(client, "openSession"), nextPush(client, "notice")]);
		expect([session, notice.text]).toEqual(["homework", `${join(folder, "essay.quorate")} could not be opened.`]);
		endGroup(group, "SIGINT");
		expect(await ended).toBe(0);
	});

	test("a browser that does not want to end is ended", async () => {
		put("bin/chromium", "wait", "trap '' TERM INT HUP; sleep 1000 &");
		const { child, ended } = start(script);
		await wordsOf("bin/chromium");
		child.kill("SIGINT");
		expect(await ended).toBe(0);
		await nobodyIsLeft("bin/chromium");
	});

	test("the user closes the window, and all of it ends", async () => {
		put("bin/chromium", "exit 0", "");
		const { ended, out } = start(script);
		expect(await ended).toBe(0);
		await expect(fetch(out().trim())).rejects.toThrow();
	});

	test.each([
		["there is no such browser", false],
		["that browser does not start", true],
	])("where %s, the address goes to the desktop's own", async (_, hasBroken) => {
		if (hasBroken) put("bin/chromium", "exit 1", "");
		put("bin/xdg-open", "exit 0", "");
		const { group, ended, out } = start(script);
		expect(await wordsOf("bin/xdg-open")).toEqual([out().trim()]);
		expect((await fetch(out().trim(), { redirect: "manual" })).status).toBe(303);
		endGroup(group, "SIGINT");
		expect(await ended).toBe(0);
	});

	test("a program that cannot be fetched is asked for once, and not at every start", async () => {
		let asked = 0;
		const mirror = createServer((_, response) => {
			asked++;
			response.writeHead(404).end();
		});
		await new Promise<void>((resolve) => mirror.listen(0, "127.0.0.1", resolve));
		const { port } = mirror.address() as AddressInfo;
		const around = { ELECTRON_SKIP_BINARY_DOWNLOAD: "", ELECTRON_MIRROR: `http://127.0.0.1:${port}/`, TMPDIR: folder, XDG_CACHE_HOME: folder };
		const said: string[] = [];
		for (let i = 0; i < 2; i++) {
			const { group, ended, errors, complains } = start(script, around);
			await complains(/Open the address above/);
			said.push(errors().split("\n")[0] ?? "");
			endGroup(group, "SIGINT");
			await ended;
			if (i === 0) expect(asked).toBeGreaterThan(0);
			if (i === 0) asked = 0;
		}
		expect([said, asked]).toEqual([
			["quorate: fetching Electron's program, once", "quorate: Electron's program cannot be had here, so the window opens in a browser"],
			0,
		]);
		mirror.close();
	});

	test("where there is nothing at all, the address is on the screen", async () => {
		const { group, ended, out, complains } = start(script);
		await complains(/No browser was found here\. Open the address above in a browser\.\n/);
		expect(out()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=\S+\n$/);
		endGroup(group, "SIGINT");
		expect(await ended).toBe(0);
	});
});

test("through npm as well, Ctrl-C leaves nothing", async () => {
	put("bin/chromium", "wait");
	const { group, ended } = start(["npm", "start", "--silent"], { PATH: `${join(folder, "bin")}:${process.env.PATH}` });
	await wordsOf("bin/chromium");
	endGroup(group, "SIGINT");
	await ended;
	await nobodyIsLeft("bin/chromium");
});
