import { describe, expect, test } from "vitest";
import { isBrief, type Notice, type Telling, whileShown, withNotice } from "./notices.ts";

const note: Telling = { tone: "note", text: "crash web-3", kept: "", advice: "" };

test("what was done is told in a line", () => {
	expect(isBrief(note)).toBe(true);
});

test("what is long, has advice, or went wrong has a place where all of it is read", () => {
	expect(isBrief({ ...note, text: "x".repeat(200) })).toBe(false);
	expect(isBrief({ ...note, advice: "Try another name." })).toBe(false);
	expect(isBrief({ ...note, kept: "The old file is as it was." })).toBe(false);
	expect(isBrief({ ...note, tone: "fault" })).toBe(false);
	expect(isBrief({ ...note, tone: "warning" })).toBe(false);
});

describe("what is kept", () => {
	const brief = (id: number): Notice => ({ ...note, id, text: `crash web-${id}` });
	const warning = (id: number): Notice => ({ ...brief(id), tone: "warning" });
	const kept = (all: readonly Notice[]): readonly number[] => all.reduce(withNotice, [] as readonly Notice[]).map(({ id }) => id);

	test("is what was not read yet, however many notes come and go after it", () => {
		expect(kept([warning(1), brief(2), brief(3), brief(4), brief(5), brief(6)])).toEqual([1, 3, 4, 5, 6]);
	});

	test("is bounded, the newest of each sort", () => {
		expect(kept(Array.from({ length: 50 }, (_, i) => (i % 2 === 0 ? warning(i) : brief(i))))).toEqual([42, 43, 44, 45, 46, 47, 48, 49]);
	});

	test("is the same thing once, as the newest", () => {
		expect(kept([warning(1), warning(2), { ...warning(1), id: 3 }])).toEqual([2, 3]);
		expect(kept([warning(1), { ...brief(1), id: 2 }])).toEqual([1, 2]);
	});
});

test("what was said of a run is over once another is shown, or none; what is true anyway stays", () => {
	const ofRun: Notice = { ...note, id: 1, run: "r1" };
	const anyway: Notice = { ...note, id: 2 };
	expect(whileShown([ofRun, anyway], "r1")).toEqual([ofRun, anyway]);
	expect(whileShown([ofRun, anyway], "r2")).toEqual([anyway]);
	expect(whileShown([ofRun, anyway], null)).toEqual([anyway]);
});
