/** The client as other services use it: side by side with others, while machines die under it. */
import { expect, test } from "vitest";
import { EventList } from "../../../test/support/event-list.ts";
import { brokenIn, type FilesLab, runFiles } from "../../../test/support/files-run.ts";
import { service } from "../../../test/support/tiny-plan.ts";
import type { NodeContext, Task } from "../../core/node-api.ts";
import { FilesClient, filesClientNames } from "./client.ts";
import type { FilesResult } from "./contract.ts";

const second = 1_000_000;

/** What a program with two clients logs is what it found. */
function run(program: (a: FilesClient, b: FilesClient, ctx: NodeContext) => Task, lab: FilesLab = {}) {
	const user = service("program", [...filesClientNames, "program.wait"], (ctx) => ({
		boot: () => program(new FilesClient(ctx, { patienceUs: 4 * second }), new FilesClient(ctx, { patienceUs: 4 * second }), ctx),
	}));
	let list: EventList | undefined;
	const done = runFiles({ untilUs: 9 * second, ...lab, program: user }, 7, (plan) => {
		list = new EventList(plan);
		return list;
	});
	const said = (list as EventList).of("logLine", "user").map(({ body }) => JSON.parse(String(body)) as unknown);
	expect(brokenIn(done)).toEqual([]);
	return { said, list: list as EventList };
}

function short<Value>(result: FilesResult<Value>): string {
	return result.ok ? "ok" : `${result.error}: ${result.detail}`;
}

const content = (bytes: number, fill: number): Uint8Array => new Uint8Array(bytes).fill(fill);

test("of two who write one file at once, one is told that it is busy, and the file is the other's whole", () => {
	const { said } = run(function* (a, b, ctx) {
		yield* a.save("warm", content(1, 1));
		yield* b.save("warm", content(1, 1));
		const results: string[] = [];
		const writing = a.save("shared", content(40_000, 1));
		ctx.spawn(
			(function* (): Task {
				results.push(`first ${short(yield* writing)}`);
			})(),
		);
		yield* ctx.sleep(30_000, "program.wait");
		results.push(`second ${short(yield* b.save("shared", content(50, 2)))}`);
		yield* ctx.sleep(second, "program.wait");
		const opened = yield* b.open("shared");
		results.push(opened.ok ? `${opened.value.bytes} of ${opened.value.content[39_999]}` : short(opened));
		results.push(`again ${short(yield* b.save("shared", content(50, 2)))}`);
		ctx.log(JSON.stringify(results));
	});
	expect(said).toEqual([["second busy: shared is being written by user just now; nothing was changed", "first ok", "40000 of 1", "again ok"]]);
});

test("a writer that dies loses its right, and its half of a file is nowhere left", () => {
	const { said } = run(
		function* (a, _b, ctx) {
			if (ctx.incarnation === 1) {
				yield* ctx.sleep(2 * second, "program.wait");
				yield* a.save("shared", content(400_000, 1));
				ctx.log(JSON.stringify("it was too fast to be killed"));
				return;
			}
			const results = [short(yield* a.save("shared", content(10, 2)))];
			yield* ctx.sleep(3 * second, "program.wait");
			results.push(short(yield* a.save("shared", content(10, 2))));
			const opened = yield* a.open("shared");
			results.push(opened.ok ? `${opened.value.bytes}` : short(opened));
			ctx.log(JSON.stringify(results));
		},
		{
			story: [
				[2.08 * second, "crash user"],
				[2.2 * second, "restart user"],
			],
		},
	);
	expect(said).toEqual([["busy: shared is being written by user just now; nothing was changed", "ok", "10"]]);
});

test("a file that is deleted while it is being read is read to the end", () => {
	const { said } = run(function* (a, b, ctx) {
		yield* a.save("long", content(60_000, 3));
		yield* b.save("warm", content(1, 1));
		let read = "";
		ctx.spawn(
			(function* (): Task {
				const opened = yield* a.open("long");
				read = opened.ok ? `${opened.value.bytes} of ${opened.value.content[59_999]}` : short(opened);
			})(),
		);
		yield* ctx.sleep(8_000, "program.wait");
		const removed = short(yield* b.remove("long"));
		yield* ctx.sleep(2 * second, "program.wait");
		ctx.log(JSON.stringify([removed, read, short(yield* a.open("long"))]));
	});
	expect(said).toEqual([["ok", "60000 of 3", "notFound: there is no file called long"]]);
});

test("a machine that dies in the middle of a pipeline is replaced, and the file stands on three", () => {
	for (const dead of ["m1", "m2", "m3"]) {
		const { said } = run(
			function* (a, _b, ctx) {
				yield* ctx.sleep(2 * second, "program.wait");
				const saved = yield* a.save("photo", content(80_000, 4));
				const opened = yield* a.open("photo");
				ctx.log(JSON.stringify([saved.ok ? [saved.value.standing, saved.value.wanted] : short(saved), short(opened)]));
			},
			{ story: [[2.06 * second, `crash ${dead}`]] },
		);
		expect(said).toEqual([[[3, 3], "ok"]]);
	}
});

test("whatever the name is, the answer is a sentence and nothing breaks", () => {
	const { said } = run(function* (a, _b, ctx) {
		const names = ["", "/", "a/", "/a", "a\u0000b", "x".repeat(10_000_000), "..", "./a"];
		const results: string[] = [];
		for (const name of names) results.push(short(yield* a.save(name, content(1, 1))).slice(0, 60));
		results.push(short(yield* a.save("fine", content(1, 1), { replication: 12 })));
		results.push(short(yield* a.list("x".repeat(300))));
		ctx.log(JSON.stringify(results));
	});
	expect(said).toEqual([
		[
			"badName: a file needs a name",
			"badName: a slash stands between two names: not at an end, an",
			"badName: a slash stands between two names: not at an end, an",
			"badName: a slash stands between two names: not at an end, an",
			"badName: the name has a character that cannot be seen",
			"badName: the name has 10000000 characters; 255 are the most",
			"badName: a name is not . or ..",
			"badName: a name is not . or ..",
			"tooLarge: a file has 1 to 9 copies, or is coded",
			"badName: a name has at most 255 characters",
		],
	]);
});
