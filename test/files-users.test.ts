/** The file system as its users meet it: saved, opened, listed, deleted, replaced, refused. */
import { describe, expect, test } from "vitest";
import { EventList } from "./support/event-list.ts";
import { brokenIn, type FilesLab, runFiles, type Story } from "./support/files-run.ts";

const second = 1_000_000;

/** Lines are typed at their instants. */
function type(lines: Story, lab: FilesLab = {}) {
	let list: EventList | undefined;
	const story = [...lines.map(([atUs, line]) => [atUs, `ask user ${JSON.stringify(line)}`] as const), ...(lab.story ?? [])].sort(([a], [b]) => a - b);
	const run = runFiles({ untilUs: 8 * second, ...lab, story }, 5, (plan) => {
		list = new EventList(plan);
		return list;
	});
	const events = list as EventList;
	return { run, events, answers: events.of("answered", "user").map(({ body }) => String(body)) };
}

describe("a user", () => {
	test("saves, lists, opens and deletes a file, and finds out which machines have it", () => {
		const { answers, run } = type([
			[2 * second, "save photos/cat.jpg 24KB"],
			[3 * second, "ls"],
			[3.2 * second, "open photos/cat.jpg"],
			[3.5 * second, "whereis photos/cat.jpg"],
			[4 * second, "rm photos/cat.jpg"],
			[4.5 * second, "open photos/cat.jpg"],
			[5 * second, "ls"],
		]);
		const checksum = /checksum (\w+)/.exec(answers[0] as string)?.[1];
		expect(answers.filter((_, index) => index !== 3)).toEqual([
			`photos/cat.jpg is saved (24.0 KB, 3 of 3 copies, checksum ${checksum})`,
			"photos/cat.jpg  24.0 KB  00:00:02",
			`photos/cat.jpg: 24.0 KB, exactly as it was saved (checksum ${checksum})`,
			"photos/cat.jpg is deleted",
			"there is no file called photos/cat.jpg",
			"no files",
		]);
		const blocks = (answers[3] as string).split("\n").filter((line) => line.includes("(block "));
		expect(blocks).toHaveLength(6);
		for (const block of blocks) for (const region of ["texas", "ireland", "tokyo"]) expect(block).toContain(region);
		expect(brokenIn(run)).toEqual([]);
	});

	test("has nothing left of a deleted file on any drive, a while later", () => {
		const { run } = type([
			[2 * second, "save a 24KB"],
			[3 * second, "save b 1KB"],
			[4 * second, "rm a"],
		]);
		const copies = ["m1", "m2", "m3", "m4", "m5", "m6"].map((machine) => (run.view(machine, "files-blocks").copies as readonly unknown[]).length);
		expect(copies.reduce((sum, count) => sum + count)).toBe(3);
	});

	test("replaces a file as a whole, and keeps empty ones too", () => {
		const { answers, run } = type([
			[2 * second, "save a 9KB"],
			[3 * second, "save a 0"],
			[4 * second, "open a"],
			[4.5 * second, "save a 5KB --copies 1"],
			[5 * second, "open a"],
		]);
		expect(answers[2]).toContain("a: 0 B, exactly as it was saved");
		expect(answers[4]).toContain("a: 5.0 KB, exactly as it was saved");
		expect(brokenIn(run)).toEqual([]);
	});

	test("is told clearly what cannot be", () => {
		const { answers } = type([
			[2 * second, "save a//b"],
			[2.1 * second, "save ../b"],
			[2.2 * second, `save ${"n".repeat(300)}`],
			[2.3 * second, "save big 16MB"],
			[2.4 * second, "rm nothing"],
			[2.5 * second, "whereis nothing"],
			[2.6 * second, "save a lots"],
			[2.7 * second, "save a 1KB --copies 20"],
			[2.8 * second, "sva a"],
		]);
		expect(answers).toEqual([
			"a slash stands between two names: not at an end, and not beside another",
			"a name is not . or ..",
			"the name has 300 characters; 255 are the most",
			"the file would have 16.0 MB; 400.0 KB is the most for one file here; nothing was changed",
			"there is no file called nothing",
			"there is no file called nothing",
			"a size is a number and B, KB or MB, such as 40KB",
			"--copies is a whole number from 1 to 9, such as --copies 3",
			'no command is called "sva"; there is save, open, ls, rm, whereis, put, get, date and 2 more',
		]);
	});

	test("has a coded file back with three of nine machines gone", () => {
		const { answers, run } = type(
			[
				[2 * second, "save a 40KB --layout rs-6-3"],
				[5 * second, "open a"],
			],
			{
				machines: 9,
				steward: { repairs: "off" },
				story: [
					[4 * second, "crash m1"],
					[4 * second, "crash m5"],
					[4 * second, "crash m9"],
				],
			},
		);
		expect(answers[0]).toContain("a is saved (40.0 KB, 9 of 9 shards");
		expect(answers[1]).toContain("a: 40.0 KB, exactly as it was saved");
		expect(brokenIn(run)).toEqual([]);
	});

	test("is told that there is no room, and has what was there before", () => {
		const { answers, run } = type(
			[
				[2 * second, "save small 8KB"],
				[3 * second, "save large 60KB"],
				[4 * second, "open small"],
				[4.5 * second, "open large"],
				[6 * second, "save other 2KB"],
			],
			{ machines: 3, drives: 1, capacityBytes: 40_000 },
		);
		expect(answers[1]).toMatch(/^no drives have room for block \d+ of large; nothing was changed$/);
		expect(answers[2]).toContain("exactly as it was saved");
		expect(answers[3]).toBe("there is no file called large");
		expect(answers[4]).toContain("other is saved");
		expect(brokenIn(run)).toEqual([]);
	});

	test("has a quota, a folder", () => {
		const { answers, events } = type(
			[
				[2 * second, "save photos/a 8KB"],
				[3 * second, "save photos/b 8KB"],
				[4 * second, "save b 8KB"],
				[4.5 * second, "rm photos/a"],
				[5 * second, "save photos/b 8KB"],
			],
			{ story: [[1 * second, 'ask k2 "quota photos 10KB"']] },
		);
		expect(events.of("answered", "k2").map(({ body }) => body)).toEqual(["photos may have 10.0 KB"]);
		expect(answers[1]).toBe("the folder photos may have 10.0 KB and has 8.0 KB; nothing was changed");
		for (const index of [0, 2, 4]) expect(answers[index]).toContain("is saved");
	});

	test("goes on when any one keeper of the names dies, whichever it is", () => {
		for (const dead of ["k1", "k2", "k3"]) {
			const { answers, run } = type(
				[
					[2 * second, "save a 8KB"],
					[3.001 * second, "open a"],
					[4 * second, "save b 8KB"],
				],
				{ story: [[3 * second, `crash ${dead}`]] },
			);
			expect(answers[1]).toContain("exactly as it was saved");
			expect(answers[2]).toContain("b is saved");
			expect(brokenIn(run)).toEqual([]);
		}
	});
});

