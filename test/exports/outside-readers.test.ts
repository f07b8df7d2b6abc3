/** What is written for other people's programs is read by programs of other people: lines of JSON, and traces. */
import { parseChunked } from "@discoveryjs/json-ext";
import { buildModel, type EventModel, type ThreadModel } from "@tracerbench/trace-model";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Folder } from "../support/command-line.ts";
import { type Line, linesOf, recordTrouble, textOf, withSession } from "../support/exported.ts";

const folder = new Folder();
afterAll(() => folder.remove());
let path = "";
let lines: readonly Line[] = [];

beforeAll(async () => {
	path = await recordTrouble(folder);
	lines = await withSession(path, (session) => linesOf(session));
});

describe("jsonl", () => {
	test("is read by a parser of lines of JSON, in pieces that end anywhere", async () => {
		const bytes = new TextEncoder().encode(await withSession(path, (session) => textOf(session, "jsonl")));
		const pieces = function* (): Generator<Uint8Array> {
			for (let at = 0; at < bytes.length; at += 977) yield bytes.subarray(at, at + 977);
		};
		const [about, ...rows] = await parseChunked(pieces, { mode: "jsonl" });
		expect(rows).toEqual(lines);
		expect(about).toMatchObject({ quorate: { lab: "front-door", seed: 1 } });
		expect(lines.length).toBeGreaterThan(1_000);
	});
});

/** What that reader does not know of. */
type Arrow = { readonly bind_id?: string; readonly flow_in?: boolean; readonly flow_out?: boolean };

describe("trace", () => {
	const read = async () => buildModel(JSON.parse(await withSession(path, (session) => textOf(session, "trace"))));
	const slicesOf = ({ events }: ThreadModel): readonly EventModel[] => events.filter((event) => event.isComplete());

	test("has a process for each node and one for the network, in their order, with threads that have names", async () => {
		const { processes } = await read();
		expect(processes.map(({ name }) => name)).toEqual(["network", "crowd", "balancer", "web-1", "web-2", "web-3", "web-4", "web-5"]);
		for (const { name, threads } of processes) for (const thread of threads) if (slicesOf(thread).length > 0) expect(thread.name, name).not.toBe("");
	});

	test("has slices that lie within each other or apart, as a viewer stacks them", async () => {
		const { processes } = await read();
		let slices = 0;
		for (const thread of processes.flatMap(({ threads }) => threads)) {
			for (const slice of slicesOf(thread)) {
				slices++;
				const { parent } = slice;
				if (parent === undefined) continue;
				expect(slice.start).toBeGreaterThanOrEqual(parent.start);
				expect(slice.end).toBeLessThanOrEqual(parent.end);
			}
		}
		expect(slices).toBeGreaterThan(500);
	});

	test("has as many arrows that end as messages that arrived, each at a slice after that where it began", async () => {
		const { processes } = await read();
		const slices = processes.flatMap(({ threads }) => threads.flatMap(slicesOf)).map((slice) => ({ slice, ...(slice.traceEvent as Arrow) }));
		const network = processes.find(({ name }) => name === "network")?.id;
		const begun = new Map(slices.flatMap(({ slice, bind_id, flow_out }) => (flow_out === true ? [[bind_id, slice.start] as const] : [])));
		let arrived = 0;
		for (const { slice, bind_id, flow_in } of slices) {
			if (flow_in !== true) continue;
			// What was lost ends at the network.
			if (slice.pid !== network) arrived++;
			expect(begun.get(bind_id)).toBeLessThanOrEqual(slice.start);
		}
		expect(arrived).toBe(lines.filter(({ kind }) => kind === "messageDelivered").length);
	});

	test("lasts as long as the run", async () => {
		const model = await read();
		expect(model.end).toBeGreaterThanOrEqual(Math.max(...lines.map(({ atUs }) => atUs)));
		// A message is drawn a moment long.
		expect(model.end).toBeLessThanOrEqual(Math.max(...lines.map(({ atUs }) => atUs)) + 10);
	});
});
