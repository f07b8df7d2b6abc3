import { expect, test } from "vitest";
import { type NodeSaying, nodeLines, skewText } from "./node-words.ts";

const saying: NodeSaying = { name: "web-1", state: "up", queue: 0, suspectedBy: 0, clockText: "00:01.000", skewUs: 0 };
const said = (changes: Partial<NodeSaying>, level: 0 | 1 | 2 | 3, hasSpare = true): readonly string[] =>
	nodeLines({ ...saying, ...changes }, level, hasSpare).map(({ runs }) => runs.map(({ text }) => text).join(" "));

test("with room a node says its name, its state, what waits, and its own clock with how far it is off", () => {
	expect(said({ queue: 3, skewUs: 12_000 }, 3)).toEqual(["web-1", "up queue 3", "00:01.000 +12 ms"]);
});

test("with less room it says less, but never leaves out a state that is not plainly up", () => {
	expect(said({}, 2)).toEqual(["web-1", "up"]);
	expect(said({}, 1)).toEqual(["web-1"]);
	expect(said({ state: "down" }, 1)).toEqual(["web-1", "down"]);
	expect(nodeLines({ ...saying, state: "down" }, 1, false)).toEqual([{ face: "name", runs: [{ text: "web-1", tone: "bad" }] }]);
});

test("who is suspected says by how many, once", () => {
	expect(said({ state: "suspected", suspectedBy: 2 }, 2)).toEqual(["web-1", "suspected by 2"]);
	expect(said({ state: "down", suspectedBy: 2 }, 2)).toEqual(["web-1", "down suspected by 2"]);
	expect(said({ state: "down", suspectedBy: 2 }, 3)).toEqual(["web-1", "down", "suspected by 2"]);
});

test("a clock that is off is told as soon as there is a line for it", () => {
	expect(said({ skewUs: -80_000 }, 1)).toEqual(["web-1", "−80 ms"]);
	expect(said({ skewUs: -80_000, state: "slow" }, 1)).toEqual(["web-1", "slow"]);
	expect(said({ skewUs: -80_000 }, 1, false)).toEqual(["web-1"]);
});

test("a clock that is all but right is not called wrong", () => {
	expect([skewText(499), skewText(-500), skewText(2_000_000)]).toEqual(["", "−500 µs", "+2 s"]);
});
