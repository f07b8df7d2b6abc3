/** A session that is read while its writer goes on. */
import { mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { errorOf, read } from "../../../test/support/recorded-run.ts";
import { InlineExecutor } from "../../core/inline-executor.ts";
import { Kernel } from "../../core/kernel.ts";
import { registry } from "../../os/registry.ts";
import { newSession, prepareLab } from "../app/options.ts";
import { Database } from "./database.ts";
import { openSession, type Session } from "./reader.ts";
import { BlockSelector } from "./recording.ts";
import { RecordingJob } from "./recording-job.ts";

let folder = "";
let path = "";
let job: RecordingJob;
let kernel: Kernel;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "quorate-growing-"));
	path = join(folder, "run.quorate");
	const { plan, lab } = prepareLab({ lab: "front-door", untilUs: 4_000_000 }, registry);
	const session = newSession({ plan, seed: 7, labText: lab.text, detail: "full", executor: "inline", createdMs: 0 });
	const selector = new BlockSelector("full");
	job = new RecordingJob({ kind: "create", path, session }, () => 0);
	kernel = new Kernel({ plan, seed: 7, executor: new InlineExecutor(registry) });
	kernel.log.addSink({ onBlock: (block) => job.block(selector.input(block, selector.select(block))) });
});
afterEach(() => {
	kernel.close();
	job.close(undefined);
	rmSync(folder, { recursive: true, force: true });
});

function goOn(untilUs: number): void {
	kernel.advance({ untilUs });
	kernel.flush();
	job.commit();
}

function contentOf(session: Session): unknown {
	const branches = session.branches.map((branch) => ({
		...branch,
		commands: [...session.commands(branch.branch)],
		blocks: [...session.blocks({ branch: branch.branch })],
		first: read(session, { branch: branch.branch, toIndex: 3 }),
		last: read(session, { branch: branch.branch, fromIndex: branch.head.eventCount - 1_030 }),
	}));
	return { branches, notes: [...session.notes()], damage: session.damage };
}

it("is, whenever it is looked at again, what it would be if it were opened then", () => {
	let session = openSession(path, { depth: "structure" });
	for (let step = 1; step <= 16; step++) {
		if (step % 3 === 0) job.command({ sequence: step, atUs: step, origin: "user", line: `pause web-${step}` });
		if (step === 7) job.note({ branch: 0, eventIndex: 3, wallMs: 1, text: "look here" });
		if (step === 11) job.writer.createBranch({ parent: 0, forkIndex: 1_024, forkUs: 60_000, name: "other" });
		goOn(step * 61_000);
		const grown = session.grown();
		if (grown === null) throw new Error("it was sound and has only grown");
		session = grown;
		const fresh = openSession(path, { depth: "structure" });
		expect(contentOf(session)).toEqual(contentOf(fresh));
		expect(session.head().eventCount).toBe(kernel.log.eventCount);
		fresh.close();
	}
	expect(kernel.log.eventCount).toBeGreaterThan(4 * 1_024);
	session.close();
});

it("is looked at where it is new, however long it is", () => {
	goOn(1_000_000);
	let session = openSession(path, { depth: "structure" });
	const prepare = vi.spyOn(Database.prototype, "prepare");
	const blocksLookedAt = (): number => prepare.mock.calls.filter(([sql]) => sql.includes("FROM blocks")).length;
	expect(session.head().eventCount).toBeGreaterThan(3 * 1_024);
	for (const untilUs of [1_000_500, 1_001_000, 1_001_500]) {
		goOn(untilUs);
		prepare.mockClear();
		session = session.grown() as Session;
		// The open block, a new one perhaps, and that there is none behind it.
		expect(blocksLookedAt()).toBeLessThanOrEqual(3);
	}
	prepare.mockRestore();
	session.close();
});

it("what is half read of it goes on where it was", () => {
	goOn(200_000);
	const session = openSession(path, { depth: "structure" });
	const { eventCount } = session.head();
	const events = session.events();
	const before = [events.next().value?.index, events.next().value?.index];
	goOn(400_000);
	const grown = session.grown();
	expect(grown?.head().eventCount).toBeGreaterThan(eventCount);
	expect([...before, ...[...events].map(({ index }) => index)]).toEqual(Array.from({ length: eventCount }, (_, i) => i));
	grown?.close();
});

it.each([
	["whose new block was altered", "UPDATE blocks SET until_us = until_us + 1 WHERE block = (SELECT max(block) FROM blocks)"],
	["whose head was altered", "UPDATE branches SET event_count = event_count - 1"],
	["whose seal was altered", "UPDATE seal SET value = zeroblob(32)"],
	["that has a command nobody gave", "INSERT INTO commands VALUES (0, 99, 5, 'user', 'crash web-1', zeroblob(32))"],
])("one %s is opened anew, which tells", (_, sql) => {
	goOn(200_000);
	const session = openSession(path, { depth: "structure" });
	goOn(300_000);
	const intruder = Database.open(path, "write");
	intruder.execute(sql);
	intruder.close();
	expect(session.grown()).toBeNull();
	session.close();
	expect(errorOf(() => openSession(path, { depth: "structure" })).code).toBe("session-damaged");
});

it.runIf(process.platform !== "win32")("another file in its place is opened anew", () => {
	goOn(200_000);
	const session = openSession(path, { depth: "structure" });
	renameSync(path, `${path}.away`);
	expect(session.grown()).toBeNull();
	session.close();
	renameSync(`${path}.away`, path);
});
