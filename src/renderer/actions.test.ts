import { describe, expect, test } from "vitest";
import { tinyPlan } from "../../test/support/tiny-plan.ts";
import { linkProperties } from "../shared/command.ts";
import { commandVerbs, parseCommand } from "../shared/command-grammar.ts";
import type { LinkView, NodeView } from "../shared/projection/snapshot.ts";
import { groupActions } from "./acting/group-actions.ts";
import { linkActions } from "./acting/link-actions.ts";
import { messageActions } from "./acting/message-actions.ts";
import { nodeActions } from "./acting/node-actions.ts";
import { type Action, allActions, partitionLine } from "./actions.ts";

const idle = { services: [] };
const plan = tinyPlan({ nodes: { a: idle, b: idle, c: idle }, links: [{ a: "a", b: "b" }] }, new Map());
const up = { status: "up", factorMilli: 1_000 } as NodeView;
const down = { ...up, status: "down" } as NodeView;
const whole: LinkView = { name: "", forward: "up", backward: "up", dropped: 0, changes: [] };
const changed: LinkView = { ...whole, changes: ["lossRatio 0.1", "floorUs 5"] };

/** Menus of everything there is, in every state it may be in. */
const menus: readonly (readonly Action[])[] = [
	...[up, down, { ...up, status: "paused" } as NodeView, { ...up, factorMilli: 4_000 } as NodeView].map((view) => nodeActions(plan, 0, view, false)),
	...[undefined, whole, changed, { ...whole, forward: "cut" } as LinkView, { ...whole, forward: "clogged", backward: "clogged" } as LinkView].map((view) =>
		linkActions(plan, 0, view),
	),
	messageActions(plan, { from: 0, sequence: 42, fate: "unknown" }),
	groupActions(plan, [0, 1], {}),
	groupActions(plan, [0, 1, 2], [up, down, up]),
];
const acts = menus.flatMap(allActions);
const said = acts.flatMap(({ line, stem }) => line ?? stem ?? []);

test("every act is a line that the grammar reads, or begins one", () => {
	const lines = acts.flatMap(({ line }) => line ?? []);
	expect(lines.length).toBeGreaterThan(60);
	for (const line of lines) expect(() => parseCommand(line, plan), line).not.toThrow();
	const endings = ["10%", "5ms", "200ppm", "2x", "10Mbit/s", "hello", "+2s", "0"];
	for (const { stem } of acts) {
		if (stem === undefined) continue;
		const read = endings.filter((ending) => {
			try {
				return parseCommand(`${stem}${ending}`, plan) !== null;
			} catch {
				return false;
			}
		});
		expect(read, stem).not.toEqual([]);
	}
});

test("everything that the grammar knows is in a menu: every verb and every property of a link", () => {
	expect(new Set(said.map((line) => line.split(" ")[0]))).toEqual(new Set(commandVerbs));
	for (const property of linkProperties) expect(said.some((line) => line.includes(` ${property} `))).toBe(true);
	for (const line of ["fail drive a 0", "cut a -> b", "cut b -> a", "heal a -> b", "clog b -> a", "heal all", "drift a 0ppm"]) expect(said).toContain(line);
});

test("no menu has two acts of one name or one key", () => {
	for (const menu of menus) {
		const keys = allActions(menu).flatMap(({ key }) => key ?? []);
		expect(new Set(keys).size).toBe(keys.length);
		for (const list of [menu, ...menu.flatMap(({ items }) => (items === undefined ? [] : [items]))]) {
			expect(new Set(list.map(({ id }) => id)).size).toBe(list.length);
			expect(new Set(list.map(({ label }) => label)).size).toBe(list.length);
		}
	}
});

describe("what is offered first is what one wants", () => {
	test("of a node: crash what runs, restart what does not", () => {
		expect(nodeActions(plan, 0, up, false)[0]?.line).toBe("crash a");
		expect(nodeActions(plan, 0, down, false)[0]?.line).toBe("restart a");
		expect(nodeActions(plan, 0, { ...up, status: "paused" } as NodeView, false)[1]?.line).toBe("resume a");
	});

	test("of a link: heal what is cut, either way by itself", () => {
		const cut = linkActions(plan, 0, { ...whole, forward: "cut" } as LinkView);
		expect(cut[0]?.line).toBe("heal a b");
		expect(allActions(cut).map(({ line }) => line)).toContain("heal a -> b");
		expect(allActions(cut).map(({ line }) => line)).toContain("cut b -> a");
	});

	test("of a link that was changed: what the lab had made of it", () => {
		const { floorUs } = plan.links[0]?.forward ?? { floorUs: 0 };
		expect(allActions(linkActions(plan, 0, changed)).map(({ line }) => line)).toContain(`set link a b floorUs ${floorUs / 1_000}ms`);
		expect(allActions(linkActions(plan, 0, whole)).map(({ id }) => id)).not.toContain("floorUsAsMade");
	});
});

test("a message that was lost can only be looked at", () => {
	expect(messageActions(plan, { from: 0, sequence: 42, fate: "lost" }).flatMap(({ line, stem }) => line ?? stem ?? [])).toEqual([]);
});

test("picked nodes are parted from the rest, and all or none of them from nobody", () => {
	expect(partitionLine(plan, new Set([2, 0]))).toBe("partition {a c} {b}");
	expect(partitionLine(plan, new Set())).toBeUndefined();
	expect(partitionLine(plan, new Set([0, 1, 2]))).toBeUndefined();
	expect(groupActions(plan, [0, 1, 2], {}).map(({ id }) => id)).not.toContain("partition");
});

describe("what makes no sense is said beforehand, with the reason", () => {
	const starting = { ...up, status: "booting" } as NodeView;
	const paused = { ...up, status: "paused" } as NodeView;
	const reasons = (menu: readonly Action[]): readonly string[] => menu.flatMap(({ id, why }) => (why === undefined ? [] : [`${id}: ${why}`]));

	test("of a node", () => {
		expect(reasons(nodeActions(plan, 0, up, false))).toEqual([]);
		expect(reasons(nodeActions(plan, 0, undefined, false))).toEqual([]);
		expect(reasons(nodeActions(plan, 0, paused, false))).toEqual([]);
		expect(reasons(nodeActions(plan, 0, down, false))).toEqual(["pause: a is down: only what runs can be paused", "ask: a is down: it hears no question"]);
		expect(reasons(nodeActions(plan, 0, starting, false))).toEqual([
			"pause: a is starting: only what runs can be paused",
			"ask: a is starting: it hears no question",
		]);
	});

	test("of several, when not one of them can", () => {
		expect(reasons(groupActions(plan, [0, 1], [up, down]))).toEqual(["resume: none of them is paused"]);
		expect(reasons(groupActions(plan, [0, 1], [down, down]))).toEqual([
			"crash: all of them are down already",
			"pause: none of them runs",
			"resume: none of them is paused",
		]);
		expect(reasons(groupActions(plan, [0, 1], [starting, starting]))).toContain("restart: all of them are starting already");
	});

	test("of a link", () => {
		expect(reasons(linkActions(plan, 0, { ...whole, forward: "clogged", backward: "clogged" }))).toEqual(["clog: it is clogged already"]);
		expect(reasons(linkActions(plan, 0, { ...whole, forward: "clogged" }))).toEqual([]);
	});
});
