import { describe, expect, test } from "vitest";
import { ask, type Driving, drive, paused, plainDigest, script } from "../../../test/support/driving.ts";
import type { RecordedCommand } from "../../core/kernel.ts";
import type { ToCluster } from "./run-task.ts";

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
