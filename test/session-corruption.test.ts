/**
 * Damage to a session file, a thousand ways: each is refused with a reason, or did not matter, in
 * which case every event is what it was. Never a crash, never a silent lie, never a change to the file.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Philox } from "../src/core/random.ts";
import { DirectRecorder } from "../src/main/store/direct-recorder.ts";
import { type OpenOptions, openSession } from "../src/main/store/reader.ts";
import { QuorateError } from "../src/shared/errors.ts";
import { playSyntheticRun, syntheticLog, syntheticSession } from "./synthetic-run.ts";

const eventCount = 2_500;
const corruptionSeed = 20_260_101;

let folder = "";
/** The file of a run that was closed, and those of one that was killed before it closed. */
let closed: Buffer;
let killed: { readonly file: Buffer; readonly journal: Buffer };
let truth: Content;

interface Content {
	readonly events: readonly string[];
	/** All else that a reader can be told. */
	readonly rest: string;
}

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "quorate-corruption-"));
	const path = join(folder, "run.quorate");
	const session = syntheticSession();
	const recorder = new DirectRecorder({ kind: "create", path, session }, () => 0);
	const log = syntheticLog(session);
	log.addSink(recorder);
	playSyntheticRun(log, {
		eventCount,
		onCommand: (command) => {
			recorder.onCommand(command);
			log.flush();
			recorder.commit();
		},
	});
	log.flush();
	recorder.commit();
	killed = { file: readFileSync(path), journal: readFileSync(`${path}-wal`) };
	recorder.close({ untilUs: log.lastUs + 1, finished: true, verdicts: [{ id: "calm", ok: true, evidence: [3] }] });
	expect(recorder.failure).toBeNull();
	closed = readFileSync(path);
	truth = contentOf(path);
	expect(truth.events.length).toBe(log.eventCount);
	rmSync(path);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function contentOf(path: string, options: OpenOptions = {}): Content {
	const session = openSession(path, options);
	try {
		const events: string[] = [];
		for (const { index, words, start } of session.events()) {
			events.push(`${index} ${Buffer.from(words.buffer, words.byteOffset + start * 4, (words[start + 1] as number) * 4).toString("base64")}`);
		}
		const { header, plan, labText, branches } = session;
		return { events, rest: JSON.stringify([header, plan, labText, branches, [...session.commands()], [...session.notes()]]) };
	} finally {
		session.close();
	}
}

function isCutOff(run: number): boolean {
	return run % 4 === 0;
}

/** One to three flipped bits, or the end cut off. */
function corrupt(bytes: Buffer, random: Philox, run: number): Buffer {
	random.draw(1, run, 0, 0);
	if (isCutOff(run)) return Buffer.from(bytes.subarray(0, random.w0 % bytes.length));
	const flips = 1 + (random.w1 % 3);
	const changed = Buffer.from(bytes);
	for (let flip = 0; flip < flips; flip++) {
		random.draw(2, run, flip, 0);
		const at = random.w0 % changed.length;
		changed[at] = (changed[at] as number) ^ (1 << (random.w1 % 8));
	}
	return changed;
}

/** @returns what was read, or the refusal; anything else fails the test by being thrown */
function attempt(path: string, options?: OpenOptions): Content | QuorateError {
	try {
		return contentOf(path, options);
	} catch (error) {
		if (error instanceof QuorateError && ["session-damaged", "session-unsupported"].includes(error.code) && error.message.length > 20) return error;
		throw error;
	}
}

function expectPrefix(found: Content, what: string): void {
	expect(found.events, what).toEqual(truth.events.slice(0, found.events.length));
}

describe("a session with altered bytes", () => {
	it("is refused with a reason or read as it was, a thousand times, and never changed", () => {
		const random = new Philox(corruptionSeed);
		const path = join(folder, "damaged.quorate");
		const tally = { refused: 0, unharmed: 0 };
		for (let run = 0; run < 1_000; run++) {
			const bytes = corrupt(closed, random, run);
			writeFileSync(path, bytes);
			const found = attempt(path);
			if (found instanceof QuorateError) tally.refused++;
			else {
				tally.unharmed++;
				expect(found, `corruption ${run} of seed ${corruptionSeed}`).toEqual(truth);
			}
			expect(readFileSync(path).equals(bytes)).toBe(true);
			for (const left of readdirSync(folder)) if (left !== "damaged.quorate") rmSync(join(folder, left));
		}
		// Both must happen, or the test would not be testing: most bytes matter, and some pages are empty.
		expect(tally.refused).toBeGreaterThan(500);
		expect(tally.unharmed).toBeGreaterThan(10);
	});

	it("offers, when asked to, only events that are as they were written", () => {
		const random = new Philox(corruptionSeed + 1);
		const path = join(folder, "damaged.quorate");
		const offered = { cutOff: 0, altered: 0 };
		for (let run = 0; run < 200; run++) {
			writeFileSync(path, corrupt(closed, random, run));
			const found = attempt(path, { damaged: "prefix" });
			if (found instanceof QuorateError) continue;
			expectPrefix(found, `corruption ${run} of seed ${corruptionSeed + 1}`);
			if (found.events.length > 0 && found.events.length < truth.events.length) offered[isCutOff(run) ? "cutOff" : "altered"]++;
		}
		expect(offered.cutOff).toBeGreaterThan(5);
		expect(offered.altered).toBeGreaterThan(20);
	});

	it("that was killed, file or journal altered, is refused or read up to some commit", () => {
		const random = new Philox(corruptionSeed + 2);
		const path = join(folder, "killed.quorate");
		let shorter = 0;
		for (let run = 0; run < 200; run++) {
			const hitsJournal = run % 8 < 4 ? run % 2 === 0 : run % 2 === 1;
			writeFileSync(path, hitsJournal ? killed.file : corrupt(killed.file, random, run));
			writeFileSync(`${path}-wal`, hitsJournal ? corrupt(killed.journal, random, run) : killed.journal);
			rmSync(`${path}-shm`, { force: true });
			const found = attempt(path);
			if (found instanceof QuorateError) continue;
			expectPrefix(found, `corruption ${run} of seed ${corruptionSeed + 2}`);
			if (found.events.length < truth.events.length) shorter++;
		}
		expect(shorter).toBeGreaterThan(10);
	});

	it("whose journal was lost says that the last of it may be missing", () => {
		const path = join(folder, "other.quorate");
		writeFileSync(path, killed.file);
		const session = openSession(path);
		expect(session.head().finished).toBe(false);
		expect(session.remark).toContain("other.quorate-wal");
		session.close();
	});
});
