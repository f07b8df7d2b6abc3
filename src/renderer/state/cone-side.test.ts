import { expect, test } from "vitest";
import { type Causality, coneSideOfEvent, coneSideOfWork } from "./run-state.ts";

const causality = { index: 5, past: new Set([1, 2]), future: new Set([8, 9]) } as unknown as Causality;
const work = (startIndex: number, finishIndex: number) => coneSideOfWork(causality, { startIndex, finishIndex });

test("work lies before the selected event, after it, around it, or beside it", () => {
	expect([work(1, 2), work(8, 9), work(1, 9), work(3, 4)]).toEqual(["past", "future", "both", undefined]);
	expect([work(1, 5), work(5, 9)]).toEqual(["past", "future"]);
	// It was never finished, or is known in part.
	expect([work(1, -1), work(-1, 9), work(3, 9), work(5, -1)]).toEqual(["past", "future", "future", "future"]);
});

test("without a selected event nothing lies anywhere", () => {
	expect([coneSideOfEvent(null, 1), coneSideOfWork(null, { startIndex: 1, finishIndex: 2 })]).toEqual([undefined, undefined]);
});
