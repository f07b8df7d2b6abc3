/**
 * The cluster at an instant, as SVG: regions, links, nodes with state and load, partitions, messages
 * on their way. The same arithmetic and the same signs as the window's canvas. Pure.
 */
import type { Plan } from "../plan.ts";
import { indexOf } from "../plan-index.ts";
import type { LinkView, NodeView, ProjectionSnapshot } from "../projection/snapshot.ts";
import type { Standing } from "../projection/standing.ts";
import { hullOf } from "./hull.ts";
import { besideLine, between, distance, type Point, pointAlong, progressOf, Routes } from "./message-path.ts";
import { nodeIcons } from "./node-icons.ts";
import {
	type LinkState,
	linkStateOf,
	linkTones,
	loadLimitRatio,
	loadTone,
	type NodeShape,
	type NodeState,
	nodeStateOf,
	nodeTones,
	shapeOf,
} from "./node-state.ts";
import type { DrawingPalette } from "./palette.ts";
import { element, type Heading, headingOf, headingPx, lettering, number, pathOf, picture, textWidth } from "./svg.ts";
import { shortDuration } from "./time-scale.ts";
import { drawingWords as words } from "./words.ts";

/** A message on its way, as the lab tells of it. */
export interface PictureFlight {
	readonly from: number;
	readonly to: number;
	readonly name: number;
	/** The link it is on; -1: on its way as a whole. */
	readonly link: number;
	readonly backward: boolean;
	readonly enteredUs: number;
	/** -1: not known. */
	readonly arrivesUs: number;
	readonly fate: "delivered" | "lost" | "unknown" | string;
}

export interface TopologyPicture {
	readonly plan: Plan;
	/** In the graph's own measure, in which a node is 60 wide. */
	readonly places: ReadonlyMap<number, Point>;
	readonly view: ProjectionSnapshot;
	readonly flights: readonly PictureFlight[];
	readonly standing: Standing;
	/** How far each node's clock is off, or empty. */
	readonly skewsUs: readonly number[];
	readonly heading: Heading;
	readonly palette: DrawingPalette;
	readonly isInline?: boolean;
	readonly id?: string;
}

/** Half a node. */
export const nodeRadius = 30;
const switchRadius = 12;
const roomPx = { side: 110, top: 64, bottom: 70 };
const legendPx = 44;
const labelledLinksMax = 40;
const flightsDrawnMax = 400;
const skewShownUs = 500;
const replyName = /respon|reply|ack|pong|answer|voted|result|granted/i;
const dashes = ["14 7", "3 6", "14 6 3 6", "24 8"];
/** A twelfth of a turn, and on: the corners of a boundary around a node. */
const circle: readonly Point[] = [
	[1, 0],
	[0.866, 0.5],
	[0.5, 0.866],
	[0, 1],
	[-0.5, 0.866],
	[-0.866, 0.5],
	[-1, 0],
	[-0.866, -0.5],
	[-0.5, -0.866],
	[0, -1],
	[0.5, -0.866],
	[0.866, -0.5],
].map(([x = 0, y = 0]) => ({ x, y }));
const sixths: readonly Point[] = circle.filter((_, i) => i % 2 === 1);
const eighths: readonly Point[] = [
	[0.924, 0.383],
	[0.383, 0.924],
	[-0.383, 0.924],
	[-0.924, 0.383],
	[-0.924, -0.383],
	[-0.383, -0.924],
	[0.383, -0.924],
	[0.924, -0.383],
].map(([x = 0, y = 0]) => ({ x, y }));

function corners(unit: readonly Point[], { x, y }: Point, radius: number): readonly Point[] {
	return unit.map((corner) => ({ x: x + corner.x * radius, y: y + corner.y * radius }));
}

class TopologyDrawing {
	readonly #picture: TopologyPicture;
	readonly #places: readonly (Point | undefined)[];
	readonly #width: number;
	readonly #height: number;

