import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { LabClient } from "../../src/shared/contract/client.ts";
import { nextPush, startOf, type TestLab, testLab } from "../support/lab-window.ts";
import { eventsOf, type RunView, wholeRun } from "../support/whole-run.ts";

let lab: TestLab;
let client: LabClient;

beforeEach(async () => {
	lab = testLab();
	client = lab.window();
	await client.welcome;
});

afterEach(() => lab.close());

describe("a run behind the contract", () => {
	test("starts, ends, and every event of it can be read", async () => {
		const run = await wholeRun(client, "ping");
		expect(run).toMatchObject({ labId: "ping", seed: 7, finished: true, kind: "recorded", committedEvents: run.events });
		const events = await eventsOf(client, run.run);
		expect(events).toHaveLength(run.events);
		expect(events.map(({ index }) => index)).toEqual(events.map((_, i) => i));
	});

	test("who is told that a run has ended can have its file at once, and is not told before that is so", async () => {
		const { run, session } = (await client.call("runs.start", startOf("front-door", { startPaused: true, untilUs: 2_000_000 }))).run;
		await client.call("runs.watch", { run });
		const told: RunView[] = [];
		for (const push of ["status", "run"] as const) client.on(push, (content) => void (content.run.run === run && told.push(content.run)));
		const ended = nextPush(client, "run", (push) => push.run.run === run && push.run.mode === "ended");
		await client.call("runs.stop", { run });
		await ended;
		expect(told.filter(({ mode }) => mode === "ended").map(({ kind }) => kind)).toEqual(["recorded"]);
		expect(told.length).toBeGreaterThan(1); // the last state it was in as well
		const { run: further } = await client.call("runs.continue", { session, branch: 0, speed: 1, startPaused: true });
		expect(further).toMatchObject({ kind: "live", mode: "paused" });
	});

	test("a paused run takes steps and commands, tells its state to those who watch, and is stopped", async () => {
		const { run } = await client.call("runs.start", startOf("front-door", { startPaused: true, speed: 1 }));
		expect(run.kind).toBe("live");
		await client.call("runs.watch", { run: run.run });
		const stepped = nextPush(client, "paused", ({ reason }) => reason === "step");
		await client.call("runs.stepEvent", { run: run.run });
		await stepped;
		const delivered = nextPush(client, "paused", ({ reason }) => reason === "predicate");
		await client.call("runs.stepMessage", { run: run.run });
		expect((await delivered).virtualUs).toBeGreaterThan(0);
		const taken = await client.call("runs.command", { run: run.run, line: "crash web-3", atUs: null });
		expect(taken.line).toBe("crash web-3");
		const down = nextPush(client, "status", ({ now }) => now.view.nodes.some(({ name, status }) => name === "web-3" && status === "down"));
		await client.call("runs.runUntil", { run: run.run, untilUs: taken.atUs + 1_000, waitFor: null });
		const { now } = await down;
		expect(now.clocks).toHaveLength(now.view.nodes.length);
		const inspected = await client.call("nodes.inspect", { run: run.run, node: 0, atUs: null });
		expect(inspected.services).not.toBeNull();
		const stopped = await client.call("runs.stop", { run: run.run });
		expect(stopped.run).toMatchObject({ mode: "ended", finished: false });
		await expect(client.call("runs.play", { run: run.run })).rejects.toMatchObject({ code: "run-not-live" });
	});

	test("a command to a paused run shows at once: in the state, in the lines and in the log, without a step", async () => {
		const { run } = await client.call("runs.start", startOf("front-door", { startPaused: true }));
		await client.call("runs.watch", { run: run.run });
		const paused = nextPush(client, "paused", ({ reason }) => reason === "until");
		await client.call("runs.runUntil", { run: run.run, untilUs: 1_000_000, waitFor: null });
		await paused;
		const flying = await nextPush(client, "status", ({ run: { committedEvents, events }, now }) => committedEvents === events && now.flights.length > 0);
		const { plan } = await client.call("runs.describe", { run: run.run });
		const { from, sequence } = flying.now.flights[0] ?? { from: -1, sequence: -1 };
		const message = `${plan.nodes[from]?.name}#${sequence}`;
		const shown = nextPush(client, "status", ({ run: { committedEvents, events }, now }) => now.view.commandsRefused === 1 && committedEvents === events);
		const refused = nextPush(client, "lines", ({ lines }) => lines.some(({ text }) => text.startsWith("refused")));
		for (const line of ["crash web-3", `drop ${message}`, `delay ${message} 5ms`]) {
			const { refusal, ...taken } = await client.call("runs.command", { run: run.run, line, atUs: null });
			expect(taken).toEqual({ atUs: 1_000_000, line });
			expect(refusal === "").toBe(!line.startsWith("delay"));
		}
		expect((await refused).lines.map(({ text }) => text).join("\n")).toContain(`message ${sequence} of ${plan.nodes[from]?.name} is not on its way`);
		const { run: seen, now } = await shown;
		expect(seen).toMatchObject({ mode: "paused", virtualUs: 1_000_000 });
		expect(now.view.nodes.find(({ name }) => name === "web-3")?.status).toBe("down");
		expect(now.flights.find((flight) => flight.from === from && flight.sequence === sequence)).toMatchObject({ fate: "lost", lostUs: 1_000_000 });
		const logged = await client.call("log.view", { run: run.run, atUs: 1_000_000 });
		expect(logged.view).toEqual(now.view);
		expect(logged.flights).toHaveLength(now.flights.filter(({ fate }) => fate !== "lost").length);
		await client.call("runs.stop", { run: run.run });
		const verified = nextPush(client, "job", ({ job }) => job.state !== "running");
		await client.call("jobs.verify", { session: run.session, branch: null });
		expect((await verified).job).toMatchObject({ state: "done", verdict: { same: true } });
	});

	test("a wrong command is refused with the grammar's words, and the run goes on", async () => {
		const { run } = await client.call("runs.start", startOf("ping", { startPaused: true, speed: 1 }));
		await expect(client.call("runs.command", { run: run.run, line: "crush client-1", atUs: null })).rejects.toMatchObject({ code: "command-invalid" });
		await expect(
			client.call("runs.runUntil", { run: run.run, untilUs: null, waitFor: { kind: "event", event: "nodeCrashed", node: "nobody" } }),
		).rejects.toMatchObject({
			code: "usage",
		});
		expect((await client.call("runs.list", {})).runs).toMatchObject([{ run: run.run, mode: "paused" }]);
	});

	test("a fork keeps the old future, and comparison names the first event of the new one", async () => {
		const old = await wholeRun(client, "front-door", { untilUs: 3_000_000 });
		const ended = nextPush(client, "run", ({ run }) => run.mode === "ended");
		const { run } = await client.call("runs.fork", {
			run: old.run,
			atUs: 1_000_000,
			commands: ["crash web-2"],
			untilUs: null,
			separate: false,
			speed: "max",
			startPaused: false,
		});
		expect(run).toMatchObject({ parent: old.run, branch: 1, session: old.session, forkUs: 1_000_000 });
		// Who is told of a fork asks about its past at once, and its file has it.
		expect((await client.call("log.view", { run: run.run, atUs: 1_000_000 })).view.virtualUs).toBe(1_000_000);
		const fork = (await ended).run;
		expect(fork).toMatchObject({ run: run.run, finished: true });
		const compared = await client.call("log.compare", { run: old.run, other: fork.run });
		expect(compared.there).toMatchObject({ atUs: 1_000_000, index: compared.sameEvents });
		expect(compared.there?.text).toContain("crash web-2");
		expect(await eventsOf(client, old.run)).toHaveLength(old.events);
	});

	test("a live run that is forked ends its recording; with a file of its own the fork leaves it alone", async () => {
		const { run: old } = await client.call("runs.start", startOf("ping", { startPaused: true, speed: 1 }));
		await client.call("runs.watch", { run: old.run });
		const arrived = nextPush(client, "paused", ({ reason }) => reason === "until");
		await client.call("runs.setSpeed", { run: old.run, speed: "max" });
		await client.call("runs.runUntil", { run: old.run, untilUs: 2_000_000, waitFor: null });
		await arrived;
		const separate = await client.call("runs.fork", {
			run: old.run,
			atUs: 1_500_000,
			commands: [],
			untilUs: null,
			separate: true,
			speed: 1,
			startPaused: true,
		});
		expect(separate.run.session).not.toBe(old.session);
		expect((await client.call("runs.describe", { run: old.run })).run.mode).toBe("paused");
		const branch = await client.call("runs.fork", { run: old.run, atUs: 1_000_000, commands: [], untilUs: null, separate: false, speed: 1, startPaused: true });
		expect(branch.run).toMatchObject({ session: old.session, branch: 1 });
		expect((await client.call("runs.describe", { run: old.run })).run).toMatchObject({ mode: "ended", finished: false, kind: "recorded" });
	});

	test("a node can be looked into at an instant that has passed", async () => {
		const run = await wholeRun(client, "front-door", { untilUs: 3_000_000 });
		const early = await client.call("nodes.inspect", { run: run.run, node: 1, atUs: 500_000 });
		const late = await client.call("nodes.inspect", { run: run.run, node: 1, atUs: 2_500_000 });
		expect(early.atUs).toBe(500_000);
		expect(late.services).not.toEqual(early.services);
		expect(early.timers?.length).toBeGreaterThan(0);
		expect(early.timers?.every(({ name, dueUs }) => name !== "" && dueUs >= 500_000)).toBe(true);
		expect([early.inbox, early.inboxOmitted]).toEqual([[], 0]);
	});
});

