/** Commands to a run, as its driver takes and answers them. */
import { describe, expect, test } from "vitest";
import { ask, drive, drivenPlan, past, paused, plainDigest, script } from "../../../test/support/driving.ts";
import type { RunTask, ToCluster } from "./run-task.ts";

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
				{ when: paused(4), act: ask({ kind: "runUntil", untilUs: drivenPlan.untilUs - 1 }) },
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
