import { afterAll, afterEach, beforeEach, expect, it } from "vitest";
import { Folder, quorate } from "../../../test/support/command-line.ts";
import { record } from "../../../test/support/recorded-run.ts";
import { ReaderClient } from "./reader-client.ts";

const folder = new Folder();
let reader: ReaderClient;
beforeEach(() => {
	reader = new ReaderClient();
});
afterEach(() => reader.close());
afterAll(() => folder.remove());

it("drops what is called off: what it has not begun with, and what it is at, at its next rest", async () => {
	const path = folder.file("long.quorate");
	record(path, "full", 70_000);
	const place = { path, branch: 0, salvage: false, committedEvents: 0 };
	const range = { fromUs: 0, toUs: 12_000_000 };
	const calls = Array.from({ length: 12 }, () => new AbortController());
	const answers = calls.map(({ signal }, i) =>
		reader.ask("log.series", { place, request: { ...range, points: 100 + i, nodes: null } }, { signal }).then(
			(answer) => answer.points,
			(error: { readonly code: string }) => error.code,
		),
	);
	for (const call of calls.slice(0, -1)) call.abort();
	// Whoever comes next is answered all the same, and so is the one that is wanted.
	const { past } = await reader.ask("log.causality", { place, request: { index: 0, limit: 10 } });
	expect(past).toEqual([]);
	expect(await Promise.all(answers)).toEqual([...calls.slice(0, -1).map(() => "cancelled"), 111]);
	const late = new AbortController();
	late.abort();
	await expect(reader.ask("labs", null, { signal: late.signal })).rejects.toMatchObject({ code: "cancelled" });
});

it("reads a file no more while somebody has it to himself, and goes on when that is over", async () => {
	const path = folder.file("whole.quorate");
	await quorate(["run", "ping", "--until", "1s", "--executor", "inline", "--save", path]);
	const order: string[] = [];
	let later: Promise<unknown> = Promise.resolve();
	const before = reader.ask("summary", { path }).then(() => order.push("what was asked before"));
	const alone = reader.without(path, async () => {
		later = reader.ask("summary", { path }).then(() => order.push("what was asked meanwhile"));
		// The thread answers in turn: had the other been put to it, it would come first.
		await reader.ask("labs", null);
		order.push("what was done alone");
	});
	await Promise.all([before, alone]);
	await later;
	expect(order).toEqual(["what was asked before", "what was done alone", "what was asked meanwhile"]);
});
