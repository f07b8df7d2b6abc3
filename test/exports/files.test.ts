/** What becomes of the file of an export: whole, or not there. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { countingSource } from "../../src/main/export/counting.ts";
import { exportFormats, exportSession } from "../../src/main/export/export.ts";
import { writeIntoFile, writeWhole } from "../../src/main/export/into-file.ts";
import { Files } from "../../src/main/lab-service/files.ts";
import { Jobs } from "../../src/main/lab-service/jobs.ts";
import { QuorateError } from "../../src/shared/errors.ts";
import { Folder, quorate, Running } from "../support/command-line.ts";
import { bytesOf, linesOf, recordTrouble, withSession } from "../support/exported.ts";
import { MemorySource } from "../support/memory-source.ts";
import { playSyntheticRun } from "../synthetic-run.ts";

const folder = new Folder();
afterAll(() => folder.remove());
let path = "";
beforeAll(async () => {
	path = await recordTrouble(folder);
});

describe("bytes on their way to a disk", () => {
	test("are all written when a call takes only some of them", () => {
		const taken: number[] = [];
		const bytes = Uint8Array.from({ length: 10 }, (_, i) => i);
		writeWhole(bytes, (whole, offset) => {
			const some = [...whole.subarray(offset, offset + 3)];
			taken.push(...some);
			return some.length;
		});
		expect(taken).toEqual([...bytes]);
	});

	test("that nobody takes any more are a full disk, not an endless loop", () => {
		expect(() => writeWhole(new Uint8Array(10), (_, offset) => (offset < 4 ? 4 : 0))).toThrow(QuorateError);
	});
});

describe("a file that is being made", () => {
	test("has its name when it is whole, and not before", async () => {
		const out = folder.file("whole.txt");
		await writeIntoFile(out, async ({ write }) => {
			await write(Buffer.from("one "));
			expect(existsSync(out)).toBe(false);
			await write(Buffer.from("two"));
		});
		expect(readFileSync(out, "utf8")).toBe("one two");
	});

	test("leaves nothing when something goes wrong half-way, and an older one stays", async () => {
		const out = folder.file("older.txt");
		writeFileSync(out, "older");
		const broken = writeIntoFile(out, async ({ write }) => {
			await write(Buffer.from("newer"));
			throw new Error("half-way");
		});
		await expect(broken).rejects.toThrow("half-way");
		expect(readFileSync(out, "utf8")).toBe("older");
		expect(existsSync(`${out}.partial`)).toBe(false);
	});
});

describe("quorate export", () => {
	test.each(["jsonl", "pcapng", "svg-topology", "html"])("says that the disk is full, and leaves nothing of %s", async (format) => {
		const out = folder.file(`full.${format}`);
		const { code, err } = await quorate(["export", path, "--format", format, "--out", out], { fileKbMax: 4 });
		expect(code).toBe(2);
		expect(err).toMatch(/cannot be written/);
		expect(err).toMatch(/no half-written export was left/);
		expect(readdirSync(folder.path).filter((name) => name.startsWith("full."))).toEqual([]);
	});

	test("that is called off leaves nothing behind", async () => {
		const large = folder.file("large.quorate");
		await quorate(["run", "front-door", "--executor", "inline", "--until", "12s", "--save", large]);
		const out = folder.file("called-off.jsonl");
		const running = new Running(["export", large, "--format", "jsonl", "--out", out]);
		while (!existsSync(`${out}.partial`) && running.child.exitCode === null) await new Promise((resolve) => setImmediate(resolve));
		running.child.kill("SIGINT");
		const { code, err } = await running.finished;
		expect({ code, said: /Called off/.test(err) }).toEqual({ code: 130, said: true });
		expect(readdirSync(folder.path).filter((name) => name.startsWith("called-off"))).toEqual([]);
	});

	test("writes what a search finds, and says where a search cannot be read", async () => {
		const found = await quorate(["export", path, "--format", "jsonl", "--search", "node=web-3 kind=message text~/http/"]);
		const lines = found.out
			.trimEnd()
			.split("\n")
			.slice(1)
			.map((line) => JSON.parse(line) as { kind: string; node: string; fields: { to?: string; from?: string } });
		expect(lines.length).toBeGreaterThan(10);
		for (const { kind, node, fields } of lines) {
			expect(kind).toMatch(/^message/);
			expect([node, fields.to, fields.from]).toContain("web-3");
		}
		const refused = await quorate(["export", path, "--format", "jsonl", "--search", "node=nobody"]);
		expect(refused.code).toBe(2);
		expect(refused.err).toMatch(/no node is called nobody/);
	});

	test("writes every byte, also where they are no text", async () => {
		const out = folder.file("same.pcapng");
		await quorate(["export", path, "--format", "pcapng", "--out", out]);
		expect(readFileSync(out).equals(await withSession(path, (session) => bytesOf(session, "pcapng")))).toBe(true);
	});
});

describe("an export of the lab", () => {
	test("that is called off while it writes leaves nothing behind", async () => {
		const large = folder.file("for-the-lab.quorate");
		await quorate(["run", "front-door", "--executor", "inline", "--until", "8s", "--save", large]);
		const files = new Files(() => folder.path);
		const made = (): readonly string[] => readdirSync(dirname(files.newPath()));
		let isOnItsWay = (): void => {};
		const onItsWay = new Promise<void>((resolve) => {
			isOnItsWay = resolve;
		});
		const jobs = new Jobs(files, ({ done }) => done > 0 && isOnItsWay());
		const place = { path: large, branch: 0, salvage: false, committedEvents: Number.MAX_SAFE_INTEGER };
		const request = { format: "trace", fromUs: null, toUs: null, kinds: null, nodes: null, search: null, drawing: null } as const;
		const { job } = jobs.export({ asked: { place, request }, name: "x", mediaType: "text/plain" });
		await onItsWay;
		expect(made()).toEqual([expect.stringMatching(/\.partial$/)]);
		expect((await jobs.cancel(job)).state).toBe("cancelled");
		expect(made()).toEqual([]);
		await jobs.closeAll();
		await files.close();
	});

	test("refuses a search that cannot be read, and says why", async () => {
		const files = new Files(() => folder.path);
		let fail = (_: string): void => {};
		const failed = new Promise<string>((resolve) => {
			fail = resolve;
		});
		const jobs = new Jobs(files, ({ error }) => error !== null && fail(error.message));
		const place = { path, branch: 0, salvage: false, committedEvents: Number.MAX_SAFE_INTEGER };
		const request = { format: "csv", fromUs: null, toUs: null, kinds: null, nodes: null, search: "node=nobody", drawing: null } as const;
		jobs.export({ asked: { place, request }, name: "x", mediaType: "text/plain" });
		expect(await failed).toMatch(/no node is called nobody/);
		await jobs.closeAll();
		await files.close();
	});
});

describe("how far an export is", () => {
	const long = folder.file("long.quorate");
	beforeAll(async () => {
		await quorate(["run", "front-door", "--executor", "inline", "--until", "4s", "--save", long]);
	});

	test.each(exportFormats)("is told of %s without ever going back", (format) =>
		withSession(long, async (session) => {
			const told: number[] = [];
			let totals = new Set<number>();
			const tell = (done: number, total: number): void => {
				told.push(done);
				totals = totals.add(total);
			};
			const { eventCount } = session.head();
			await exportSession(countingSource({ session, branch: 0, eventCount, format, tell }), format, { write: () => {} });
			expect(told.length).toBeGreaterThan(4);
			expect(told).toEqual([...told].sort((a, b) => a - b));
			expect(totals.size).toBe(1);
			expect(Math.max(...told)).toBeLessThan(Math.max(...totals));
		}),
	);

	test("stays where it was when a reading ends early and the next begins", () =>
		withSession(long, async (session) => {
			const told: number[] = [];
			const { eventCount } = session.head();
			const source = countingSource({ session, branch: 0, eventCount, format: "html", tell: (done) => void told.push(done) });
			for (const { index } of source.events()) if (index > 9_000) break;
			const early = told.at(-1);
			for (const _ of source.events()) if (told.length > 5) break;
			expect(early).toBe(8_192);
			expect(told).toEqual([0, 4_096, 8_192, 8_192, 8_192, 8_192]);
		}));
});

describe("an export that finds nothing", () => {
	const nothing = { filter: { kinds: new Set<never>() } };
	const silent = new MemorySource();
	beforeAll(() => playSyntheticRun(silent.log, { eventCount: 9_000 }));

	test.each(exportFormats)("rests all the same on its way, as %s", async (format) => {
		let rests = 0;
		await exportSession(silent, format, { write: () => {}, rest: () => void rests++ }, nothing);
		expect(rests).toBeGreaterThanOrEqual(8);
	});

	test.each(exportFormats)("can be called off at its first rest, as %s", async (format) => {
		let rests = 0;
		const rest = (): void => {
			rests++;
			throw new Error("called off");
		};
		await expect(exportSession(silent, format, { write: () => {}, rest }, nothing)).rejects.toThrow("called off");
		expect(rests).toBe(1);
	});
});

describe("every format", () => {
	test.each(exportFormats)("of %s is the same each time", async (format) => {
		const [first, second] = await withSession(path, async (session) => [await bytesOf(session, format), await bytesOf(session, format)]);
		expect(first?.equals(second as Buffer)).toBe(true);
	});

	test.each(exportFormats)("of %s can be had of a part, also of one in which nothing happens", async (format) => {
		await withSession(path, async (session) => {
			const whole = await bytesOf(session, format);
			const nothing = await bytesOf(session, format, { filter: { fromUs: 1, toUs: 1, kinds: new Set(["diskWiped"]) } });
			expect(nothing.length).toBeLessThan(whole.length);
			expect(await linesOf(session, { filter: { fromUs: 1, toUs: 1, kinds: new Set(["diskWiped"]) } })).toEqual([]);
		});
	});
});
