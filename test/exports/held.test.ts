/** Every file says of which run it is and how much of it, where readers of its format find it. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { DOMParser } from "@xmldom/xmldom";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ExportFilter, type ExportFormat, type ExportSource, exportFormats } from "../../src/main/export/export.ts";
import { type Held, heldAscii, heldLine } from "../../src/shared/export-held.ts";
import { parseSearch, type SearchQuery } from "../../src/shared/search-query.ts";
import { Folder } from "../support/command-line.ts";
import { bytesOf, recordTrouble, textOf, withSession } from "../support/exported.ts";
import { MemorySource } from "../support/memory-source.ts";
import { walkPcapng } from "../support/pcapng-walk.ts";
import { shivizLabel } from "../support/shiviz-rule.ts";
import { playSyntheticRun, syntheticPlan } from "../synthetic-run.ts";

const folder = new Folder();
afterAll(() => folder.remove());
let path = "";
beforeAll(async () => {
	path = await recordTrouble(folder, "Ada's trouble.quorate");
});

interface Attribute {
	readonly key: string;
	readonly value: { readonly stringValue?: string; readonly intValue?: string };
}
interface Otlp {
	readonly resourceSpans: readonly { readonly resource: { readonly attributes: readonly Attribute[] } }[];
}

/** What a format's file says of itself, found as its readers find it: a record, or a line. */
const readers: { readonly [F in ExportFormat]: (file: Buffer) => Partial<Held> | string } = {
	jsonl: (file) => recordIn(file.toString("utf8").split("\n")[0] ?? ""),
	csv: (file) => {
		const rows: readonly { readonly about: string }[] = parse(file, { columns: true, record_delimiter: "\r\n" });
		expect(rows.slice(1).filter(({ about }) => about !== "")).toEqual([]);
		return recordIn(rows[0]?.about ?? "");
	},
	shiviz: (file) => shivizLabel(file.toString("utf8")),
	trace: (file) => (JSON.parse(file.toString("utf8")) as { readonly otherData: Held }).otherData,
	otlp: (file) => {
		const { resourceSpans } = JSON.parse(file.toString("utf8")) as Otlp;
		const all = resourceSpans.map(({ resource: { attributes } }) =>
			Object.fromEntries(attributes.map(({ key, value }) => [key.replace("quorate.", ""), value.stringValue ?? Number(value.intValue)])),
		);
		for (const one of all) expect(one.holds).toBe(all[0]?.holds);
		return { lab: String(all[0]?.["service.namespace"]), ...all[0] };
	},
	pcapng: (file) => {
		const { about } = walkPcapng(file);
		const record = recordIn(about[1] ?? "");
		expect(about[0]?.split("\n")[1]).toContain(`, seed ${record.seed}, `);
		return record;
	},
	"svg-topology": (file) => ofSvg(file),
	"svg-timeline": (file) => ofSvg(file),
	html: (file) => htmlRecordIn(/<meta name="quorate" content="([^"]*)">/.exec(file.toString("utf8"))?.[1] ?? ""),
};

function recordIn(text: string): Held {
	return (JSON.parse(text) as { readonly quorate: Held }).quorate;
}