test("whoever asks where a file lies is answered at every instant, with machines, drives and blocks, and why nobody had to know", () => {
	const asks = Array.from({ length: 44 }, (_, i) => [2_030_000 + i * 220_000, "whereis a"] as const);
	const { answers } = type([[2 * second, "save a 200KB"], ...asks, [11.7 * second, "save none 0"], [12 * second, "whereis none"]], {
		machines: 4,
		untilUs: 13 * second,
		story: [
			[4 * second, "crash m1"],
			[7 * second, "restart m1"],
			[8 * second, 'ask m2 "scrap 0"'],
			[9 * second, "crash m1 m2 m3 m4"],
			[9 * second, "wipe m1 m2 m3 m4"],
			[9.3 * second, "restart m1 m2 m3 m4"],
		],
	});
	const kinds = [
		/^a is being saved just now: it is nowhere before all of it is safe$/,
		/bytes 0 to 4095 \(block [\d/-]+\): m\d drive \d \(\w+\); m\d drive \d \(\w+\); m\d drive \d \(\w+\)\n/,
		/m1 drive \d \(\w+\), which is silent just now/,
		/; 1 of 3 missing, made anew as soon as can be\n/,
		/nowhere any more; 3 of 3 missing\n/,
		/gone: a copy at m1, drive \d: its machine came back without it/,
	];
	const places = answers.filter((answer) => answer.startsWith("a lies") || answer.startsWith("a is being saved"));
	expect(places).toHaveLength(asks.length);
	for (const answer of places)
		if (answer.startsWith("a lies"))
			expect(answer).toMatch(/in 50 blocks, 3 copies of each:.*its name: in the shared database.*and you never had to know: its name is enough/s);
	expect(kinds.filter((kind) => !places.some((answer) => kind.test(answer)))).toEqual([]);
	expect(answers.at(-1)).toContain("in no block at all: it is empty");
});

