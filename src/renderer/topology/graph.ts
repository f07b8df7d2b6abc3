/**
 * The graph under the drawing: Cytoscape holds places, regions, zoom and what is under the pointer. It
 * draws nothing itself; everything that is to be seen is painted over it. Knows a plan and places, and no
 * state of a run.
 */
import cytoscape, { type Core, type ElementDefinition, type StylesheetJson } from "cytoscape";
import fcose from "cytoscape-fcose";
import { wantedPlaces } from "../../shared/drawing/arrange-places.ts";
import { nodeRadius } from "../../shared/drawing/node-radius.ts";
import { labelTypeOf } from "../../shared/drawing/node-words.ts";
import type { Plan } from "../../shared/plan.ts";
import { shapeOf } from "../maths/node-state.ts";
import type { Place } from "../state/run-state.ts";

cytoscape.use(fcose);

export { nodeRadius };

const layoutSeed = 1;
const roomPx = { top: 48, bottom: 34, left: 48, right: 112 };
/** Lines of words below the lowest node; on a low stage its clock has no room anyhow. */
const wordsLines = { high: 3, low: 2 };
const lowPx = 260;
/** Between the lowest words and the legend, with what they keep from their node. */
const legendGapPx = 14;
const fitZoomMax = 1.5;

export const nodeId = (vertex: number): string => `n${vertex}`;
const regionId = (region: number): string => `r${region}`;
export const linkId = (link: number): string => `l${link}`;
export const vertexOf = (id: string): number => Number(id.slice(1));

/** The policy of the page refuses style elements; Cytoscape leaves it where it finds one by this name. */
function standInForStyleElement(): void {
	const id = "__________cytoscape_stylesheet";
	if (document.getElementById(id) !== null) return;
	const marker = document.createElement("template");
	marker.id = id;
	document.head.append(marker);
}

/** Somewhere of its own until it is put into its place: a link between two nodes in one place has no length. */
function apart(vertex: number): Place {
	return { x: (vertex % 16) * 100, y: Math.floor(vertex / 16) * 100 };
}

function elementsOf(plan: Plan): ElementDefinition[] {
	const parent = (region: number): { parent?: string } => (region < 0 ? {} : { parent: regionId(region) });
	return [
		...plan.regions.map((_, region): ElementDefinition => ({ data: { id: regionId(region) }, classes: "region", selectable: false })),
		...plan.nodes.map(
			(node, index): ElementDefinition => ({
				data: { id: nodeId(index), ...parent(node.region) },
				classes: `node ${shapeOf(node.role)}`,
				position: apart(index),
			}),
		),
		...plan.switches.map(
			(node, index): ElementDefinition => ({
				data: { id: nodeId(plan.nodes.length + index), ...parent(node.region) },
				classes: "switch",
				position: apart(plan.nodes.length + index),
			}),
		),
		...plan.links.map((link, index): ElementDefinition => ({ data: { id: linkId(index), source: nodeId(link.a), target: nodeId(link.b) }, classes: "link" })),
	];
}

const cytoscapeShapes: { readonly [shape: string]: string } = {
	circle: "ellipse",
	diamond: "diamond",
	hexagon: "hexagon",
	octagon: "octagon",
	cylinder: "barrel",
	square: "round-rectangle",
};

/** Forms and sizes for the pointer, and nothing that could be seen: no colour of the page's theme comes in here. */
const forms = [
	{ selector: "node", style: { width: nodeRadius * 2, height: nodeRadius * 2, "background-opacity": 0, "border-width": 0, "overlay-opacity": 0 } },
	...Object.entries(cytoscapeShapes).map(([shape, form]) => ({ selector: `node.${shape}`, style: { shape: form } })),
	{ selector: "node.switch", style: { width: 24, height: 24, shape: "octagon" } },
	{ selector: "node.region", style: { shape: "round-rectangle", padding: "34px" } },
	{ selector: "edge", style: { width: 9, "line-opacity": 0, "curve-style": "straight", "overlay-opacity": 0 } },
] as unknown as StylesheetJson;

/** Makes the graph; nodes whose place is not known are laid out. */
export function makeGraph(container: HTMLElement, plan: Plan, places: ReadonlyMap<number, Place>): Core {
	standInForStyleElement();
	const graph = cytoscape({
		container,
		elements: elementsOf(plan),
		style: forms,
		minZoom: 0.03,
		maxZoom: 4,
		boxSelectionEnabled: false,
		autounselectify: true,
		layout: { name: "preset" },
	});
	arrange(graph, plan, places);
	return graph;
}

