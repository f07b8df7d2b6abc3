import { expect, test } from "vitest";
import { syntheticPlan } from "../../../test/synthetic-run.ts";
import { type ScopedRun, shownScope } from "./scope.ts";
import { shownPlaces, shownTimeline } from "./shown.ts";

const plan = syntheticPlan();
/** A run as far as a scope looks at it. */
function runWith(state: { readonly search: string; readonly hidden: readonly number[] }): ScopedRun {
	const lanes = { order: plan.nodes.map((_, node) => node).reverse(), hidden: new Set(state.hidden) };
	return { id: "r1", plan, state: { search: state.search, lanes } };
}

test("what is shown is everything where nothing narrows it and no diagram is on the stage", () => {
	expect(shownScope(runWith({ search: "  ", hidden: [] }))).toEqual({ fromUs: null, toUs: null, nodes: null, search: null });
});

test("what is shown is the diagram's time in whole microseconds, without hidden lanes", () => {
	const withdraw = shownTimeline.offer("r1", () => ({ scale: { fromUs: -20.5, toUs: 99.2, widthPx: 100 }, inSight: null }));
	expect(shownScope(runWith({ search: "kind=message", hidden: [0] }))).toEqual({
		fromUs: 0,
		toUs: 100,
		nodes: plan.nodes.map((_, node) => node).slice(1),
		search: "kind=message",
	});
	withdraw();
	expect(shownScope(runWith({ search: "", hidden: [] })).toUs).toBeNull();
});

test("a search that cannot be read narrows nothing, as on the screen", () => {
	expect(shownScope(runWith({ search: "node=nobody-at-all", hidden: [] })).search).toBeNull();
});

test("an offer that has been replaced is not withdrawn by the one before it", () => {
	const first = shownPlaces.offer("r9", () => new Map([[0, { x: 1, y: 1 }]]));
	const second = shownPlaces.offer("r9", () => new Map([[0, { x: 2, y: 2 }]]));
	first();
	expect(shownPlaces.look("r9")?.get(0)).toEqual({ x: 2, y: 2 });
	second();
	expect(shownPlaces.look("r9")).toBeNull();
});
