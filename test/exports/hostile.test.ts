/** Whatever names, titles, notes and messages hold, every format stays what its readers read, and shows it. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { parseChunked } from "@discoveryjs/json-ext";
import { DOMParser } from "@xmldom/xmldom";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { HtmlValidate } from "html-validate";
import { afterAll, describe, expect, test } from "vitest";
import { closeDirections } from "../../src/main/export/well-formed.ts";
import { decode, encode } from "../../src/shared/codec.ts";
import type { Plan } from "../../src/shared/plan.ts";
import { Folder } from "../support/command-line.ts";
import { bytesOf, type Line, textOf } from "../support/exported.ts";
import { MemorySource } from "../support/memory-source.ts";
import { walkPcapng } from "../support/pcapng-walk.ts";
import { checkShivizLog, shivizLabel } from "../support/shiviz-rule.ts";
import { checkTrace } from "../support/trace-rule.ts";
import { logEvent, syntheticPlan } from "../synthetic-run.ts";

const folder = new Folder();
afterAll(() => folder.remove());

const known = [
	"<script>alert(1)</script>",
	"</desc></title></style>]]>-->",
	"=cmd|'/c calc'!A0",
	'@SUM("a",1)',
	"'quoted'",
	'"double", and, commas',
	"two\nlines\r\nthree\rfour",
	"\u0000\u0001\u0007\u001b[31m\u007f\u0085\u009f",
	"half \ud800 and half \udfff",
	"\\ud800 \\\\ \\n",
	"\u202eright to left\u202c \u2067open",
	"\u2028\u2029\ufeff\ufffe\uffff",
	"=== (?<trace>.*) ===",
	'web-9 {"web-9":7}',
	"constructor",
	"__proto__",
	"",
	" ",
	"😀ünïcode",
	"x".repeat(10_000),
	"<&\"'\n=".repeat(1_700),
];
const hostile = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 40 }) });

interface Hostile {
	readonly names: readonly string[];
	readonly said: readonly string[];
	readonly title: string;
	readonly word: string;
}
const runs: fc.Arbitrary<Hostile> = fc.record({
	names: fc.array(hostile, { minLength: 3, maxLength: 3 }),
	said: fc.array(hostile, { minLength: 2, maxLength: 5 }),
	title: hostile,
	word: hostile,
});

/** A run in which everything that can have a name has a bad one; a message, a line, a span, a command and a crash for each text. */
function runOf({ names, said, title, word }: Hostile): MemorySource {
	const plan = syntheticPlan();
	const source = new MemorySource({
		...plan,
		title,
		labId: word,
		variant: word,
		parameters: { [title]: word },
		regions: [word],
		nodes: plan.nodes.map((node, i) => ({ ...node, name: names[i] as string, role: word })),
		switches: plan.switches.map((one) => ({ ...one, name: title })),
		links: plan.links.map((link) => ({ ...link, name: word })),
		checks: [{ id: word, expression: title, shows: title }],
		names: plan.names.map(() => word),
	} satisfies Plan);
	said.forEach((text, i) => {
		const atUs = i * 1_000;
		const sent = { sequence: i + 1, to: 1, name: 1, expects: 0, inReplyTo: 0, traceNode: 0, traceSequence: i + 1, spanNode: -1, spanSequence: 0 };
		const delivered = { from: 0, sequence: i + 1, copy: 0, name: 1, inReplyTo: 0, sentUs: atUs };
		logEvent(source.log, "logLine", { atUs, node: 0 }, { level: 1 }, text);
		logEvent(source.log, "messageSent", { atUs, node: 0 }, sent, { text, [text]: 1 });
		logEvent(source.log, "messageDelivered", { atUs: atUs + 10, node: 1 }, delivered);
		const span = { spanSequence: i + 1, name: 3, traceNode: 1, traceSequence: i + 1 };
		logEvent(source.log, "spanStarted", { atUs: atUs + 10, node: 1 }, { ...span, parentNode: -1, parentSequence: 0 });
		logEvent(source.log, "spanFinished", { atUs: atUs + 20, node: 1 }, { spanSequence: i + 1, name: 3, status: 0, startedUs: atUs + 10 }, { text });
		logEvent(source.log, "commandApplied", { atUs: atUs + 30, node: -1 }, { commandSequence: i, origin: 1 }, text);
		logEvent(source.log, "nodeCrashed", { atUs: atUs + 30, node: 2 }, { incarnation: 1, reason: 1 }, text);
	});
	source.noteList = said.map((text, i) => ({ id: i + 1, branch: 0, eventIndex: i, wallMs: 0, text }));
	source.verdicts = [{ id: word, ok: false, expression: title, observed: word, evidence: [{ index: 1, atUs: 2, text: title }] }];
	return source;
}

