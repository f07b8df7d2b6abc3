/**
 * The graph under the drawing: Cytoscape holds places, regions, links, zoom and what is under the
 * pointer; nodes themselves are painted over it. Knows a plan and places, and no state of a run.
 */
import cytoscape, { type Core, type ElementDefinition, type StylesheetJson } from "cytoscape";
import fcose from "cytoscape-fcose";
import type { Plan } from "../../shared/plan.ts";
import { indexOf } from "../../shared/plan-index.ts";
import { type LinkState, linkTones, shapeOf } from "../maths/node-state.ts";
import { shortDuration } from "../maths/time-scale.ts";
import type { Place } from "../state/run-state.ts";
import { type Palette, readPalette } from "../state/theme.ts";

cytoscape.use(fcose);

/** Half a node, in the graph's own measure. */
export const nodeRadius = 30;
const fieldWidth = 900;
const fieldHeight = 480;
/** More links than this are not written on. */
const labelledLinksMax = 60;
/** With more links than this, what most of them take is said once and not on each. */
const alikeLinksMax = 9;
const layoutSeed = 1;
const roomPx = { top: 24, bottom: 50, left: 28, right: 104 };
const fitZoomMax = 1.9;

export const nodeId = (vertex: number): string => `n${vertex}`;
export const regionId = (region: number): string => `r${region}`;
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

function linkLabel(link: Plan["links"][number]): string {
	const { floorUs, lossRatio } = link.forward;
	return lossRatio > 0 ? `${shortDuration(floorUs)}  −${Math.round(lossRatio * 1_000) / 10} %` : shortDuration(floorUs);
}

/** What most links take, when so many bear it that it would be written everywhere; empty otherwise. */
export function commonDelay({ links }: Plan): string {
	if (links.length <= alikeLinksMax) return "";
	const counts = new Map<string, number>();
	for (const link of links) counts.set(linkLabel(link), (counts.get(linkLabel(link)) ?? 0) + 1);
	const [label = "", count = 0] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? [];
	return count > links.length / 2 ? label : "";
}

/** Somewhere of its own until it is put into its place: a link between two nodes in one place has no length. */
function apart(vertex: number): Place {
	return { x: (vertex % 16) * 100, y: Math.floor(vertex / 16) * 100 };
}

function elementsOf(plan: Plan): ElementDefinition[] {
	const names = indexOf(plan).vertexNames;
	const common = commonDelay(plan);
	const labelOf = (link: Plan["links"][number]): string => (plan.links.length > labelledLinksMax || linkLabel(link) === common ? "" : linkLabel(link));
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
				data: { id: nodeId(plan.nodes.length + index), label: names[plan.nodes.length + index] ?? node.name, ...parent(node.region) },
				classes: "switch",
				position: apart(plan.nodes.length + index),
			}),
		),
		...plan.links.map(
			(link, index): ElementDefinition => ({
				data: { id: linkId(index), source: nodeId(link.a), target: nodeId(link.b), label: labelOf(link) },
				classes: "link",
			}),
		),
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

export function styleOf(palette: Palette): StylesheetJson {
	const states = Object.entries(linkTones).map(([state, tone]) => ({
		selector: `edge.${state}`,
		style: {
			"line-color": state === "up" ? palette.faint : palette[tone],
			"line-style": state === "cut" || state === "oneWay" ? "dashed" : state === "clogged" ? "dotted" : "solid",
			width: state === "up" ? 2.2 : 3.4,
			color: state === "up" ? palette.soft : palette[tone],
		},
	}));
	return [
		{ selector: "node", style: { width: nodeRadius * 2, height: nodeRadius * 2, "background-opacity": 0, "border-width": 0, "overlay-opacity": 0 } },
		...Object.entries(cytoscapeShapes).map(([shape, form]) => ({ selector: `node.${shape}`, style: { shape: form } })),
		{
			selector: "node.switch",
			style: {
				width: 22,
				height: 22,
				shape: "octagon",
				"background-color": palette.surface,
				"background-opacity": 1,
				"border-width": 2.5,
				"border-color": palette.soft,
				label: "data(label)",
				color: palette.soft,
				"font-size": 13,
				"text-valign": "bottom",
				"text-margin-y": 4,
			},
		},
		{
			selector: "node.region",
			style: {
				shape: "round-rectangle",
				"background-color": palette.surface,
				"background-opacity": 0.65,
				"border-width": 1.5,
				"border-color": palette.line,
				padding: "34px",
			},
		},
		{
			selector: "edge",
			style: {
				width: 2.2,
				"line-color": palette.faint,
				"curve-style": "straight",
				label: "data(label)",
				"font-size": 13,
				"font-weight": 600,
				color: palette.soft,
				"text-background-color": palette.paper,
				"text-background-opacity": 0.9,
				"text-background-padding": "2px",
				"text-rotation": "autorotate",
				"min-zoomed-font-size": 9,
				"overlay-opacity": 0,
			},
		},
		...states,
		{ selector: "edge.chosen", style: { "underlay-color": palette.select, "underlay-opacity": 0.55, "underlay-padding": 5 } },
	] as unknown as StylesheetJson;
}

