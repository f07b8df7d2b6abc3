import { describe, expect, test } from "vitest";
import { registryOf, service, tinyPlan } from "../../../test/support/tiny-plan.ts";
import { InlineExecutor } from "../../core/inline-executor.ts";
import { Kernel, type RecordedCommand } from "../../core/kernel.ts";
import type { LogBlock } from "../../core/log-sink.ts";
import type { Message, NodeContext } from "../../core/node-api.ts";
import { QuorateError } from "../../shared/errors.ts";
import type { RecordedCommand as FileCommand } from "../../shared/session.ts";
import type { RecordingEnd, RecordingTarget, SessionRecorder } from "../store/recording.ts";
import { plainTask } from "./options.ts";
import { RunDriver } from "./run-driver.ts";
import type { FromCluster, RunOutcome, RunTask, ToCluster } from "./run-task.ts";

const echo = service("echo", ["say"], (ctx: NodeContext) => ({ on: { say: (message: Message) => ctx.reply(message, null) }, inspect: () => ({ well: true }) }));
const caller = service("caller", ["say", "tick"], (ctx: NodeContext) => ({
	boot: () =>
		void ctx.every(10_000, "tick", function* () {
			const span = ctx.startSpan("say");
			const reply = yield* ctx.call("b", "say", ctx.random.below(100), { timeoutUs: 5_000 });
			span.finish(reply.ok ? "ok" : "error");
			if (!reply.ok) ctx.log("no answer", "warn");
		}),
}));
const registry = registryOf(echo, caller);
const plan = tinyPlan(
	{
		nodes: { a: { services: ["caller"] }, b: { services: ["echo"] } },
		physics: { jitter: { kind: "uniform", maxUs: 300 } },
		untilUs: 2_000_000,
		checks: [{ id: "answered", expression: "errors of say == 0", shows: "Every call is answered." }],
	},
	registry,
);
const task: RunTask = plainTask({ plan, seed: 1, executor: { name: "inline", watchdogMs: 5_000, heapMb: 512 } });

/** The run without a driver. */
function plainDigest(commands: readonly RecordedCommand[] = [], untilUs = plan.untilUs): string {
	const kernel = new Kernel({ plan, seed: 1, executor: new InlineExecutor(registry), commands });
	kernel.advance({ untilUs });
	return kernel.log.digest();
}

/** Keeps what it is given; fails after so many blocks if told so. */
class MemoryRecorder implements SessionRecorder {
	readonly path = "memory";
	readonly branch = 0;
	readonly target: RecordingTarget;
	readonly commands: FileCommand[] = [];
	readonly blocks = new Map<number, { readonly eventCount: number; readonly complete: boolean }>();
	failure: QuorateError | null = null;
	end: RecordingEnd | undefined;
	closed = false;
	commits = 0;
	readonly #failsAt: number;

	constructor(target: RecordingTarget, failsAt: number) {
		this.target = target;
		this.#failsAt = failsAt;
	}

	get committedEvents(): number {
		return [...this.blocks.values()].reduce((sum, { eventCount }) => sum + eventCount, 0);
	}

	onBlock({ block, eventCount, complete }: LogBlock): void {
		if (block >= this.#failsAt) this.failure = new QuorateError("disk-full", "no room");
		else this.blocks.set(block, { eventCount, complete });
	}

	onCommand(command: FileCommand): void {
		this.commands.push(command);
	}

	commit(): void {
		this.commits++;
	}

	close(end?: RecordingEnd): void {
		this.closed = true;
		this.end = end;
	}
}

interface Drive {
	readonly task?: Partial<RunTask>;
	/** Called at every rest, before the driver goes on; asks and looks. */
	readonly at?: (drive: Driving) => void;
	/** The block at which the recorder fails. */
	readonly recorderFailsAt?: number;
}

/** A driver whose wall clock moves only when it rests, and a millisecond with every look. */
class Driving {
	readonly told: FromCluster[] = [];
	readonly driver: RunDriver;
	recorder: MemoryRecorder | null = null;
	wallMs = 0;
	rests = 0;

