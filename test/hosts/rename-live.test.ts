/** A session gets another name while it is recorded: its run goes on, and everything that knows it knows it by that name. */
import { readdirSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSession } from "../../src/main/store/reader.ts";
import type { LabClient } from "../../src/shared/contract/client.ts";
import { nextPush, startOf, type TestLab, testLab } from "../support/lab-window.ts";

let lab: TestLab;
let client: LabClient;
let run = "";

beforeEach(async () => {
	lab = testLab();
	client = lab.window();
	await client.welcome;
	({ run } = (await client.call("runs.start", startOf("front-door", { session: "before", startPaused: true, untilUs: 3_000_000 }))).run);
	await client.call("runs.watch", { run });
});
afterEach(() => lab.close());

const until = async (untilUs: number): Promise<void> => {
	const paused = nextPush(client, "paused", (push) => push.run === run && push.reason === "until");
	await client.call("runs.runUntil", { run, untilUs, waitFor: null });
	await paused;
};
/** Files of sessions in the library's folder. */
const files = (): readonly string[] => readdirSync(lab.folder).filter((name) => !name.startsWith("."));

test("while it is looked at, and what is asked meanwhile is answered", async () => {
	await until(1_000_000);
	await client.call("sessions.writeLayout", { session: "before", text: "{}" });
	const told = nextPush(client, "run", (push) => push.run.session === "after");
	const asked = Array.from({ length: 20 }, (_, i) => client.call("log.view", { run, atUs: i * 50_000 }));
	const renamed = client.call("sessions.rename", { session: "before", to: "after" });
	asked.push(...Array.from({ length: 20 }, (_, i) => client.call("log.view", { run, atUs: i * 50_000 })));
	await renamed;
	expect((await Promise.all(asked)).map(({ view }) => view.virtualUs)).toEqual(Array.from({ length: 40 }, (_, i) => (i % 20) * 50_000));
	expect((await told).run).toMatchObject({ run, kind: "live", mode: "paused" });
	expect(files().filter((name) => !name.startsWith("after"))).toEqual([]);
	expect(await client.call("sessions.readLayout", { session: "after" })).toEqual({ text: "{}" });

	await client.call("runs.command", { run, line: "crash web-3", atUs: null });
	await client.call("notes.add", { session: "after", branch: 0, eventIndex: 1, text: "here" });
	await until(2_000_000);
	expect((await client.call("log.view", { run, atUs: 1_500_000 })).view.nodes.find(({ name }) => name === "web-3")?.status).toBe("down");
	const { run: ended } = await client.call("runs.stop", { run });
	expect(ended).toMatchObject({ session: "after", error: null });
	expect(files().filter((name) => !name.startsWith("after"))).toEqual([]);
	const session = openSession(lab.service.library.pathOf("after"));
	expect([session.head().eventCount, [...session.notes()].length]).toEqual([ended.events, 1]);
	session.close();
	const verified = nextPush(client, "job", ({ job }) => job.state !== "running");
	await client.call("jobs.verify", { session: "after", branch: null });
	expect((await verified).job).toMatchObject({ state: "done", verdict: { same: true } });
});

test("while it plays, twice, and nobody is told that its file had gone", async () => {
	const notices: unknown[] = [];
	client.on("notice", (notice) => void notices.push(notice));
	await client.call("runs.setSpeed", { run, speed: 0.5 });
	await client.call("runs.play", { run });
	for (const [session, to] of [
		["before", "between"],
		["between", "before"],
	] as const) {
		await client.call("sessions.rename", { session, to });
		const { run: told } = await nextPush(client, "status");
		await nextPush(client, "status", (status) => status.run.committedEvents > told.events);
		expect(told).toMatchObject({ session: to, mode: "running" });
	}
	const { run: ended } = await client.call("runs.stop", { run });
	expect([ended.session, ended.error, notices]).toEqual(["before", null, []]);
	expect(files().filter((name) => !name.startsWith("before"))).toEqual([]);
});

test("and not one that is taken, nor one that somebody reads from elsewhere: it keeps the one it has, and goes on", async () => {
	await until(500_000);
	const { session: copy } = await client.call("sessions.duplicate", { session: "before" });
	await expect(client.call("sessions.rename", { session: "before", to: copy })).rejects.toMatchObject({ code: "session-exists" });
	const reader = openSession(lab.service.library.pathOf("before"), { depth: "structure" });
	await expect(client.call("sessions.rename", { session: "before", to: "after" })).rejects.toMatchObject({
		code: "session-locked",
		kept: expect.stringContaining("the recording goes on"),
	});
	reader.close();
	await until(1_000_000);
	expect((await client.call("log.view", { run, atUs: 900_000 })).view.virtualUs).toBe(900_000);
	const { sessions } = await client.call("sessions.list", {});
	expect(Object.fromEntries(sessions.map(({ session, isLive }) => [session, isLive]))).toEqual({ before: true, [copy]: false });
});

test("a session that is being recorded is verified as far as it has come, and goes on", async () => {
	await until(700_000);
	await client.call("runs.command", { run, line: "crash web-3", atUs: null });
	const verified = nextPush(client, "job", ({ job }) => job.state !== "running");
	await client.call("jobs.verify", { session: "before", branch: null });
	expect((await verified).job).toMatchObject({ state: "done", verdict: { same: true } });
	await until(1_000_000);
	expect((await client.call("runs.describe", { run })).run).toMatchObject({ kind: "live", virtualUs: 1_000_000 });
});
