import { existsSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Folder, lastObject, quorate, Running, type RunObject } from "../support/command-line.ts";

const folder = new Folder();
afterAll(() => folder.remove());
const saved = folder.file("run.quorate");
let events = 0;
beforeAll(async () => {
	const finished = await quorate(["run", "front-door", "--executor", "inline", "--until", "3s", "--save", saved, "--json"]);
	events = lastObject<RunObject>(finished).events;
});

describe("quorate export", () => {
	test("writes one object an event and one that says of what, into a pipe or into a file", async () => {
		const piped = await quorate(["export", saved, "--format", "jsonl"]);
		const out = folder.file("run.jsonl");
		const filed = await quorate(["export", saved, "--format", "jsonl", "--out", out]);
		expect([piped.code, filed.code]).toEqual([0, 0]);
		expect(readFileSync(out, "utf8")).toBe(piped.out);
		const lines = piped.out
			.trimEnd()
			.split("\n")
			.map((line) => JSON.parse(line) as object);
		expect(lines.length).toBe(events + 1);
		expect(lines[0]).toMatchObject({ quorate: { lab: "front-door", session: "run", whole: true, sessionEvents: events } });
	});

	test.each(["csv", "shiviz", "trace", "otlp", "pcapng", "svg-topology", "svg-timeline", "html"])("writes %s", async (format) => {
		const { code, out } = await quorate(["export", saved, "--format", format, "--to", "1s"]);
		expect(code).toBe(0);
		expect(out.length).toBeGreaterThan(1_000);
	});

	test("never overwrites a file unless told so, and leaves nothing half-written", async () => {
		const out = folder.file("kept.csv");
		const words = ["export", saved, "--format", "csv", "--to", "10ms", "--out", out];
		expect((await quorate(words)).code).toBe(0);
		const refused = await quorate(words);
		expect(refused.code).toBe(2);
		expect(refused.err).toMatch(/kept\.csv exists already/);
		expect((await quorate([...words, "--force"])).code).toBe(0);
		expect((await quorate([...words.slice(0, -1), folder.file("no/such/x.csv")])).code).toBe(2);
		expect(existsSync(`${out}.partial`)).toBe(false);
	});

	test("ends quietly when its reader leaves", async () => {
		const running = new Running(["export", saved, "--format", "jsonl"]);
		running.child.stdout?.once("data", () => running.child.stdout?.destroy());
		const { code, err } = await running.finished;
		expect({ code, err }).toEqual({ code: 0, err: "" });
	});

	test("refuses a format nobody knows, and a missing one", async () => {
		const [unknown, missing] = await Promise.all([quorate(["export", saved, "--format", "xml"]), quorate(["export", saved])]);
		expect([unknown.code, missing.code]).toEqual([2, 2]);
		expect(unknown.err).toMatch(/--format is one of jsonl, csv, .*html; found "xml"/);
		expect(missing.err).toMatch(/--format/);
	});
});
