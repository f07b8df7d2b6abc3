import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { LabClient } from "../../src/shared/contract/client.ts";
import { type EventPage, type PagedEvent, readEventPage } from "../../src/shared/contract/event-page.ts";
import type { Push } from "../../src/shared/contract/pushes.ts";
import { decodeOrNull } from "../../src/shared/projection/preview.ts";
import { nextPush, startOf, type TestLab, testLab } from "../support/lab-window.ts";

let lab: TestLab;
let client: LabClient;

beforeEach(async () => {
	lab = testLab();
	client = lab.window();
	await client.welcome;
});

afterEach(() => lab.close());

type RunView = Push<"run">["run"];

/** Starts a run and waits until it has come to its end. */
async function wholeRun(name: string, wishes: Parameters<typeof startOf>[1] = {}): Promise<RunView> {
	const ended = nextPush(client, "run", ({ run }) => run.mode === "ended" || run.mode === "failed");
	await client.call("runs.start", startOf(name, wishes));
	const { run } = await ended;
	expect(run.error).toBeNull();
	return run;
}

async function eventsOf(run: string): Promise<PagedEvent[]> {
	const events: PagedEvent[] = [];
	for (let from: number | null = 0; from !== null; ) {
		const page: EventPage = await client.call("log.events", {
			run,
			fromIndex: from,
			toIndex: null,
			fromUs: null,
			toUs: null,
			kinds: null,
			nodes: null,
			text: null,
			limit: 2_000,
			backwards: false,
		});
		events.push(...readEventPage(page));
		from = page.nextIndex;
	}
	return events;
}

describe("a run behind the contract", () => {
	test("starts, ends, and every event of it can be read", async () => {
		const run = await wholeRun("ping");
		expect(run).toMatchObject({ labId: "ping", seed: 7, finished: true, kind: "recorded", committedEvents: run.events });
		const events = await eventsOf(run.run);
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
		const old = await wholeRun("front-door", { untilUs: 3_000_000 });
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
		expect(await eventsOf(old.run)).toHaveLength(old.events);
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
		const run = await wholeRun("front-door", { untilUs: 3_000_000 });
		const early = await client.call("nodes.inspect", { run: run.run, node: 1, atUs: 500_000 });
		const late = await client.call("nodes.inspect", { run: run.run, node: 1, atUs: 2_500_000 });
		expect(early.atUs).toBe(500_000);
		expect(late.services).not.toEqual(early.services);
		expect(early.timers?.length).toBeGreaterThan(0);
		expect(early.timers?.every(({ name, dueUs }) => name !== "" && dueUs >= 500_000)).toBe(true);
		expect([early.inbox, early.inboxOmitted]).toEqual([[], 0]);
	});
});

