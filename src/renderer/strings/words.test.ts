import { expect, test } from "vitest";
import { drawingWords } from "../../shared/drawing/words.ts";
import { nodeStatuses } from "../../shared/projection/snapshot.ts";
import { strings } from "../strings.ts";
import { viewParts } from "./views/parts.ts";

test("a state has one word in tables, in drawings and in views of services", () => {
	expect(strings.nodeStates).toEqual(drawingWords.nodeStates);
	expect(strings.linkStates).toEqual(drawingWords.linkStates);
	for (const status of nodeStatuses) expect(viewParts.status[status]).toBe(strings.nodeStates[status]);
	expect(strings.nodeStates.booting).toBe("starting");
});