	constructor(given: TopologyPicture) {
		this.#picture = given;
		const { nodes, switches } = given.plan;
		const vertices = Array.from({ length: nodes.length + switches.length }, (_, vertex) => given.places.get(vertex));
		const known = vertices.filter((place) => place !== undefined);
		const box = {
			left: Math.min(...known.map(({ x }) => x)),
			right: Math.max(...known.map(({ x }) => x)),
			top: Math.min(...known.map(({ y }) => y)),
			bottom: Math.max(...known.map(({ y }) => y)),
		};
		const isEmpty = known.length === 0;
		this.#width = Math.max(760, isEmpty ? 0 : box.right - box.left + roomPx.side * 2);
		this.#height = Math.max(360, headingPx + roomPx.top + (isEmpty ? 0 : box.bottom - box.top) + roomPx.bottom) + legendPx;
		const shift = { x: this.#width / 2 - (box.left + box.right) / 2, y: headingPx + roomPx.top - box.top };
		this.#places = vertices.map((place) => (place === undefined ? undefined : { x: place.x + shift.x, y: place.y + shift.y }));
	}

	draw(): string {
		const { palette, heading, isInline, id } = this.#picture;
		const content = [
			headingOf(heading, palette, this.#width),
			this.#regions(),
			this.#partition(),
			this.#links(),
			this.#switches(),
			this.#nodes(),
			this.#messages(),
			this.#legend(),
		].join("\n");
		return picture(
			{ widthPx: this.#width, heightPx: this.#height, title: heading.title, description: this.#description(), background: palette.paper, id: id ?? "topology" },
			content,
			isInline,
		);
	}

	/** The picture in words. */
	#description(): string {
		const { plan, view, heading } = this.#picture;
		const nodes = view.nodes.map((node, index) => `${node.name} ${words.nodeStates[this.#stateOf(index, node)]}`);
		const links = view.links.flatMap((link, index) => {
			const state = linkStateOf(link);
			return state === "up" ? [] : [words.linkChange(plan.links[index]?.name ?? `#${index}`, words.linkStates[state])];
		});
		return [heading.facts.join(", "), nodes.join(", "), links.join(", ")].filter((part) => part !== "").join(". ");
	}

	#stateOf(node: number, view: NodeView): NodeState {
		const { leaders, suspectedBy } = this.#picture.standing;
		return nodeStateOf(view, { isLeader: leaders.has(node), isSuspected: suspectedBy.has(node) });
	}

	#regions(): string {
		const { plan, palette } = this.#picture;
		return plan.regions
			.map((name, region) => {
				const members = [
					...plan.nodes.flatMap((node, index) => (node.region === region ? [this.#places[index]] : [])),
					...plan.switches.flatMap((node, index) => (node.region === region ? [this.#places[plan.nodes.length + index]] : [])),
				].filter((place) => place !== undefined);
				if (members.length === 0) return "";
				const xs = members.map(({ x }) => x);
				const ys = members.map(({ y }) => y);
				const box = { x: Math.min(...xs) - 64, y: Math.min(...ys) - 58, right: Math.max(...xs) + 64, bottom: Math.max(...ys) + 64 };
				return (
					element("rect", {
						x: box.x,
						y: box.y,
						width: box.right - box.x,
						height: box.bottom - box.y,
						rx: 14,
						fill: palette.surface,
						stroke: palette.line,
						"stroke-width": 1.5,
					}) + lettering(name, { x: box.x + 12, y: box.y + 20, size: 14, weight: 700, fill: palette.soft })
				);
			})
			.join("");
	}

	#partition(): string {
		const { view, palette } = this.#picture;
		return (view.partition ?? [])
			.map((group, index) => {
				const points = group.flatMap((node) => this.#places[node] ?? []);
				const hull = hullOf(points.flatMap((point) => corners(circle, point, nodeRadius * 1.9 + 6)));
				const [first] = hull;
				if (first === undefined) return "";
				const top = hull.reduce((best, point) => (point.y < best.y ? point : best), first);
				return (
					element("path", {
						d: pathOf(hull, true),
						fill: index === 0 ? palette.bad : palette.accent,
						"fill-opacity": 0.06,
						stroke: palette.bad,
						"stroke-width": 3,
						"stroke-linejoin": "round",
						"stroke-dasharray": dashes[index % dashes.length],
					}) +
					element("circle", { cx: top.x, cy: top.y, r: 11, fill: palette.bad }) +
					lettering(String.fromCharCode(65 + (index % 26)), { x: top.x, y: top.y + 4.5, size: 13, weight: 700, anchor: "middle", fill: palette.raised })
				);
			})
			.join("");
	}

	#links(): string {
		const { plan, view } = this.#picture;
		const isLabelled = plan.links.length <= labelledLinksMax;
		return plan.links
			.map((link, index) => {
				const [from, to] = [this.#places[link.a], this.#places[link.b]];
				if (from === undefined || to === undefined) return "";
				const shown = view.links[index];
				const state = shown === undefined ? "up" : linkStateOf(shown);
				return this.#line(from, to, state) + (isLabelled ? this.#linkLabel(link, from, to, state) : "") + this.#linkSign(from, to, state, shown);
			})
			.join("");
	}

	#line(from: Point, to: Point, state: LinkState): string {
		const { palette } = this.#picture;
		return element("line", {
			x1: from.x,
			y1: from.y,
			x2: to.x,
			y2: to.y,
			stroke: state === "up" ? palette.faint : palette[linkTones[state]],
			"stroke-width": state === "up" ? 2.2 : 3.4,
			"stroke-dasharray": state === "cut" || state === "oneWay" ? "9 6" : state === "clogged" ? "2 5" : undefined,
		});
	}

	#linkLabel({ forward }: Plan["links"][number], from: Point, to: Point, state: LinkState): string {
		const { palette } = this.#picture;
		const loss = forward.lossRatio > 0 ? `  −${number(forward.lossRatio * 100)} %` : "";
		const text = `${shortDuration(forward.floorUs)}${loss}`;
		if (distance(from, to) < textWidth(text, 12) + nodeRadius * 2.4) return "";
		const at = between(from, to, 0.56);
		const width = textWidth(text, 12) + 8;
		return (
			element("rect", { x: at.x - width / 2, y: at.y - 9, width, height: 17, rx: 4, fill: palette.paper, "fill-opacity": 0.9 }) +
			lettering(text, { x: at.x, y: at.y + 4, size: 12, weight: 600, anchor: "middle", fill: state === "up" ? palette.soft : palette[linkTones[state]] })
		);
	}

	#linkSign(from: Point, to: Point, state: LinkState, view: LinkView | undefined): string {
		if (state === "up" || state === "changed") return "";
		const { palette } = this.#picture;
		// A cut one way is marked near the end that nothing leaves.
		const at = between(from, to, state === "oneWay" ? (view?.forward === "cut" ? 0.36 : 0.64) : 0.42);
		const ground = element("circle", { cx: at.x, cy: at.y, r: 10, fill: palette.paper });
		if (state === "clogged")
			return (
				ground +
				element("rect", { x: at.x - 5, y: at.y - 7, width: 3.6, height: 14, fill: palette.warning }) +
				element("rect", { x: at.x + 1.6, y: at.y - 7, width: 3.6, height: 14, fill: palette.warning })
			);
		return ground + this.#cross(at, 6, 3.2);
	}

	#cross({ x, y }: Point, size: number, width: number): string {
		const d = `M${number(x - size)} ${number(y - size)}L${number(x + size)} ${number(y + size)}M${number(x + size)} ${number(y - size)}L${number(x - size)} ${number(y + size)}`;
		return element("path", { d, fill: "none", stroke: this.#picture.palette.bad, "stroke-width": width, "stroke-linecap": "round" });
	}

	#switches(): string {
		const { plan, palette } = this.#picture;
		const names = indexOf(plan).vertexNames;
		return plan.switches
			.map((node, index) => {
				const vertex = plan.nodes.length + index;
				const at = this.#places[vertex];
				if (at === undefined) return "";
				return (
					element("path", {
						d: pathOf(corners(eighths, at, switchRadius), true),
						fill: palette.surface,
						stroke: palette.soft,
						"stroke-width": 2.5,
					}) + lettering(names[vertex] ?? node.name, { x: at.x, y: at.y + switchRadius + 15, size: 12, weight: 600, anchor: "middle", fill: palette.soft })
				);
			})
			.join("");
	}

	#nodes(): string {
		const { plan, view } = this.#picture;
		return plan.nodes
			.map((node, index) => {
				const at = this.#places[index];
				const shown = view.nodes[index];
				if (at === undefined || shown === undefined) return "";
				const state = this.#stateOf(index, shown);
				return element("g", {}, this.#face(at, shapeOf(node.role), state, shown.utilisationRatio), this.#nodeWords(at, index, state));
			})
			.join("\n");
	}

	#face(at: Point, shape: NodeShape, state: NodeState, utilisationRatio: number): string {
		const { palette } = this.#picture;
		const colour = palette[nodeTones[state]];
		const isGone = state === "down" || state === "booting";
		const outline = outlineOf(shape, at, nodeRadius);
		const scale = (nodeRadius * (isGone ? 1.15 : 0.95)) / 24;
		const iconY = isGone ? at.y : at.y - nodeRadius * 0.22;
		return (
			element("path", { d: outline, fill: palette.raised }) +
			element("path", {
				d: outline,
				fill: colour,
				"fill-opacity": state === "up" ? 0.1 : isGone ? 0.05 : 0.2,
				stroke: colour,
				"stroke-width": 2.7,
				"stroke-dasharray": isGone ? "8 6" : undefined,
			}) +
			element("path", {
				d: nodeIcons[state],
				transform: `translate(${number(at.x - 12 * scale)} ${number(iconY - 12 * scale)}) scale(${number(scale)})`,
				fill: "none",
				stroke: colour,
				"stroke-width": 2.9,
				"stroke-linecap": "round",
				"stroke-linejoin": "round",
			}) +
			(isGone ? "" : this.#bar(at, utilisationRatio))
		);
	}

	#bar({ x, y }: Point, utilisationRatio: number): string {
		const { palette } = this.#picture;
		const [width, height] = [nodeRadius * 1.24, 7];
		const [left, top] = [x - width / 2, y + nodeRadius * 0.42];
		return (
			element("rect", { x: left, y: top, width, height, fill: palette.surface }) +
			element("rect", { x: left, y: top, width: width * Math.min(1, Math.max(0, utilisationRatio)), height, fill: palette[loadTone(utilisationRatio)] }) +
			element("rect", { x: left, y: top, width, height, fill: "none", stroke: palette.soft }) +
			element("path", { d: `M${number(left + width * loadLimitRatio)} ${number(top - 3)}v${number(height + 6)}`, stroke: palette.ink, "stroke-width": 1.8 })
		);
	}

	#nodeWords({ x, y }: Point, node: number, state: NodeState): string {
		const { plan, palette, skewsUs } = this.#picture;
		const name = plan.nodes[node]?.name ?? "";
		const width = textWidth(name, 14.5) + 8;
		const below = y + nodeRadius * 1.2;
		const skewUs = skewsUs[node] ?? 0;
		const facts = [
			...(state === "up" ? [] : [{ text: words.nodeStates[state], fill: palette[nodeTones[state]] }]),
			...(Math.abs(skewUs) < skewShownUs ? [] : [{ text: `${skewUs > 0 ? "+" : "−"}${shortDuration(Math.abs(skewUs))}`, fill: palette.warning }]),
		];
		return (
			element("rect", { x: x - width / 2, y: below, width, height: 18, rx: 4, fill: palette.paper, "fill-opacity": 0.86 }) +
			lettering(name, { x, y: below + 13.5, size: 14.5, weight: 650, anchor: "middle", fill: palette.ink }) +
			facts
				.map(({ text, fill }, line) =>
					lettering(text, { x: x + nodeRadius * 1.05 + 9, y: y + (line - (facts.length - 1) / 2) * 16 + 4, size: 12.5, weight: 650, fill }),
				)
				.join("")
		);
	}

	#messages(): string {
		const { plan, flights, view } = this.#picture;
		const routes = new Routes(
			plan.nodes.length + plan.switches.length,
			plan.links.map(({ a, b, forward }) => ({ a, b, costUs: forward.floorUs })),
		);
		return flights
			.slice(0, flightsDrawnMax)
			.map((flight) => {
				const at = this.#messageAt(flight, routes, view.virtualUs);
				return at === undefined ? "" : this.#message(at, flight);
			})
			.join("");
	}

