import { describe, expect, test } from "vitest";
import { EventList } from "../../../test/support/event-list.ts";
import { registryOf, tinyPlan } from "../../../test/support/tiny-plan.ts";
import { InlineExecutor } from "../../core/inline-executor.ts";
import { Kernel } from "../../core/kernel.ts";
import { storeDefinition } from "../store/store.ts";
import { shellDefinition } from "./shell.ts";

const registry = registryOf(storeDefinition, shellDefinition);

/** Three servers and a laptop; lines are typed at their instants. */
function type(lines: readonly (readonly [atUs: number, line: string])[], story: readonly (readonly [number, string])[] = [], store = {}) {
	const server = { services: [{ service: "store", config: store }] };
	const plan = tinyPlan(
		{
			nodes: { s1: server, s2: server, s3: server, laptop: { services: [{ service: "shell", config: { patience: "2s" } }] } },
			story: [...lines.map(([atUs, line]) => [atUs, `ask laptop ${JSON.stringify(line)}`] as const), ...story].sort(([a], [b]) => a - b),
			untilUs: 10_000_000,
		},
		registry,
	);
	const kernel = new Kernel({ plan, seed: 3, executor: new InlineExecutor(registry) });
	const list = new EventList(plan);
	kernel.log.observe(list);
	kernel.advance({ untilUs: plan.untilUs });
	return { list, answers: list.of("answered", "laptop").map(({ body }) => body) };
}

const second = 1_000_000;

describe("a laptop", () => {
	test("saves, lists, opens and deletes a file", () => {
		const { answers } = type([
			[1 * second, "save budget.pdf 40KB"],
			[2 * second, "ls"],
			[3 * second, "open budget.pdf"],
			[4 * second, "rm budget.pdf"],
			[5 * second, "open budget.pdf"],
			[6 * second, "ls"],
		]);
		const checksum = /checksum (\w+)/.exec(String(answers[0]))?.[1];
		expect(answers).toEqual([
			`budget.pdf is saved (40.0 KB, checksum ${checksum})`,
			"budget.pdf  40.0 KB  00:00:01",
			`budget.pdf: 40.0 KB, exactly as it was saved (checksum ${checksum})`,
			"budget.pdf is deleted",
			"there is no file called budget.pdf",
			"no files",
		]);
	});

	test("notices nothing of a server that dies, whichever it is", () => {
		for (const dead of ["s1", "s2", "s3"]) {
			const { answers } = type(
				[
					[1 * second, "save budget.pdf"],
					[2 * second + 1, "open budget.pdf"],
				],
				[[2 * second, `crash ${dead}`]],
			);
			expect(answers[1]).toContain("exactly as it was saved");
		}
	});

	test("is told in time that two of three are gone, and has its file when they are back", () => {
		const { answers, list } = type(
			[
				[1 * second, "save budget.pdf"],
				[3 * second, "open budget.pdf"],
				[7 * second, "open budget.pdf"],
			],
			[
				[2 * second, "crash s1"],
				[2 * second, "crash s2"],
				[6 * second, "restart s1"],
			],
		);
		expect(answers[1]).toBe("the system did not answer in time; try again");
		expect(answers[2]).toContain("exactly as it was saved");
		expect((list.of("answered", "laptop")[1]?.atUs ?? 0) - 3 * second).toBeLessThanOrEqual(2 * second + 1);
	});

	test("is told what cannot be, and nothing is lost by it", () => {
		const { answers } = type(
			[
				[1 * second, "save small.txt 10KB"],
				[2 * second, "save huge.bin 10MB"],
				[3 * second, "save second.txt 10KB"],
				[4 * second, "rm nothing"],
				[5 * second, "open small.txt"],
			],
			[],
			{ capacityBytes: 15_000 },
		);
		expect(answers.slice(1, 4)).toEqual([
			"huge.bin would be too large: 256.0 KB is the most for one file",
			"there is no room left for second.txt; nothing was changed",
			"there is no file called nothing",
		]);
		expect(answers[4]).toContain("exactly as it was saved");
	});

	test("is told what is wrong with a line, and nothing is done", () => {
		const lines: readonly (readonly [string, string])[] = [
			["save", "which file? save FILE"],
			["save a/b", "there are no folders here: a name has no slash"],
			[`save ${"n".repeat(300)}`, "the name has 300 characters; 255 are the most"],
			["save a\u0001b", "the name has a character that cannot be seen"],
			["save a --copies 2", "save has no options; a name that begins with -- goes in quotes"],
			["save a lots", "a size is a number and B, KB or MB, such as 40KB"],
			['open ""', "a file needs a name"],
			["put key", "put KEY VALUE"],
			["run primes 10", 'no command is called "run"; there is save, open, ls, rm, whereis, put, get, date and 2 more'],
			["ls", "no files"],
		];
		const { answers } = type(lines.map(([line], index) => [second + index * 100_000, line] as const));
		expect(answers).toEqual(lines.map(([, answer]) => answer));
	});

	test("is told where its file lies when it asks, though it need not know", () => {
		const { answers } = type([
			[1 * second, "save budget.pdf"],
			[2 * second, "whereis budget.pdf"],
			[3 * second, "whereis nothing"],
		]);
		expect(answers[1]).toBe(
			"budget.pdf lies\n  whole, in the shared database: on the first drive of at least 2 of s1, s2, s3\nand you never had to know: its name is enough. " +
				"Whoever asks by name is led to the nearest copy that is right;\nwhen machines die, copies are made elsewhere and that list changes, and the name stays",
		);
		expect(answers[2]).toBe("there is no file called nothing");
	});

	test("keeps words, tells the time, helps, and remembers what was typed", () => {
		const { answers } = type([
			[1 * second, 'put motto "one system"'],
			[2 * second, "get motto"],
			[3 * second, "get nothing"],
			[4 * second, "date"],
			[5 * second, "history"],
			[6 * second, "help"],
		]);
		expect(answers.slice(0, 4)).toEqual(["kept", "one system", "there is nothing under nothing", "00:00:04 by this machine's clock"]);
		expect(answers[4]).toContain("2  get motto");
		expect(answers[5]).toContain("save FILE");
	});
});

test("a command is one tree of spans, from the laptop to the servers' disks", () => {
	const { list } = type([[1 * second, "save budget.pdf"]]);
	const root = list.of("spanStarted", "laptop").find(({ fields }) => fields.name === "shell.save");
	const within = list.of("spanStarted").filter(({ fields }) => fields.traceNode === "laptop" && fields.traceSequence === root?.fields.traceSequence);
	expect(new Set(within.map(({ fields }) => fields.name))).toEqual(new Set(["shell.save", "store.session", "store.write", "store.serve"]));
	const messages = list.of("messageSent").filter(({ fields }) => fields.traceNode === "laptop" && fields.traceSequence === root?.fields.traceSequence);
	const names = new Set(messages.map(({ fields }) => fields.name));
	for (const name of ["store.run", "raft.append", "raft.appendReply"]) expect(names).toContain(name);
	const finished = list.of("spanFinished").filter(({ fields }) => fields.name === "shell.save");
	expect(finished.map(({ fields }) => fields.status)).toEqual(["ok"]);
});
