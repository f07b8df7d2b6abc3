/** The window's diagram and that of its exports are one drawing: both surfaces show the same marks in the same places. */
import { DOMParser, type Element } from "@xmldom/xmldom";
import { expect, test } from "vitest";
import { emptyStrip, stripOf } from "../../shared/drawing/band-strip.ts";
import type { Band } from "../../shared/drawing/bands.ts";
import { layOutLanes } from "../../shared/drawing/lanes.ts";
import { LocalClocks } from "../../shared/drawing/local-clocks.ts";
import { palettes } from "../../shared/drawing/palette.ts";
import { textWidth } from "../../shared/drawing/svg.ts";
import { SvgSurface } from "../../shared/drawing/svg-surface.ts";
import { drawTimeline } from "../../shared/drawing/timeline-drawing.ts";
import type { PictureArrow, PictureEvent } from "../../shared/drawing/timeline-picture.ts";
import { TimelinePlaces } from "../../shared/drawing/timeline-places.ts";
import { axisPx, isByOrder, namesPx, type TimelineScene } from "../../shared/drawing/timeline-scene.ts";
import { CanvasSurface, type Pen } from "./canvas-surface.ts";

/** Letters as wide as SVG takes them to be: nothing else may differ. */
const widthOf = (text: string, font: string): number => textWidth(text, sizeOf(font));
const sizeOf = (font: string): number => Number(/([\d.]+)px/.exec(font)?.[1]);
const round = (value: number): number => Math.round(value * 100) / 100 + 0;
const marksOf = (kind: string, numbers: readonly number[], look: readonly (string | number | undefined)[]): string =>
	[kind, ...numbers.map(round), ...look].join(" ");

/** A canvas that remembers what was drawn on it. */
class DrawnMarks implements Pen {
	readonly marks: string[] = [];
	fillStyle = "";
	strokeStyle = "";
	textBaseline = "";
	globalAlpha = 1;
	lineWidth = 1;
	font = "";
	textAlign: Pen["textAlign"] = "start";
	#path: number[] = [];
	#dash = "";
	#kind = "path";