/** Blocks as a steward last said they stand. */
function healthOf(events: EventList): ReadonlyMap<string, { readonly state: string; readonly standing: number }> {
	const health = new Map();
	for (const { fields, body } of events.of("factStated")) {
		if (fields.name !== "files.health") continue;
		const fact = body as { readonly key: string; readonly gone?: boolean };
		if (fact.gone === true) health.delete(fact.key);
		else health.set(fact.key, fact);
	}
	return health;
}

describe("the steward", () => {
	test("has the copies of a dead machine made anew, and the surplus thrown away when it comes back", () => {
		const { answers, events, run } = type(
			[
				[2 * second, "save a 24KB"],
				[6 * second, "whereis a"],
			],
			{
				untilUs: 10 * second,
				story: [
					[3 * second, "crash m1"],
					[3 * second, "crash m2"],
					[7 * second, "restart m1"],
					[7 * second, "restart m2"],
				],
			},
		);
		expect(answers[1]).not.toContain("silent just now");
		expect(answers[1]).toContain("its machine has been silent for too long");
		expect([...healthOf(events).values()].every(({ state, standing }) => state === "whole" && standing === 3)).toBe(true);
		expect(brokenIn(run)).toEqual([]);
	});

	test("says of a lost block which it was and why", () => {
		const { answers, run } = type(
			[
				[2 * second, "save a 4KB"],
				[6 * second, "open a"],
			],
			{
				machines: 3,
				story: ["m1", "m2", "m3"].flatMap(
					(machine): Story => [
						[3 * second, `crash ${machine}`],
						[3 * second, `wipe ${machine}`],
						[3.1 * second, `restart ${machine}`],
					],
				),
			},
		);
		expect(answers[1]).toMatch(
			/^a cannot be opened: 1 of 1 blocks are lost for good\n {2}bytes 0 to 4095 \(block \d+-1\/00\): 0 of 1 needed are left; a copy at m\d, drive \d: its machine came back without it/,
		);
		expect(brokenIn(run)).toEqual([]);
	});

	test("has rotten copies dropped and made anew, before they are the last", () => {
		const { answers, events, run } = type(
			[
				[2 * second, "save a 24KB"],
				[6 * second, "open a"],
			],
			{
				story: [
					[3 * second, 'ask m1 "rot 100"'],
					[3 * second, 'ask m4 "rot 100"'],
				],
			},
		);
		expect(String(events.of("answered", "m1")[0]?.body)).toMatch(/^a bit was flipped in \d of \d copies; nobody knows yet$/);
		expect(
			events
				.of("factStated")
				.some(({ fields, body }) => fields.name === "files.held" && String((body as { why?: string }).why).includes("not those that were written")),
		).toBe(true);
		expect(answers[1]).toContain("exactly as it was saved");
		expect([...healthOf(events).values()].every(({ state }) => state === "whole")).toBe(true);
		expect(brokenIn(run)).toEqual([]);
	});

	test("empties a machine that is to go, and nothing is ever short of a copy", () => {
		const { events, run } = type([[2 * second, "save a 24KB"]], { story: [[3 * second, 'ask k1 "drain m1"']] });
		expect(run.view("m1", "files-blocks").copies).toEqual([]);
		expect([...healthOf(events).values()].every(({ state, standing }) => state === "whole" && standing === 3)).toBe(true);
		expect(brokenIn(run)).toEqual([]);
	});

	test("levels machines when asked", () => {
		const { run } = type([[2 * second, "save a 200KB"]], {
			untilUs: 12 * second,
			capacityBytes: 300_000,
			drives: 1,
			story: [
				[0, "crash m1"],
				[4 * second, "restart m1"],
				[5 * second, 'ask k1 "rebalance"'],
			],
		});
		const used = (machine: string) => ((run.view(machine, "files-blocks").drives as readonly { readonly used: number }[])[0]?.used ?? 0) / 300_000;
		expect(used("m1")).toBeGreaterThan(0.2);
		expect(Math.abs(used("m1") - used("m4"))).toBeLessThan(0.1);
		expect(brokenIn(run)).toEqual([]);
	});

	test("brings copies back to a region that was away", () => {
		const { answers } = type(
			[
				[3 * second, "save a 8KB"],
				[3.5 * second, "whereis a"],
				[8 * second, "whereis a"],
			],
			{
				untilUs: 9 * second,
				story: [
					[0, "crash m3"],
					[0, "crash m6"],
					[4 * second, "restart m3"],
					[4 * second, "restart m6"],
				],
			},
		);
		expect(answers[1]).not.toContain("tokyo");
		for (const block of (answers[2] as string).split("\n").filter((line) => line.includes("(block "))) expect(block).toContain("tokyo");
	});
});

