import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventKinds, eventSchema } from "../../src/shared/event-schema.ts";
import { Folder } from "../support/command-line.ts";
import { type Line, linesOf, recordTrouble, textOf, withSession } from "../support/exported.ts";
import { asPasted, checkShivizLog, happenedBefore } from "../support/shiviz-rule.ts";
import { checkTrace } from "../support/trace-rule.ts";

const folder = new Folder();
afterAll(() => folder.remove());
let path = "";
let lines: readonly Line[] = [];
const text = (format: "csv" | "jsonl" | "shiviz" | "trace"): Promise<string> => withSession(path, (session) => textOf(session, format));

const secondsOf = (us: number): string => `${Math.floor(us / 1e6)}.${String(us % 1e6).padStart(6, "0")}`;

beforeAll(async () => {
	path = await recordTrouble(folder);
	lines = await withSession(path, (session) => linesOf(session));
});

describe("the run that is exported", () => {
	test("holds faults of every sort, so that what follows means something", () => {
		const kinds = new Set(lines.map(({ kind }) => kind));
		for (const kind of [
			"nodeCrashed",
			"networkPartitioned",
			"linkCut",
			"linkClogged",
			"nodePaused",
			"clockStepped",
			"messageDropped",
			"messageHeld",
			"spanFinished",
		])
			expect(kinds, kind).toContain(kind);
	});
});

describe("jsonl", () => {
	test("is one object a line with the fields that its kind has, in the order of the log", () => {
		lines.forEach((line, i) => {
			const kind = eventKinds.find((known) => known === line.kind);
			expect(kind, line.kind).toBeDefined();
			if (kind === undefined) return;
			expect(Object.keys(line.fields)).toEqual(Object.keys(eventSchema[kind].fields));
			expect("body" in line).toBe(eventSchema[kind].body !== "none");
			expect(line.index).toBe(i);
			expect(line.atUs).toBeGreaterThanOrEqual(lines[i - 1]?.atUs ?? 0);
		});
	});
});

describe("csv", () => {
	test("is read by another program as the same table", async () => {
		const rows: readonly { readonly [column: string]: string }[] = parse(await text("csv"), {
			columns: true,
			record_delimiter: "\r\n",
			relax_column_count: false,
		});
		expect(rows.length).toBe(lines.length);
		rows.forEach((row, i) => {
			const line = lines[i] as Line;
			expect([row.index, row.atUs, row.node, row.kind, row.lamport]).toEqual([line.index, line.atUs, line.node ?? "", line.kind, line.lamport].map(String));
			expect(row.seconds).toBe(secondsOf(line.atUs));
			for (const [field, value] of Object.entries(line.fields)) expect(row[field]).toBe(value === null ? "" : String(value));
		});
	});
});

describe("shiviz", () => {
	test("is parsed by its own first line, and its clocks keep the rule", async () => {
		const events = checkShivizLog(await text("shiviz"));
		expect(events.map(({ kind }) => kind)).toEqual(lines.map(({ kind }) => kind));
	});

	test("is read by ShiViz's own expression, too, as when it is pasted", async () => {
		const log = await text("shiviz");
		const [opened, pasted] = [checkShivizLog(log), checkShivizLog(asPasted(log))];
		expect(pasted.map(({ host, clock, text: said }) => [host, clock, said])).toEqual(
			opened.map(({ host, clock, kind, text: said }, i) => [host, clock, `${secondsOf(lines[i]?.atUs ?? 0)}s ${kind} ${said}`]),
		);
	});

	test("has every message happen before its arrival, and no arrow backwards", async () => {
		const events = checkShivizLog(await text("shiviz"));
		const sent = new Map(lines.flatMap(({ kind, node, fields }, i) => (kind === "messageSent" ? [[`${node}#${fields.sequence}`, i]] : [])));
		let arrivals = 0;
		lines.forEach(({ kind, fields }, i) => {
			const from = kind === "messageDelivered" ? sent.get(`${fields.from}#${fields.sequence}`) : undefined;
			const [first, second] = [events[from ?? -1], events[i]];
			if (first === undefined || second === undefined) return;
			arrivals++;
			expect(happenedBefore(first, second)).toBe(true);
			expect(happenedBefore(second, first)).toBe(false);
		});
		expect(arrivals).toBeGreaterThan(300);
	});
});

describe("trace", () => {
	test("keeps the rules of its format, and every node is a process by its name", async () => {
		const events = checkTrace(await text("trace"));
		const processes = events.filter(({ ph, name }) => ph === "M" && name === "process_name").map(({ args }) => args.name);
		expect(new Set(processes)).toEqual(new Set(["network", "crowd", "balancer", "web-1", "web-2", "web-3", "web-4", "web-5"]));
		expect(events.filter(({ flow_in }) => flow_in === true).length).toBeGreaterThan(300);
	});
});
