/** A run killed in the middle of recording leaves a file that opens, and holds at least all it had promised. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DirectRecorder } from "../src/main/store/direct-recorder.ts";
import { openSession } from "../src/main/store/reader.ts";
import { SessionWriter } from "../src/main/store/writer.ts";
import { recordLengthWord } from "../src/shared/event-record.ts";
import type { RecordedCommand } from "../src/shared/session.ts";
import { playSyntheticRun, syntheticLog, syntheticSession } from "./synthetic-run.ts";

let folder = "";
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "quorate-killed-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Starts the recording and kills it once it has promised so many events. @returns its last promise */
function recordAndKill(path: string, kind: "direct" | "thread", promisedMin: number): Promise<number> {
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, [join(import.meta.dirname, "support/record-until-killed.ts"), path, kind], { stdio: ["ignore", "pipe", "inherit"] });
		let text = "";
		child.stdout.on("data", (chunk: Buffer) => {
			text += chunk.toString();
			if (lastPromise(text) >= promisedMin) child.kill("SIGKILL");
		});
		child.on("error", reject);
		child.on("close", (code, signal) => {
			if (signal === "SIGKILL") resolve(lastPromise(text));
			else reject(new Error(`the recording ended by itself with code ${code}`));
		});
	});
}

/** Starts a recording and waits until it has promised something. */
function startRecording(path: string): Promise<ChildProcess> {
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, [join(import.meta.dirname, "support/record-until-killed.ts"), path, "direct"], {
			stdio: ["ignore", "pipe", "inherit"],
		});
		child.stdout.once("data", () => resolve(child));
		child.on("error", reject);
	});
}

function kill(child: ChildProcess): Promise<void> {
	return new Promise((resolve) => {
		child.on("close", () => resolve());
		child.kill("SIGKILL");
	});
}

/** The last whole line: what follows the last line feed may be half a number. */
function lastPromise(text: string): number {
	return Number(
		text
			.slice(0, text.lastIndexOf("\n") + 1)
			.trim()
			.split("\n")
			.at(-1) ?? 0,
	);
}

function textOf(words: Int32Array, start: number): string {
	return words.subarray(start, start + (words[start + recordLengthWord] as number)).join(" ");
}

/** The same run without a file: its first events, its chain, its commands. */
function repeat(eventCount: number) {
	const log = syntheticLog(syntheticSession());
	const events: string[] = [];
	const commands: RecordedCommand[] = [];
	log.observe({ onEvent: (words, start) => void events.push(textOf(words, start)) });
	playSyntheticRun(log, { eventCount, onCommand: (command) => void commands.push(command) });
	return { events: events.slice(0, eventCount), commands };
}

describe.each(["direct", "thread"] as const)("a run killed with -9 while the %s recorder was at work", (kind) => {
	it("opens with every event that had been promised, and nothing else", async () => {
		const path = join(folder, "run.quorate");
		const promised = await recordAndKill(path, kind, 20_000);
		const session = openSession(path);
		const head = session.head();
		const truth = repeat(head.eventCount);
		const found = [...session.events()].map(({ words, start }) => textOf(words, start));
		const commands = [...session.commands()];
		session.close();
		expect(head.eventCount).toBeGreaterThanOrEqual(promised);
		expect(head.finished).toBe(false);
		expect(found.findIndex((event, i) => event !== truth.events[i])).toBe(-1);
		expect(found.length).toBe(head.eventCount);
		expect(commands).toEqual(truth.commands.slice(0, commands.length));
		expect(truth.commands.length - commands.length).toBeLessThanOrEqual(1);
	});

	it("can be written on, and is one file again afterwards", async () => {
		const path = join(folder, "run.quorate");
		const promised = await recordAndKill(path, kind, 5_000);
		const recorder = new DirectRecorder({ kind: "continue", path, branch: 0 });
		const log = syntheticLog(syntheticSession());
		log.addSink(recorder);
		playSyntheticRun(log, { eventCount: promised + 5_000, onCommand: (command) => recorder.onCommand(command) });
		log.flush();
		recorder.close({ untilUs: log.lastUs, finished: true, verdicts: [] });
		expect(recorder.failure).toBeNull();
		expect(readdirSync(folder)).toEqual(["run.quorate"]);
		const session = openSession(path);
		expect(Buffer.from(session.head().digest).toString("hex")).toBe(log.digest());
		expect([...session.events()].length).toBe(log.eventCount);
		session.close();
	});
});

describe("a session that another process is writing", () => {
	it("is refused to a second writer, open to readers, and free again when the first is killed", async () => {
		const path = join(folder, "run.quorate");
		const child = await startRecording(path);
		try {
			expect(() => SessionWriter.open(path)).toThrowError(expect.objectContaining({ code: "session-locked" }));
			expect(() => new DirectRecorder({ kind: "create", path, session: syntheticSession() })).toThrowError(expect.objectContaining({ code: "session-locked" }));
			const session = openSession(path);
			expect([...session.events()].length).toBe(session.head().eventCount);
			session.close();
		} finally {
			await kill(child);
		}
		const writer = SessionWriter.open(path);
		expect(writer.eventCount(0)).toBeGreaterThan(0);
		writer.close();
		expect(readdirSync(folder)).toEqual(["run.quorate"]);
	});
});
