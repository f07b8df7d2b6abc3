import { expect, test } from "vitest";
import { layOutRequest } from "./span-tree.ts";

const root = { node: 0, sequence: 1, parentNode: -1, parentSequence: 0, startedUs: 100, finishedUs: 200 };
const child = { node: 1, sequence: 1, parentNode: 0, parentSequence: 1, startedUs: 125, finishedUs: 175 };
const open = { node: 2, sequence: 4, parentNode: 1, parentSequence: 1, startedUs: 150, finishedUs: -1 };

test("children follow their parents, indented, each over its share of the whole", () => {
	const { rows, fromUs, toUs } = layOutRequest([open, child, root], []);
	expect([fromUs, toUs]).toEqual([100, 200]);
	expect(rows.map(({ span, depth, leftRatio, widthRatio }) => [span.node, depth, leftRatio, widthRatio])).toEqual([
		[0, 0, 0, 1],
		[1, 1, 0.25, 0.5],
		[2, 2, 0.5, 0.5],
	]);
});

test("a span whose parent was not recorded is a root, and nothing at all is no waterfall", () => {
	expect(layOutRequest([child], []).rows.map(({ depth }) => depth)).toEqual([0]);
	expect(layOutRequest([], []).rows).toEqual([]);
});

test("messages follow in their order, with what a node took between one that came and the next it sent", () => {
	const ask = { from: 0, to: 1, sentUs: 100, endUs: 120, fate: "delivered" } as const;
	const onward = { from: 1, to: 2, sentUs: 130, endUs: 140, fate: "delivered" } as const;
	const lost = { from: 2, to: 1, sentUs: 150, endUs: 155, fate: "lost" } as const;
	const back = { from: 2, to: 1, sentUs: 160, endUs: -1, fate: "underWay" } as const;
	const { steps, toUs } = layOutRequest([root], [back, lost, onward, ask]);
	expect(toUs).toBe(200);
	expect(steps.map((step) => [step.kind === "message" ? step.message : `at ${step.node}`, step.fromUs, step.toUs])).toEqual([
		[ask, 100, 120],
		["at 1", 120, 130],
		[onward, 130, 140],
		["at 2", 140, 150],
		[lost, 150, 155],
		[back, 160, 200],
	]);
	expect(steps.map(({ leftRatio, widthRatio }) => [leftRatio, widthRatio])[2]).toEqual([0.3, 0.1]);
});

test("what is sent on at once takes a node no time, and one answer ends one stay", () => {
	const first = { from: 0, to: 1, sentUs: 100, endUs: 110, fate: "delivered" } as const;
	const second = { from: 0, to: 1, sentUs: 105, endUs: 115, fate: "delivered" } as const;
	const atOnce = { from: 1, to: 0, sentUs: 110, endUs: 120, fate: "delivered" } as const;
	const later = { from: 1, to: 0, sentUs: 150, endUs: 160, fate: "delivered" } as const;
	const stays = layOutRequest([root], [first, second, atOnce, later]).steps.filter(({ kind }) => kind === "stay");
	expect(stays.map(({ fromUs, toUs }) => [fromUs, toUs])).toEqual([[115, 150]]);
});