const whole = (text: string): string => text.toWellFormed();
/** As a node's program gets it back from a message or a disk. */
const inBody = (text: string): unknown => decode(encode(text));
const lines = async (source: MemorySource): Promise<readonly Line[]> => {
	const bytes = await bytesOf(source, "jsonl");
	const [, ...rows] = await parseChunked([bytes], { mode: "jsonl" });
	return rows as unknown as readonly Line[];
};
const every = (check: (run: Hostile, source: MemorySource) => Promise<void>, numRuns: number): Promise<void> =>
	fc.assert(
		fc.asyncProperty(runs, (run) => check(run, runOf(run))),
		{ seed: 41, numRuns },
	);

describe("whatever a run's texts hold", () => {
	test("jsonl is read, and has them", () =>
		every(async ({ names, said }, source) => {
			const rows = await lines(source);
			expect(rows.length).toBe(source.stored.length);
			expect(rows.filter(({ kind }) => kind === "logLine").map(({ body }) => body)).toEqual(said.map(inBody));
			for (const { kind, node, fields } of rows) if (kind === "messageSent") expect([node, fields.to]).toEqual([whole(names[0] ?? ""), whole(names[1] ?? "")]);
			// Readers of JSON that take no half of a character refuse the line for it.
			expect((await textOf(source, "jsonl")).replaceAll("\\\\", "")).not.toMatch(/\\ud[89a-f]/);
		}, 40));

	test("csv is read, has them behind the apostrophe that is told of, and no cell of text is a formula", () =>
		every(async ({ names, said }, source) => {
			const rows: readonly { readonly [column: string]: string }[] = parse(await bytesOf(source, "csv"), { columns: true, record_delimiter: "\r\n" });
			expect(rows.length).toBe(source.stored.length);
			const plain = (text = ""): string => text.replace(/^'/, "");
			expect(rows.filter(({ kind }) => kind === "logLine").map(({ body }) => plain(body))).toEqual(said.map(inBody));
			for (const row of rows) if (row.kind === "messageSent") expect([plain(row.node), plain(row.to)]).toEqual([whole(names[0] ?? ""), whole(names[1] ?? "")]);
			for (const cell of rows.flatMap((row) => Object.values(row))) if (!/^-?\d+(\.\d+)?$/.test(cell)) expect(cell).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
		}, 40));

	test("shiviz is read as ShiViz reads it, an execution with an event for each", () =>
		every(async ({ word }, source) => {
			const text = await textOf(source, "shiviz");
			expect(checkShivizLog(text).length).toBe(source.stored.length);
			if (/^\w+$/.test(word) && word.length < 200) expect(shivizLabel(text)).toContain(word);
		}, 40));

	test("trace keeps its rules, and calls each node by its name", () =>
		every(async ({ names }, source) => {
			const text = await textOf(source, "trace");
			const processes = checkTrace(text).filter(({ name }) => name === "process_name");
			for (const { pid, args } of processes) if (pid > 1) expect(args.name).toBe(whole(names[pid - 2] ?? ""));
			expect(text.replaceAll("\\\\", "")).not.toMatch(/\\ud[89a-f]/);
		}, 40));

	test("otlp is read, and has them as attributes", () =>
		every(async ({ names, said }, source) => {
			const { resourceSpans } = JSON.parse(await textOf(source, "otlp")) as Otlp;
			const textUnder = ({ attributes }: Attributes, key: string): string | undefined => attributes.find((one) => one.key === key)?.value.stringValue;
			expect(resourceSpans.map(({ resource }) => textUnder(resource, "service.name")).sort()).toEqual(
				[names[0], names[1]].map((name) => whole(name ?? "")).sort(),
			);
			const spans = resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((one) => one.spans));
			expect(spans.flatMap((span) => textUnder(span, "text") ?? []).sort()).toEqual(said.map(inBody).sort());
		}, 40));

	test("pcapng is walked, names its ends, and carries them", () =>
		every(async ({ names, said }, source) => {
			const { interfaces, packets } = walkPcapng(await bytesOf(source, "pcapng"));
			const shown = (name: string): string => Buffer.from(name.replaceAll("\0", " ")).subarray(0, 4_000).toString();
			expect(interfaces.slice(0, 3)).toEqual(names.map(shown));
			const bodies = packets.map(({ bytes }) => (JSON.parse(bytes.subarray(28).toString("utf8")) as { readonly body: { readonly text: string } }).body.text);
			expect(bodies).toEqual(said.flatMap((text) => [inBody(text), inBody(text)]));
		}, 40));

	test("svg is well-formed, and its description has every name", () =>
		every(async ({ names }, source) => {
			for (const format of ["svg-topology", "svg-timeline"] as const) {
				const troubles: string[] = [];
				// The sign for what was no character is one that a text may have.
				const onError = (level: string, message: string): void => void (/replacement character/.test(message) || troubles.push(`${level}: ${message}`));
				const root = new DOMParser({ onError }).parseFromString(await textOf(source, format), "image/svg+xml").documentElement;
				expect(troubles).toEqual([]);
				const description = sameLines(root?.getElementsByTagName("desc")[0]?.textContent ?? "");
				for (const name of names) expect(description).toContain(sameLines(drawable(name)));
			}
		}, 25));

	test("html is valid, runs nothing, and has notes and names", () =>
		every(async ({ names, said }, source) => {
			const html = await textOf(source, "html");
			expect(await complaints(html)).toEqual([]);
			expect(html).not.toMatch(/<script/i);
			const words = unescaped(html);
			for (const text of [...names, ...said]) expect(words).toContain(drawable(text));
		}, 6));
});

