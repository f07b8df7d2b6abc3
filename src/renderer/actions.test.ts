import { expect, test } from "vitest";
import { tinyPlan } from "../../test/support/tiny-plan.ts";
import { parseCommand } from "../shared/command-grammar.ts";
import type { NodeView } from "../shared/projection/snapshot.ts";
import { linkActions, messageActions, nodeActions, partitionLine } from "./actions.ts";

const idle = { services: [] };
const plan = tinyPlan({ nodes: { a: idle, b: idle, c: idle }, links: [{ a: "a", b: "b" }] }, new Map());
const up = { status: "up", factorMilli: 1_000 } as NodeView;

test("every act is a line that the grammar reads", () => {
	const underWay = messageActions(plan, { from: 0, sequence: 42, fate: "unknown" });
	const lines = [...nodeActions(plan, 0, up, false), ...linkActions(plan, 0, undefined), ...underWay].flatMap(({ line }) => line ?? []);
	expect(lines.length).toBeGreaterThan(14);
	for (const line of lines) expect(() => parseCommand(line, plan)).not.toThrow();
});

test("what is offered first is what one wants: crash what runs, restart what does not", () => {
	expect(nodeActions(plan, 0, up, false)[0]?.line).toBe("crash a");
	expect(nodeActions(plan, 0, { ...up, status: "down" }, false)[0]?.line).toBe("restart a");
	expect(nodeActions(plan, 0, { ...up, status: "paused" }, false)[1]?.line).toBe("resume a");
	expect(linkActions(plan, 0, { name: "", forward: "cut", backward: "up", dropped: 0, changes: [] })[0]?.line).toBe("heal a b");
});

test("a message that was lost can only be looked at", () => {
	expect(messageActions(plan, { from: 0, sequence: 42, fate: "lost" }).map(({ id }) => id)).toEqual(["inspect"]);
});

test("picked nodes are parted from the rest, and all or none of them from nobody", () => {
	expect(partitionLine(plan, new Set([2, 0]))).toBe("partition {a c} {b}");
	expect(partitionLine(plan, new Set())).toBeUndefined();
	expect(partitionLine(plan, new Set([0, 1, 2]))).toBeUndefined();
});