/** Puts nodes where they were left, where the lab wants them, or where the layout thinks best. */
export function arrange(graph: Core, plan: Plan, places: ReadonlyMap<number, Place>): void {
	const known = wantedPlaces(plan);
	for (const [vertex, place] of places) known.set(vertex, place);
	graph.batch(() => {
		for (const [vertex, place] of known) graph.getElementById(nodeId(vertex)).position({ ...place });
	});
	const vertexCount = plan.nodes.length + plan.switches.length;
	if (known.size < vertexCount) layOut(graph, known);
}

function layOut(graph: Core, known: ReadonlyMap<number, Place>): void {
	const fixed = [...known].map(([vertex, position]) => ({ nodeId: nodeId(vertex), position }));
	const random = Math.random;
	let state = layoutSeed;
	// The layout draws random numbers; the same lab shall look the same every time.
	Math.random = () => {
		state = (Math.imul(state, 48_271) >>> 0) % 2_147_483_647 || 1;
		return state / 2_147_483_647;
	};
	try {
		const options = {
			name: "fcose",
			animate: false,
			quality: "proof",
			nodeSeparation: 140,
			idealEdgeLength: 170,
			nodeRepulsion: 14_000,
			padding: 60,
			...(fixed.length > 0 ? { fixedNodeConstraint: fixed, randomize: false } : { randomize: true }),
		};
		graph.layout(options as unknown as cytoscape.LayoutOptions).run();
	} finally {
		Math.random = random;
	}
}

/** What somebody has put before their eyes. */
export interface KeptView {
	readonly zoom: number;
	/** What of the drawing is in the middle of the stage. */
	readonly middle: Readonly<Place>;
}

/** Shows everything as long as nobody has moved or zoomed the drawing, and from then on what they have put before their eyes. */
export class Fitting {
	readonly #graph: Core;
	readonly #legend: HTMLElement | null;
	#zoom = 0;
	#pan: Readonly<Place> = { x: 0, y: 0 };
	/** As large as the stage was when it was last to be seen. */
	#size = { width: 0, height: 0 };

	/** @param legend stands over the lower edge */
	constructor(graph: Core, legend: HTMLElement | null) {
		this.#graph = graph;
		this.#legend = legend;
	}

	/** With room for the names below, what is said beside nodes, and the legend. */
	fit(): void {
		const graph = this.#graph;
		const box = graph.elements().boundingBox({ includeLabels: false, includeOverlays: false });
		const width = graph.width() - roomPx.left - roomPx.right;
		const zoomFor = (heightPx: number): number => Math.min(width / box.w, heightPx / box.h, fitZoomMax);
		const legendPx = this.#legend?.offsetHeight ? graph.height() - this.#legend.offsetTop + legendGapPx : 0;
		const free = graph.height() - roomPx.top - Math.max(roomPx.bottom, legendPx);
		// How large the words will be depends on the zoom that leaves room for them.
		const height = free - labelTypeOf(nodeRadius * zoomFor(free)).lineHeight * (free < lowPx ? wordsLines.low : wordsLines.high);
		if (box.w > 0 && width > 0 && height > 0) {
			const zoom = zoomFor(height);
			const pan = { x: roomPx.left + (width - box.w * zoom) / 2 - box.x1 * zoom, y: roomPx.top + (height - box.h * zoom) / 2 - box.y1 * zoom };
			graph.viewport({ zoom, pan });
		}
		[this.#zoom, this.#pan] = [graph.zoom(), { ...graph.pan() }];
		this.#size = { width: graph.width(), height: graph.height() };
	}

	/** What was kept, on a stage of any size. */
	show({ zoom, middle }: KeptView): void {
		const [width, height] = [this.#graph.width(), this.#graph.height()];
		this.#graph.viewport({ zoom, pan: { x: width / 2 - middle.x * zoom, y: height / 2 - middle.y * zoom } });
		this.#size = { width, height };
	}

	/** The stage, or what lies over it, may have another size: what a hand has put into the middle stays there, and as large. */
	follow(): void {
		this.#graph.resize();
		// A stage that is not to be seen says nothing of what will be.
		if (this.#graph.width() <= 0 || this.#graph.height() <= 0) return;
		const kept = this.kept;
		if (kept === null) this.fit();
		else this.show(kept);
	}

	/** Null where nobody has touched what was fitted. */
	get kept(): KeptView | null {
		const { x, y } = this.#graph.pan();
		const zoom = this.#graph.zoom();
		if (zoom === this.#zoom && x === this.#pan.x && y === this.#pan.y) return null;
		return { zoom, middle: { x: (this.#size.width / 2 - x) / zoom, y: (this.#size.height / 2 - y) / zoom } };
	}
}

/** Every place as it is now. */
export function placesOf(graph: Core): Map<number, Place> {
	const places = new Map<number, Place>();
	graph.nodes(".node, .switch").forEach((node) => {
		places.set(vertexOf(node.id()), { ...node.position() });
	});
	return places;
}
