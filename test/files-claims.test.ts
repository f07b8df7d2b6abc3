/** What is said of the file system, claim by claim, as its log shows it. */
import { describe, expect, test } from "vitest";
import { EventList } from "./support/event-list.ts";
import { brokenIn, type FilesLab, runFiles, type Story } from "./support/files-run.ts";
import { labPlan, runPlan } from "./support/lab-run.ts";

const second = 1_000_000;

function run(lines: Story, lab: FilesLab = {}) {
	let list: EventList | undefined;
	const story = [...lines.map(([atUs, line]) => [atUs, `ask user ${JSON.stringify(line)}`] as const), ...(lab.story ?? [])].sort(([a], [b]) => a - b);
	const done = runFiles({ untilUs: 8 * second, ...lab, story }, 5, (plan) => {
		list = new EventList(plan);
		return list;
	});
	const events = list as EventList;
	expect(brokenIn(done)).toEqual([]);
	return { run: done, events, answers: events.of("answered", "user").map(({ body }) => String(body)) };
}

interface Moving {
	readonly atUs: number;
	readonly machine: string;
	readonly part: string;
	readonly from: readonly string[];
	readonly isOver: boolean;
}

function movesOf(events: EventList): readonly Moving[] {
	return events
		.of("factStated")
		.filter(({ fields }) => fields.name === "files.moving")
		.map(({ atUs, node, body }) => {
			const { key, from = [], gone = false } = body as { readonly key: string; readonly from?: readonly string[]; readonly gone?: boolean };
			return { atUs, machine: node, part: key, from, isOver: gone };
		});
}

/** The most copies that were under way at one moment: in all, and to or from one machine. */
function busiest(events: EventList): { readonly inAll: number; readonly each: number } {
	const open = new Map<string, readonly string[]>();
	let inAll = 0;
	let each = 0;
	for (const { machine, part, from, isOver } of movesOf(events)) {
		if (isOver) open.delete(`${machine} ${part}`);
		else open.set(`${machine} ${part}`, [machine, ...from]);
		inAll = Math.max(inAll, open.size);
		const loads = new Map<string, number>();
		for (const name of [...open.values()].flat()) loads.set(name, (loads.get(name) ?? 0) + 1);
		each = Math.max(each, ...loads.values());
	}
	return { inAll, each };
}

describe("a save", () => {
	test("is a pipeline: the laptop sends each packet to one machine, which passes it on while it takes it in", () => {
		const { events } = run([[2 * second, "save a 4KB"]]);
		const writes = events.of("messageSent").filter(({ fields, atUs }) => fields.name === "files.write" && fields.expects !== "nothing" && atUs > second);
		const requests = writes.filter(({ fields }) => fields.inReplyTo === 0 || fields.inReplyTo === -1);
		const hops = requests.map(({ node, fields }) => `${node}>${String(fields.to)}`);
		expect(new Set(hops).size).toBe(3);
		const first = hops.find((hop) => hop.startsWith("user>"))?.split(">")[1];
		const next = hops.find((hop) => hop.startsWith(`${first}>`))?.split(">")[1];
		expect(hops.some((hop) => hop.startsWith(`${next}>`))).toBe(true);
		expect(hops.filter((hop) => hop.startsWith("user>")).length).toBe(requests.length / 3);
	});

	test("is answered only after every machine of the pipeline has it on a synced drive", () => {
		const { events } = run([[2 * second, "save a 4KB"]]);
		const held = events.of("factStated").filter(({ fields }) => fields.name === "files.held");
		const answeredUs = events.of("answered", "user")[0]?.atUs ?? 0;
		expect(new Set(held.map(({ node }) => node)).size).toBe(3);
		for (const { node, atUs } of held) {
			expect(atUs).toBeLessThan(answeredUs);
			expect(events.of("diskSynced", node).some((synced) => synced.atUs <= atUs && synced.atUs > 2 * second)).toBe(true);
		}
	});

	test("has as many copies as its user says, file by file", () => {
		const { answers } = run([
			[2 * second, "save one --copies 1"],
			[2.5 * second, "save five --copies 5"],
			[3 * second, "save usual"],
			[5 * second, "whereis five"],
		]);
		expect(answers.map((answer) => /, (\d of \d cop\w+)/.exec(answer)?.[1]).slice(0, 3)).toEqual(["1 of 1 copy", "5 of 5 copies", "3 of 3 copies"]);
		const [, block = ""] = (answers[3] ?? "").split("\n").filter((line) => line.includes("(block "));
		expect(new Set(block.match(/m\d/g)).size).toBe(5);
	});
});