	#messageAt({ link, backward, from, to, enteredUs, arrivesUs, fate }: PictureFlight, routes: Routes, atUs: number): Point | undefined {
		const { plan } = this.#picture;
		const crossed = link < 0 ? undefined : plan.links[link];
		const way = crossed === undefined ? routes.between(from, to) : backward ? [crossed.b, crossed.a] : [crossed.a, crossed.b];
		const points = way.flatMap((vertex) => this.#places[vertex] ?? []);
		const [first, last] = [points[0], points.at(-1)];
		if (first === undefined || last === undefined || points.length < 2) return undefined;
		const expectedUs = way.slice(1).reduce((sum, vertex, i) => {
			const known = indexOf(plan).linkBetween(way[i] as number, vertex);
			return sum + (plan.links[known ?? -1]?.forward.floorUs ?? 1_000) * 1.2;
		}, 1);
		const ratio = progressOf({ sentUs: enteredUs, endUs: arrivesUs < 0 ? undefined : arrivesUs, outcome: "inFlight" }, atUs, expectedUs);
		if (ratio === undefined) return undefined;
		// A lost message gets no further than most of its way: it does not touch the receiver.
		return besideLine(first, last, pointAlong(points, fate === "lost" ? ratio * 0.72 : ratio), 5);
	}

