/** Who really served a request: asked of the log of a lab whose user names no machine. */
import { afterEach, beforeEach, expect, test } from "vitest";
import type { CallReply } from "../../src/shared/contract/calls.ts";
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

test("a saved file was received, sent and written by a majority of machines, and by no others", async () => {
	const ended = nextPush(client, "run", ({ run }) => run.mode === "ended" || run.mode === "failed");
	await client.call("runs.start", startOf("budget-pdf", { untilUs: 5_000_000 }));
	const { run } = await ended;
	const { plan } = await client.call("runs.describe", { run: run.run });
	const { traces } = await client.call("log.traces", { run: run.run, fromUs: 3_000_000, toUs: 5_000_000, order: "latest", limit: 100 });
	const save = traces.find(({ name }) => plan.names[name] === "shell.save");
	const ask = (fromUs: number, toUs: number): Promise<CallReply<"log.xray">> =>
		client.call("log.xray", { run: run.run, traceNode: save?.traceNode ?? -1, traceSequence: save?.traceSequence ?? -1, fromUs, toUs });
	const { machines, hops, truncated } = await ask(3_000_000, 5_000_000);
	const named = new Map(machines.map((machine) => [plan.nodes[machine.node]?.name ?? "", machine]));
	expect(truncated).toBe(false);
	expect([...named.keys()][0]).toBe("laptop");
	expect(named.get("laptop")?.diskWrites).toBe(0);
	const wrote = ["texas-1", "ireland-1", "tokyo-1"].filter((name) => (named.get(name)?.diskWrites ?? 0) > 0 && (named.get(name)?.diskSyncs ?? 0) > 0);
	expect(wrote.length).toBeGreaterThanOrEqual(2);
	expect(machines.reduce((sum, { sent }) => sum + sent, 0)).toBe(hops.reduce((sum, { messages }) => sum + messages, 0));
	expect(machines.reduce((sum, { received }) => sum + received, 0)).toBeGreaterThan(0);
	// At the instant it began there was nobody but the laptop.
	expect((await ask(3_000_000, 3_000_000)).machines.map(({ node }) => plan.nodes[node]?.name)).toEqual(["laptop"]);
	// Of a request that never was, nobody served anything.
	expect(await client.call("log.xray", { run: run.run, traceNode: 0, traceSequence: 999_999, fromUs: 0, toUs: 5_000_000 })).toEqual({
		machines: [],
		hops: [],
		truncated: false,
	});
});