test("a drive that is replaced under a running machine is noticed, and its copies are made anew", () => {
	const { events, run } = type([[2 * second, "save a 24KB"]], { story: [[3 * second, 'ask m1 "scrap 0"']] });
	expect(String(events.of("answered", "m1")[0]?.body)).toBe("drive 0 was replaced by an empty one");
	expect([...healthOf(events).values()].every(({ state, standing }) => state === "whole" && standing === 3)).toBe(true);
	expect(brokenIn(run)).toEqual([]);
});

test("a drive that dies is told from an empty one, is no room, and its copies are made anew on the drives that live", () => {
	const { answers, events, run } = type(
		[
			[2 * second, "save a 24KB"],
			[4 * second, "save b 24KB"],
			[6 * second, "whereis a"],
		],
		{ machines: 3, story: ["m1", "m2", "m3"].map((machine) => [3 * second, `fail drive ${machine} 0`] as const) },
	);
	expect(answers[1]).toContain("b is saved (24.0 KB, 3 of 3 copies");
	expect(answers[2]).not.toMatch(/m\d drive 0/);
	expect(answers[2]).toContain("drive 0: the drive died");
	expect([...healthOf(events).values()].every(({ state, standing }) => state === "whole" && standing === 3)).toBe(true);
	expect(brokenIn(run)).toEqual([]);
});

test("a copy whose description is hard to read when its machine starts is not thrown away", () => {
	const all = ["m1", "m2", "m3"];
	const { answers, run } = type(
		[
			[2 * second, "save a 24KB --copies 1"],
			[6 * second, "open a"],
		],
		{
			machines: 3,
			readErrorRatio: 0.9,
			story: all.flatMap(
				(machine): Story => [
					[3 * second, `crash ${machine}`],
					[3.1 * second, `restart ${machine}`],
				],
			),
		},
	);
	expect(answers[1]).toContain("exactly as it was saved");
	expect(brokenIn(run)).toEqual([]);
});
