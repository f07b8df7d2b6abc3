/** What a driven run gives its file. */
import { describe, expect, test } from "vitest";
import { ask, type Driving, drive, drivenPlan, drivenRegistry, drivenTask, past, plainDigest, script } from "../../../test/support/driving.ts";
import { InlineExecutor } from "../../core/inline-executor.ts";
import { Kernel, type RecordedCommand } from "../../core/kernel.ts";
import { QuorateError } from "../../shared/errors.ts";
import { RunDriver } from "./run-driver.ts";
import type { RunTask } from "./run-task.ts";

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
		expect(outcome.virtualUs).toBeLessThan(drivenPlan.untilUs);
		expect(driving.recorder?.closed).toBe(true);
	});

	test("that cannot begin starts nothing", () => {
		const refuse = (): never => {
			throw new QuorateError("session-exists", "there is one");
		};
		const parts = {
			task: { ...drivenTask, recording },
			executor: new InlineExecutor(drivenRegistry),
			services: drivenRegistry,
			openRecorder: refuse,
			post: () => {},
			nowMs: () => 0,
			rest: async () => {},
		};
		expect(() => new RunDriver(parts)).toThrow("there is one");
	});
});

describe("whoever waits for the file", () => {
	const recording: RunTask["recording"] = { kind: "at-once", target: { kind: "continue", path: "memory", branch: 0 } };
	const wait = (id: number) => ({ kind: "untilInFile", id }) as const;

	test("is told when everything that had happened is in it, and no sooner; many together cost one commit", async () => {
		const eventsWhenAsked = new Map<number, number>();
		const commits: number[] = [];
		const asking =
			(...ids: readonly number[]) =>
			(driving: Driving): void => {
				for (const id of ids) {
					eventsWhenAsked.set(id, driving.driver.events);
					driving.ask(wait(id));
				}
			};
		const { driving } = await drive({
			task: { recording, speed: 0.1 },
			at: script(
				{
					when: past(300_000),
					act: (here) => {
						if (here.recorder !== null) here.recorder.isStuck = true;
						asking(1)(here);
					},
				},
				{ when: past(305_000), act: asking(2, 3, 4) },
				{
					when: past(310_000),
					act: (here) => {
						expect(here.of("inFile")).toEqual([]);
						if (here.recorder !== null) here.recorder.isStuck = false;
						commits.push(here.recorder?.commits ?? 0);
					},
				},
				{ when: ({ told }) => told.filter(({ kind }) => kind === "inFile").length === 4, act: (here) => void commits.push(here.recorder?.commits ?? 0) },
			),
		});
		const told = driving.of("inFile");
		expect(told.map(({ id }) => id)).toEqual([1, 2, 3, 4]);
		for (const { id, committedEvents } of told) expect(committedEvents).toBeGreaterThanOrEqual(eventsWhenAsked.get(id) ?? Number.POSITIVE_INFINITY);
		expect((commits[1] ?? 0) - (commits[0] ?? 0)).toBe(1);
	});

	test("has what was asked for before, a step too", async () => {
		let events = 0;
		const { driving } = await drive({
			task: { recording, startPaused: true },
			at: script(
				{ when: ({ rests }) => rests >= 5, act: ask({ kind: "step" }, { kind: "step" }, { kind: "step" }, wait(7)) },
				{
					when: ({ told }) => told.some(({ kind }) => kind === "inFile"),
					act: (here) => {
						events = here.driver.events;
						here.ask({ kind: "resume" });
					},
				},
			),
		});
		expect(events).toBeGreaterThanOrEqual(3);
		expect(driving.of("inFile")).toEqual([{ kind: "inFile", id: 7, committedEvents: events }]);
	});

	test("waits for nothing where nothing is recorded", async () => {
		const { driving } = await drive({ task: { speed: 1 }, at: script({ when: past(300_000), act: ask(wait(1)) }) });
		expect(driving.of("inFile")).toEqual([{ kind: "inFile", id: 1, committedEvents: 0 }]);
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
		const before = new Kernel({ plan: drivenPlan, seed: 1, executor: new InlineExecutor(drivenRegistry), commands: earlier });
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
