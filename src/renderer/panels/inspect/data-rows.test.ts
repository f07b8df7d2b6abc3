import { expect, test } from "vitest";
import { changesIn, type DataRow, dataRows } from "./data-rows.ts";

const told = (rows: readonly DataRow[]): readonly string[] =>
	rows.flatMap(({ name, text, rows: below, change }) => [
		`${name}=${text ?? ""}${change === null ? "" : ` ${change}`}`,
		...told(below).map((line) => `  ${line}`),
	]);

test("what fits a line is told on one, and what does not has rows of its own", () => {
	const value = { term: 3, voters: ["a", "b"], log: [{ index: 7, term: 3 }], empty: [], long: ["x".repeat(30), ["y".repeat(30)]], data: new Uint8Array(4096) };
	expect(told(dataRows(value).rows)).toEqual([
		"term=3",
		"voters=a, b",
		"log=[index 7 · term 3]",
		"empty=[]",
		"long=",
		`  0=${"x".repeat(30)}`,
		`  1=${"y".repeat(30)}`,
		"data=4,096 bytes",
	]);
});

test("what changed is marked where it changed, what is new as well, and what has gone is still told", () => {
	const before = { role: "follower", vote: "a", deep: { kept: "k".repeat(30), other: "o".repeat(30) } };
	const now = { role: "leader", deep: { kept: "k".repeat(30), other: "p".repeat(30) }, term: 1 };
	const { rows } = dataRows(now, before);
	expect(told(rows)).toEqual([
		"role=leader changed",
		"deep=",
		`  kept=${"k".repeat(30)}`,
		`  other=${"p".repeat(30)} changed`,
		"term=1 changed",
		"vote=a gone",
	]);
	expect(changesIn(rows)).toBe(4);
	expect(changesIn(dataRows(now, now).rows)).toBe(0);
	expect(changesIn(dataRows(now).rows)).toBe(0);
});

test("long lists and deep data are told up to a bound, and say how much is left out", () => {
	const { rows, hidden } = dataRows(Array.from({ length: 500 }, (_, i) => i + 1e9));
	expect([rows.length, hidden]).toEqual([60, 440]);
	let deep: object = { end: "z".repeat(50) };
	for (let i = 0; i < 100; i++) deep = { deep };
	expect(told(dataRows(deep).rows).length).toBeLessThan(10);
});
