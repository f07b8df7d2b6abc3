/**
 * Ten thousand frames that nobody should send, through each host's own transport: a real socket, and the messages
 * of Electron. Each is answered once, by the contract; what others do is not disturbed, and nothing is left behind.
 */
import { EventEmitter } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import type { LabService } from "../../src/main/lab-service/lab-service.ts";
import { openSession } from "../../src/main/store/reader.ts";
import { openWebLab } from "../../src/main/web/web-lab.ts";
import { type CallName, calls, contractVersion } from "../../src/shared/contract/calls.ts";
import type { LabClient } from "../../src/shared/contract/client.ts";
import { contractErrorCodes } from "../../src/shared/contract/errors.ts";
import { type LabFrame, readLabFrame, writeFrame } from "../../src/shared/contract/frames.ts";
import { type HostileFrame, hostileFrames } from "../support/hostile-frames.ts";
import { startOf, testLab } from "../support/lab-window.ts";
import { clientAt } from "../support/web-host-process.ts";

const electron = vi.hoisted(() => ({ ipcMain: null as EventEmitter | null }));
vi.mock("electron", async () => {
	const { EventEmitter: Emitter } = await import("node:events");
	electron.ipcMain = new Emitter();
	return { ipcMain: electron.ipcMain };
});

const frames = 10_000;
const perWindow = 500;
const atOnce = 25;
const seed = 20_26;

let folder = "";
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "quorate-fuzz-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A window whose words are the test's own, by whatever transport. */
interface RawWindow {
	send(bytes: Uint8Array): void;
	close(): Promise<void>;
}
type OpenRaw = (take: (frame: LabFrame) => void) => Promise<RawWindow>;

/** Begun before all, and looked at after: one run to act on, and one that nobody may touch. */
async function begin(client: LabClient): Promise<string> {
	await client.call("runs.start", startOf("ping", { startPaused: true, session: "victim" })); // r1, which the frames know
	const { run } = await client.call("runs.start", startOf("ping", { startPaused: true, session: "precious" }));
	await client.call("runs.command", { run: run.run, line: "pause server-1", atUs: null });
	await client.call("notes.add", { session: "precious", branch: 0, eventIndex: 0, text: "mine" });
	return run.run;
}

async function expectUnharmed(client: LabClient, service: LabService, run: string): Promise<void> {
	expect((await client.call("runs.describe", { run })).run).toMatchObject({ session: "precious", mode: "paused", error: null });
	expect((await client.call("notes.list", { session: "precious" })).notes.map(({ text }) => text)).toEqual(["mine"]);
	await client.call("runs.stop", { run });
	const session = openSession(service.library.pathOf("precious"), { depth: "full" });
	expect([session.damage, [...session.events()].length]).toEqual([null, session.head().eventCount]);
	session.close();
	expect(readdirSync(service.library.incomingFolder())).toEqual([]);
}

const codes: ReadonlySet<string> = new Set(contractErrorCodes);