/** Makes the graph; nodes whose place is not known are laid out. */
export function makeGraph(container: HTMLElement, plan: Plan, places: ReadonlyMap<number, Place>): Core {
	standInForStyleElement();
	const graph = cytoscape({
		container,
		elements: elementsOf(plan),
		style: styleOf(readPalette()),
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
	const known = new Map<number, Place>();
	plan.nodes.forEach(({ position }, node) => {
		if (position !== undefined) known.set(node, { x: position[0] * fieldWidth, y: position[1] * fieldHeight });
	});
	fold(known);
	spread(known);
	for (const [vertex, place] of middlesOf(plan, known)) if (!known.has(vertex)) known.set(vertex, place);
	for (const [vertex, place] of places) known.set(vertex, place);
	graph.batch(() => {
		for (const [vertex, place] of known) graph.getElementById(nodeId(vertex)).position(place);
	});
	const vertexCount = plan.nodes.length + plan.switches.length;
	if (known.size < vertexCount) layOut(graph, known);
	fitGraph(graph);
}

/** A switch whose region's nodes have their places stands in the middle of them, and does not pull the region apart. */
function middlesOf(plan: Plan, known: ReadonlyMap<number, Place>): readonly (readonly [vertex: number, place: Place])[] {
	return plan.switches.flatMap(({ region }, index) => {
		const spots = region < 0 ? [] : plan.nodes.flatMap((node, vertex) => (node.region === region ? (known.get(vertex) ?? []) : []));
		if (spots.length === 0) return [];
		const middle = (of: (place: Place) => number): number => (Math.min(...spots.map(of)) + Math.max(...spots.map(of))) / 2;
		return [[plan.nodes.length + index, { x: middle(({ x }) => x), y: middle(({ y }) => y) }] as const];
	});
}

/** More nodes than this in one line are folded into several. */
const lineNodesMax = 12;

/** Fifty servers in one line of a lab's drawing would be seen from very far only: they stand in several, side by side. */
function fold(places: Map<number, Place>): void {
	for (const [along, across] of [
		["y", "x"],
		["x", "y"],
	] as const) {
		const lines = new Map<number, number[]>();
		for (const [vertex, place] of places) lines.set(Math.round(place[across]), [...(lines.get(Math.round(place[across])) ?? []), vertex]);
		for (const [at, line] of lines) {
			if (line.length <= lineNodesMax) continue;
			const columns = Math.ceil(Math.sqrt(line.length / 2.4));
			const rows = Math.ceil(line.length / columns);
			const spots = line.map((vertex) => places.get(vertex)?.[along] ?? 0);
			const [from, to] = [Math.min(...spots), Math.max(...spots)];
			const sorted = [...line].sort((a, b) => (places.get(a)?.[along] ?? 0) - (places.get(b)?.[along] ?? 0));
			sorted.forEach((vertex, i) => {
				const [row, column] = [Math.floor(i / columns), i % columns];
				const place = { x: at, y: at };
				place[across] = at + (column - (columns - 1) / 2) * nodeRadius * 4.4;
				place[along] = from + ((to - from) * (row + 0.5)) / rows;
				places.set(vertex, place);
			});
		}
	}
}

/** Many servers in one column of a lab's drawing would lie on each other: the whole is drawn larger. */
function spread(places: Map<number, Place>): void {
	const points = [...places.values()];
	let nearest = Number.POSITIVE_INFINITY;
	for (const [i, a] of points.entries())
		for (const b of points.slice(i + 1)) nearest = Math.min(nearest, Math.max(Math.abs(a.x - b.x) / 1.6, Math.abs(a.y - b.y)));
	const wanted = nodeRadius * 3.5;
	if (!(nearest < wanted) || nearest < 1) return;
	for (const [vertex, { x, y }] of places) places.set(vertex, { x: x * Math.min(6, Math.sqrt(wanted / nearest)), y: (y * wanted) / nearest });
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

/** Shows everything, with room for the names below and what is said beside nodes. */
export function fitGraph(graph: Core): void {
	const box = graph.elements().boundingBox({ includeLabels: false, includeOverlays: false });
	const width = graph.width() - roomPx.left - roomPx.right;
	const height = graph.height() - roomPx.top - roomPx.bottom;
	if (!(box.w > 0) || width <= 0 || height <= 0) return;
	const zoom = Math.min(width / box.w, height / box.h, fitZoomMax);
	const pan = { x: roomPx.left + (width - box.w * zoom) / 2 - box.x1 * zoom, y: roomPx.top + (height - box.h * zoom) / 2 - box.y1 * zoom };
	graph.viewport({ zoom, pan });
}

/** Every place as it is now. */
export function placesOf(graph: Core): Map<number, Place> {
	const places = new Map<number, Place>();
	graph.nodes(".node, .switch").forEach((node) => {
		places.set(vertexOf(node.id()), { ...node.position() });
	});
	return places;
}

export function setLinkState(graph: Core, link: number, state: LinkState, isChosen: boolean): void {
	const wanted = `link ${state}${isChosen ? " chosen" : ""}`;
	const edge = graph.getElementById(linkId(link));
	if (edge.scratch("classes") === wanted) return;
	edge.scratch("classes", wanted);
	edge.classes(wanted);
}