test("a text that turns the direction of writing turns nothing behind it", () => {
	expect(closeDirections("plain")).toBe("plain");
	expect(closeDirections("\u202eabc")).toBe("\u202eabc\u202c");
	expect(closeDirections("\u202eabc\u202c")).toBe("\u202eabc\u202c");
	expect(closeDirections("\u2067a\u202bb")).toBe("\u2067a\u202bb\u202c\u2069");
	expect(closeDirections("\u2067a\u202bb\u2069c")).toBe("\u2067a\u202bb\u2069c");
	expect(closeDirections("\u202ea\nb\u2066")).toBe("\u202ea\nb\u2066\u2069");
});

interface Attributes {
	readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[];
}
interface Otlp {
	readonly resourceSpans: readonly { readonly resource: Attributes; readonly scopeSpans: readonly { readonly spans: readonly Attributes[] }[] }[];
}

/** What markup cannot hold is shown as a box; line ends are one to its readers. */
const drawable = (text: string): string => whole(text).replace(/[^\t\n\r\P{Cc}]|[\ufffe\uffff]/gu, "□");
const sameLines = (text: string): string => text.replace(/[\r\n\u0085\u2028\u2029]+/g, "\n");

function unescaped(html: string): string {
	return html.replaceAll("&#39;", "'").replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

const validator = new HtmlValidate({ extends: ["html-validate:standard", "html-validate:document", "html-validate:a11y"] });

async function complaints(html: string): Promise<readonly string[]> {
	const { results } = await validator.validateString(html);
	return results.flatMap(({ messages }) => messages.map(({ line, ruleId, message }) => `${line} ${ruleId}: ${message}`.slice(0, 300)));
}

const isInstalled = spawnSync("xmllint", ["--version"]).error === undefined;

test.skipIf(!isInstalled)("a strict reader of XML takes the drawings of the worst names (where xmllint is installed)", async () => {
	for (let at = 0; at < known.length; at += 3) {
		const names = [0, 1, 2].map((i) => known[(at + i) % known.length] as string);
		const source = runOf({ names, said: names, title: names[0] as string, word: names[1] as string });
		for (const format of ["svg-topology", "svg-timeline"] as const) {
			const { status, stderr } = spawnSync("xmllint", ["--noout", "-"], { input: await textOf(source, format), encoding: "utf8" });
			expect([names, status, stderr]).toEqual([names, 0, ""]);
		}
	}
});

const isTsharkThere = spawnSync("tshark", ["--version"]).error === undefined;

test.skipIf(!isTsharkThere)("Wireshark's reader takes the packets of the worst names (where it is installed)", async () => {
	for (let at = 0; at < known.length; at += 3) {
		const names = [0, 1, 2].map((i) => known[(at + i) % known.length] as string);
		const capture = folder.file("hostile.pcapng");
		writeFileSync(capture, await bytesOf(runOf({ names, said: names, title: names[0] as string, word: names[1] as string }), "pcapng"));
		const { status, stdout } = spawnSync("tshark", ["-r", capture, "-N", "n", "-T", "fields", "-e", "frame.number", "-e", "_ws.malformed"], {
			encoding: "utf8",
		});
		expect([names, status, stdout.trim().split(/\s+/)]).toEqual([names, 0, ["1", "2", "3", "4", "5", "6"]]);
	}
});