describe("questions about a log", () => {
	test("tell of faults that last, however far before the range they began", async () => {
		const story = [
			"500ms cut balancer web-1",
			"600ms set link balancer web-2 loss 20%",
			"1s crash web-3",
			"1s slow web-4 8x",
			"1500ms heal balancer web-1",
			"3s pause web-5",
		];
		const { run } = await wholeRun("front-door", { untilUs: 4_000_000, story });
		const within = async (fromUs: number, toUs: number): Promise<readonly string[]> => {
			const { bands } = await client.call("log.density", { run, fromUs, toUs, buckets: 1, nodes: null });
			return bands.map(({ kind, fromUs: begins, toUs: ends }) => `${kind} ${begins}..${ends ?? ""}`);
		};
		const lasting = ["changed 600000..", "down 1000000..", "slow 1000000.."];
		expect(await within(2_000_000, 2_500_000)).toEqual(lasting);
		expect(await within(0, 4_000_000)).toEqual(["cut 500000..1500000", ...lasting, "paused 3000000.."]);
	});

	test("answer the same, whichever way they are put", async () => {
		const { run, events: count } = await wholeRun("front-door", { untilUs: 4_000_000, story: ["2s crash web-3"] });
		const events = await eventsOf(run);
		const sends = events.filter(({ kind }) => kind === "messageSent");
		const filter = { run, fromIndex: null, toIndex: null, fromUs: null, toUs: null, kinds: null, nodes: null, text: null, limit: 10, backwards: true } as const;

		const newest = await client.call("log.events", filter);
		expect(newest.indexes).toEqual(events.slice(-10).map(({ index }) => index));
		expect(newest.nextIndex).toBe(count - 11);
		const found = await client.call("log.events", { ...filter, text: "WEB-3 CRASHED", backwards: false });
		expect(readEventPage(found).map(({ kind }) => kind)).toEqual(["nodeCrashed"]);

		const density = await client.call("log.density", { run, fromUs: 0, toUs: 4_000_000, buckets: 64, nodes: null });
		const counts = new Uint32Array(density.counts.slice().buffer);
		expect(counts.reduce((sum, value) => sum + value, 0)).toBe(events.filter(({ node }) => node >= 0).length);
		expect(density.faults.map(({ kind }) => kind)).toContain("nodeCrashed");

		const { messages } = await client.call("log.messages", { run, fromUs: 0, toUs: 1_000_000, nodes: null, limit: 5_000 });
		expect(messages.map(({ sentIndex }) => sentIndex)).toEqual(sends.filter(({ atUs }) => atUs <= 1_000_000).map(({ index }) => index));

		const view = await client.call("log.view", { run, atUs: 2_500_000 });
		expect(view.view.nodes.find(({ name }) => name === "web-3")?.status).toBe("down");
		const before = await client.call("log.view", { run, atUs: 1_999_999 });
		expect(before.view.nodes.find(({ name }) => name === "web-3")?.status).toBe("up");
		expect(before.flights.length).toBe(
			sends.filter(({ atUs }) => atUs <= 1_999_999).length -
				events.filter(({ kind, atUs }) => atUs <= 1_999_999 && /^message(Delivered|Dropped)$/.test(kind)).length,
		);

		const delivery = events.find(({ kind }) => kind === "messageDelivered");
		const { neighbours } = await client.call("log.event", { run, index: delivery?.index ?? -1 });
		expect(neighbours.map(({ relation }) => relation)).toContain("sending");
		const { past, future } = await client.call("log.causality", { run, index: delivery?.index ?? 0, limit: 1_000 });
		expect(past).toContain(neighbours.find(({ relation }) => relation === "sending")?.index);
		expect(Math.min(...future)).toBeGreaterThan(delivery?.index ?? 0);

		const { traces } = await client.call("log.traces", { run, fromUs: 0, toUs: 1_000_000, limit: 10 });
		const { spans } = await client.call("log.spans", { run, traceNode: traces[0]?.traceNode ?? -1, traceSequence: traces[0]?.traceSequence ?? -1 });
		expect(spans).toHaveLength(traces[0]?.spans ?? -1);

		const series = await client.call("log.series", { run, fromUs: 0, toUs: 3_999_999, points: 4, nodes: null });
		const delivered = new Float32Array(series.delivered.slice().buffer);
		expect(delivered.reduce((sum, value) => sum + value, 0)).toBe(events.filter(({ kind }) => kind === "messageDelivered").length);

		const clocks = await client.call("log.clocks", { run, fromUs: 0, toUs: 4_000_000, points: 5, nodes: [0] });
		expect(new Float64Array(clocks.wallUs.slice().buffer)).toHaveLength(5);
	});

	test("what programs stated is the same, asked of the present and of the log", async () => {
		const { run } = await client.call("runs.start", startOf("deadlock", { startPaused: true, untilUs: 4_000_000 }));
		await client.call("runs.watch", { run: run.run });
		const { plan } = await client.call("runs.describe", { run: run.run });
		const names = plan.names.flatMap((name, index) => (name.startsWith("deadlock.") ? [index] : []));
		const paused = nextPush(client, "paused", ({ reason }) => reason === "until");
		await client.call("runs.runUntil", { run: run.run, untilUs: 2_000_000, waitFor: null });
		await paused;
		const now = await client.call("log.board", { run: run.run, atUs: null, names });
		expect(now).toMatchObject({ atUs: 2_000_000, omitted: 0 });
		expect(now.entries.length).toBeGreaterThan(0);
		expect((await client.call("log.board", { run: run.run, atUs: null, names: [] })).entries).toEqual([]);

		const ended = nextPush(client, "run", (push) => push.run.mode === "ended");
		await client.call("runs.play", { run: run.run });
		await ended;
		const last = await client.call("log.board", { run: run.run, atUs: null, names });
		expect(last.atUs).toBeGreaterThan(2_000_000);
		expect(last.entries).not.toEqual(now.entries);
		const then = await client.call("log.board", { run: run.run, atUs: 1_999_999, names });
		expect(then.entries).toEqual(now.entries);
		const stated = (await eventsOf(run.run)).filter(({ kind, atUs }) => kind === "factStated" && atUs < 2_000_000);
		for (const { index, atUs, value } of now.entries) {
			const event = stated.find((candidate) => candidate.index === index);
			expect([event?.atUs, decodeOrNull(event?.body ?? new Uint8Array())]).toEqual([atUs, value]);
		}
	});

	test("what the nodes take the time to be is the same, asked of the present and of the log", async () => {
		const story = ["1s clock s1 +2s", "1500ms drift s1 500ppm"];
		const { run } = await client.call("runs.start", startOf("clock-sync", { startPaused: true, untilUs: 5_000_000 }));
		const { plan } = await client.call("runs.describe", { run: run.run });
		const node = plan.nodes[0]?.name ?? "";
		for (const line of story) {
			const [at, ...words] = line.replace("s1", node).split(" ");
			await client.call("runs.command", { run: run.run, line: words.join(" "), atUs: at === "1s" ? 1_000_000 : 1_500_000 });
		}
		await client.call("runs.watch", { run: run.run });
		const shown = nextPush(client, "status", (status) => status.run.mode === "paused" && status.run.virtualUs === 2_500_000);
		await client.call("runs.runUntil", { run: run.run, untilUs: 2_500_000, waitFor: null });
		const { now } = await shown;
		expect(new Set(now.clocks.map(({ skewUs }) => skewUs)).size).toBeGreaterThan(1);
		expect(Math.abs(now.clocks[0]?.skewUs ?? 0)).toBeGreaterThan(1_000_000);
		const inspected = await client.call("nodes.inspect", { run: run.run, node: 0, atUs: null });
		expect(inspected).toMatchObject({ atUs: 2_500_000, ...now.clocks[0] });
		const past = await client.call("nodes.inspect", { run: run.run, node: 0, atUs: 1_200_000 });
		await client.call("runs.stop", { run: run.run });
		expect((await client.call("log.view", { run: run.run, atUs: 2_500_000 })).clocks).toEqual(now.clocks);
		expect((await client.call("log.view", { run: run.run, atUs: 1_200_000 })).clocks[0]).toEqual({ wallUs: past.wallUs, skewUs: past.skewUs });
	});

	test("messages under way are the same, asked of the present and of the log", async () => {
		const { run } = await client.call("runs.start", startOf("front-door", { startPaused: true, untilUs: 2_000_000 }));
		await client.call("runs.watch", { run: run.run });
		const seen = nextPush(client, "status", ({ run: { virtualUs }, now }) => virtualUs > 500_000 && now.flights.length > 2);
		await client.call("runs.setSpeed", { run: run.run, speed: 0.5 });
		await client.call("runs.play", { run: run.run });
		const { now } = await seen;
		expect(now.flights.every(({ link, fate, lostUs }) => link >= 0 && fate === "unknown" && lostUs === null)).toBe(true);
		await client.call("runs.stop", { run: run.run });
		const { flights } = await client.call("log.view", { run: run.run, atUs: now.view.virtualUs - 1 });
		const keyOf = ({ from, to, sequence, copy, name, isReply }: (typeof flights)[number]): string => [from, to, sequence, copy, name, isReply].join();
		expect(flights.map(({ isReply }) => isReply)).toContain(true);
		expect(now.flights.map(keyOf).sort()).toEqual(flights.map(keyOf).sort());
	});

	test("whoever is the first to look at a long log is told how far it is read, and nobody else is", async () => {
		const { run, events } = await wholeRun("front-door", { untilUs: 8_000_000 });
		expect(events).toBeGreaterThan(33_000); // more than a slice
		const other = lab.window();
		await other.welcome;
		const [told, heardElsewhere]: [Push<"reading">[], unknown[]] = [[], []];
		client.on("reading", (reading) => void told.push(reading));
		other.on("reading", (reading) => void heardElsewhere.push(reading));
		const look = { run, fromUs: 0, toUs: 8_000_000, buckets: 100, nodes: null };
		// What is asked behind it need not wait for it, and both are answered.
		const [density, view] = await Promise.all([client.call("log.density", look), client.call("log.view", { run, atUs: 1_000_000 })]);
		expect([density.buckets, view.view.virtualUs]).toEqual([100, 1_000_000]);
		expect(told.at(-1)).toEqual({ run, done: events, total: events });
		const before = told.length;
		await client.call("log.density", look);
		expect([told.length, heardElsewhere]).toEqual([before, []]);
	});

	test("that make no sense are refused", async () => {
		const { run } = await wholeRun("ping", { untilUs: 1_000_000 });
		await expect(client.call("log.density", { run, fromUs: 5, toUs: 4, buckets: 1, nodes: null })).rejects.toMatchObject({ code: "usage" });
		await expect(client.call("log.view", { run: "r99", atUs: 0 })).rejects.toMatchObject({ code: "run-not-found" });
	});
});

