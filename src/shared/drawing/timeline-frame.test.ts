import { expect, test } from "vitest";
import { layOutLanes } from "./lanes.ts";
import { palettes } from "./palette.ts";
import type { Surface, TextLook } from "./surface.ts";
import { drawDivergence } from "./timeline-frame.ts";
import { TimelinePlaces } from "./timeline-places.ts";
import { namesPx, type TimelineScene } from "./timeline-scene.ts";

const widthPx = namesPx + 1_000;
const letterPx = 7;

function sceneOf(atUs: number, width = widthPx): TimelineScene {
	return {
		plan: { nodes: [{ name: "a" }], links: [], names: [] } as unknown as TimelineScene["plan"],
		palette: palettes.light,
		scale: { fromUs: 0, toUs: 1_000, widthPx: width - namesPx },
		timeBase: "true",
		clocks: null,
		lanes: layOutLanes({ order: [0], hidden: new Set() }, { heightPx: 100, topPx: 24 }),
		events: [],
		arrows: [],
		density: null,
		bands: [],
		strip: { rows: new Map(), rowCount: 0, heaped: [] },
		faults: [],
		pins: [],
		headUs: 1_000,
		shownUs: null,
		selected: null,
		selectedNode: null,
		cone: null,
		matched: null,
		divergence: { index: 7, atUs },
		topPx: 0,
		widthPx: width,
		bottomPx: 128,
	};
}

/** From where to where words are written, and whether a line is drawn. */
function drawnOf(scene: TimelineScene): { readonly from: number; readonly to: number; readonly lines: number } {
	let [from, to, lines] = [Number.NaN, Number.NaN, 0];
	const surface: Partial<Surface> = {
		rect: () => {},
		lines: () => void lines++,
		widthOf: (text) => [...text].length * letterPx,
		text: (text: string, { x, anchor = "start" }: TextLook) => {
			const width = [...text].length * letterPx;
			from = x - (anchor === "end" ? width : anchor === "middle" ? width / 2 : 0);
			to = from + width;
		},
	};
	drawDivergence(surface as Surface, scene, new TimelinePlaces(scene));
	return { from, to, lines };
}

test.each([0, 1, 300, 800, 830, 860, 900, 999, 1_000])("where two runs part at %i of a thousand, what it is called stands inside", (atUs) => {
	const { from, to, lines } = drawnOf(sceneOf(atUs));
	expect(lines).toBe(1);
	expect(from).toBeGreaterThanOrEqual(namesPx);
	expect(to).toBeLessThanOrEqual(widthPx);
	// Beside the line, not over it.
	const x = namesPx + atUs;
	expect(to < x || from > x).toBe(true);
});

test("it begins inside even where it has room on neither side", () => {
	expect(drawnOf(sceneOf(500, namesPx + 100)).from).toBeGreaterThanOrEqual(namesPx);
});

test("what lies out of sight is not called anything", () => {
	for (const atUs of [-1, 1_001]) expect(drawnOf(sceneOf(atUs))).toMatchObject({ lines: 0, from: Number.NaN });
});
