import { expect, test } from "vitest";
import type { CausalCone, ConeSide } from "./causal-cone.ts";
import { coneRings } from "./cone-rings.ts";

/** Node 0 in the middle of six others, a link to each. */
const star = { nodes: Array(7).fill({}), links: [1, 2, 3, 4, 5, 6].map((b) => ({ a: 0, b })) } as unknown as Parameters<typeof coneRings>[1];

function cone(nodes: readonly (readonly [number, ConeSide])[], nearest: CausalCone["nearest"], link: ConeSide = "both"): CausalCone {
	return { nodes: new Map(nodes), links: new Map(star.links.map((_, index) => [index, link])), messages: new Map(), nearest };
}

test("where the cone says something, all of it is lit", () => {
	const rings = coneRings(
		cone(
			[
				[1, "both"],
				[0, "past"],
				[2, "past"],
				[3, "future"],
			],
			{ past: [0, 2], future: [3] },
			"past",
		),
		star,
	);
	expect(rings.isNarrowed).toBe(false);
	expect([0, 1, 2, 3, 4].map(rings.ofNode)).toEqual(["past", "both", "past", "future", "dim"]);
	expect(rings.ofLink(0)).toBe("past");
});

test("where all of a busy cluster lies on both sides, only what is nearest is lit on each, and the links between", () => {
	const all = [1, 0, 2, 3, 4, 5, 6].map((node) => [node, "both"] as const);
	const rings = coneRings(cone(all, { past: [0, 4, 2, 3, 5, 6], future: [0, 6, 2, 3, 4, 5] }), star);
	expect(rings.isNarrowed).toBe(true);
	expect([0, 1, 2, 3, 4, 5, 6].map(rings.ofNode)).toEqual(["both", "both", null, null, "past", null, "future"]);
	// Links to nodes 1 to 6 in turn.
	expect([0, 1, 2, 3, 4, 5].map(rings.ofLink)).toEqual(["both", null, null, "past", null, "future"]);
});

test("each side is narrowed for itself, and what the cone does not reach stays dim", () => {
	const past = [0, 2, 3, 4].map((node) => [node, "past"] as const);
	const rings = coneRings(cone([[1, "both"], ...past, [5, "future"]], { past: [0, 2, 3, 4], future: [5] }), star);
	expect(rings.isNarrowed).toBe(true);
	expect([0, 1, 2, 3, 4, 5, 6].map(rings.ofNode)).toEqual(["past", "both", "past", null, null, "future", "dim"]);
});

test("what no node had a part in puts nothing into the shade", () => {
	const none: CausalCone = { nodes: new Map(), links: new Map(), messages: new Map(), nearest: { past: [], future: [] } };
	const rings = coneRings(none, star);
	expect([rings.ofNode(0), rings.ofLink(0), rings.isNarrowed]).toEqual([null, null, false]);
});
