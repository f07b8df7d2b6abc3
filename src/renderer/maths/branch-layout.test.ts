import { expect, test } from "vitest";
import { layOutBranches } from "./branch-layout.ts";

test("children lie below their parent, the latest fork nearest to it", () => {
	const rows = layOutBranches([
		{ branch: 0, parent: -1, forkUs: 0, untilUs: 20 },
		{ branch: 1, parent: 0, forkUs: 5, untilUs: 12 },
		{ branch: 2, parent: 0, forkUs: 9, untilUs: 20 },
		{ branch: 3, parent: 1, forkUs: 7, untilUs: 8 },
	]);
	expect(rows.map(({ branch, row, parentRow }) => [branch, row, parentRow])).toEqual([
		[0, 0, -1],
		[2, 1, 0],
		[1, 2, 0],
		[3, 3, 2],
	]);
	expect(rows.map(({ fromUs, toUs }) => [fromUs, toUs])).toEqual([
		[0, 20],
		[9, 20],
		[5, 12],
		[7, 8],
	]);
});

test("branches of a damaged file, whose parents are missing or each other, do not hang the drawing", () => {
	const rows = layOutBranches([
		{ branch: 4, parent: 9, forkUs: 3, untilUs: 5 },
		{ branch: 5, parent: 6, forkUs: 3, untilUs: 5 },
		{ branch: 6, parent: 5, forkUs: 3, untilUs: 5 },
	]);
	expect(rows.map(({ branch }) => branch)).toEqual([4]);
});
