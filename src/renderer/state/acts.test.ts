import { expect, test } from "vitest";
import { actsBeforeLast } from "./acts.ts";

const act = (atUs: number, line: string) => ({ atUs, line });

test("to undo is to go back before the last act, and to keep what else was done at that instant", () => {
	expect(actsBeforeLast([act(5, "crash a"), act(9, "crash b"), act(9, "cut a b")], [])).toEqual({ atUs: 9, lines: ["crash b"] });
	expect(actsBeforeLast([act(5, "crash a")], [])).toEqual({ atUs: 5, lines: [] });
	expect(actsBeforeLast([], [])).toBeNull();
});

test("what was done a moment ago is known before the file has it", () => {
	expect(actsBeforeLast([act(5, "crash a")], [act(9, "crash b")])).toEqual({ atUs: 9, lines: [] });
	expect(actsBeforeLast([act(9, "crash a")], [act(9, "crash a"), act(9, "crash b")])).toEqual({ atUs: 9, lines: ["crash a"] });
	expect(actsBeforeLast([act(9, "crash a"), act(9, "crash b")], [act(9, "crash b")])).toEqual({ atUs: 9, lines: ["crash a"] });
});
