import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { InlineExecutor } from "../../src/core/inline-executor.ts";
import { Kernel } from "../../src/core/kernel.ts";
import { newSession, prepareLab } from "../../src/main/app/options.ts";
import { DirectRecorder } from "../../src/main/store/direct-recorder.ts";
import { SessionWriter } from "../../src/main/store/writer.ts";
import { registry } from "../../src/os/registry.ts";
import { Folder, lastObject, quorate, Running, type RunObject } from "../support/command-line.ts";

const folder = new Folder();
afterAll(() => folder.remove());

const saved = folder.file("ping.quorate");
let digest = "";
beforeAll(async () => {
	const finished = await quorate([
		"run",
		"ping",
		"--executor",
		"inline",
		"--at",
		"3s crash server-1",
		"--at",
		"5s restart server-1",
		"--save",
		saved,
		"--json",
	]);
	digest = lastObject<RunObject>(finished).digest;
});

describe("a saved run", () => {
	test("is one file when the run is over", () => {
		expect(readdirSync(folder.path)).toContain("ping.quorate");
		expect(readdirSync(folder.path).filter((name) => name.startsWith("ping.quorate-"))).toEqual([]);
	});

	test("is verified by running it again, with either executor", async () => {
		const verdicts = await Promise.all(["inline", "threads"].map((executor) => quorate(["verify", saved, "--executor", executor])));
		for (const { code, out } of verdicts) {
			expect(code).toBe(0);
			expect(out).toContain(`repeated to the byte; digest ${digest}`);
		}
	});

	test("tells what is in it", async () => {
		const { code, out } = await quorate(["info", saved]);
		expect(code).toBe(0);
		expect(out).toMatch(/lab {7}ping \(version 1\): Ping/);
		expect(out).toMatch(/finished/);
		expect(out).toMatch(/FAIL {2}every-ping-answered/);
		expect(out).toMatch(/3\.000000s {2}crash server-1 \(lab\)/);
		const object = lastObject<{ branches: { digest: string; commands: unknown[] }[] }>(await quorate(["info", saved, "--json"]));
		expect(object.branches).toHaveLength(1);
		expect(object.branches[0]?.digest).toBe(digest);
		expect(object.branches[0]?.commands).toHaveLength(2);
	});

	test("is replayed as a timeline, in order, one line an event", async () => {
		const { code, out, err } = await quorate(["replay", saved]);
		const lines = out.trimEnd().split("\n");
		const { events } = lastObject<RunObject>(
			await quorate(["run", "ping", "--executor", "inline", "--at", "3s crash server-1", "--at", "5s restart server-1", "--json"]),
		);
		expect(code).toBe(0);
		expect(lines).toHaveLength(events);
		expect(err.trim()).toBe(`${events} events of ${events}`);
		const instants = lines.map((line) => Number.parseFloat(line));
		expect(instants).toEqual([...instants].sort((a, b) => a - b));
		expect(lines[0]).toMatch(/^ +0\.000000s {2}client-1 {2}nodeBooted {10}client-1 boots, incarnation 1$/);
	});

	test("shows only what was asked for", async () => {
		const lines = async (...words: string[]) => (await quorate(["replay", saved, ...words])).out.trimEnd().split("\n");
		const around = await lines("--from", "3s", "--to", "5s", "--kind", "control", "--node", "server-1");
		expect(around.map((line) => line.trim().split(/ {2,}/).slice(2).join(" | "))).toEqual([
			"nodeCrashed | server-1 crashed",
			"nodeRestarting | server-1 is switched on and will be up at 5.100000s",
		]);
		const drops = await lines("--kind", "messageDropped", "--node", "server-*");
		expect(drops.every((line) => /messageDropped .*client-1#\d+ to server-1 is lost: met a receiver that is down/.test(line))).toBe(true);
		expect(drops).toHaveLength(3); // the pings of 3s, 4s and 5s, which comes before the node has booted
	});

	test.each([
		[["--kind", "messageDroped"], /did you mean messageDropped\?/],
		[["--node", "server-2"], /did you mean server-1\?/],
		[["--from", "soon"], /"soon" is no duration/],
		[["--from", "5s", "--to", "3s"], /--to 3s lies before --from 5s/],
		[["--branch", "3"], /there is no branch "3"/],
	])("refuses %j with a sentence", async (words, said) => {
		const { code, err } = await quorate(["replay", saved, ...words]);
		expect(code).toBe(2);
		expect(err).toMatch(said);
	});

	test("can be read by a program that leaves early", async () => {
		const running = new Running(["replay", saved]);
		running.child.stdout?.once("data", () => running.child.stdout?.destroy());
		const { code, err } = await running.finished;
		expect(code).toBe(0);
		expect(err).not.toMatch(/EPIPE|Error/);
	});
});

describe("a file that exists", () => {
	test("is never overwritten unless told so", async () => {
		const path = folder.file("kept.quorate");
		copyFileSync(saved, path);
		const before = readFileSync(path);
		const refused = await quorate(["run", "ping", "--executor", "inline", "--save", path]);
		expect(refused.code).toBe(2);
		expect(refused.err).toMatch(/kept\.quorate exists already\n {2}It was not changed\.\n {2}Save under another name, or let --force replace it\./);
		expect(readFileSync(path).equals(before)).toBe(true);
		const forced = await quorate(["run", "ping", "--executor", "inline", "--seed", "9", "--save", path, "--force", "--json"]);
		expect(forced.code).toBe(0);
		expect((await quorate(["info", path])).out).toMatch(/seed {6}9/);
	});

	test("and is no session is not replaced even when told so", async () => {
		const path = folder.file("essay.txt");
		writeFileSync(path, "two weeks of work");
		const { code, err } = await quorate(["run", "ping", "--executor", "inline", "--save", path, "--force"]);
		expect(code).toBe(2);
		expect(err).toMatch(/is no session/);
		expect(readFileSync(path, "utf8")).toBe("two weeks of work");
	});

	test("and is being written is left alone, even when told to replace it", async () => {
		const path = folder.file("busy.quorate");
		const running = new Running(["run", "ping", "--executor", "inline", "--speed", "0.1x", "--save", path, "--at", "1ms pause server-1"]);
		await running.said(/server-1 is paused/);
		const second = await quorate(["run", "ping", "--executor", "inline", "--save", path, "--force"]);
		const forked = await quorate(["run", "--fork", path, "--from", "0s", "--until", "1s", "--executor", "inline"]);
		const read = await quorate(["info", path]);
		running.child.kill("SIGINT");
		await running.finished;
		expect(second.code).toBe(2);
		expect(second.err).toMatch(/is being written by another program/);
		expect(forked.code).toBe(2);
		expect(forked.err).toMatch(/is being written by another program/);
		expect(read.code).toBe(0);
		expect((await quorate(["verify", path])).code).toBe(0);
	});
});

describe("a run that is broken off", () => {
	test("by Ctrl-C ends cleanly: report, exit code 130, and a whole file", async () => {
		const path = folder.file("interrupted.quorate");
		const running = new Running(["run", "ping", "--executor", "inline", "--speed", "1x", "--save", path, "--at", "10ms pause server-1"]);
		await running.said(/server-1 is paused/);
		running.child.kill("SIGINT");
		const { code, out } = await running.finished;
		expect(code).toBe(130);
		expect(out).toMatch(/broken off/);
		expect(existsSync(`${path}-wal`)).toBe(false);
		const verified = await quorate(["verify", path]);
		expect(verified.out).toMatch(/the recording was broken off there/);
		expect(verified.code).toBe(0);
	});

	test("by kill -9 leaves a file that opens, replays and verifies up to its last commit", async () => {
		const path = folder.file("killed.quorate");
		const running = new Running(["run", "front-door", "--executor", "inline", "--speed", "2x", "--save", path]);
		await running.said(/web-3 is down/);
		running.child.kill("SIGKILL");
		const { signal } = await running.finished;
		expect(signal).toBe("SIGKILL");
		const alone = folder.file("alone.quorate");
		copyFileSync(path, alone);
		const withoutJournal = await quorate(["info", alone]);
		expect(withoutJournal.code).toBe(0);
		expect(withoutJournal.err).toMatch(/alone\.quorate-wal, the journal .* is missing; what was recorded last may have been in it/);
		const { branches } = lastObject<{ branches: { events: number; finished: boolean; untilUs: number }[] }>(await quorate(["info", path, "--json"]));
		expect(branches[0]?.finished).toBe(false);
		expect(branches[0]?.untilUs).toBeGreaterThan(4_000_000);
		const replayed = await quorate(["replay", path]);
		expect(replayed.code).toBe(0);
		expect(replayed.out.trimEnd().split("\n")).toHaveLength(branches[0]?.events ?? 0);
		const verified = await quorate(["verify", path]);
		expect(verified.err).toBe("");
		expect(verified.code).toBe(0);
	});

	test("by a full disk says so, and keeps what was committed", async () => {
		const path = folder.file("full.quorate");
		// The shell's limit on the size of a file stands for the end of the disk.
		const running = new Running(["run", "front-door", "--executor", "inline", "--save", path], { fileKbMax: 600 });
		const { code, err, out } = await running.finished;
		expect(code).toBe(2);
		expect(err).toMatch(/^quorate: .*(no room left|did not take).*\n {2}Everything up to the last commit is in the file/);
		expect(out).toMatch(/saved {5}.*full\.quorate, in part/);
		const verified = await quorate(["verify", path]);
		expect(verified.code).toBe(0);
		expect(verified.out).toMatch(/broken off there/);
	});

	test("by the watchdog's verdict has nothing lost and nothing doubled", async () => {
		const path = folder.file("hung.quorate");
		const finished = await quorate(["run", "misbehaving", "--variant", "loops", "--executor", "inline", "--watchdog", "700ms", "--save", path, "--json"]);
		const { digest: ran, events } = lastObject<RunObject>(finished);
		const { branches } = lastObject<{ branches: { events: number; digest: string; finished: boolean; commands: { line: string; origin: string }[] }[] }>(
			await quorate(["info", path, "--json"]),
		);
		expect(branches).toHaveLength(1);
		expect(branches[0]).toMatchObject({ events, digest: ran, finished: true });
		expect(branches[0]?.commands.map(({ line, origin }) => [line, origin])).toEqual([
			["halt bad incarnation 1 step 2 hung", "watchdog"],
			["restart bad", "lab"],
		]);
		expect((await quorate(["verify", path])).code).toBe(0);
	});
});

describe("a fork", () => {
	test("goes its own way from an instant on, in a branch of the same file, and keeps the old future", async () => {
		const path = folder.file("forked.quorate");
		copyFileSync(saved, path);
		const forked = await quorate(["run", "--fork", path, "--from", "4s", "--at", "6s pause server-1", "--executor", "inline", "--json"]);
		expect(forked.code).toBe(1);
		expect(lastObject<RunObject>(forked).digest).not.toBe(digest);
		const { branches } = lastObject<{ branches: { parent: number; forkUs: number; digest: string; commands: { line: string; origin: string }[] }[] }>(
			await quorate(["info", path, "--json"]),
		);
		expect(branches.map(({ parent, forkUs }) => [parent, forkUs])).toEqual([
			[-1, 0],
			[0, 4_000_000],
		]);
		expect(branches[0]?.digest).toBe(digest);
		expect(branches[1]?.commands.map(({ line, origin }) => [line, origin])).toEqual([
			["crash server-1", "lab"],
			["restart server-1", "lab"],
			["pause server-1", "user"],
		]);
		// As the window calls them, and so does what is handed in.
		const told = (await quorate(["info", path])).out;
		expect(told).toMatch(/^ {2}branch 0 {2}trunk: /m);
		expect(told).toMatch(/^ {2}branch 1 {2}from trunk, at 4s, event /m);
		const page = folder.file("branch.html");
		await quorate(["export", path, "--branch", "1", "--format", "html", "--out", page]);
		expect(readFileSync(page, "utf8")).toMatch(/<dt>Branch<\/dt><dd>branch 1, from trunk, at 4[.0]*s<\/dd>/);
		const verified = await quorate(["verify", path]);
		expect(verified.out.trimEnd().split("\n")).toEqual([expect.stringMatching(/^trunk: the same: /), expect.stringMatching(/^branch 1: the same: /)]);
		expect(verified.code).toBe(0);
	});

	test("without new commands repeats the old future, also in a file of its own", async () => {
		const path = folder.file("copy.quorate");
		const forked = await quorate(["run", "--fork", saved, "--from", "4s", "--save", path, "--executor", "inline", "--json"]);
		expect(lastObject<RunObject>(forked).digest).toBe(digest);
		expect((await quorate(["verify", path])).out).toContain(digest);
	});

	test.each([
		[["--from", "20s"], /reaches to 10s/],
		[["--from", "4s", "--at", "3s crash server-1"], /lies before the fork/],
		[["--from", "4s", "--seed", "3"], /--seed is settled by the session/],
		[["--from", "4s", "--until", "2s"], /no future/],
		[[], /--from/],
	])("refuses %j with a sentence", async (words, said) => {
		const { code, err } = await quorate(["run", "--fork", saved, ...words]);
		expect(code).toBe(2);
		expect(err).toMatch(said);
	});
});

describe("verify", () => {
	/** A file whose seals are sound and whose events are those of another run. */
	function forgery(name: string, detail: "full" | "summary"): string {
		const { plan, lab } = prepareLab({ lab: "ping" }, registry);
		const path = folder.file(name);
		const session = newSession({ plan, seed: 2, labText: lab.text, detail, executor: "inline", createdMs: 0 });
		const recorder = new DirectRecorder({ kind: "create", path, session });
		const kernel = new Kernel({ plan, seed: 1, executor: new InlineExecutor(registry) });
		kernel.log.addSink(recorder);
		kernel.advance({ untilUs: plan.untilUs });
		kernel.flush();
		recorder.close({ untilUs: plan.untilUs, finished: true, verdicts: [] });
		return path;
	}

	test("names the first event that differs, and what happens instead, and exits with 3", async () => {
		const { code, out } = await quorate(["verify", forgery("forged.quorate", "full"), "--json"]);
		expect(code).toBe(3);
		const { same, branches } = JSON.parse(out) as {
			same: boolean;
			branches: { difference: { index: number; exact: boolean; recorded: string; repeated: string } }[];
		};
		expect(same).toBe(false);
		const difference = branches[0]?.difference;
		// Both seeds boot the two nodes and send the first ping; its delay is the first draw.
		const [one, two] = ["1", "2"].map(async (seed) => {
			const path = folder.file(`seed-${seed}.quorate`);
			await quorate(["run", "ping", "--executor", "inline", "--seed", seed, "--save", path]);
			return (await quorate(["replay", path])).out.split("\n");
		}) as [Promise<string[]>, Promise<string[]>];
		const [first, second] = [await one, await two];
		const index = first.findIndex((line, at) => line !== second[at]);
		expect(difference).toMatchObject({ index, exact: true });
		expect(first[index]).toContain(difference?.recorded.split("  ")[1]);
		expect(second[index]).toContain(difference?.repeated.split("  ")[1]);
	});

	test("names the range when the file does not hold every event", async () => {
		const { code, out } = await quorate(["verify", forgery("forged-summary.quorate", "summary")]);
		expect(code).toBe(3);
		expect(out).toMatch(/one of \d+ to \d+; the file holds the detail summary/);
	});

	test("refuses what another engine recorded", async () => {
		const { plan, lab } = prepareLab({ lab: "ping" }, registry);
		const path = folder.file("older.quorate");
		const session = newSession({ plan, seed: 1, labText: lab.text, detail: "full", executor: "inline", createdMs: 0 });
		SessionWriter.create(path, { ...session, header: { ...session.header, engineVersion: 999, digestHeader: "quorate engine 999" } }).close();
		const { code, err } = await quorate(["verify", path]);
		expect(code).toBe(2);
		expect(err).toMatch(/was recorded by engine 999/);
	});

	/** Another lab's name in the header. */
	function altered(bytes: Buffer): Buffer {
		const copy = Buffer.from(bytes);
		copy.write("pong", copy.indexOf('"labId":"ping"') + '"labId":"'.length);
		return copy;
	}

	test.each([
		["cut short", (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length / 2))],
		["altered in one word", altered],
		["no session at all", () => Buffer.from("hello")],
	])("refuses a file that is %s, for every command that reads", async (name, spoil) => {
		const path = folder.file(`${name.replaceAll(" ", "-")}.quorate`);
		writeFileSync(path, spoil(readFileSync(saved)));
		const before = readFileSync(path);
		for (const command of ["verify", "replay", "info"]) {
			const { code, err } = await quorate([command, path]);
			expect(code, command).toBe(2);
			expect(err).toMatch(/^quorate: .*(is damaged|is no Quorate session)/);
		}
		expect(readFileSync(path).equals(before)).toBe(true);
	});
});