	beginPath(): void {
		this.#path = [];
		this.#kind = "path";
	}
	rect(...box: number[]): void {
		this.#path.push(...box);
		this.#kind = "rect";
	}
	roundRect(...box: number[]): void {
		this.rect(...box.slice(0, 4));
	}
	arc(x: number, y: number, radius: number): void {
		this.#path.push(x, y, radius);
		this.#kind = "circle";
	}
	moveTo(x: number, y: number): void {
		this.#path.push(x, y);
	}
	lineTo(x: number, y: number): void {
		this.#path.push(x, y);
	}
	closePath(): void {}
	save(): void {}
	restore(): void {}
	clip(): void {}
	setLineDash(dash: readonly number[]): void {
		this.#dash = dash.join(" ");
	}
	fill(): void {
		this.marks.push(marksOf(`${this.#kind} fill`, this.#path, [this.fillStyle, round(this.globalAlpha)]));
	}
	stroke(): void {
		this.marks.push(marksOf(`${this.#kind} stroke`, this.#path, [this.strokeStyle, round(this.globalAlpha), this.lineWidth, this.#dash]));
	}
	fillText(text: string, x: number, y: number): void {
		const anchor = { left: "start", center: "middle", right: "end", start: "", end: "" }[this.textAlign];
		this.marks.push(marksOf("text", [x, y], [this.fillStyle, sizeOf(this.font), anchor, text]));
	}
}

function numbersOf(d: string): number[] {
	const numbers: number[] = [];
	// Bars are written as steps from their corner.
	for (const [, command, values = ""] of d.matchAll(/([MLhv])([^MLhvZ]*)/g)) {
		const all = values.trim().split(/ +/).map(Number);
		if (command === "M" || command === "L") numbers.push(...all);
		else if (command === "v" || (all[0] as number) > 0) numbers.push(all[0] as number);
	}
	return numbers;
}

function marksOfSvg(text: string): readonly string[] {
	const marks: string[] = [];
	const root = new DOMParser().parseFromString(`<svg>${text}</svg>`, "image/svg+xml").documentElement as Element;
	for (const element of root.getElementsByTagName("*")) {
		const get = (name: string): string | null => element.getAttribute(name);
		const at = (...names: string[]): number[] => names.map((name) => Number(get(name)));
		if (element.parentNode?.nodeName === "clipPath") continue;
		if (element.nodeName === "text") {
			marks.push(marksOf("text", at("x", "y"), [get("fill") ?? "", Number(get("font-size")), get("text-anchor") ?? "start", element.textContent ?? ""]));
			continue;
		}
		const d = get("d") ?? "";
		const kind = element.nodeName === "path" ? (d.includes("h") ? "rect" : "path") : element.nodeName;
		if (!["rect", "path", "circle"].includes(kind)) continue;
		const numbers = kind === "circle" ? at("cx", "cy", "r") : element.nodeName === "rect" ? at("x", "y", "width", "height") : numbersOf(d);
		if (get("fill") !== "none") marks.push(marksOf(`${kind} fill`, numbers, [get("fill") ?? "", round(Number(get("fill-opacity") ?? 1))]));
		const stroke = get("stroke");
		if (stroke === null) continue;
		marks.push(
			marksOf(`${kind} stroke`, numbers, [stroke, round(Number(get("stroke-opacity") ?? 1)), Number(get("stroke-width")), get("stroke-dasharray") ?? ""]),
		);
	}
	return marks;
}

const event = (index: number, node: number, kind: PictureEvent["kind"], lamport = index): PictureEvent => ({ index, node, kind, lamport, atUs: index * 100 });
const events = [
	event(1, 0, "messageSent"),
	event(2, 1, "timerFired"),
	event(3, 1, "messageDelivered"),
	event(4, 2, "nodeCrashed", 0),
	event(5, 1, "timerFired"),
	event(6, 1, "timerFired"),
	event(7, 0, "messageSent"),
	event(8, 2, "nodeBooted", 0),
	event(9, 2, "timerFired"),
];
const arrows: readonly PictureArrow[] = [
	{ from: 0, to: 1, name: 0, sentIndex: 1, sentUs: 100, endIndex: 3, endUs: 300, fate: "delivered" },
	{ from: 0, to: 2, name: 0, sentIndex: 7, sentUs: 700, endIndex: -1, endUs: 760, fate: "lost" },
];
const noBand = { link: -1, direction: "both", detail: "", groups: [] } as const;
const bands: readonly Band[] = [
	{ ...noBand, kind: "down", node: 2, fromUs: 400, toUs: 800, index: 4 },
	{ ...noBand, kind: "partition", node: -1, groups: [[0], [1, 2]], fromUs: 500, toUs: null, index: 0 },
];
const plan = {
	nodes: [{ name: "a" }, { name: "b & c" }, { name: "a-name-much-too-long" }],
	links: [],
	switches: [],
	names: ["ask"],
} as unknown as TimelineScene["plan"];

function sceneBy(timeBase: TimelineScene["timeBase"], isDense: boolean): TimelineScene {
	const strip = isByOrder(timeBase) ? emptyStrip : stripOf(bands, 3);
	const counts = [1, 0, 3, 9, 0, 0, 2, 2, 1];
	return {
		plan,
		palette: palettes.dark,
		scale: { fromUs: 0, toUs: 1_000, widthPx: 700 },
		timeBase,
		clocks: new LocalClocks({ fromUs: 0, stepUs: 1_000, points: 2, nodes: [0], wallUs: Float64Array.of(-70, 930) }),
		lanes: layOutLanes({ order: [2, 0, 1], hidden: new Set() }, { heightPx: 300, topPx: axisPx + 40 }),
		events,
		arrows,
		density: isDense ? { fromUs: 0, bucketUs: 333, buckets: 3, nodes: [0, 1, 2], counts, lost: [0, 1, 0] } : null,
		bands,
		strip,
		faults: [{ atUs: 250, kind: "clockStepped", node: 1, text: "the clock of b jumps" }],
		pins: [{ atUs: 300, node: 1, label: "1" }],
		headUs: 950,
		shownUs: 450,
		selected: 3,
		selectedNode: 1,
		cone: { index: 3, past: new Set([1, 2]), future: new Set([5, 6]) },
		matched: null,
		divergence: { index: 7, atUs: 700 },
		topPx: 0,
		widthPx: 700 + namesPx,
		bottomPx: 300,
	};
}

test.each([
	["true", false],
	["local", false],
	["causal", false],
	["vector", false],
	["true", true],
	["local", true],
	["causal", true],
] as const)("by %s time, shades %s: canvas and SVG show the same marks", (timeBase, isDense) => {
	const scene = sceneBy(timeBase, isDense);
	const drawn = new DrawnMarks();
	const svg = new SvgSurface("test");
	const spots = drawTimeline(new CanvasSurface(drawn, widthOf), scene, new TimelinePlaces(scene));
	expect(drawTimeline(svg, scene, new TimelinePlaces(scene))).toEqual(spots);
	expect(drawn.marks.length).toBeGreaterThan(20);
	expect(marksOfSvg(svg.take())).toEqual(drawn.marks);
});
