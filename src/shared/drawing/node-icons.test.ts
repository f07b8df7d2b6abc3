import { expect, test } from "vitest";
import { nodeIcons } from "./node-icons.ts";
import { nodeStates } from "./node-state.ts";

test("each state of a node has an icon, and no two states have the same", () => {
	expect(Object.keys(nodeIcons).sort()).toEqual([...nodeStates].sort());
	expect(new Set(Object.values(nodeIcons)).size).toBe(nodeStates.length);
});
