/**
 * The cluster at an instant, as SVG: regions, links, nodes with state and load, partitions, messages
 * on their way. The same arithmetic and the same signs as the window's canvas. Pure.
 */
import type { Plan } from "../plan.ts";
import { indexOf } from "../plan-index.ts";
import type { NodeView, ProjectionSnapshot } from "../projection/snapshot.ts";
import type { Standing } from "../projection/standing.ts";
import { type DrawnFlight, FlightPlaces, isCopy, type MessageForm } from "./flights.ts";
import type { Line, PlacedLabel } from "./label-places.ts";
import { linkTexts } from "./link-words.ts";
import type { Point } from "./message-path.ts";
import { nodeRadius } from "./node-radius.ts";
import { type LinkState, linkStateOf, linkTones, type NodeState, nodeStateOf, queueOf, shapeOf } from "./node-state.ts";
import { nodeFace } from "./node-svg.ts";
import { type NodeSaying, nodeLines, runGapRatio } from "./node-words.ts";
import { bringForward, type NodeRemarks, notableNodes } from "./notable-words.ts";
import type { DrawingPalette } from "./palette.ts";
import { partShapes } from "./partition-shapes.ts";
import { skewTagCorners, skewTags, skewTipPx, untoldSkew } from "./skew-tags.ts";
import { element, escapeXml, type Heading, headingOf, headingPx, lettering, mono, number, pathOf, picture, textWidth } from "./svg.ts";
import { clockText } from "./time-scale.ts";
import { layOutTopology, linkSignAt, placeLinkWords, type TopologyLayout } from "./topology-layout.ts";
import { barsSign, crossSign, messageSign, octagon } from "./topology-signs.ts";
import { drawingWords as words } from "./words.ts";

export type PictureFlight = DrawnFlight;

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

const roomPx = { side: 56, top: 46, bottom: 30 };
const legendPx = 44;
const flightsDrawnMax = 400;
const linkWordsPx = 12;
/** With more links than this each is drawn finer. */
const fineLinksMin = 24;
const boundaryDashes = ["14 7", "3 6", "14 6 3 6", "24 8"];
const linkDashes: { readonly [state in LinkState]: string | undefined } = { up: undefined, changed: "12 4 3 4", oneWay: "9 6", clogged: "2 5", cut: "9 6" };

class TopologyDrawing {
	readonly #picture: TopologyPicture;
	readonly #layout: TopologyLayout;
	readonly #width: number;
	readonly #height: number;

