/** Work that is called off ends then and there: it says so, finds nothing, and leaves nothing behind. */
import { existsSync, readdirSync } from "node:fs";
import { dirname } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { LabClient } from "../../src/shared/contract/client.ts";
import { nextPush, startOf, type TestLab, testLab } from "../support/lab-window.ts";

let lab: TestLab;
let client: LabClient;
let run = "";

beforeEach(async () => {
	lab = testLab();
	client = lab.window();
	await client.welcome;
	const ended = nextPush(client, "run", (push) => push.run.mode === "ended");
	await client.call("runs.start", startOf("front-door", { session: "long" }));
	run = (await ended).run.run;
});
afterEach(() => lab.close());

/** Everything that is told of a job from now on. */
function toldOf({ job }: { readonly job: string }): { readonly states: string[] } {
	const states: string[] = [];
	client.on("job", (push) => void (push.job.job === job ? states.push(push.job.state) : undefined));
	return { states };
}

const wholeExport = { format: "jsonl", fromUs: null, toUs: null, kinds: null, nodes: null, search: null, drawing: null } as const;

test("a verification ends without a verdict, and the next one has one", async () => {
	const { job } = await client.call("jobs.verify", { session: "long", branch: null });
	const { states } = toldOf(job);
	expect(job.state).toBe("running");
	const { job: ended } = await client.call("jobs.cancel", { job: job.job });
	expect(ended).toMatchObject({ state: "cancelled", verdict: null, error: null });
	const again = nextPush(client, "job", (push) => push.job.job !== job.job && push.job.state !== "running");
	await client.call("jobs.verify", { session: "long", branch: null });
	expect((await again).job).toMatchObject({ state: "done", verdict: { same: true } });
	// It may have told how far it is before; nothing came of it meanwhile.
	expect(states.filter((state) => state !== "running")).toEqual(["cancelled"]);
	expect(states.at(-1)).toBe("cancelled");
});

test("a verification tells how far it is, and never less than before", async () => {
	const parts: number[] = [];
	const done = nextPush(client, "job", ({ job }) => {
		parts.push(job.total === 0 ? 0 : job.done / job.total);
		return job.state !== "running";
	});
	await client.call("jobs.verify", { session: "long", branch: null });
	const { job } = await done;
	expect(parts.length).toBeGreaterThan(3);
	expect(parts).toEqual([...parts].sort((a, b) => a - b));
	expect([job.done, job.total > 1_000]).toEqual([job.total, true]);
});

test("an export leaves neither the file nor what it was while it grew", async () => {
	// A whole one first: it says where files grow.
	const whole = nextPush(client, "job", ({ job }) => job.state === "done");
	await client.call("jobs.export", { run, ...wholeExport });
	const { path } = lab.service.files.get((await whole).job.file?.ticket ?? "");
	const growing = dirname(path);
	const before = readdirSync(growing);
	expect(existsSync(path)).toBe(true);

	const begun = nextPush(client, "job", ({ job }) => job.state === "running" && job.done > 0);
	const { job } = await client.call("jobs.export", { run, ...wholeExport });
	await begun;
	expect(readdirSync(growing).length).toBeGreaterThan(before.length);
	const { job: ended } = await client.call("jobs.cancel", { job: job.job });
	expect(ended).toMatchObject({ state: "cancelled", file: null });
	expect(readdirSync(growing)).toEqual(before);
});

test("what is done already stays done, and what there is not cannot be called off", async () => {
	const done = nextPush(client, "job", ({ job }) => job.state === "done");
	const { job } = await client.call("jobs.export", { run, ...wholeExport });
	await done;
	const { job: after } = await client.call("jobs.cancel", { job: job.job });
	expect(after).toMatchObject({ state: "done" });
	expect(existsSync(lab.service.files.get(after.file?.ticket ?? "").path)).toBe(true);
	await expect(client.call("jobs.cancel", { job: "j999" })).rejects.toMatchObject({ code: "job-not-found" });
});
