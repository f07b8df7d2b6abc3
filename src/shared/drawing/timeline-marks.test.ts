import { expect, test } from "vitest";
import { layOutLanes } from "./lanes.ts";
import { palettes } from "./palette.ts";
import { SvgSurface } from "./svg-surface.ts";
import { drawEvents, shadeRatio } from "./timeline-marks.ts";
import type { PictureEvent } from "./timeline-picture.ts";
import { TimelinePlaces } from "./timeline-places.ts";
import type { TimelineScene } from "./timeline-scene.ts";

test("one event is seen beside thousands, and more are higher", () => {
	expect(shadeRatio(0, 1_000)).toBe(0);
	expect(shadeRatio(1, 100_000)).toBeGreaterThan(0.15);
	expect(shadeRatio(10, 1_000)).toBeLessThan(shadeRatio(100, 1_000));
	expect(shadeRatio(1_000, 1_000)).toBe(1);
});

const locals = [0, 1, 2, 3, 4, 5].map((i): PictureEvent => ({ index: i, atUs: i * 10, node: 0, kind: "timerFired", lamport: i + 1 }));

function sceneOf(timeBase: TimelineScene["timeBase"], events: readonly PictureEvent[], widthPx: number): TimelineScene {
	return {
		plan: { nodes: [{ name: "a" }], links: [], names: [] } as unknown as TimelineScene["plan"],
		palette: palettes.light,
		scale: { fromUs: 0, toUs: 100, widthPx },
		timeBase,
		clocks: null,
		lanes: layOutLanes({ order: [0], hidden: new Set() }, { heightPx: 100, topPx: 24 }),
		events,
		arrows: [],
		density: null,
		bands: [],
		strip: { rows: new Map(), rowCount: 0, heaped: [] },
		faults: [],
		pins: [],
		headUs: 100,
		shownUs: 25,
		selected: null,
		selectedNode: null,
		cone: null,
		matched: null,
		divergence: null,
		topPx: 0,
		widthPx: widthPx + 112,
		bottomPx: 128,
	};
}

const spotsOf = (scene: TimelineScene) => drawEvents(new SvgSurface("t"), scene, new TimelinePlaces(scene));

test("by order no circle of local events lies on both sides of the cut", () => {
	// So near to each other that all are one.
	expect(spotsOf(sceneOf("true", locals, 60)).map(({ count }) => count)).toEqual([6]);
	const scene = sceneOf("causal", locals, 60);
	const [cut] = new TimelinePlaces(scene).cutOf([0], 25);
	const spots = spotsOf(scene);
	expect(spots.map(({ count }) => count)).toEqual([3, 3]);
	expect(spots[0]?.x).toBeLessThan(cut?.x ?? 0);
	expect(spots[1]?.x).toBeGreaterThan(cut?.x ?? Number.POSITIVE_INFINITY);
});

test("local events that would hide a message's mark stand above it, others on the lane", () => {
	const message: PictureEvent = { index: 6, atUs: 11, node: 0, kind: "messageDelivered", lamport: 7 };
	const [delivered, ...runs] = spotsOf(sceneOf("true", [...locals, message], 2_000));
	expect(runs.map(({ y }) => y === delivered?.y)).toEqual([true, true, true, true, true, true]);
	const near = spotsOf(sceneOf("true", [locals[1] as PictureEvent, message], 200));
	expect(near[1]?.y).toBeLessThan(near[0]?.y ?? 0);
});
