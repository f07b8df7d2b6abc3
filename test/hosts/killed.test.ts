/** A lab that is killed while it records, and what the next start finds. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { CallReply } from "../../src/shared/contract/calls.ts";
import { nextPush, startOf } from "../support/lab-window.ts";
import { killHosts, startHost } from "../support/web-host-process.ts";

const folder = mkdtempSync(join(tmpdir(), "quorate-killed-"));

afterEach(() => {
	killHosts();
	rmSync(folder, { recursive: true, force: true });
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