describe("copies that are made anew", () => {
	const dies = { machines: 6, untilUs: 12 * second, story: [[4 * second, "crash m1 m2"]] as Story };

	test("are a few at a time: in all, and to or from one machine", () => {
		const narrow = run([[2 * second, "save a 120KB"]], { ...dies, steward: { repairsMax: 2, repairsEach: 1 } });
		expect(busiest(narrow.events)).toEqual({ inAll: 2, each: 1 });
		const wide = run([[2 * second, "save a 120KB"]], { ...dies, steward: { repairsMax: 8, repairsEach: 4 } });
		expect(busiest(wide.events).inAll).toBeGreaterThan(2);
		expect(busiest(wide.events).inAll).toBeLessThanOrEqual(8);
	});

	test("take no more of the network than they may", () => {
		const lastUs = (steward: FilesLab["steward"]): number => {
			const { events } = run([[2 * second, "save a 80KB"]], { ...dies, untilUs: 20 * second, steward: { repairsMax: 1, repairsEach: 1, ...steward } });
			const moves = movesOf(events);
			const made = moves.filter(({ isOver }) => !isOver).length;
			expect(made).toBeGreaterThan(5);
			return ((moves.at(-1)?.atUs ?? 0) - (moves[0]?.atUs ?? 0)) / made;
		};
		const blockUs = (4_096 / 8_192) * second;
		expect(lastUs({ repairBytesPerSecond: 8_192 })).toBeGreaterThanOrEqual(blockUs * 0.9);
		expect(lastUs({})).toBeLessThan(blockUs * 0.9);
	});

	test("are first those of the blocks with the least to spare", () => {
		const { events } = run(
			[
				[2 * second, "save many 40KB --copies 4"],
				[2.5 * second, "save few 40KB --copies 2"],
			],
			{ ...dies, untilUs: 16 * second, steward: { repairsMax: 1, repairsEach: 1 } },
		);
		const order = movesOf(events)
			.filter(({ isOver }) => !isOver)
			.map(({ part }) => part.split("/")[0] as string);
		const [many, few] = [
			...new Set(
				events.of("factStated").flatMap(({ fields, body }) => (fields.name === "files.held" ? [String((body as { key: string }).key).split("/")[0]] : [])),
			),
		];
		expect(new Set(order)).toEqual(new Set([many, few]));
		expect(order.lastIndexOf(few as string)).toBeLessThan(order.indexOf(many as string));
	});
});

test("a machine that was emptied can be switched off for good, and no block has ever had fewer copies than it should", () => {
	const { answers, events } = run(
		[
			[2 * second, "save a 24KB"],
			[10 * second, "open a"],
			[10.5 * second, "whereis a"],
		],
		{
			untilUs: 12 * second,
			story: [
				[3 * second, 'ask k1 "drain m1"'],
				[7 * second, "crash m1"],
				[7 * second, "wipe m1"],
			],
		},
	);
	expect(answers[1]).toContain("exactly as it was saved");
	expect(answers[2]).not.toMatch(/m1 drive \d \(/);
	const healths = events.of("factStated").filter(({ fields, atUs }) => fields.name === "files.health" && atUs > 3 * second);
	expect(
		healths.filter(({ body }) => (body as { readonly standing?: number }).standing !== undefined && (body as { readonly standing: number }).standing < 3),
	).toEqual([]);
});

test("machines are levelled by themselves when they differ by more than they may", () => {
	const usedBy = (rebalanceAbove: number): readonly number[] => {
		const { run: done } = run([[2 * second, "save a 200KB"]], {
			untilUs: 14 * second,
			capacityBytes: 300_000,
			drives: 1,
			steward: { rebalanceAbove },
			story: [
				[0, "crash m1"],
				[4 * second, "restart m1"],
			],
		});
		return ["m1", "m4"].map((machine) => ((done.view(machine, "files-blocks").drives as readonly { readonly used: number }[])[0]?.used ?? 0) / 300_000);
	};
	const [here = 0, there = 1] = usedBy(0.2);
	expect(Math.abs(here - there)).toBeLessThan(0.25);
	expect(usedBy(1)[0]).toBeLessThan(0.05);
});

test("a photo saved once stands in Texas, Ireland and Tokyo; any two of them may burn, in any order, and it opens", () => {
	const regions = ["texas", "ireland", "tokyo"];
	for (const firstFire of regions) {
		for (const secondFire of regions.filter((region) => region !== firstFire)) {
			const plan = labPlan("three-copies", { parameters: { firstFire, secondFire } });
			const list = new EventList(plan);
			// The story's later fires spare Ireland's names, whose turn it may have been already.
			const { failures } = runPlan({ ...plan, untilUs: 50 * second, story: plan.story.filter(({ atUs }) => atUs < 50 * second) }, 2, { observers: [list] });
			const told = list.of("answered", "laptop").map(({ body }) => String(body));
			for (const block of (told[1] ?? "").split("\n").filter((line) => line.includes("(block ")))
				for (const region of regions) expect(block).toContain(`(${region})`);
			expect([firstFire, secondFire, told[2]]).toEqual([firstFire, secondFire, expect.stringContaining("exactly as it was saved")]);
			expect(failures).toEqual([]);
		}
	}
});