	constructor({ task: own, at, recorderFailsAt = Number.POSITIVE_INFINITY }: Drive) {
		this.driver = new RunDriver({
			task: { ...task, ...own },
			executor: new InlineExecutor(registry),
			services: registry,
			openRecorder: (target) => {
				this.recorder = new MemoryRecorder(target, recorderFailsAt);
				return this.recorder;
			},
			post: (message) => void this.told.push(structuredClone(message)),
			nowMs: () => {
				this.wallMs += 0.01;
				return this.wallMs;
			},
			rest: async (ms) => {
				this.wallMs += ms;
				this.rests++;
				if (this.rests > 100_000) throw new Error("the driver never ends");
				at?.(this);
			},
		});
	}

	of<K extends FromCluster["kind"]>(kind: K): Extract<FromCluster, { readonly kind: K }>[] {
		return this.told.filter((message): message is Extract<FromCluster, { readonly kind: K }> => message.kind === kind);
	}

	ask(request: ToCluster): void {
		this.driver.ask(request);
	}
}

async function drive(options: Drive = {}): Promise<{ readonly driving: Driving; readonly outcome: RunOutcome }> {
	const driving = new Driving(options);
	return { driving, outcome: await driving.driver.run() };
}

interface Step {
	when(driving: Driving): boolean;
	act(driving: Driving): void;
}

/** Takes the steps in order, each at the first rest at which it may be taken. */
function script(...steps: readonly Step[]): (driving: Driving) => void {
	let next = 0;
	return (driving) => {
		for (let step = steps[next]; step?.when(driving) === true; step = steps[++next]) step.act(driving);
	};
}

const ask =
	(...requests: readonly ToCluster[]) =>
	(driving: Driving): void => {
		for (const request of requests) driving.ask(request);
	};
const paused =
	(count: number) =>
	(driving: Driving): boolean =>
		driving.of("paused").length === count;
const past =
	(virtualUs: number) =>
	({ driver }: Driving): boolean =>
		driver.nowUs > virtualUs;

describe("a driven run", () => {
	test("is the run itself, at any speed", async () => {
		const digests = await Promise.all((["max", 0.5, 100] as const).map(async (speed) => (await drive({ task: { speed } })).outcome.digest));
		expect(digests).toEqual([plainDigest(), plainDigest(), plainDigest()]);
	});

	test("takes as long as its speed says", async () => {
		const { outcome } = await drive({ task: { speed: 4 } });
		expect(outcome.wallMs).toBeGreaterThan(490);
		expect(outcome.wallMs).toBeLessThan(530);
	});

	test("ends finished, with verdicts, view and digest", async () => {
		const { outcome } = await drive();
		expect(outcome).toMatchObject({ finished: true, virtualUs: 2_000_000, digest: plainDigest(), commands: [], recordingFailure: null });
		expect(outcome.verdicts.map(({ id, ok }) => [id, ok])).toEqual([["answered", true]]);
		expect(outcome.view.events).toBe(outcome.events);
		expect(outcome.view.messages.sent).toBe(outcome.view.messages.delivered);
	});

	test("tells states at the pace asked for, and the last one at its end", async () => {
		const { driving } = await drive({ task: { speed: 1, statusEveryMs: 100 } });
		const states = driving.of("status").map(({ status }) => status);
		expect(states.length).toBeGreaterThan(17);
		expect(states.length).toBeLessThan(24);
		expect(states.at(-1)).toMatchObject({ mode: "ended", virtualUs: 2_000_000 });
		expect(states.at(10)?.paceRatio).toBeCloseTo(1, 1);
	});

	test("tells messages under way and lost ones to a window, and nobody else", async () => {
		const loss = { atUs: 1_000_000, line: "set link a b lossRatio 1" };
		const { driving } = await drive({ task: { speed: 0.1, statusEveryMs: 1, forWindow: true, wishes: [loss] } });
		const states = driving.of("status").map(({ status }) => status);
		const flying = states.filter(({ drawn: messages }) => (messages?.flights.length ?? 0) > 0);
		expect(flying.length).toBeGreaterThan(10);
		for (const { virtualUs, drawn: messages, view } of states) {
			const { sent, delivered, dropped } = view.messages;
			expect(messages?.wallsUs).toEqual([virtualUs, virtualUs]);
			expect(messages?.flights).toHaveLength(sent - delivered - (dropped.loss ?? 0));
			for (const { enteredUs, arrivesUs } of messages?.flights ?? []) expect([enteredUs < virtualUs, arrivesUs >= virtualUs]).toEqual([true, true]);
			for (const { lostUs } of messages?.lost ?? []) expect([lostUs < virtualUs, lostUs >= virtualUs - 70_000]).toEqual([true, true]);
			expect((messages?.lost.length ?? 0) > 0).toBe(virtualUs > loss.atUs);
		}
		const plain = await drive({ task: { speed: 0.1, statusEveryMs: 1 } });
		expect(plain.driving.of("status").every(({ status }) => status.drawn === undefined)).toBe(true);
	});

	test("is stopped when asked, unfinished, with what has happened", async () => {
		const { driving, outcome } = await drive({ task: { speed: 1 }, at: script({ when: ({ wallMs }) => wallMs > 500, act: ask({ kind: "stop" }) }) });
		expect(outcome.finished).toBe(false);
		expect(outcome.virtualUs).toBeGreaterThan(480_000);
		expect(outcome.virtualUs).toBeLessThan(520_000);
		expect(outcome.digest).toBe(plainDigest([], outcome.virtualUs));
		expect(driving.of("ended")).toEqual([]); // that is the thread's to say
	});
});

describe("pausing", () => {
	test("stands still, steps one event at a time, and goes on to the same end", async () => {
		const instants: number[] = [];
		const look = (request: ToCluster) => (driving: Driving) => {
			instants.push(driving.driver.nowUs, driving.driver.events);
			driving.ask(request);
		};
		const { outcome } = await drive({
			task: { startPaused: true },
			at: script(
				{ when: ({ rests }) => rests >= 5, act: ask({ kind: "step" }) },
				{ when: paused(1), act: look({ kind: "step" }) },
				{ when: paused(2), act: look({ kind: "runUntil", untilUs: 1_000_000 }) },
				{ when: paused(3), act: look({ kind: "resume" }) },
			),
		});
		expect(instants.slice(0, 2)).toEqual([0, 1]); // the first node boots
		expect(instants.slice(2, 4)).toEqual([0, 2]); // the second
		expect(instants[4]).toBe(1_000_000);
		expect(outcome.digest).toBe(plainDigest());
	});

	test("happens at an event that was waited for", async () => {
		const { driving, outcome } = await drive({
			task: { pauseWhen: { kind: "event", event: "messageDelivered", node: "b", afterUs: 700_000 } },
			at: script({ when: paused(1), act: ask({ kind: "pauseWhen", predicate: null }, { kind: "resume" }) }),
		});
		expect(driving.of("paused")[0]).toMatchObject({ reason: "predicate" });
		const atUs = driving.of("paused")[0]?.virtualUs ?? 0;
		expect(atUs).toBeGreaterThan(700_000);
		expect(atUs).toBeLessThan(703_000);
		expect(outcome.digest).toBe(plainDigest());
	});

	test("happens when a check begins to fail, and only then", async () => {
		const { driving } = await drive({
			task: { pauseWhen: { kind: "checkFails" }, wishes: [{ atUs: 500_000, line: "crash b" }] },
			at: script({ when: paused(1), act: ask({ kind: "resume" }) }),
		});
		expect(driving.of("paused").map(({ reason }) => reason)).toEqual(["predicate"]);
		const atUs = driving.of("paused")[0]?.virtualUs ?? 0;
		expect(atUs).toBeGreaterThan(500_000);
		expect(atUs).toBeLessThan(520_000);
	});
});

describe("commands", () => {
	test("given while running are answered with the instant they take effect, and repeat the run", async () => {
		const { driving, outcome } = await drive({
			task: { speed: 10 },
			at: script(
				{ when: past(600_000), act: ask({ kind: "command", id: 7, line: "crash b", atUs: 0 }) },
				{ when: past(700_000), act: ask({ kind: "command", id: 8, line: "restart b", atUs: 1_500_000 }) },
			),
		});
		const taken = driving.of("commandTaken");
		expect(taken.map(({ id, command }) => [id, command.line])).toEqual([
			[7, "crash b"],
			[8, "restart b"],
		]);
		expect(taken[1]?.command.atUs).toBe(1_500_000);
		expect(outcome.commands).toEqual(taken.map(({ command }) => command));
		expect(outcome.digest).toBe(plainDigest(outcome.commands));
		expect(outcome.digest).not.toBe(plainDigest());
	});

	test("that do not parse are refused with a sentence, and change nothing", async () => {
		const { driving, outcome } = await drive({ at: script({ when: past(-1), act: ask({ kind: "command", id: 1, line: "crash c", atUs: 0 }) }) });
		expect(driving.of("commandRefused").map(({ id, error }) => [id, error.code])).toEqual([[1, "command-invalid"]]);
		expect(outcome.digest).toBe(plainDigest());
	});

	test("are told as lines: what was done, what went wrong", async () => {
		const { driving } = await drive({
			task: {
				tellLines: true,
				wishes: [
					{ atUs: 500_000, line: "pause b" },
					{ atUs: 512_000, line: "resume b" },
					{ atUs: 600_000, line: "resume b" },
				],
			},
		});
		const lines = driving.of("lines").flatMap(({ lines: batch }) => batch.map(({ tone, text }) => [tone, text]));
		expect(lines).toEqual([
			["fault", "b is paused"],
			["warning", "a says (warn): no answer"],
			["note", "b goes on"],
			["warning", "refused: resume b: b is up, not paused (given by the user)"],
		]);
	});

	test("let a node be inspected", async () => {
		const { driving } = await drive({
			task: { speed: 10 },
			at: script({ when: past(100_000), act: ask({ kind: "inspect", id: 3, node: 1 }, { kind: "inspect", id: 4, node: 99 }) }),
		});
		expect(driving.of("inspected").map(({ id, services }) => [id, services])).toEqual([
			[3, { echo: { well: true } }],
			[4, null],
		]);
	});
});

describe("a command to a run that stands still", () => {
	const recording: RunTask["recording"] = { kind: "at-once", target: { kind: "continue", path: "memory", branch: 0 } };
	const command = (id: number, line: string): ToCluster => ({ kind: "command", id, line, atUs: 0 });

	test("shows at once, in the state, the lines and the file, and is the same run as without the pause", async () => {
		let seen: { readonly status: unknown; readonly recorded: number; readonly events: number; readonly lines: readonly string[] } | null = null;
		const { driving, outcome } = await drive({
			task: { speed: 1, statusEveryMs: 10, tellLines: true, recording },
			at: script(
				{ when: past(333_333), act: ask({ kind: "pause" }) },
				{ when: paused(1), act: ask(command(1, "crash b"), command(2, "crash b")) },
				{
					when: ({ told }) => told.some(({ kind }) => kind === "commandTaken") && told.at(-1)?.kind === "status",
					act: (driving) => {
						const { status } = driving.of("status").at(-1) as {
							readonly status: { readonly view: { readonly nodes: readonly { readonly status: string }[]; readonly events: number } };
						};
						const lines = driving.of("lines").flatMap(({ lines: batch }) => batch.map(({ text }) => text));
						seen = { status: status.view.nodes[1]?.status, recorded: driving.recorder?.committedEvents ?? 0, events: status.view.events, lines };
						driving.ask({ kind: "resume" });
					},
				},
			),
		});
		const taken = driving.of("commandTaken").map(({ command: { atUs } }) => atUs);
		expect(taken[0]).toBe(taken[1]);
		expect(seen).toMatchObject({ status: "down", lines: ["b crashed", "refused: crash b: b is already down (given by the user)"] });
		expect((seen as unknown as { recorded: number }).recorded).toBe((seen as unknown as { events: number }).events);
		expect(outcome.digest).toBe(plainDigest(outcome.commands));
		expect(driving.of("paused")).toHaveLength(1);
	});

	test("in the middle of an instant comes after all of it, and at the run's end never", async () => {
		const { driving, outcome } = await drive({
			task: { speed: "max" },
			at: script(
				{ when: ({ rests }) => rests === 1, act: ask({ kind: "pause" }) },
				{ when: paused(1), act: ask({ kind: "step" }, { kind: "step" }, command(1, "pause b"), { kind: "step" }, command(2, "resume b")) },
				{ when: paused(4), act: ask({ kind: "runUntil", untilUs: plan.untilUs - 1 }) },
				{ when: paused(5), act: ask({ kind: "resume" }) },
			),
		});
		expect(driving.of("commandTaken")).toHaveLength(2);
		expect(outcome.finished).toBe(true);
		expect(outcome.digest).toBe(plainDigest(outcome.commands));
	});

	test("is done before a fork that starts paused is shown", async () => {
		const { driving } = await drive({
			task: { statusEveryMs: 10, startPaused: true, fork: { atUs: 500_000, expected: null }, wishes: [{ atUs: 500_000, line: "crash b" }] },
			at: script({ when: ({ rests }) => rests > 1_000, act: ask({ kind: "stop" }) }),
		});
		expect(driving.of("status")[0]?.status).toMatchObject({ mode: "paused", virtualUs: 500_000, view: { nodes: [{ status: "up" }, { status: "down" }] } });
	});

	test("has been done when a run is continued from there", async () => {
		const commands = [
			{ atUs: 400_000, line: "crash a", origin: "user" },
			{ atUs: 500_000, line: "crash b", origin: "user" },
			{ atUs: 500_001, line: "restart b", origin: "user" },
		] as const;
		const { driving } = await drive({
			task: { statusEveryMs: 10, startPaused: true, commands, catchUpUs: 500_000 },
			at: script({ when: ({ rests }) => rests > 1_000, act: ask({ kind: "stop" }) }),
		});
		expect(driving.of("status")[0]?.status).toMatchObject({ mode: "paused", virtualUs: 500_000, view: { nodes: [{ status: "down" }, { status: "down" }] } });
	});

	test("that is meant for later waits, and starts nothing", async () => {
		const { driving } = await drive({
			task: { statusEveryMs: 10, startPaused: true },
			at: script(
				{ when: ({ told }) => told.some(({ kind }) => kind === "status"), act: ask({ ...command(1, "crash b"), atUs: 1_000 } as ToCluster) },
				{ when: ({ rests }) => rests > 100, act: ask({ kind: "stop" }) },
			),
		});
		expect(driving.of("status").at(-1)?.status).toMatchObject({ virtualUs: 0, view: { events: 0 } });
	});
});

describe("recording", () => {
	const recording: RunTask["recording"] = { kind: "at-once", target: { kind: "continue", path: "memory", branch: 0 } };

	test("gives the file every block, every command in order, and an end", async () => {
		const { driving, outcome } = await drive({
			task: {
				recording,
				wishes: [
					{ atUs: 500_000, line: "pause b" },
					{ atUs: 600_000, line: "pause b" },
					{ atUs: 700_000, line: "resume b" },
				],
			},
		});
		const { recorder } = driving;
		expect(recorder?.committedEvents).toBe(outcome.events);
		expect(recorder?.commands).toEqual([
			{ sequence: 1, atUs: 500_000, origin: "user", line: "pause b" },
			{ sequence: 2, atUs: 600_000, origin: "user", line: "pause b" },
			{ sequence: 3, atUs: 700_000, origin: "user", line: "resume b" },
		]);
		expect(recorder?.end).toMatchObject({ untilUs: 2_000_000, finished: true });
		expect(outcome.digest).toBe(plainDigest(outcome.commands));
	});

	test("makes what there is durable now and then, also while little happens", async () => {
		const { driving } = await drive({ task: { recording, speed: 0.5 } });
		expect(driving.recorder?.commits).toBeGreaterThanOrEqual(6);
	});

	test("that fails ends the run, and says why", async () => {
		const { outcome, driving } = await drive({ task: { recording, speed: 10 }, recorderFailsAt: 0 });
		expect(outcome.finished).toBe(false);
		expect(outcome.recordingFailure).toMatchObject({ code: "disk-full" });
		expect(outcome.virtualUs).toBeLessThan(plan.untilUs);
		expect(driving.recorder?.closed).toBe(true);
	});

	test("that cannot begin starts nothing", () => {
		const refuse = (): never => {
			throw new QuorateError("session-exists", "there is one");
		};
		const parts = {
			task: { ...task, recording },
			executor: new InlineExecutor(registry),
			services: registry,
			openRecorder: refuse,
			post: () => {},
			nowMs: () => 0,
			rest: async () => {},
		};
		expect(() => new RunDriver(parts)).toThrow("there is one");
	});
});

describe("a fork", () => {
	const earlier: readonly RecordedCommand[] = [{ atUs: 300_000, line: "pause b", origin: "user" }];
	const fork: Partial<RunTask> = {
		commands: earlier,
		fork: { atUs: 1_000_000, expected: null },
		wishes: [{ atUs: 1_200_000, line: "resume b" }],
		recording: { kind: "from-fork", path: "memory", parent: 0, name: "mine" },
	};

	test("repeats the past without a pace, then goes its own way from its instant on", async () => {
		const { outcome, driving } = await drive({ task: { ...fork, speed: 1 } });
		expect(outcome.digest).toBe(plainDigest([...earlier, { atUs: 1_200_000, line: "resume b", origin: "user" }]));
		expect(outcome.wallMs).toBeGreaterThan(990);
		expect(outcome.wallMs).toBeLessThan(1_100);
		expect(driving.of("wishesTaken")[0]?.commands).toEqual([{ atUs: 1_200_000, line: "resume b", origin: "user" }]);
	});

	test("records from its instant on, with the commands that came before", async () => {
		const before = new Kernel({ plan, seed: 1, executor: new InlineExecutor(registry), commands: earlier });
		before.advance({ untilUs: 1_000_000 });
		const { driving } = await drive({ task: fork });
		expect(driving.recorder?.target).toEqual({
			kind: "fork",
			path: "memory",
			branch: { parent: 0, forkIndex: before.log.eventCount, forkUs: 1_000_000, name: "mine" },
		});
		expect(driving.recorder?.commands.map(({ line }) => line)).toEqual(["pause b", "resume b"]);
	});

	test("whose past is not what was recorded is refused", async () => {
		const expected = { block: 0, digest: new Uint8Array(32) };
		await expect(drive({ task: { ...fork, fork: { atUs: 1_900_000, expected } } })).rejects.toThrow(/does not repeat/);
	});
});

describe("a run that takes over from one that hung", () => {
	const commands: readonly RecordedCommand[] = [
		{ atUs: 500_000, line: "pause b", origin: "user" },
		{ atUs: 0, line: "halt b incarnation 1 step 5 hung", origin: "watchdog" },
	];

	test("catches up without a pace", async () => {
		const { outcome } = await drive({ task: { speed: 1, catchUpUs: 1_500_000, commands } });
		expect(outcome.wallMs).toBeLessThan(600);
		expect(outcome.commands.map(({ origin }) => origin)).toEqual(["user", "watchdog"]);
	});

	test("tells no line twice", async () => {
		const lines = async (linesFromIndex: number) => {
			const { driving } = await drive({ task: { linesFromIndex, tellLines: true, commands } });
			return driving.of("lines").flatMap(({ lines: batch }) => batch);
		};
		const all = await lines(0);
		const verdict = all.findIndex(({ text }) => text === "b was stopped, because a handler did not return");
		expect(verdict).toBeGreaterThanOrEqual(0);
		expect(await lines((all[verdict]?.index ?? 0) + 1)).toEqual(all.slice(verdict + 1));
	});
});