function htmlRecordIn(attribute: string): Held {
	return recordIn(attribute.replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&"));
}

function ofSvg(file: Buffer): Held {
	const root = new DOMParser().parseFromString(file.toString("utf8"), "image/svg+xml").documentElement;
	return recordIn(root?.getElementsByTagName("metadata")[0]?.textContent ?? "");
}

const read = async (source: ExportSource, format: ExportFormat, filter: ExportFilter = {}): Promise<Partial<Held> | string> =>
	readers[format](await bytesOf(source, format, { filter }));

const formatsOfEvents = exportFormats.filter((format) => format !== "shiviz" && format !== "svg-topology");

describe("a file of everything", () => {
	test.each(formatsOfEvents)("says so as %s, with lab, seed, session, time and version", async (format) => {
		const said = await withSession(path, (session) => read(session, format));
		expect(said).toMatchObject({
			lab: "front-door",
			seed: 1,
			session: "Ada's trouble",
			branch: 0,
			fromUs: 0,
			toUs: 1_000_000,
			holds: "everything",
			formatVersion: 1,
		});
		if (format !== "otlp") expect(said).toMatchObject({ program: "Quorate", format, whole: true, title: "The front door", sessionFinished: true });
	});

	test("says so over ShiViz's diagram", async () => {
		const said = await withSession(path, (session) => read(session, "shiviz"));
		expect(said).toBe("front-door, seed 1, session Ada's trouble, 1.000000s long; holds everything");
	});

	test("says the digest and the number of events that the session has", () =>
		withSession(path, async (session) => {
			const { eventCount, digest } = session.head();
			expect(await read(session, "jsonl")).toMatchObject({ sessionEvents: eventCount, digest: Buffer.from(digest).toString("hex") });
		}));
});

describe("a file of a part", () => {
	const filterOf = ({ plan }: ExportSource): ExportFilter => ({
		fromUs: 300_000,
		toUs: 5_000_000,
		nodes: new Set([1, 4]),
		kinds: new Set(["messageSent", "messageDelivered", "spanFinished"]),
		search: parseSearch("node=web-3", plan) as SearchQuery,
		searchLine: "node=web-3",
	});
	const holds =
		"from 0.300000s to 1.000000s; of nodes balancer, web-3; of kinds messageSent, messageDelivered, spanFinished; what the search “node=web-3” finds";

	test.each(formatsOfEvents)("says which, as %s", async (format) => {
		const said = await withSession(path, (session) => read(session, format, filterOf(session)));
		expect(said).toMatchObject({ holds, fromUs: 300_000, toUs: 1_000_000 });
		const lists = { whole: false, nodes: ["balancer", "web-3"], kinds: ["messageSent", "messageDelivered", "spanFinished"], search: "node=web-3" };
		if (format !== "otlp") expect(said).toMatchObject(lists);
	});

	test("says which over ShiViz's diagram", async () => {
		const said = await withSession(path, (session) => read(session, "shiviz", filterOf(session)));
		expect(said).toBe(`front-door, seed 1, session Ada's trouble, 1.000000s long; holds ${holds}`);
	});

	test("is the cluster at one instant, as a picture of it", async () => {
		const said = await withSession(path, (session) => read(session, "svg-topology", { fromUs: 300_000, toUs: 450_000 }));
		expect(said).toMatchObject({ holds: "the cluster at 0.450000s", fromUs: 450_000, toUs: 450_000, whole: false });
	});

	test("says what is not stored, what is damaged, and what is not finished", async () => {
		const source = new MemorySource();
		playSyntheticRun(source.log, { eventCount: 50 });
		Object.assign(source.header, { detail: "messages" });
		Object.assign(source, { damage: { reasons: ["block 3"], readableEvents: new Map() } });
		const head = { ...source.head(), finished: false };
		const open = Object.assign(source, { head: () => head });
		expect(await read(open, "jsonl")).toMatchObject({
			whole: false,
			sessionFinished: false,
			holds: "what a session at detail messages keeps; what is provably intact of a damaged file",
		});
		expect(await read(open, "shiviz")).toMatch(/long, not finished; holds what/);
	});

	test("without events is a file that ShiViz refuses in its own words, not one in which it falls over", async () => {
		const text = await textOf(new MemorySource(), "shiviz");
		expect(text.split("\n").slice(1)).toEqual(["", ""]);
	});
});

describe("what a file says of itself", () => {
	const hostile = `a"b\n=== c ===\u2028\u0000\ud800\u202e😀</desc>--> ${"x".repeat(10_000)}`;

	test.each(formatsOfEvents.filter((format) => format !== "otlp"))("is found whatever lab and session are called, as %s", async (format) => {
		const source = new MemorySource({ ...syntheticPlan(), title: hostile, labId: "l\ud800" });
		playSyntheticRun(source.log, { eventCount: 200 });
		const said = (await read(Object.assign(source, { path: `/tmp/${hostile.replace("/", "")}.quorate` }), format)) as Held;
		expect(said.holds).toBe("everything");
		// A packet's reader is shown short texts.
		if (format !== "pcapng") expect([said.title, said.lab]).toEqual([hostile.toWellFormed(), "l\ufffd"]);
		else expect(said.title.startsWith('a"b === c ===')).toBe(true);
	});

	test("is one line for people, and letters of every encoding for programs, no longer than there is room for", async () => {
		const source = new MemorySource({ ...syntheticPlan(), title: hostile });
		const held = (await read(source, "jsonl")) as Held;
		expect(heldLine({ ...held, session: hostile, search: hostile })).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
		expect(heldAscii(held)).toMatch(/^[\x20-\x7e]+$/);
		const short = heldAscii({ ...held, nodes: [hostile], kinds: [hostile], search: hostile, session: hostile, lab: hostile, holds: hostile }, 3_900);
		expect(short.length).toBeLessThanOrEqual(3_900);
		expect(recordIn(short)).toMatchObject({ program: "Quorate", seed: 7, whole: true });
	});
});

const isInstalled = spawnSync("capinfos", ["--version"]).status === 0;

test.skipIf(!isInstalled)("packets tell Wireshark's own program what they are of (where it is installed)", async () => {
	const capture = folder.file("held.pcapng");
	writeFileSync(capture, await withSession(path, (session) => bytesOf(session, "pcapng", { filter: { fromUs: 400_000 } })));
	const { stdout } = spawnSync("capinfos", ["-A", capture], { encoding: "utf8" });
	expect(stdout).toContain("front-door, seed 1, session Ada's trouble, 1.000000s long; holds from 0.400000s to 1.000000s");
	expect(stdout).toContain('{"quorate":{"program":"Quorate","format":"pcapng"');
});
