import { expect, test } from "vitest";
import { layOutSpans } from "./span-tree.ts";

const root = { node: 0, sequence: 1, parentNode: -1, parentSequence: 0, startedUs: 100, finishedUs: 200 };
const child = { node: 1, sequence: 1, parentNode: 0, parentSequence: 1, startedUs: 125, finishedUs: 175 };
const open = { node: 2, sequence: 4, parentNode: 1, parentSequence: 1, startedUs: 150, finishedUs: -1 };

test("children follow their parents, indented, each over its share of the whole", () => {
	const { rows, fromUs, toUs } = layOutSpans([open, child, root]);
	expect([fromUs, toUs]).toEqual([100, 200]);
	expect(rows.map(({ span, depth, leftRatio, widthRatio }) => [span.node, depth, leftRatio, widthRatio])).toEqual([
		[0, 0, 0, 1],
		[1, 1, 0.25, 0.5],
		[2, 2, 0.5, 0.5],
	]);
});

test("a span whose parent was not recorded is a root, and nothing at all is no waterfall", () => {
	expect(layOutSpans([child]).rows.map(({ depth }) => depth)).toEqual([0]);
	expect(layOutSpans([]).rows).toEqual([]);
});
