/** What a server states for the window: when something changed, and no oftener. */
import { beforeEach, expect, test } from "vitest";
import type { NodeContext } from "../../core/node-api.ts";
import { Showcase } from "./showcase.ts";
import type { RaftOptions } from "./types.ts";

const options = { electionUs: 100_000, heartbeatUs: 20_000 } as RaftOptions;
const follower = { role: "follower", term: 2, vote: "b", leader: "b", votes: [], quorum: 2, wakeUs: 150_000, progress: () => [] } as const;
const leader = {
	...follower,
	role: "leader",
	vote: "a",
	leader: "a",
	votes: ["a", "b"],
	wakeUs: 20_000,
	progress: () => [{ node: "b", match: 4, next: 5 }],
} as const;

let nowUs = 0;
let stated: (readonly [name: string, value: unknown])[] = [];
let silence: { delayUs: number | null; action: () => void } = { delayUs: null, action: () => {} };
let showcase: Showcase;

beforeEach(() => {
	nowUs = 0;
	stated = [];
	const context = {
		monoUs: () => nowUs,
		fact: (name: string, value: unknown) => void stated.push([name, value]),
		alarm: (_name: string, action: () => void) => {
			silence = { delayUs: null, action };
			return {
				set: (delayUs: number) => {
					silence.delayUs = delayUs;
				},
				stop: () => {
					silence.delayUs = null;
				},
				isSet: false,
			};
		},
	};
	showcase = new Showcase(context as unknown as NodeContext, options);
});

test("a server that is as it was states nothing", () => {
	showcase.show(follower);
	showcase.show({ ...follower, wakeUs: 160_000 });
	expect(stated.map(([name]) => name)).toEqual(["raft.server"]);
});

test("a leader's marks are stated no oftener than heartbeats, and go with its office", () => {
	const marks = (match: number) => ({ ...leader, progress: () => [{ node: "b", match, next: match + 1 }] });
	showcase.show(marks(4));
	showcase.show(marks(5));
	nowUs = 20_000;
	showcase.show(marks(6));
	showcase.show(follower);
	expect(stated.filter(([name]) => name === "raft.marks").map(([, value]) => value)).toEqual([
		{ followers: [["b", 4, 5]] },
		{ followers: [["b", 6, 7]] },
		{ gone: true },
	]);
});

test("a silence is stated when it has lasted, with the time that is left, and taken back at the next word", () => {
	showcase.show(follower);
	expect(silence.delayUs).toBe(100_000);
	nowUs = 100_000;
	silence.action();
	showcase.show({ ...follower, wakeUs: 250_000 });
	expect(stated.slice(1)).toEqual([
		["raft.waiting", { inUs: 50_000 }],
		["raft.waiting", { gone: true }],
	]);
	showcase.show(leader);
	expect(silence.delayUs).toBeNull();
});
