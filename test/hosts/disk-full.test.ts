/** A lab whose disk fills up while it records: files may not grow beyond a limit that the system itself keeps. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { nextPush, startOf } from "../support/lab-window.ts";
import { killHosts, startHost } from "../support/web-host-process.ts";

const folder = mkdtempSync(join(tmpdir(), "quorate-full-"));

afterEach(() => {
	killHosts();
	rmSync(folder, { recursive: true, force: true });
});

test.runIf(process.platform === "linux")(
	"a disk that fills up ends the recording with its reason; what was committed is kept and read, and the lab goes on",
	async () => {
		// A shell counts in half kibibytes or in whole ones; bash has whole ones.
		const { client, child } = await startHost({ library: folder, first: "ulimit -f 3072" });
		const told = nextPush(client, "notice", ({ tone }) => tone === "fault");
		const ended = nextPush(client, "run", ({ run }) => run.mode === "failed");
		await client.call("runs.start", startOf("front-door", { session: "large", untilUs: 600_000_000 }));
		const { error } = await told;
		expect(error).toMatchObject({ code: "disk-full" });
		expect(error?.kept).not.toBe("");
		const { run } = await ended;
		expect(run).toMatchObject({ session: "large", error: { code: "disk-full" }, finished: false });
		expect(run.committedEvents).toBeGreaterThan(1_000);

		// Every event that was said to be in the file can be read.
		const last = { fromIndex: run.committedEvents - 10, toIndex: run.committedEvents - 1, fromUs: null, toUs: null } as const;
		const page = await client.call("log.events", { run: run.run, ...last, kinds: null, nodes: null, text: null, limit: 10, backwards: false });
		expect(page.indexes).toHaveLength(10);
		const { sessions } = await client.call("sessions.list", {});
		expect(sessions).toMatchObject([{ session: "large", isLive: false, problem: null, content: { finished: false } }]);
		await expect(client.call("sessions.duplicate", { session: "large" })).resolves.toMatchObject({ session: "large copy" });

		const whole = nextPush(client, "run", (push) => push.run.session === "small" && push.run.mode === "ended");
		await client.call("runs.start", startOf("ping", { session: "small", untilUs: 500_000 }));
		expect((await whole).run).toMatchObject({ finished: true, error: null });
		expect(child.exitCode).toBeNull();

		const verified = nextPush(client, "job", ({ job }) => job.state !== "running");
		await client.call("jobs.verify", { session: "large", branch: null });
		expect((await verified).job).toMatchObject({ state: "done", verdict: { same: true } });
	},
);
