import { afterAll, afterEach, expect, it } from "vitest";
import { Folder, quorate } from "../../../test/support/command-line.ts";
import { ReaderClient } from "./reader-client.ts";

const folder = new Folder();
const reader = new ReaderClient();
afterEach(() => reader.close());
afterAll(() => folder.remove());

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
