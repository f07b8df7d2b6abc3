import { expect, test } from "vitest";
import { boardOf } from "../../../test/support/board-of.ts";
import { readJobs } from "./jobs-board.ts";

const board = boardOf({ a: ["jobs"], b: ["jobs"], c: ["jobs"] });
const job = { key: "1", program: "primes", argument: 60, state: "running", steps: 120, done: 70, owner: "c", helper: "", wanted: "", saved: { done: 65 } };
const takeover = (key: string, from: string, to: string, step: number) => ["a", "jobs.takeover", { key, from, to, step, why: "silent" }] as const;

test("a job is what the latest statement says, whoever made it", () => {
	const read = readJobs(
		board([
			["c", "jobs.job", { ...job, done: 90 }],
			["a", "jobs.job", { ...job, done: 80 }],
		]),
	);
	expect(read).toMatchObject([{ id: "1", done: 80, steps: 120, saved: 65, owner: "c", answer: null }]);
});

test("each machine did the steps until the checkpoint that the next one went on from", () => {
	const told = { key: "1", program: "primes", argument: 60, answer: "17" };
	const [row] = readJobs(board([["a", "jobs.job", job], takeover("1.1", "a", "b", 20), takeover("1.2", "b", "c", 50), ["b", "jobs.told", told]]));
	expect(row?.stretches).toEqual([
		{ machine: "a", fromStep: 0, toStep: 20 },
		{ machine: "b", fromStep: 20, toStep: 50 },
		{ machine: "c", fromStep: 50, toStep: 70 },
	]);
	expect(row?.takeovers.map(({ from, to }) => `${from} ${to}`)).toEqual(["a b", "b c"]);
	expect(row?.answer).toBe("17");
});

test("a machine that died before its first checkpoint did nothing that was kept", () => {
	const [row] = readJobs(board([["b", "jobs.job", { ...job, done: 10, owner: "b" }], takeover("1.1", "a", "b", 0)]));
	expect(row?.stretches).toEqual([{ machine: "b", fromStep: 0, toStep: 10 }]);
});

test("nonsense in a file makes no stretch", () => {
	expect(readJobs(board([["a", "jobs.job", { key: "x", done: -5, steps: 0, owner: 7 }]]))).toMatchObject([{ id: "x", steps: 1, owner: "", stretches: [] }]);
});