/** @returns what was wrong with an answer, or "" */
function wrongWith(answer: LabFrame, asked: ReadonlyMap<number, string>): string {
	if (answer.kind === "refusal") {
		const { code, message, advice, kept } = answer.error;
		if (!codes.has(code)) return `an unknown code ${code}`;
		if (code === "internal") return `a fault of the lab's own: ${asked.get(answer.id)}`;
		return /node_modules|\.ts:\d|\bat \w+ \(/.test(`${message} ${advice} ${kept}`) ? `it tells of its insides: ${message}` : "";
	}
	if (answer.kind !== "reply") return "";
	const name = asked.get(answer.id);
	if (name === undefined) return ""; // of a frame whose number was spoiled
	const read = calls[name as CallName].reply.safeParse(answer.reply);
	return read.success ? "" : `the reply to ${name} is none of the contract: ${read.error.issues[0]?.message}`;
}

/** Sends all of it, window after window: each has its own allowance of frames a second. */
async function sendAll(all: readonly HostileFrame[], openRaw: OpenRaw): Promise<{ readonly replies: number; readonly refusals: number }> {
	let [replies, refusals] = [0, 0];
	for (let from = 0; from < all.length; from += perWindow) {
		const batch = all.slice(from, from + perWindow);
		const asked = new Map(batch.flatMap(({ call }) => (call === null ? [] : [[call.id, call.name] as const])));
		let [answers, wake] = [0, (): void => {}];
		const wrong: string[] = [];
		const window = await openRaw((frame) => {
			if (frame.kind === "push") return;
			answers++;
			if (frame.kind === "reply") replies++;
			if (frame.kind === "refusal") refusals++;
			const found = wrongWith(frame, asked);
			if (found !== "") wrong.push(found);
			wake();
		});
		const until = async (count: number): Promise<void> => {
			while (answers < count)
				await new Promise<void>((resolve) => {
					wake = resolve;
				});
		};
		window.send(writeFrame({ kind: "hello", contractVersion }));
		for (const [i, { bytes }] of batch.entries()) {
			window.send(bytes);
			if ((i + 1) % atOnce === 0) await until(i + 2);
		}
		await until(batch.length + 1);
		expect([answers, wrong]).toEqual([batch.length + 1, []]);
		await window.close();
	}
	return { replies, refusals };
}

/** So that what is drawn is neither noise alone nor sense alone. */
function expectBoth({ replies, refusals }: { readonly replies: number; readonly refusals: number }): void {
	expect(replies).toBeGreaterThan(frames / 20);
	expect(refusals).toBeGreaterThan(frames / 4);
}

test("through the web host's socket", async () => {
	mkdirSync(join(folder, "page"));
	writeFileSync(join(folder, "page", "index.html"), "<!doctype html>");
	const lab = await openWebLab({ libraryFolder: join(folder, "library"), pageFolder: join(folder, "page") });
	try {
		const honest = await clientAt(lab.host.url);
		const run = await begin(honest);
		const { origin } = new URL(lab.host.url);
		const { headers } = await fetch(lab.host.url, { redirect: "manual" });
		const cookie = String(headers.get("set-cookie")).split(";")[0] ?? "";
		const sent = await sendAll(hostileFrames({ seed, count: frames }), async (take) => {
			const socket = new WebSocket(`${origin.replace("http", "ws")}/lab`, { headers: { cookie, origin } });
			socket.on("message", (data: Buffer) => take(readLabFrame(data)));
			await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
			return {
				send: (bytes) => socket.send(bytes),
				close: () => new Promise((resolve) => socket.once("close", () => resolve()).terminate()),
			};
		});
		expectBoth(sent);
		await expectUnharmed(honest, lab.service, run);
	} finally {
		await lab.close();
	}
});

/** What the transport needs of a window's page. */
class FakeContents extends EventEmitter {
	readonly mainFrame = { url: "app://quorate/" };
	readonly id: number;
	readonly #take: (frame: LabFrame) => void;

	constructor(id: number, take: (frame: LabFrame) => void) {
		super();
		this.id = id;
		this.#take = take;
	}

	isDestroyed(): boolean {
		return false;
	}

	send(_channel: string, frame: Uint8Array): void {
		const bytes = structuredClone(frame);
		setImmediate(() => {
			this.say("quorate:taken", bytes.length);
			this.#take(readLabFrame(bytes));
		});
	}

	reload(): void {
		throw new Error("no window is to be thrown out here");
	}

	say(channel: string, content: unknown): void {
		electron.ipcMain?.emit(channel, { sender: this, senderFrame: this.mainFrame }, structuredClone(content));
	}
}

test("through the messages of Electron", async () => {
	const lab = testLab(join(folder, "library"), { name: "electron", askForFile: async () => null, saveFile: async () => ({ kind: "cancelled" }) });
	try {
		const honest = lab.window();
		await honest.welcome;
		const run = await begin(honest);
		const { ElectronWindows } = await import("../../src/main/transport/electron-windows.ts");
		const windows = new ElectronWindows(lab.service, (url) => url === "app://quorate/");
		let count = 0;
		const sent = await sendAll(hostileFrames({ seed: seed + 1, count: frames }), async (take) => {
			const contents = new FakeContents(++count, take);
			windows.add(contents as never);
			// What is no frame at all is not answered, and harms nobody.
			for (const content of ["hello", 5, null, { kind: "call" }, [1], new ArrayBuffer(8), Number.NaN]) {
				contents.say("quorate:frame", content);
				contents.say("quorate:taken", content);
			}
			return {
				send: (bytes) => contents.say("quorate:frame", bytes),
				close: async () => void contents.emit("destroyed"),
			};
		});
		expectBoth(sent);
		await expectUnharmed(honest, lab.service, run);
	} finally {
		await lab.close();
	}
});

test("a page that is loaded again in Electron begins anew: it watches nothing yet, and what the last one had not taken is forgotten", async () => {
	const lab = testLab(join(folder, "library"));
	try {
		const honest = lab.window();
		await honest.welcome;
		const { run } = await honest.call("runs.start", startOf("ping", { startPaused: true }));
		const { ElectronWindows } = await import("../../src/main/transport/electron-windows.ts");
		const windows = new ElectronWindows(lab.service, () => true);
		const heard: LabFrame[] = [];
		let told = (): void => {};
		const contents = new FakeContents(1, (frame) => {
			heard.push(frame);
			told();
		});
		const next = (): Promise<void> =>
			new Promise((resolve) => {
				told = resolve;
			});
		windows.add(contents as never);
		contents.say("quorate:frame", writeFrame({ kind: "hello", contractVersion }));
		contents.say("quorate:frame", writeFrame({ kind: "call", id: 1, call: "runs.watch", request: { run: run.run } }));
		while (!heard.some(({ kind }) => kind === "reply")) await next();
		contents.emit("did-start-navigation", { isMainFrame: true, isSameDocument: false });
		heard.length = 0;
		contents.say("quorate:frame", writeFrame({ kind: "call", id: 2, call: "runs.list", request: {} }));
		while (heard.length === 0) await next();
		expect(heard).toMatchObject([{ kind: "refusal", id: 2, error: { code: "request-invalid" } }]);
		await honest.call("runs.stepEvent", { run: run.run });
		await honest.call("runs.stepEvent", { run: run.run });
		expect(heard).toHaveLength(1);
	} finally {
		await lab.close();
	}
});
