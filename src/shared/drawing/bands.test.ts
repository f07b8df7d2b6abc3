import { expect, test } from "vitest";
import { bandsOf } from "./bands.ts";

test("a node is down from its crash to its boot, and for ever if it does not boot", () => {
	const faults = [
		{ kind: "nodeCrashed", node: 2, atUs: 6 },
		{ kind: "nodeCrashed", node: 1, atUs: 8 },
		{ kind: "nodeRestarting", node: 2, atUs: 11 },
		{ kind: "nodeBooted", node: 2, atUs: 12 },
	];
	expect(bandsOf(faults)).toEqual([
		{ kind: "down", node: 2, fromUs: 6, toUs: 12 },
		{ kind: "down", node: 1, fromUs: 8, toUs: Number.POSITIVE_INFINITY },
	]);
});

test("a new partition takes the place of the last, and a crash that of a pause", () => {
	const faults = [
		{ kind: "networkPartitioned", node: -1, atUs: 1 },
		{ kind: "networkPartitioned", node: -1, atUs: 5 },
		{ kind: "networkHealed", node: -1, atUs: 9 },
		{ kind: "nodePaused", node: 0, atUs: 10 },
		{ kind: "nodeCrashed", node: 0, atUs: 12 },
	];
	expect(bandsOf(faults).map(({ kind, fromUs, toUs }) => [kind, fromUs, toUs])).toEqual([
		["partition", 1, 5],
		["partition", 5, 9],
		["paused", 10, 12],
		["down", 12, Number.POSITIVE_INFINITY],
	]);
});

test("the first boot of a node ends nothing", () => {
	expect(bandsOf([{ kind: "nodeBooted", node: 0, atUs: 0 }])).toEqual([]);
});
