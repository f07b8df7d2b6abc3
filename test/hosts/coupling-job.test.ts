/** One box or many as a job of the window: it tells how far it is, what it found, and ends when it is called off. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { nextPush, type TestLab, testLab } from "../support/lab-window.ts";

let lab: TestLab;
beforeEach(() => {
	lab = testLab();
});
afterEach(() => lab.close());

test("the machine is measured while the window goes on, and every window is told what was found", async () => {
	const [client, other] = [lab.window(), lab.window()];
	await Promise.all([client.welcome, other.welcome]);
	const halfWay = nextPush(other, "job", ({ job }) => job.kind === "coupling" && job.state === "running" && job.done > 0);
	const over = nextPush(other, "job", ({ job }) => job.kind === "coupling" && job.state !== "running");
	const { job: started } = await client.call("jobs.coupling", {});
	expect(started).toMatchObject({ kind: "coupling", state: "running", coupling: null });

	const { job: joined } = await other.call("jobs.coupling", {});
	expect(joined.job).toBe(started.job);

	// It blocks its thread, not this one.
	const { job: going } = await halfWay;
	expect(going.done).toBeLessThan(going.total);
	expect((await client.call("labs.list", {})).labs.length).toBeGreaterThan(20);

	const { job } = await over;
	expect(job).toMatchObject({ job: started.job, state: "done", error: null, verdict: null, file: null });
	const { coupling } = job;
	if (coupling === null) throw new Error("nothing was found");
	expect(coupling.threads).toBeGreaterThanOrEqual(2);
	expect(coupling.counter.atomic.counted).toBe(coupling.counter.times);
	expect(coupling.counter.plain.counted).toBeLessThanOrEqual(coupling.counter.times);
	expect([coupling.sum.isRight, coupling.matrix.isRight, coupling.death.shared.isLockFree, coupling.death.messages.isAnswered]).toEqual([
		true,
		true,
		false,
		true,
	]);
}, 60_000);

test("a measurement that is called off says so, and another can begin", async () => {
	const client = lab.window();
	await client.welcome;
	const { job: started } = await client.call("jobs.coupling", {});
	const { job: ended } = await client.call("jobs.cancel", { job: started.job });
	expect(ended).toMatchObject({ job: started.job, state: "cancelled", coupling: null });
	const { job: again } = await client.call("jobs.coupling", {});
	expect(again.job).not.toBe(started.job);
	expect(await client.call("jobs.cancel", { job: again.job })).toMatchObject({ job: { state: "cancelled" } });
});
