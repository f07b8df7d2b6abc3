import { expect, test } from "vitest";
import { isBrief, type Telling } from "./briefness.ts";

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
