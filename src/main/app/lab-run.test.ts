import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Folder } from "../../../test/support/command-line.ts";
import { InlineExecutor } from "../../core/inline-executor.ts";
import { Kernel } from "../../core/kernel.ts";
import { registry } from "../../os/registry.ts";
import { openSession } from "../store/reader.ts";
import { LabRun } from "./lab-run.ts";
import { newSession, type PreparedLab, plainTask, prepareLab } from "./options.ts";
import type { FromCluster, RunOutcome, RunTask } from "./run-task.ts";

/** A run on its real thread, with all it tells, and a way to wait for it. */
class Watched {
	readonly told: FromCluster[] = [];
	readonly verdicts: string[] = [];
	readonly run: LabRun;
	#waiting: { readonly is: (message: FromCluster) => boolean; readonly resolve: (message: FromCluster) => void }[] = [];

	/** @param onVerdict called while there is no thread: the old one has gone, the new one has not begun */
	constructor(task: RunTask, onVerdict: (run: LabRun) => void = () => {}) {
		this.run = new LabRun(task, {
			onVerdict: (line) => {
				this.verdicts.push(line);
				onVerdict(this.run);
			},
			onMessage: (message) => {
				this.told.push(message);
				const met = this.#waiting.filter(({ is }) => is(message));
				this.#waiting = this.#waiting.filter((wait) => !met.includes(wait));
				for (const { resolve } of met) resolve(message);
			},
		});
	}

	/** The next message of a kind. */
	next<K extends FromCluster["kind"]>(kind: K): Promise<Extract<FromCluster, { readonly kind: K }>> {
		return new Promise((resolve) => {
			this.#waiting.push({ is: (message) => message.kind === kind, resolve: (message) => resolve(message as Extract<FromCluster, { readonly kind: K }>) });
		});
	}
}

const inline = { name: "inline", watchdogMs: 500, heapMb: 256 } as const;

function plainDigest({ plan }: PreparedLab, commands: RunOutcome["commands"], untilUs = plan.untilUs): string {
	const kernel = new Kernel({ plan, seed: 1, executor: new InlineExecutor(registry), commands });
	kernel.advance({ untilUs });
	return kernel.log.digest();
}

describe("a run on its own thread", () => {
	let ping: PreparedLab;
	beforeAll(() => {
		ping = prepareLab({ lab: "ping" }, registry);
	});
	const task = (over: Partial<RunTask> = {}): RunTask => ({ ...plainTask({ plan: ping.plan, seed: 1, executor: inline }), ...over });

	test("is paused, looked into, given a command and let go, and repeats with that command", async () => {
		const watched = new Watched(task({ startPaused: true }));
		const paused = watched.next("paused");
		watched.run.ask({ kind: "runUntil", untilUs: 2_500_000 });
		expect(await paused).toMatchObject({ virtualUs: 2_500_000, reason: "until" });
		const inspected = watched.next("inspected");
		watched.run.inspect(0);
		expect((await inspected).services).toMatchObject({ ping: { "server-1": { sent: 3, answered: 3 } } });
		const taken = watched.next("commandTaken");
		const id = watched.run.command("crash server-1");
		expect(await taken).toMatchObject({ id, command: { atUs: 2_500_000, line: "crash server-1", origin: "user" } });
		watched.run.ask({ kind: "resume" });
		const outcome = await watched.run.outcome;
		expect(outcome.view.nodes[1]?.status).toBe("down");
		expect(outcome.digest).toBe(plainDigest(ping, outcome.commands));
	});

	test("is stopped at once even while it waits", async () => {
		const watched = new Watched(task({ speed: 0.01 }));
		watched.run.ask({ kind: "stop" });
		const outcome = await watched.run.outcome;
		expect(outcome.finished).toBe(false);
		expect(outcome.virtualUs).toBeLessThan(1_000_000);
	});

	test("is forked without being disturbed: the fork repeats its past and goes another way", async () => {
		const first = new Watched(task({ commands: [{ atUs: 1_000_000, line: "pause server-1", origin: "user" }] }));
		const outcome = await first.run.outcome;
		const fork = new Watched(first.run.forkTask(4_000_000, [{ atUs: 5_000_000, line: "resume server-1" }]));
		const forked = await fork.run.outcome;
		expect(forked.commands.map(({ line }) => line)).toEqual(["pause server-1", "resume server-1"]);
		expect(forked.digest).toBe(plainDigest(ping, forked.commands));
		expect(forked.digest).not.toBe(outcome.digest);
	});

	test("fails with a sentence when what it is given is wrong", async () => {
		const watched = new Watched(task({ plan: { ...ping.plan, checks: [{ id: "x", expression: "nonsense", shows: "" }] } }));
		await expect(watched.run.outcome).rejects.toMatchObject({ code: "check-invalid" });
	});
});

describe("a run in which a node hangs on the thread that all share", () => {
	const folder = new Folder();
	afterAll(() => folder.remove());

	test("is repeated up to there and goes on; a command that was given meanwhile is not lost, and the file is whole", async () => {
		const lab = prepareLab({ lab: "misbehaving", variant: "loops" }, registry);
		const path = folder.file("hung.quorate");
		const session = newSession({ plan: lab.plan, seed: 1, labText: lab.lab.text, detail: "full", executor: "inline", createdMs: 0 });
		const watched = new Watched(
			{ ...plainTask({ plan: lab.plan, seed: 1, executor: inline }), recording: { kind: "at-once", target: { kind: "create", path, session } } },
			(run) => run.command("slow good 2x"),
		);
		const outcome = await watched.run.outcome;
		expect(watched.verdicts).toEqual(["halt bad incarnation 1 step 2 hung"]);
		expect(outcome.commands.map(({ line, origin }) => [line, origin])).toEqual([
			["halt bad incarnation 1 step 2 hung", "watchdog"],
			["slow good 2x", "user"],
		]);
		expect(outcome.commands[1]?.atUs).toBeGreaterThanOrEqual(3_000_000);
		expect(outcome.digest).toBe(plainDigest(lab, outcome.commands));
		const file = openSession(path);
		expect(file.head()).toMatchObject({ eventCount: outcome.events, finished: true });
		expect(file.branches).toHaveLength(1);
		file.close();
	});
});
