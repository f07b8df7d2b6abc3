/** A run goes on until somebody leads, and no further. */
import { afterEach, beforeEach, expect, test } from "vitest";
import type { LabClient } from "../../src/shared/contract/client.ts";
import { standingNames, standingOf } from "../../src/shared/projection/standing.ts";
import { nextPush, startOf, type TestLab, testLab } from "../support/lab-window.ts";

let lab: TestLab;
let client: LabClient;

beforeEach(async () => {
	lab = testLab();
	client = lab.window();
	await client.welcome;
});

afterEach(() => lab.close());

test.each(["elections", "leader-election"])("in %s: the node that comes to lead, and after its crash the next one", async (name) => {
	const { run } = await client.call("runs.start", startOf(name, { startPaused: true }));
	const { plan } = await client.call("runs.describe", { run: run.run });
	await client.call("runs.watch", { run: run.run });
	const untilLeader = async (): Promise<{ readonly atUs: number; readonly leaders: readonly number[] }> => {
		const paused = nextPush(client, "paused", ({ reason }) => reason === "predicate");
		await client.call("runs.runUntil", { run: run.run, untilUs: null, waitFor: { kind: "leader" } });
		const { virtualUs } = await paused;
		const { now } = await nextPush(client, "status", ({ run: { mode } }) => mode === "paused");
		const names = standingNames(plan as never);
		const { entries } = await client.call("log.board", { run: run.run, atUs: null, names });
		return { atUs: virtualUs, leaders: [...standingOf(plan as never, entries, now.view.nodes).leaders] };
	};
	const first = await untilLeader();
	expect(first.leaders).toHaveLength(1);
	const leader = first.leaders[0] as number;
	await client.call("runs.command", { run: run.run, line: `crash ${plan.nodes[leader]?.name}`, atUs: null });
	const second = await untilLeader();
	expect(second.atUs).toBeGreaterThan(first.atUs);
	expect(second.leaders).toHaveLength(1);
	expect(second.leaders).not.toEqual(first.leaders);
});
