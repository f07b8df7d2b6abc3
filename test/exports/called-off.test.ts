/**
 * Every export can be called off at every step of its way: then nothing more is read, what was open is
 * closed, and no file is there that was not there before. Steps are counted, nobody waits.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { countingSource } from "../../src/main/export/counting.ts";
import { exportFormats, exportSession } from "../../src/main/export/export.ts";
import { writeIntoFile } from "../../src/main/export/into-file.ts";
import type { Session } from "../../src/main/store/reader.ts";
import { textOf } from "../support/exported.ts";
import { MemorySource } from "../support/memory-source.ts";
import { playSyntheticRun } from "../synthetic-run.ts";

const folder = mkdtempSync(join(tmpdir(), "quorate-called-off-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = new MemorySource();
beforeAll(() => {
	playSyntheticRun(run.log, { eventCount: 6_000 });
	run.noteList = [{ id: 1, branch: 0, eventIndex: 5, wallMs: 0, text: "a note" }];
});

/** A log that knows how much of it was read, and how many readings are open. */
class WatchedLog extends MemorySource {
	read = 0;
	open = 0;

	override *events(query = {}): ReturnType<MemorySource["events"]> {
		this.open++;
		try {
			for (const event of run.events(query)) {
				this.read++;
				yield event;
			}
		} finally {
			this.open--;
		}
	}

	override head(): ReturnType<MemorySource["head"]> {
		return run.head();
	}

	override notes(): ReturnType<MemorySource["notes"]> {
		return run.notes();
	}
}

class CalledOff extends Error {}

interface Tried {
	/** How often it rested before it was over, or called off. */
	readonly rests: number;
	readonly isCalledOff: boolean;
	readonly readAtCall: number;
	readonly log: WatchedLog;
}

/** @param atRest the rest at which it is called off, from 1 on */
async function tried(format: (typeof exportFormats)[number], path: string, atRest: number): Promise<Tried> {
	const log = new WatchedLog();
	let rests = 0;
	let readAtCall = -1;
	const rest = (): void => {
		if (++rests !== atRest) return;
		readAtCall = log.read;
		throw new CalledOff();
	};
	const isCalledOff = await writeIntoFile(path, (sink) => exportSession(log, format, sink), { rest }).then(
		() => false,
		(error: unknown) => {
			if (error instanceof CalledOff) return true;
			throw error;
		},
	);
	return { rests, isCalledOff, readAtCall, log };
}

/** All where there are few, else the first, the last and some between. */
function someOf(count: number): readonly number[] {
	const all = Array.from({ length: count }, (_, i) => i + 1);
	return count <= 12 ? all : all.filter((step) => step <= 3 || step > count - 3 || step % Math.ceil(count / 6) === 0);
}

describe("an export that is called off", () => {
	test.each(exportFormats)("at any of its steps leaves no file, no half of one, and nothing open, as %s", async (format) => {
		const path = join(folder, `${format}.out`);
		const { rests } = await tried(format, path, Number.POSITIVE_INFINITY);
		expect(readdirSync(folder)).toEqual([`${format}.out`]);
		rmSync(path);
		expect(rests).toBeGreaterThan(3);
		for (const step of someOf(rests)) {
			const { isCalledOff, readAtCall, log } = await tried(format, path, step);
			expect([step, isCalledOff, log.read - readAtCall, log.open, readdirSync(folder)]).toEqual([step, true, 0, 0, []]);
		}
	});

	test.each(exportFormats)("leaves the file that was there before as it was, as %s", async (format) => {
		const path = join(folder, `${format}.out`);
		writeFileSync(path, "older");
		await tried(format, path, 2);
		expect([readdirSync(folder), readFileSync(path, "utf8")]).toEqual([[`${format}.out`], "older"]);
		rmSync(path);
	});
});

describe("how far an export is", () => {
	test.each(exportFormats)("is told of %s from the beginning on, never back, never beyond its end, and at no step twice as far as was read", async (format) => {
		const log = new WatchedLog();
		const eventCount = log.head().eventCount;
		const told: (readonly [done: number, read: number])[] = [];
		let totalEvents = 0;
		const tell = (done: number, total: number): void => {
			told.push([done, log.read]);
			totalEvents = total;
		};
		const source = countingSource({ session: log as unknown as Session, branch: 0, eventCount, format, tell });
		await exportSession(source, format, { write: () => {} });
		const done = told.map(([one]) => one);
		expect(done[0]).toBe(0);
		expect(done).toEqual(done.toSorted((a, b) => a - b));
		expect(done.at(-1)).toBeLessThan(totalEvents);
		// What was told is what was read, but for readings that end early, which the next one makes up for.
		for (const [one, read] of told) expect(Math.abs(one - read)).toBeLessThanOrEqual(eventCount * 2);
		expect(log.read).toBeLessThanOrEqual(totalEvents);
		expect(totalEvents - log.read).toBeLessThanOrEqual(eventCount);
	});
});

describe("a part of a run for ShiViz", () => {
	test("is read from where it begins, and is what reading from the beginning gives", async () => {
		const lastUs = run.log.lastUs;
		for (const fromUs of [1, Math.floor(lastUs / 3), Math.floor(lastUs / 2), lastUs - 500]) {
			const filter = { fromUs, toUs: lastUs - 100, nodes: new Set([0, 1]) };
			const log = new WatchedLog();
			const part = await textOf(log, "shiviz", { filter });
			const whole = Object.assign(new WatchedLog(), { events: () => run.events() });
			expect(part).toBe(await textOf(whole, "shiviz", { filter }));
			const inReach = [...run.events({ fromUs, toUs: filter.toUs })].length;
			expect(log.read).toBe(inReach);
		}
	});
});
