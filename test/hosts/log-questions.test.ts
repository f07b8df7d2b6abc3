/** What windows ask about logs, of a lab service on this thread. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { LabClient } from "../../src/shared/contract/client.ts";
import { readEventPage } from "../../src/shared/contract/event-page.ts";
import type { Push } from "../../src/shared/contract/pushes.ts";
import { decodeOrNull } from "../../src/shared/projection/preview.ts";
import { nextPush, startOf, type TestLab, testLab } from "../support/lab-window.ts";
import { eventsOf, wholeRun } from "../support/whole-run.ts";

let lab: TestLab;
let client: LabClient;

beforeEach(async () => {
	lab = testLab();
	client = lab.window();
	await client.welcome;
});

afterEach(() => lab.close());

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
		const { run } = await wholeRun(client, "front-door", { untilUs: 4_000_000, story });
		const within = async (fromUs: number, toUs: number): Promise<readonly string[]> => {
			const { bands } = await client.call("log.density", { run, fromUs, toUs, buckets: 1, nodes: null });
			return bands.map(({ kind, fromUs: begins, toUs: ends }) => `${kind} ${begins}..${ends ?? ""}`);
		};
		const lasting = ["changed 600000..", "down 1000000..", "slow 1000000.."];
		expect(await within(2_000_000, 2_500_000)).toEqual(lasting);
		expect(await within(0, 4_000_000)).toEqual(["cut 500000..1500000", ...lasting, "paused 3000000.."]);
	});

	test("answer the same, whichever way they are put", async () => {
		const { run, events: count } = await wholeRun(client, "front-door", { untilUs: 4_000_000, story: ["2s crash web-3"] });
		const events = await eventsOf(client, run);
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

		const { traces } = await client.call("log.traces", { run, fromUs: 0, toUs: 1_000_000, order: "latest", limit: 10 });
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
		const stated = (await eventsOf(client, run.run)).filter(({ kind, atUs }) => kind === "factStated" && atUs < 2_000_000);
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
		const { run, events } = await wholeRun(client, "front-door", { untilUs: 8_000_000 });
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
		const { run } = await wholeRun(client, "ping", { untilUs: 1_000_000 });
		await expect(client.call("log.density", { run, fromUs: 5, toUs: 4, buckets: 1, nodes: null })).rejects.toMatchObject({ code: "usage" });
		await expect(client.call("log.view", { run: "r99", atUs: 0 })).rejects.toMatchObject({ code: "run-not-found" });
	});
});
