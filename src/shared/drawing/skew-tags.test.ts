import { expect, test } from "vitest";
import type { Plan } from "../plan.ts";
import { overlapOf } from "./boxes.ts";
import { skewTagCorners, skewTags, untoldSkew } from "./skew-tags.ts";
import { layOutTopology } from "./topology-layout.ts";

const measure = (text: string, sizePx: number): number => text.length * sizePx * 0.6;
const saying = { name: "web-1", state: "up", queue: 0, suspectedBy: 0, clockText: "00:01.000", skewUs: 12_000 } as const;

function block(count: number, stepPx: number, radius: number) {
	const names = Array.from({ length: count }, (_, i) => `node-${i + 1}`);
	const nodes = names.map((name) => ({ name, role: "member", region: -1 }));
	const plan = { nodes, switches: [], links: [], regions: [] } as unknown as Plan;
	const places = names.map((_, i) => ({ x: (i % 20) * stepPx, y: Math.floor(i / 20) * stepPx }));
	return layOutTopology(plan, places, radius, names, measure);
}

test("a clock that is off is told in words where they have room, and by a tag where not; never by both", () => {
	expect([0, 1, 2, 3].map((level) => untoldSkew(saying, level as 0, true))).toEqual(["+12 ms", "", "", ""]);
	expect(untoldSkew(saying, 1, false)).toBe("+12 ms");
	expect(untoldSkew({ ...saying, state: "slow" }, 1, true)).toBe("+12 ms");
	expect(untoldSkew({ ...saying, skewUs: -80_000 }, 0, false)).toBe("−80 ms");
	expect(untoldSkew({ ...saying, skewUs: 400 }, 0, false)).toBe("");
	expect(untoldSkew({ ...saying, state: "down" }, 0, false)).toBe("");
});

test.each([
	[200, 24, 8],
	[50, 60, 14],
])("every clock of %i that is off shows its sign, and no tag covers a node's middle or another tag", (count, stepPx, radius) => {
	const layout = block(count, stepPx, radius);
	const texts = Array.from({ length: count }, (_, i) => (i % 3 === 0 ? "+12 ms" : i % 3 === 1 ? "−340 ms" : ""));
	const tags = skewTags(layout, texts, new Set([3]), measure);
	expect(tags.map(({ node }) => node)).toEqual(texts.flatMap((text, node) => (text === "" ? [] : [node])));
	for (const tag of tags) {
		expect(tag.isAhead).toBe(tag.node % 3 === 0);
		expect(["+", "−", texts[tag.node]]).toContain(tag.text);
		for (const { x, y } of layout.spots) expect(overlapOf(tag.box, { left: x - 3, right: x + 3, top: y - 3, bottom: y + 3 })).toBe(0);
		for (const other of tags) if (other.node !== tag.node) expect(overlapOf(tag.box, other.box)).toBe(0);
	}
});

test("where hardly any of very many has room for how much, all show their signs alone", () => {
	const layout = block(200, 24, 8);
	const all = layout.spots.map(() => "+12 ms");
	expect(skewTags(layout, all, new Set(), measure).every(({ text }) => text === "+")).toBe(true);
	const few = all.map((text, node) => (node % 20 === 0 ? text : ""));
	expect(skewTags(layout, few, new Set(), measure).some(({ text }) => text === "+12 ms")).toBe(true);
});

test("with room a tag says how much, and its end points where the clock is", () => {
	const layout = block(3, 200, 8);
	const [ahead, behind] = skewTags({ ...layout, levels: [0, 0, 0], labels: [] }, ["+12 ms", "−340 ms", ""], new Set(), measure);
	expect([ahead?.text, behind?.text]).toEqual(["+12 ms", "−340 ms"]);
	for (const tag of [ahead, behind]) {
		if (tag === undefined) throw new Error("there is no tag");
		const middle = (tag.box.top + tag.box.bottom) / 2;
		const tip = skewTagCorners(tag).find(({ y }) => y === middle);
		expect(tip?.x).toBe(tag.isAhead ? tag.box.right : tag.box.left);
	}
});
