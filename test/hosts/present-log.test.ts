/** What is asked about the log of a run that goes on is answered with everything that had happened when it was asked. */
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSession } from "../../src/main/store/reader.ts";
import type { CallRequest } from "../../src/shared/contract/calls.ts";
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

type Filter = Omit<CallRequest<"log.events">, "run">;
const last: Filter = { fromIndex: null, toIndex: null, fromUs: null, toUs: null, kinds: null, nodes: null, text: null, limit: 1, backwards: true };

test("after every step its event is the last of the log, with no wait between them", async () => {
	const { run } = (await client.call("runs.start", startOf("front-door", { startPaused: true }))).run;
	for (let step = 1; step <= 40; step++) {
		await client.call("runs.stepEvent", { run });
		const [page, view, { past }] = await Promise.all([
			client.call("log.events", { ...last, run }),
			client.call("log.view", { run, atUs: 1_000_000 }),
			client.call("log.causality", { run, index: step - 1, limit: 10 }),
		]);
		expect([page.eventCount >= step, view.view.events, past.every((index) => index < step)]).toEqual([true, page.eventCount, true]);
		expect(readEventPage(page).map(({ index }) => index)).toEqual([page.eventCount - 1]);
	}
});

test("a command that was obeyed is in the log before anybody can ask", async () => {
	const { run } = (await client.call("runs.start", startOf("front-door", { startPaused: true }))).run;
	for (let i = 1; i <= 5; i++) {
		await client.call("runs.command", { run, line: `crash web-${i}`, atUs: null });
		const page = await client.call("log.events", { ...last, run, kinds: ["nodeCrashed"], limit: 10 });
		expect(readEventPage(page).length).toBe(i);
	}
});

test("a run that plays on at full speed answers with what it had come to, to each who asks", async () => {
	const { run } = await client.call("runs.start", startOf("front-door", { untilUs: 600_000_000 }));
	await client.call("runs.watch", { run: run.run });
	for (let round = 0; round < 5; round++) {
		const { now } = await nextPush(client, "status");
		const pages = await Promise.all(Array.from({ length: 6 }, () => client.call("log.events", { ...last, run: run.run })));
		for (const page of pages) expect(page.eventCount).toBeGreaterThanOrEqual(now.view.events);
	}
	await client.call("runs.stop", { run: run.run });
});

test("a copy and an export hold what had happened, too", async () => {
	const { run, session } = (await client.call("runs.start", startOf("front-door", { startPaused: true }))).run;
	for (let step = 0; step < 10; step++) await client.call("runs.stepEvent", { run });
	const { ticket } = await client.call("files.session", { session });
	const copy = openSession(lab.service.files.get(ticket).path);
	const { eventCount } = copy.head();
	copy.close();
	expect(eventCount).toBeGreaterThanOrEqual(10);
	const done = nextPush(client, "job", ({ job }) => job.state !== "running");
	await client.call("runs.command", { run, line: "crash web-3", atUs: null });
	await client.call("jobs.export", { run, format: "jsonl", fromUs: null, toUs: null, kinds: ["nodeCrashed"], nodes: null, search: null, drawing: null });
	const { file } = (await done).job;
	expect(readFileSync(lab.service.files.get(file?.ticket ?? "").path, "utf8")).toContain("nodeCrashed");
});
