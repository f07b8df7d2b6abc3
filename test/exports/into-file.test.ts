/** In which order an export's file is made: what has its name is on the disk already, also when the power fails then. */
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from "node:fs";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { writeIntoFile } from "../../src/main/export/into-file.ts";
import { Folder } from "../support/command-line.ts";

vi.mock("node:fs", async (original) => {
	const real = await original<typeof import("node:fs")>();
	const spies = {
		closeSync: vi.fn(real.closeSync),
		fsyncSync: vi.fn(real.fsyncSync),
		openSync: vi.fn(real.openSync),
		renameSync: vi.fn(real.renameSync),
		writeSync: vi.fn(real.writeSync as () => number),
	};
	return { ...real, ...spies, default: real };
});

const folder = new Folder();
afterAll(() => folder.remove());
beforeEach(() => void vi.clearAllMocks());

test("a file is synced after its last byte, closed, and only then gets its name", async () => {
	const out = folder.file("ordered.txt");
	await writeIntoFile(out, async ({ write }) => {
		await write(Buffer.from("one "));
		await write(Buffer.from("two"));
	});
	const file = vi.mocked(openSync).mock.results[0]?.value as number;
	const calls = Object.entries({ closeSync, fsyncSync, openSync, renameSync, writeSync }).flatMap(([name, spy]) => {
		const { invocationCallOrder, calls: given } = vi.mocked(spy).mock;
		return invocationCallOrder.map((order, i) => ({ order, name, first: (given[i] as readonly unknown[])[0] }));
	});
	expect(calls.sort((a, b) => a.order - b.order).map(({ name, first }) => [name, first])).toEqual([
		["openSync", `${out}.partial`],
		["writeSync", file],
		["writeSync", file],
		["fsyncSync", file],
		["closeSync", file],
		["renameSync", `${out}.partial`],
	]);
});