	#message(at: Point, { name, fate, link, arrivesUs }: PictureFlight): string {
		if (fate === "lost") return this.#cross(at, 5.5, 3);
		const { plan } = this.#picture;
		if (arrivesUs < 0 && link >= 0) return this.#bars(at);
		return replyName.test(plan.names[name] ?? "") ? this.#ring(at) : this.#envelope(at);
	}

	#envelope({ x, y }: Point): string {
		const { palette } = this.#picture;
		return (
			element("rect", { x: x - 8, y: y - 5.8, width: 16, height: 11.6, rx: 2.4, fill: palette.message }) +
			element("path", {
				d: `M${number(x - 5.6)} ${number(y - 2.8)}L${number(x)} ${number(y + 1.2)}L${number(x + 5.6)} ${number(y - 2.8)}`,
				fill: "none",
				stroke: palette.raised,
				"stroke-width": 2,
			})
		);
	}

	#ring({ x, y }: Point): string {
		const { palette } = this.#picture;
		return element("circle", { cx: x, cy: y, r: 6, fill: palette.raised, stroke: palette.reply, "stroke-width": 2.3 });
	}

	#bars({ x, y }: Point): string {
		const { palette } = this.#picture;
		return (
			element("rect", { x: x - 6, y: y - 6, width: 4.4, height: 12, fill: palette.warning }) +
			element("rect", { x: x + 1.6, y: y - 6, width: 4.4, height: 12, fill: palette.warning })
		);
	}

	#legend(): string {
		const { palette } = this.#picture;
		const y = this.#height - 20;
		let x = 28;
		const entry = (sign: string, text: string, width: number): string => {
			const drawn = sign + lettering(text, { x: x + width, y: y + 4, size: 12, fill: palette.soft });
			x += width + textWidth(text, 12) + 26;
			return drawn;
		};
		const at = (): Point => ({ x: x + 2, y });
		return (
			element("path", { d: `M20 ${number(y - 20)}H${number(this.#width - 20)}`, stroke: palette.line }) +
			entry(this.#envelope(at()), words.request, 17) +
			entry(this.#ring(at()), words.reply, 15) +
			entry(this.#cross(at(), 5, 2.6), words.lost, 14) +
			entry(this.#bars(at()), words.held, 15) +
			entry(
				element("rect", { x: x - 4, y: y - 4, width: 26, height: 8, fill: palette.surface, stroke: palette.soft }) +
					element("rect", { x: x - 4, y: y - 4, width: 14, height: 8, fill: palette.good }) +
					element("path", { d: `M${number(x + 17)} ${number(y - 7)}v14`, stroke: palette.ink, "stroke-width": 1.8 }),
				words.loadLimit,
				32,
			)
		);
	}
}

function outlineOf(shape: NodeShape, { x, y }: Point, r: number): string {
	switch (shape) {
		case "circle":
			return `M${number(x - r)} ${number(y)}a${r} ${r} 0 1 1 ${2 * r} 0a${r} ${r} 0 1 1 ${-2 * r} 0Z`;
		case "diamond":
			return pathOf(
				[
					{ x, y: y - r * 1.18 },
					{ x: x + r * 1.18, y },
					{ x, y: y + r * 1.18 },
					{ x: x - r * 1.18, y },
				],
				true,
			);
		case "hexagon":
			return pathOf(corners(sixths, { x, y }, r * 1.1), true);
		case "octagon":
			return pathOf(corners(eighths, { x, y }, r * 1.1), true);
		case "cylinder":
			return `M${number(x - r)} ${number(y - r * 0.75)}a${r} ${number(r * 0.3)} 0 0 1 ${2 * r} 0v${number(r * 1.5)}a${r} ${number(r * 0.3)} 0 0 1 ${-2 * r} 0Z`;
		case "square":
			return `M${number(x - r + 7)} ${number(y - r)}h${2 * r - 14}q7 0 7 7v${2 * r - 14}q0 7 -7 7h${-(2 * r - 14)}q-7 0 -7 -7v${-(2 * r - 14)}q0 -7 7 -7Z`;
	}
}

/** @returns a document, or with `isInline` an element for a page */
export function topologySvg(given: TopologyPicture): string {
	return new TopologyDrawing(given).draw();
}
