import { expect, test } from "vitest";
import type { LinkView, NodeView } from "../projection/snapshot.ts";
import { linkStateOf, loadTone, nodeStateOf, shapeOf } from "./node-state.ts";

const up = { status: "up", factorMilli: 1_000 } as NodeView;
const plain = { isLeader: false, isSuspected: false };
const link: LinkView = { name: "a-b", forward: "up", backward: "up", dropped: 0, changes: [] };

test("what matters most is what is shown", () => {
	expect(nodeStateOf(up, plain)).toBe("up");
	expect(nodeStateOf(up, { ...plain, isLeader: true })).toBe("leader");
	expect(nodeStateOf({ ...up, factorMilli: 4_000 }, { ...plain, isLeader: true })).toBe("slow");
	expect(nodeStateOf({ ...up, factorMilli: 4_000 }, { isLeader: true, isSuspected: true })).toBe("suspected");
	expect(nodeStateOf({ ...up, status: "down", factorMilli: 4_000 }, { isLeader: true, isSuspected: true })).toBe("down");
	expect(nodeStateOf({ ...up, status: "paused" }, plain)).toBe("paused");
});

test("a link that is dead one way is told from one that is dead", () => {
	expect(linkStateOf(link)).toBe("up");
	expect(linkStateOf({ ...link, forward: "cut" })).toBe("oneWay");
	expect(linkStateOf({ ...link, forward: "cut", backward: "cut" })).toBe("cut");
	expect(linkStateOf({ ...link, backward: "clogged" })).toBe("clogged");
	expect(linkStateOf({ ...link, changes: ["lossRatio 0.1"] })).toBe("changed");
});

test("a load is red above the line at 80 percent, and not at it", () => {
	expect([0.2, 0.7, 0.8, 0.81].map(loadTone)).toEqual(["good", "warning", "warning", "bad"]);
});

test("roles have outlines", () => {
	expect(["client", "balancer", "web", "storage", "whatever"].map(shapeOf)).toEqual(["circle", "diamond", "square", "square", "square"]);
});