describe("the library", () => {
	test("lists, renames, duplicates, annotates and throws away, and opens what it lists", async () => {
		const { session } = await wholeRun(client, "ping", { session: "my run", untilUs: 1_000_000 });
		expect(session).toBe("my run");
		await client.call("sessions.writeLayout", { session, text: "{}" });
		const { note } = await client.call("notes.add", { session, branch: 0, eventIndex: 3, text: "look here" });
		await client.call("sessions.rename", { session, to: "other" });
		const { session: copy } = await client.call("sessions.duplicate", { session: "other" });
		expect((await client.call("notes.list", { session: copy })).notes).toEqual([note]);
		expect(await client.call("sessions.readLayout", { session: copy })).toEqual({ text: "{}" });
		await client.call("sessions.trash", { session: "other" });
		const { sessions } = await client.call("sessions.list", {});
		expect(sessions).toMatchObject([{ session: copy, isLive: false, problem: null, content: { labId: "ping", seed: 7, finished: true } }]);
		const { run: opened } = await client.call("runs.open", { session: copy, branch: 0, salvage: false });
		expect(opened).toMatchObject({ kind: "recorded", finished: true });
		const { branches, damage } = await client.call("sessions.describe", { session: copy });
		expect([branches.length, damage]).toEqual([1, []]);
	});

	test("keeps its hands off a session that is being recorded, and says what to do first", async () => {
		const { run } = await client.call("runs.start", startOf("ping", { startPaused: true }));
		const trashed = client.call("sessions.trash", { session: run.session });
		await expect(trashed).rejects.toMatchObject({ code: "session-locked", kept: "It goes on.", advice: expect.stringMatching(/^End its run first/) });
		for (const call of [client.call("runs.continue", { session: run.session, branch: 0, speed: 1, startPaused: true })])
			await expect(call).rejects.toMatchObject({ code: "session-locked" });
	});

	test("takes in what is uploaded, part by part, and nothing that is no session", async () => {
		const { session } = await wholeRun(client, "ping", { untilUs: 500_000 });
		const { ticket } = await client.call("files.session", { session });
		const { readFileSync } = await import("node:fs");
		const bytes = new Uint8Array(readFileSync(lab.service.files.get(ticket).path));
		const upload = async (name: string, content: Uint8Array) => {
			const { upload: id } = await client.call("uploads.begin", { name, bytes: content.length });
			for (let at = 0; at < content.length; at += 10_000) await client.call("uploads.part", { upload: id, part: content.slice(at, at + 10_000) });
			return client.call("uploads.end", { upload: id });
		};
		expect(await upload("../../handed in.quorate", bytes)).toEqual({ session: "handed in" });
		await expect(upload("x.quorate", new TextEncoder().encode("hello"))).rejects.toMatchObject({ code: "session-damaged" });
		expect((await client.call("sessions.list", {})).sessions).toHaveLength(2);
	});
});

