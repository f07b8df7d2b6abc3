/** Servers on nodes: members that come and go by a word, a disk that is wiped, a log that is compacted. */
import { describe, expect, test } from "vitest";
import { EventList } from "../../../test/support/event-list.ts";
import { broken, runStore, type StoreLab, storePlan } from "../../../test/support/store-run.ts";

function run(lab: StoreLab) {
	const list = new EventList(storePlan(lab));
	const outcome = runStore(lab, 9, list);
	expect(broken(outcome)).toEqual([]);
	return { ...outcome, list, answers: list.of("answered").map(({ node, body }) => `${node}: ${body}`) };
}

const second = 1_000_000;
/** Asks every server, for only the one that leads acts. */
const askAll = (atUs: number, servers: number, line: string) => Array.from({ length: servers }, (_, i) => [atUs, `ask s${i + 1} "${line}"`] as const);
const load = { clients: 2, think: "30ms", lasts: "9s", patience: "3s", requests: 100_000 };

describe("members", () => {
	test("a fourth server learns, votes, and stands in for one that is removed", () => {
		const { view, list } = run({
			servers: 4,
			store: { voters: ["s1", "s2", "s3"], compactEntries: 40 },
			load,
			untilUs: 10 * second,
			story: [
				...askAll(2 * second, 4, "learner s4"),
				...askAll(3 * second, 4, "voter s4"),
				...askAll(4 * second, 4, "remove s1"),
				[5 * second, "crash s1"],
				[6 * second, "crash s2"],
			],
		});
		expect(view("s3").members).toEqual({ voters: ["s2", "s3", "s4"], learners: [] });
		expect(view("s4")).toMatchObject({ members: view("s3").members, version: view("s3").version });
		const late = list.of("spanFinished", "c1").filter(({ fields, atUs }) => fields.name === "store-load.request" && atUs > 7 * second);
		expect(late.length).toBeGreaterThan(20);
		expect(late.every(({ fields }) => fields.status === "ok")).toBe(true);
	});

	test("leadership goes where it is asked to go", () => {
		const { view, answers } = run({ load, untilUs: 10 * second, story: [...askAll(2 * second, 3, "transfer s2"), ...askAll(4 * second, 3, "transfer s3")] });
		expect(view("s3").role).toBe("leader");
		expect(answers.filter((answer) => answer.endsWith(": s3 is to lead"))).toEqual(["s2: s3 is to lead"]);
	});

	test("a server answers questions it cannot follow with what it can", () => {
		const { answers } = run({ load, untilUs: 5 * second, story: [[2 * second, 'ask s1 "sing"'], ...askAll(3 * second, 3, "learner nobody")] });
		expect(answers[0]).toBe("s1: members, learner NODE, voter NODE, remove NODE, transfer NODE");
		expect(answers[1]).toBe('s1: there is no node called "nobody"');
	});
});

describe("a wiped disk", () => {
	test("keeps its server out of elections until it is removed and added anew", () => {
		const story = [
			[2 * second, "crash s1"],
			[2 * second + 1, "wipe s1"],
			[2 * second + 2, "restart s1"],
		] as const;
		const wiped = run({ load, untilUs: 5 * second, story });
		expect(wiped.view("s1")).toMatchObject({ role: "follower", amnesiac: true, version: wiped.view("s2").version });
		// With it alone there is no majority of those that remember.
		const alone = run({ load, untilUs: 8 * second, story: [...story, [4 * second, "crash s2"], [4 * second, "crash s3"], [6 * second, "restart s3"]] });
		expect([alone.view("s1").role, alone.view("s3").role]).not.toContain("leader");
		const anew = run({
			load,
			untilUs: 10 * second,
			story: [...story, ...askAll(4 * second, 3, "remove s1"), ...askAll(5 * second, 3, "voter s1"), [7 * second, "crash s2"]],
		});
		expect(anew.view("s1")).toMatchObject({ amnesiac: false, members: { voters: ["s1", "s2", "s3"], learners: [] } });
		expect([anew.view("s1").role, anew.view("s3").role]).toContain("leader");
	});
});

test("the log is compacted as it grows, and a server that was away long gets a snapshot, in pieces", () => {
	const { view, list } = run({
		store: { compactEntries: 20 },
		load: { ...load, clients: 1, think: "60ms", valueBytes: 90_000, keys: 4, readRatio: 0 },
		untilUs: 10 * second,
		story: [
			[2 * second, "crash s3"],
			[5 * second, "restart s3"],
		],
	});
	const pieces = list.of("messageSent").filter(({ fields }) => fields.name === "raft.snapshot");
	expect(pieces.length).toBeGreaterThan(1);
	expect(view("s3")).toMatchObject({ version: view("s1").version, commit: view("s1").commit });
	for (const name of ["s1", "s2", "s3"]) expect(Number(view(name).lastIndex) - Number(view(name).snapshotIndex)).toBeLessThanOrEqual(21);
});

test("nobody hears of a vote or of an entry before the disk has it (thesis 3.8)", () => {
	const { list } = run({ load: { ...load, lasts: "1500ms" }, untilUs: 2 * second, syncUs: 30_000 });
	const bodies = new Map(
		list.of("messageSent").map(({ node, fields, body }) => [`${node} ${fields.sequence}`, body as { readonly entries?: readonly unknown[] }]),
	);
	let promised = 0;
	for (const node of ["s1", "s2", "s3"]) {
		/** What it was asked to promise, and its disk has not yet. */
		const asked = new Map<string, number>();
		for (const { kind, fields, node: at } of list.events) {
			if (at !== node) continue;
			const name = String(fields.name);
			const isAsked = name === "raft.vote" || (name === "raft.append" && bodies.get(`${fields.from} ${fields.sequence}`)?.entries?.length !== 0);
			if (kind === "messageDelivered" && isAsked) asked.set(`${name}Reply`, fields.sequence as number);
			else if (kind === "diskSynced") asked.clear();
			else if (kind === "messageSent" && (name === "raft.voteReply" || name === "raft.appendReply")) {
				promised++;
				expect(asked.get(name), `${node} sends ${name} before its disk has it`).toBeUndefined();
			}
		}
	}
	expect(promised).toBeGreaterThan(20);
});
