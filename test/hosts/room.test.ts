/** How many runs there may be at once, which one makes room for another, and what a refused command is told. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { liveMax, runsMax } from "../../src/main/lab-service/room.ts";
import type { LabClient } from "../../src/shared/contract/client.ts";
import { readEventPage } from "../../src/shared/contract/event-page.ts";
import { nextPush, startOf, type TestLab, testLab } from "../support/lab-window.ts";

let lab: TestLab;
let client: LabClient;

beforeEach(async () => {
	lab = testLab();
	client = lab.window();
	await client.welcome;
});

afterEach(() => lab.close());

/** Starts a run that stands still, and looks at it for a moment. */
async function standing(session: string): Promise<string> {
	const { run } = await client.call("runs.start", startOf("ping", { session, startPaused: true }));
	await client.call("runs.watch", { run: run.run });
	await client.call("runs.command", { run: run.run, line: "pause server-1", atUs: null });
	await client.call("runs.unwatch", { run: run.run });
	return run.run;
}

async function modes(): Promise<ReadonlyMap<string, string>> {
	const { runs } = await client.call("runs.list", {});
	return new Map(runs.map(({ session, mode }) => [session, mode]));
}

describe("when as many runs are live as may be", () => {
	test("the one that stood still unwatched for longest ends by itself, and all of it is in its file", async () => {
		const names: string[] = [];
		for (let i = 0; i < liveMax; i++) names.push(await standing(`run ${i}`));
		// The oldest is looked at, the next was looked at just now: the third makes room.
		await client.call("runs.watch", { run: names[0] as string });
		await client.call("runs.watch", { run: names[1] as string });
		await client.call("runs.unwatch", { run: names[1] as string });
		const told = nextPush(client, "notice");
		await client.call("runs.start", startOf("ping", { session: "one more", startPaused: true }));
		expect((await told).text).toMatch(/^The run of "run 2" was ended to make room.*All of it is in its file/);
		const now = await modes();
		expect([now.get("run 0"), now.get("run 1"), now.get("run 2"), now.get("run 3"), now.get("one more")]).toEqual([
			"paused",
			"paused",
			"ended",
			"paused",
			"paused",
		]);
		const everything = { fromIndex: null, toIndex: null, fromUs: null, toUs: null, nodes: null, text: null, limit: 100, backwards: false };
		const page = await client.call("log.events", { run: names[2] as string, ...everything, kinds: ["nodePaused"] });
		expect(readEventPage(page)).toHaveLength(1);
		const { sessions } = await client.call("sessions.list", {});
		expect(sessions.find(({ session }) => session === "run 2")).toMatchObject({ isLive: false, content: { finished: false }, problem: null });
		const again = await client.call("runs.continue", { session: "run 2", branch: 0, speed: 1, startPaused: true });
		expect(again.run.kind).toBe("live");
	});

	test("those that somebody looks at, and those that go on, are left alone: then one more is refused", async () => {
		for (let i = 0; i < liveMax; i++) {
			const { run } = await client.call("runs.start", startOf("ping", { session: `run ${i}`, startPaused: i % 2 === 0, speed: 0.01 }));
			if (i % 2 === 0) await client.call("runs.watch", { run: run.run });
		}
		await expect(client.call("runs.start", startOf("ping", { startPaused: true }))).rejects.toMatchObject({
			code: "too-busy",
			kept: "They all go on.",
			advice: "End one of them: the first screen lists what is running.",
		});
		expect([...(await modes()).values()].filter((mode) => mode === "ended")).toEqual([]);
	});

	test("a fork of one of them needs no more room than it gives back", async () => {
		const names: string[] = [];
		for (let i = 0; i < liveMax; i++) names.push(await standing(`run ${i}`));
		for (const run of names) await client.call("runs.watch", { run });
		const fork = { run: names[3] as string, atUs: 0, commands: [], untilUs: null, separate: false, speed: 1, startPaused: true };
		expect((await client.call("runs.fork", fork)).run.branch).toBe(1);
	});
});

test("recordings that nobody looks at any more are forgotten before one more is refused", async () => {
	const ended = nextPush(client, "run", ({ run }) => run.mode === "ended");
	await client.call("runs.start", startOf("ping", { session: "first", untilUs: 10_000 }));
	await ended;
	const { run: kept } = await client.call("runs.open", { session: "first", branch: 0, salvage: false });
	await client.call("runs.watch", { run: kept.run });
	for (let i = 0; i < runsMax + 5; i++) {
		await client.call("sessions.duplicate", { session: "first" });
	}
	const { sessions } = await client.call("sessions.list", {});
	for (const { session } of sessions) await client.call("runs.open", { session, branch: 0, salvage: false });
	const { runs } = await client.call("runs.list", {});
	expect(runs).toHaveLength(runsMax);
	expect(runs.map(({ run }) => run)).toContain(kept.run);
});

describe("a command that makes no sense when its instant has come", () => {
	test("is answered with the reason, whether the run stands still or goes on", async () => {
		const { run } = await client.call("runs.start", startOf("front-door", { startPaused: true, speed: 1 }));
		const give = (line: string): Promise<{ readonly refusal: string }> => client.call("runs.command", { run: run.run, line, atUs: null });
		expect((await give("crash web-3")).refusal).toBe("");
		expect((await give("crash web-3")).refusal).toBe("web-3 is already down");
		await client.call("runs.play", { run: run.run });
		expect((await give("crash web-3")).refusal).toBe("web-3 is already down");
		expect((await give("crash web-*")).refusal).toBe("");
		expect((await give("drop crowd#999999")).refusal).toMatch(/not on its way/);
	});

	test("is answered at once when it is for later", async () => {
		const { run } = await client.call("runs.start", startOf("front-door", { startPaused: true }));
		expect(await client.call("runs.command", { run: run.run, line: "resume web-3", atUs: 5_000_000 })).toEqual({
			atUs: 5_000_000,
			line: "resume web-3",
			refusal: "",
		});
	});

	test("is told by the fork that begins with it", async () => {
		const { run } = await client.call("runs.start", startOf("front-door", { startPaused: true }));
		await client.call("runs.command", { run: run.run, line: "crash web-3", atUs: null });
		await client.call("runs.stepMessage", { run: run.run });
		const fork = { run: run.run, atUs: 1_000, commands: ["resume web-1", "crash web-2"], untilUs: null, separate: false, speed: 1, startPaused: true };
		const { refusals } = await client.call("runs.fork", { ...fork, atUs: 0 });
		expect(refusals).toHaveLength(1);
		expect(refusals[0]).toMatch(/web-1/);
	});
});