	constructor(given: TopologyPicture) {
		const { plan } = given;
		this.#picture = given;
		const places = Array.from({ length: plan.nodes.length + plan.switches.length }, (_, vertex) => given.places.get(vertex) ?? { x: 0, y: 0 });
		const names = indexOf(plan).vertexNames;
		const notable = notableNodes(given.view.nodes.map((shown, node) => this.#remarksOf(node, shown)));
		const layOut = (at: readonly Point[]): TopologyLayout => bringForward(layOutTopology(plan, at, nodeRadius, names, textWidth), names, notable, textWidth);
		const { spots, labels, regions, headings } = layOut(places);
		const boxes = [
			...regions,
			...headings.map(({ box }) => box),
			...labels.flatMap((label) => (label === undefined ? [] : [label.box])),
			...spots.map(({ x, y, radius }) => ({ left: x - radius, right: x + radius, top: y - radius, bottom: y + radius })),
		];
		const edge = (of: (box: (typeof boxes)[number]) => number, pick: (...values: number[]) => number): number =>
			boxes.length === 0 ? 0 : pick(...boxes.map(of));
		const [left, right] = [edge((box) => box.left, Math.min), edge((box) => box.right, Math.max)];
		const [top, bottom] = [edge((box) => box.top, Math.min), edge((box) => box.bottom, Math.max)];
		this.#width = Math.max(760, right - left + roomPx.side * 2);
		this.#height = Math.max(360, headingPx + roomPx.top + (bottom - top) + roomPx.bottom) + legendPx;
		const shift = { x: this.#width / 2 - (left + right) / 2, y: headingPx + roomPx.top - top };
		this.#layout = layOut(places.map(({ x, y }) => ({ x: x + shift.x, y: y + shift.y })));
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

	#remarksOf(node: number, shown: NodeView): NodeRemarks {
		const { standing, skewsUs } = this.#picture;
		const { utilisationRatio } = shown;
		const [state, isSuspected, skewUs] = [this.#stateOf(node, shown), standing.suspectedBy.has(node), skewsUs[node] ?? 0];
		return { state, isSuspected, utilisationRatio, skewUs, isNamed: false, isPicked: false };
	}

	#regions(): string {
		const { palette } = this.#picture;
		return this.#layout.regions
			.map(
				({ left, top, right, bottom, name }) =>
					element("rect", {
						x: left,
						y: top,
						width: right - left,
						height: bottom - top,
						rx: 14,
						fill: palette.surface,
						stroke: palette.line,
						"stroke-width": 1.5,
					}) + lettering(name, { x: left + 12, y: top + 20, size: 14, weight: 700, fill: palette.soft }),
			)
			.join("");
	}

	#partition(): string {
		const { view, palette } = this.#picture;
		return partShapes(view.partition ?? [], this.#layout.spots, this.#layout.labels)
			.map(({ corners: hull, part: index, letter: top }) => {
				return (
					element("path", {
						d: pathOf(hull, true),
						fill: index === 0 ? palette.bad : palette.accent,
						"fill-opacity": 0.06,
						stroke: palette.bad,
						"stroke-width": 3,
						"stroke-linejoin": "round",
						"stroke-dasharray": boundaryDashes[index % boundaryDashes.length],
					}) +
					element("circle", { cx: top.x, cy: top.y, r: 11, fill: palette.bad }) +
					lettering(String.fromCharCode(65 + (index % 26)), { x: top.x, y: top.y + 4.5, size: 13, weight: 700, anchor: "middle", fill: palette.raised })
				);
			})
			.join("");
	}

	#links(): string {
		const { plan, view, palette } = this.#picture;
		const { lines } = this.#layout;
		const stateOf = (link: number): LinkState => {
			const shown = view.links[link];
			return shown === undefined ? "up" : linkStateOf(shown);
		};
		const texts = linkTexts(plan, view.links);
		const signs = lines.map((line, link) => line && linkSignAt(line, stateOf(link), view.links[link]?.forward === "cut"));
		const signed = signs.filter((at) => at !== undefined);
		const spoken = placeLinkWords(this.#layout, texts, signed, linkWordsPx, textWidth).map((at, link) => {
			if (at === undefined) return "";
			const text = texts[link] ?? "";
			const width = textWidth(text, linkWordsPx) + 8;
			const fill = stateOf(link) === "up" ? palette.soft : palette[linkTones[stateOf(link)]];
			const ground = element("rect", { x: at.x - width / 2, y: at.y - 9, width, height: 18, rx: 4, fill: palette.paper, "fill-opacity": 0.92 });
			return ground + lettering(text, { x: at.x, y: at.y + 4, size: linkWordsPx, weight: 600, anchor: "middle", fill });
		});
		const drawn = lines.map((line, link) => (line === undefined ? "" : this.#line(line, stateOf(link))));
		return [...drawn, ...spoken, ...signs.map((at, link) => (at === undefined ? "" : this.#linkSign(at, stateOf(link))))].join("");
	}

	#line({ from, to }: Line, state: LinkState): string {
		const { palette, plan } = this.#picture;
		const isFine = plan.links.length >= fineLinksMin;
		return element("line", {
			x1: from.x,
			y1: from.y,
			x2: to.x,
			y2: to.y,
			stroke: state === "up" ? palette.faint : palette[linkTones[state]],
			"stroke-width": state === "up" ? (isFine ? 1.2 : 2) : 3.2,
			"stroke-opacity": state === "up" && isFine ? 0.6 : undefined,
			"stroke-dasharray": linkDashes[state],
		});
	}

	#linkSign(at: Point, state: LinkState): string {
		const { palette } = this.#picture;
		const ground = element("circle", { cx: at.x, cy: at.y, r: 10.5, fill: palette.paper });
		return ground + (state === "clogged" ? barsSign(at, palette.warning) : crossSign(at, 6, 3.2, palette.bad));
	}

	#switches(): string {
		const { plan, palette } = this.#picture;
		const { spots, labels } = this.#layout;
		const names = indexOf(plan).vertexNames;
		return plan.switches
			.map((node, index) => {
				const vertex = plan.nodes.length + index;
				const [spot, label] = [spots[vertex], labels[vertex]];
				if (spot === undefined) return "";
				const sign = element("path", { d: octagon(spot, spot.radius), fill: palette.surface, stroke: palette.soft, "stroke-width": 2.2 });
				if (label === undefined || label.clash > 0) return sign;
				const x = (label.box.left + label.box.right) / 2;
				return sign + lettering(names[vertex] ?? node.name, { x, y: label.box.top + 12.5, size: 11.5, weight: 600, anchor: "middle", fill: palette.soft });
			})
			.join("");
	}

	#nodes(): string {
		const { plan, view, palette } = this.#picture;
		const { spots, labels } = this.#layout;
		const shownOf = (node: number): { readonly at: Point; readonly shown: NodeView; readonly state: NodeState } | undefined => {
			const [at, shown] = [spots[node], view.nodes[node]];
			return at === undefined || shown === undefined ? undefined : { at, shown, state: this.#stateOf(node, shown) };
		};
		const { levels, insides, headings } = this.#layout;
		const faces = plan.nodes.map(({ role }, node) => {
			const found = shownOf(node);
			const inside = levels[node] === 0 ? insides[node] : undefined;
			return found === undefined ? "" : nodeFace(found.at, shapeOf(role), found.state, found.shown, inside, palette);
		});
		const spoken = plan.nodes.map((_, node) => {
			const [found, label] = [shownOf(node), labels[node]];
			return found === undefined || label === undefined ? "" : this.#nodeWords(node, found.state, found.shown, label);
		});
		const headed = headings.map(({ text, sizePx, box }) =>
			lettering(text, {
				x: (box.left + box.right) / 2,
				y: (box.top + box.bottom) / 2 + sizePx * 0.36,
				size: sizePx,
				weight: 700,
				anchor: "middle",
				fill: this.#picture.palette.soft,
			}),
		);
		return [...faces, ...headed, this.#tags(), ...spoken].join("\n");
	}

	#tags(): string {
		const { plan, view, palette } = this.#picture;
		const { levels, hasSpare } = this.#layout;
		const texts = plan.nodes.map((_, node) => {
			const shown = view.nodes[node];
			if (shown === undefined) return "";
			const level = levels[node] ?? 0;
			return untoldSkew(this.#sayingOf(node, this.#stateOf(node, shown), shown), level, level > 1 || hasSpare[node] === true);
		});
		const queues = new Set(view.nodes.flatMap((shown, node) => (queueOf(shown) > 0 ? [node] : [])));
		return skewTags(this.#layout, texts, queues, textWidth)
			.map((tag) => {
				const { left, right, top, bottom } = tag.box;
				const x = (left + right) / 2 + (tag.isAhead ? -1 : 1) * (skewTipPx / 2);
				return (
					element("path", { d: pathOf(skewTagCorners(tag), true), fill: palette.raised, stroke: palette.warning, "stroke-width": 1.5 }) +
					lettering(tag.text, { x, y: (top + bottom) / 2 + tag.sizePx * 0.36, size: tag.sizePx, weight: 700, anchor: "middle", fill: palette.warning })
				);
			})
			.join("");
	}

	#sayingOf(node: number, state: NodeState, shown: NodeView): NodeSaying {
		const { skewsUs, standing, view } = this.#picture;
		const skewUs = skewsUs[node] ?? 0;
		return {
			name: this.#layout.texts[node] ?? shown.name,
			state,
			queue: queueOf(shown),
			suspectedBy: standing.suspectedBy.get(node) ?? 0,
			clockText: skewsUs.length === 0 ? "" : clockText(view.virtualUs + skewUs).main,
			skewUs,
		};
	}

	#nodeWords(node: number, state: NodeState, shown: NodeView, { side, box, clash, crossed }: PlacedLabel): string {
		const { plan, palette } = this.#picture;
		const { type, levels, hasSpare } = this.#layout;
		const level = levels[node] ?? 0;
		if (level === 0) return "";
		const lines = nodeLines(this.#sayingOf(node, state, shown), level, level > 1 || hasSpare[node] === true);
		const isInRegion = (plan.nodes[node]?.region ?? -1) >= 0;
		const height = lines.length * type.lineHeight;
		const top = side === "below" ? box.top : side === "above" ? box.bottom - height : (box.top + box.bottom - height) / 2;
		const [x, anchor] = side === "right" ? [box.left, "start"] : side === "left" ? [box.right, "end"] : [(box.left + box.right) / 2, "middle"];
		const ground =
			crossed > 0 || clash > 0
				? element("rect", {
						x: box.left,
						y: top,
						width: box.right - box.left,
						height,
						rx: 4,
						fill: isInRegion ? palette.surface : palette.paper,
						"fill-opacity": 0.86,
					})
				: "";
		const texts = lines.map(({ face, runs }, row) => {
			const size = type[face];
			const family = face === "digits" ? mono : undefined;
			const weight = face === "digits" ? 500 : 650;
			const y = top + type.lineHeight * (row + 0.78);
			const common = { x, y, "font-size": size, "font-weight": weight, "font-family": family, "text-anchor": anchor };
			const [first] = runs;
			if (runs.length === 1 && first !== undefined) return element("text", { ...common, fill: palette[first.tone] }, escapeXml(first.text));
			const parts = runs.map(({ text, tone }, i) => element("tspan", { fill: palette[tone], dx: i === 0 ? undefined : size * runGapRatio }, escapeXml(text)));
			return element("text", common, ...parts);
		});
		return ground + texts.join("");
	}

	#messages(): string {
		const { plan, flights, view, palette } = this.#picture;
		const places = new FlightPlaces(plan);
		return flights
			.slice(0, flightsDrawnMax)
			.map((flight) => {
				const at = places.at(flight, this.#layout.spots, nodeRadius, view.virtualUs);
				return at === undefined ? "" : messageSign(places.lookOf(flight), at, palette);
			})
			.join("");
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
		const sign = (form: MessageForm, isDoubled = false): string => messageSign({ form, isCopy: isDoubled }, { x: x + 2, y }, palette);
		return (
			element("path", { d: `M20 ${number(y - 20)}H${number(this.#width - 20)}`, stroke: palette.line }) +
			entry(sign("message"), words.request, 17) +
			entry(sign("reply"), words.reply, 15) +
			entry(sign("lost"), words.lost, 14) +
			entry(sign("held"), words.held, 15) +
			(this.#picture.flights.slice(0, flightsDrawnMax).some(isCopy) ? entry(sign("message", true), words.copy, 20) : "") +
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

/** @returns a document, or with `isInline` an element for a page */
export function topologySvg(given: TopologyPicture): string {
	return new TopologyDrawing(given).draw();
}