describe("the library", () => {
	test("lists, renames, duplicates, annotates and throws away, and opens what it lists", async () => {
		const { run, session } = await wholeRun("ping", { session: "my run", untilUs: 1_000_000 });
		expect(session).toBe("my run");
		await client.call("runs.close", { run });
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

	test("keeps its hands off a session that is being recorded", async () => {
		const { run } = await client.call("runs.start", startOf("ping", { startPaused: true }));
		for (const call of [
			client.call("sessions.rename", { session: run.session, to: "x" }),
			client.call("sessions.trash", { session: run.session }),
			client.call("jobs.verify", { session: run.session, branch: null }),
			client.call("runs.continue", { session: run.session, branch: 0, speed: 1, startPaused: true }),
		])
			await expect(call).rejects.toMatchObject({ code: "session-locked" });
	});

	test("takes in what is uploaded, part by part, and nothing that is no session", async () => {
		const { run, session } = await wholeRun("ping", { untilUs: 500_000 });
		await client.call("runs.close", { run });
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
		const { run, session } = await wholeRun("ping", { untilUs: 2_000_000 });
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

	test("what one does to a run the other sees; a run that one closes is gone for both", async () => {
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
		const closed = nextPush(other, "runClosed");
		await client.call("runs.close", { run: run.run });
		expect((await closed).run).toBe(run.run);
		await expect(other.call("runs.play", { run: run.run })).rejects.toMatchObject({ code: "run-not-found" });
	});
});
