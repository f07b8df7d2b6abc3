/** A lab that is killed while it records, and what the next start finds. */
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { CallReply } from "../../src/shared/contract/calls.ts";
import { nextPush, startOf } from "../support/lab-window.ts";
import { killHosts, startHost } from "../support/web-host-process.ts";

let folder = "";

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "quorate-killed-"));
});
afterEach(() => {
	killHosts();
	rmSync(folder, { recursive: true, force: true });
});

/** A whole number below `below`, drawn from a seed: the same for ever. */
function drawn(seed: number, below: number): number {
	return createHash("sha256").update(`killed ${seed} ${below}`).digest().readUInt32BE(0) % below;
}

const seeds = Array.from({ length: Math.min(Number(process.env.QUORATE_SEEDS ?? 3), 200) }, (_, i) => i + 1);

test.each(seeds)("killed at any instant (seed %i), it has lost nothing that was said to be kept, and what is left is true", async (seed) => {
	const first = await startHost({ library: folder });
	const speed = drawn(seed, 2) === 0 ? 1 : "max";
	const enough = 1 + drawn(seed, speed === 1 ? 3_000 : 60_000);
	const { run } = await first.client.call("runs.start", startOf("front-door", { speed, session: "lesson", untilUs: 600_000_000 }));
	await first.client.call("runs.watch", { run: run.run });
	const { run: promised } = await nextPush(first.client, "status", (status) => status.run.committedEvents >= enough);
	first.child.kill("SIGKILL");
	await first.ended;

	const { client } = await startHost({ library: folder });
	const { sessions } = await client.call("sessions.list", {});
	expect(sessions).toMatchObject([{ session: "lesson", isLive: false, problem: null, content: { finished: false } }]);
	expect(sessions[0]?.content?.events).toBeGreaterThanOrEqual(promised.committedEvents);
	const verified = nextPush(client, "job", ({ job }) => job.state !== "running");
	await client.call("jobs.verify", { session: "lesson", branch: null });
	expect((await verified).job).toMatchObject({ state: "done", verdict: { same: true } });
});

test("killed at its first event, there is a session already, and it is offered", async () => {
	const first = await startHost({ library: folder });
	const { run } = await first.client.call("runs.start", startOf("front-door", { speed: 1, session: "lesson" }));
	await first.client.call("runs.watch", { run: run.run });
	await nextPush(first.client, "status", (status) => status.run.events > 0);
	first.child.kill("SIGKILL");
	await first.ended;
	const { client } = await startHost({ library: folder });
	expect((await client.call("sessions.list", {})).sessions).toMatchObject([{ session: "lesson", problem: null, content: { finished: false } }]);
	const { run: opened } = await client.call("runs.open", { session: "lesson", branch: 0, salvage: false });
	expect((await client.call("log.view", { run: opened.run, atUs: 0 })).view.nodes.length).toBeGreaterThan(5);
});

test("what it left gets another name with all that it had promised, as one file", async () => {
	const first = await startHost({ library: folder });
	const { run } = await first.client.call("runs.start", startOf("front-door", { speed: 1, session: "lesson" }));
	await first.client.call("runs.watch", { run: run.run });
	const { run: promised } = await nextPush(first.client, "status", (status) => status.run.committedEvents > 2_000);
	first.child.kill("SIGKILL");
	await first.ended;
	const files = (): readonly string[] => readdirSync(folder).filter((name) => name.includes("quorate"));
	expect(files()).toContain("lesson.quorate-wal");

	const { client } = await startHost({ library: folder });
	// Even while a window looks at it.
	const { run: opened } = await client.call("runs.open", { session: "lesson", branch: 0, salvage: false });
	await client.call("log.view", { run: opened.run, atUs: 0 });
	await client.call("sessions.rename", { session: "lesson", to: "homework" });
	expect(files()).toEqual(["homework.quorate"]);
	const { sessions } = await client.call("sessions.list", {});
	expect(sessions).toMatchObject([{ session: "homework", problem: null }]);
	expect(sessions[0]?.content?.events).toBeGreaterThanOrEqual(promised.committedEvents);
});

test("a lab that is killed while it records is offered again, whole as far as was promised, and goes on", async () => {
	const first = await startHost({ library: folder });
	const { run } = await first.client.call("runs.start", startOf("front-door", { speed: 1, session: "lesson" }));
	await first.client.call("runs.watch", { run: run.run });
	const { run: promised } = await nextPush(first.client, "status", (status) => status.run.committedEvents > 2_000);
	first.child.kill("SIGKILL");
	expect(await first.ended).toBeNull();

	const { client, child, ended: left } = await startHost({ library: folder });
	const { sessions }: CallReply<"sessions.list"> = await client.call("sessions.list", {});
	expect(sessions).toMatchObject([{ session: "lesson", isLive: false, problem: null, content: { finished: false } }]);
	expect(sessions[0]?.content?.events).toBeGreaterThanOrEqual(promised.committedEvents);
	const { run: continued } = await client.call("runs.continue", { session: "lesson", branch: 0, speed: "max", startPaused: false });
	const { run: ended } = await nextPush(client, "run", (push) => push.run.run === continued.run && push.run.mode !== "running");
	expect(ended).toMatchObject({ mode: "ended", finished: true, error: null, session: "lesson", branch: 0 });
	await client.call("jobs.verify", { session: "lesson", branch: null });
	const { job } = await nextPush(client, "job", (push) => push.job.state !== "running");
	expect(job.verdict).toMatchObject({ same: true });
	child.kill("SIGINT");
	expect(await left).toBe(0);
});