describe("jobs", () => {
	test("verify finds a session as it was, with progress; export hands over a file; both can be called off", async () => {
		const { run, session } = await wholeRun(client, "ping", { untilUs: 2_000_000 });
		const verified = nextPush(client, "job", ({ job }) => job.kind === "verify" && job.state !== "running");
		await client.call("jobs.verify", { session, branch: null });
		expect((await verified).job).toMatchObject({ state: "done", verdict: { same: true } });

		const exported = nextPush(client, "job", ({ job }) => job.kind === "export" && job.state !== "running");
		await client.call("jobs.export", { run, format: "csv", fromUs: null, toUs: null, kinds: null, nodes: null, search: null, drawing: null });
		const { job } = await exported;
		expect(job).toMatchObject({ state: "done", file: { name: `${session}.csv`, mediaType: "text/csv" } });
		expect(await client.call("files.save", { ticket: job.file?.ticket ?? "" })).toMatchObject({ kind: "download" });

		const started = await client.call("jobs.verify", { session, branch: null });
		const { job: ended } = await client.call("jobs.cancel", { job: started.job.job });
		expect(["cancelled", "done"]).toContain(ended.state);
	});
});

describe("two windows on one lab", () => {
	test("see the same run; each is told what it watches, and one may go while the other stays", async () => {
		const other = lab.window();
		await other.welcome;
		const heard = nextPush(other, "run");
		const { run } = await client.call("runs.start", startOf("ping", { startPaused: true, speed: 1 }));
		expect((await heard).run.run).toBe(run.run);
		await other.call("runs.watch", { run: run.run });
		const paused = nextPush(other, "paused");
		await client.call("runs.stepEvent", { run: run.run });
		await paused;
		other.close();
		expect((await client.call("runs.list", {})).runs).toHaveLength(1);
	});

	test("one that shows a run twice is told of it until it shows it no more", async () => {
		const other = lab.window();
		await other.welcome;
		const { run } = await client.call("runs.start", startOf("ping", { startPaused: true, speed: 1 }));
		const about = { run: run.run };
		await client.call("runs.watch", about);
		for (const call of ["runs.watch", "runs.watch", "runs.unwatch"] as const) await other.call(call, about);
		const heard: string[] = [];
		other.on("paused", ({ reason }) => heard.push(reason));
		const step = async (): Promise<void> => {
			const stepped = nextPush(client, "paused");
			await client.call("runs.stepEvent", about);
			await stepped;
			// What was pushed before this is answered has come by then.
			await other.call("runs.list", {});
		};
		await step();
		expect(heard).toEqual(["step"]);
		await other.call("runs.unwatch", about);
		await step();
		expect(heard).toEqual(["step"]);
	});

	test("what one does to a run the other sees; a run that one ends is over for both", async () => {
		const other = lab.window();
		await other.welcome;
		const { run } = await client.call("runs.start", startOf("front-door", { startPaused: true, speed: 1 }));
		for (const window of [client, other]) await window.call("runs.watch", { run: run.run });
		const seen = [client, other].map((window) => nextPush(window, "status", ({ now }) => now.view.commandsApplied === 2));
		const told = nextPush(other, "lines", ({ lines }) => lines.some(({ text }) => text.includes("web-2 crashed")));
		// At once, from both: the run takes them one after the other.
		const taken = await Promise.all([
			client.call("runs.command", { run: run.run, line: "crash web-2", atUs: null }),
			other.call("runs.command", { run: run.run, line: "crash web-3", atUs: null }),
		]);
		expect(taken.map(({ line }) => line)).toEqual(["crash web-2", "crash web-3"]);
		const [mine, theirs] = await Promise.all(seen);
		expect(theirs?.now.view).toEqual(mine?.now.view);
		await told;
		const ended = nextPush(other, "run", ({ run: { mode } }) => mode === "ended");
		await client.call("runs.stop", { run: run.run });
		expect((await ended).run.run).toBe(run.run);
		await expect(other.call("runs.play", { run: run.run })).rejects.toMatchObject({ code: "run-not-live" });
	});
});
