/** What a recording says of itself is true of its file. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { playSyntheticRun, syntheticLog, syntheticSession } from "../../../test/synthetic-run.ts";
import { blockEvents } from "../../core/log-sink.ts";
import { DirectRecorder } from "./direct-recorder.ts";
import { openSession } from "./reader.ts";
import { BlockSelector } from "./recording.ts";
import { RecordingJob } from "./recording-job.ts";

let path = "";
beforeEach(() => {
	path = join(mkdtempSync(join(tmpdir(), "quorate-job-")), "run.quorate");
});
afterEach(() => rmSync(join(path, ".."), { recursive: true, force: true }));

/** Branches of the file, and how many events can be read of each. */
function branchesInFile(): readonly number[] {
	const session = openSession(path);
	const counts = session.branches.map(({ branch }) => [...session.events({ branch })].length);
	session.close();
	return counts;
}

/** A file with a trunk of some blocks. @returns how many events it holds, and its log to go on with */
function recordTrunk() {
	const session = syntheticSession();
	const log = syntheticLog(session);
	const trunk = new DirectRecorder({ kind: "create", path, session });
	log.addSink(trunk);
	playSyntheticRun(log, { eventCount: 2_000, onCommand: (command) => trunk.onCommand(command) });
	log.flush();
	trunk.close({ untilUs: log.lastUs, finished: true, verdicts: [] });
	return { session, events: log.eventCount, untilUs: log.lastUs };
}

const forkOf = (forkUs: number, forkIndex: number) => ({ kind: "fork", path, branch: { parent: 0, forkIndex, forkUs, name: "what if" } }) as const;

test("a branch that begins in the middle of a block is committed with that block, and not before", () => {
	const { session, events, untilUs } = recordTrunk();
	const job = new RecordingJob(forkOf(untilUs, 1_500), () => 0);
	job.commit();
	expect(job.committedEvents).toBe(0);
	expect(branchesInFile()).toEqual([events]);

	const again = syntheticLog(session);
	const selector = new BlockSelector("full");
	again.addSink({ onBlock: (block) => block.block > 0 && job.block(selector.input(block, selector.select(block))) });
	playSyntheticRun(again, { eventCount: 1_600 });
	again.flush();
	expect(job.committedEvents).toBe(0);
	job.commit();
	expect(job.committedEvents).toBe(again.eventCount);
	expect(branchesInFile()).toEqual([events, again.eventCount]);
	job.close(undefined);
});

test("a branch that never came to its first block leaves the file as it was", () => {
	const { events, untilUs } = recordTrunk();
	const job = new RecordingJob(forkOf(untilUs, 1_500), () => 0);
	job.note({ branch: 1, eventIndex: 1_499, text: "here it begins", wallMs: 0 });
	job.commit();
	job.close(undefined);
	expect(branchesInFile()).toEqual([events]);
});

test("a branch between two blocks needs none of its own", () => {
	const { events, untilUs } = recordTrunk();
	const job = new RecordingJob(forkOf(untilUs, blockEvents), () => 0);
	job.commit();
	expect(job.committedEvents).toBe(blockEvents);
	job.close(undefined);
	expect(branchesInFile()).toEqual([events, blockEvents]);
});
