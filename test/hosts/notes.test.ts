/** A note may be pinned while the run goes on: it is in the file at once, and stays. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSession } from "../../src/main/store/reader.ts";
import type { LabClient } from "../../src/shared/contract/client.ts";
import { nextPush, startOf, type TestLab, testLab } from "../support/lab-window.ts";

let lab: TestLab;
let client: LabClient;

beforeEach(async () => {
	lab = testLab();
	client = lab.window();
	await client.welcome;
});

afterEach(() => lab.close());

const texts = async (session: string): Promise<readonly string[]> => (await client.call("notes.list", { session })).notes.map(({ text }) => text);

test("a note on a live run is in its file while it goes on, after it has ended, and after a fork", async () => {
	const { run } = await client.call("runs.start", startOf("ping", { session: "noted", startPaused: true }));
	await client.call("runs.watch", { run: run.run });
	/** Goes on to the next delivery, and waits until all of it is in the file. */
	const step = async (before: number): Promise<number> => {
		const told = nextPush(client, "status", ({ run: { events, committedEvents } }) => events === committedEvents && events > before);
		await client.call("runs.stepMessage", { run: run.run });
		return (await told).run.events;
	};
	const events = await step(0);
	const { note } = await client.call("notes.add", { session: "noted", branch: 0, eventIndex: 2, text: "the first ping" });
	expect(note).toMatchObject({ branch: 0, eventIndex: 2, text: "the first ping" });
	await step(events);
	expect(await texts("noted")).toEqual(["the first ping"]);
	const { run: fork } = await client.call("runs.fork", {
		run: run.run,
		atUs: 0,
		commands: [],
		untilUs: null,
		separate: false,
		speed: 1,
		startPaused: true,
	});
	await client.call("notes.add", { session: "noted", branch: 0, eventIndex: -1, text: "of the trunk, from a branch" });
	await expect(client.call("notes.add", { session: "noted", branch: 2, eventIndex: -1, text: "of nothing" })).rejects.toMatchObject({ code: "usage" });
	await client.call("runs.stop", { run: fork.run });
	expect(await texts("noted")).toEqual(["the first ping", "of the trunk, from a branch"]);
	const session = openSession(lab.service.library.pathOf("noted"), { depth: "full" });
	expect(session.damage).toBeNull();
	session.close();
});
