/**
 * The drawing of the cluster at the instant that is shown, on two canvases over the graph: what stands is
 * painted when something of it looks different, messages in every frame in which they move. Reads the
 * run's state and the graph's places. Runs in the window's loop of frames.
 */
import type { Core } from "cytoscape";
import type { Box } from "../../shared/drawing/boxes.ts";
import { FlightPlaces } from "../../shared/drawing/flights.ts";
import { linkTexts } from "../../shared/drawing/link-words.ts";
import { bringForward, notableNodes } from "../../shared/drawing/notable-words.ts";
import { partShapes } from "../../shared/drawing/partition-shapes.ts";
import { skewTags, untoldSkew } from "../../shared/drawing/skew-tags.ts";
import { layOutTopology, placeLinkWords, type Sight, type TopologyLayout } from "../../shared/drawing/topology-layout.ts";
import { indexOf } from "../../shared/plan-index.ts";
import { coneSideOfMessage } from "../../shared/projection/causal-cone.ts";
import type { LinkView } from "../../shared/projection/snapshot.ts";
import { monoFont, prepare, sansFont, widthOf } from "../drawing/canvas.ts";
import type { Drawing } from "../drawing/frame-turns.ts";
import type { Point } from "../maths/message-path.ts";
import { type LinkState, linkStateOf, linkTones, nodeStateOf, queueOf, shapeOf } from "../maths/node-state.ts";
import { clockText } from "../maths/time-scale.ts";
import type { FlightView } from "../state/contract-types.ts";
import type { RunController } from "../state/run-controller.ts";
import { isPlaying, isSameFlight, type RunState, shownUs } from "../state/run-state.ts";
import { type Palette, readPalette, reducesMotion } from "../state/theme.ts";
import { nodeId, nodeRadius } from "./graph.ts";
import { type LinkFace, paintBoundary, paintHeading, paintLink, paintLinkSign, paintLinkWords, paintRegion, signOf } from "./ground-painter.ts";
import { MessageStamps, paintMessageHalo } from "./message-painter.ts";
import { faceKey, type NodeFace, paintNode, paintNodeWords, paintSkewTag } from "./node-painter.ts";

/** Drawn further than the lab has told, at most: the next state is due long before. */
const guessMsMax = 250;
/** With more links than this each is drawn finer. */
const fineLinksMin = 24;
/** A message out of the light, so much of it is left. */
const dimMessageRatio = 0.3;
const linkWordsPx = 12.5;

export interface DrawnMessage {
	readonly flight: FlightView;
	readonly at: Point;
}

/** One over the other, over the graph. */
export interface SceneCanvases {
	readonly standing: HTMLCanvasElement;
	readonly moving: HTMLCanvasElement;
}

interface LinkWords extends Point {
	readonly text: string;
	readonly state: LinkState;
}

interface Geometry extends TopologyLayout {
	readonly places: readonly Point[];
	readonly radiusPx: number;
}

const stateOf = (view: LinkView | undefined): LinkState => (view === undefined ? "up" : linkStateOf(view));
const isSame = (a: readonly unknown[], b: readonly unknown[]): boolean => a.length === b.length && a.every((value, i) => value === b[i]);
const measure = (text: string, sizePx: number, isMono: boolean): number => widthOf(text, `${isMono ? 500 : 650} ${sizePx}px ${isMono ? monoFont : sansFont}`);

export class Scene implements Drawing {
	readonly #run: RunController;
	readonly #graph: Core;
	readonly #canvases: SceneCanvases;
	readonly #flights: FlightPlaces;
	readonly #stamps = new MessageStamps();
	/** As large as the stage; read once and when that changes. */
	#size = { width: 0, height: 0 };
	#covered: readonly Box[] = [];
	/** What the standing part was looked at for, and what it looked like. */
	#looked: readonly unknown[] = [];
	#key = "";
	#isDue = false;
	#moved: readonly unknown[] = [];
	/** Counts what a hand or a layout did to places, zoom and size. */
	#version = 0;
	#paintedVersion = -1;
	#geometry: Geometry | null = null;
	/** The words as what matters lets them be, and for what they were placed. */
	#worded: { readonly key: string; readonly geometry: Geometry; readonly layout: Geometry } | null = null;
	#shown: unknown = null;
	/** Painted over messages on their way, and under what was lost: both are read. */
	#linkWords: readonly LinkWords[] = [];
	/** The node under the pointer: its words are written however small it is. */
	hovered = -1;
	/** Of the last frame, for the pointer. */
	messages: DrawnMessage[] = [];

	constructor(run: RunController, graph: Core, canvases: SceneCanvases) {
		this.#run = run;
		this.#graph = graph;
		this.#canvases = canvases;
		this.#flights = new FlightPlaces(run.plan);
		graph.on("position viewport", () => {
			this.#version++;
		});
	}

	resize(): void {
		this.#size = { width: this.#canvases.standing.clientWidth, height: this.#canvases.standing.clientHeight };
		this.#version++;
	}

	/** The instant to draw: between two states of a running lab, as far as time has gone on since. */
	drawnUs(state: RunState, nowMs: number): number {
		const us = shownUs(state);
		if (state.cursorUs !== null || !isPlaying(state) || reducesMotion()) return us;
		return us + Math.min(guessMsMax, Math.max(0, nowMs - state.shownMs)) * 1_000 * state.paceRatio;
	}

	move(nowMs: number): boolean {
		const { state } = this.#run;
		const isFresh = state.shown !== this.#shown && isPlaying(state);
		this.#shown = state.shown;
		const atUs = this.drawnUs(state, nowMs);
		const flights = state.shown?.flights;
		const moving = [flights, state.selection, state.causality, flights?.length ? Math.round(atUs) : 0, this.#version, this.#linkWords, readPalette()];
		// Nothing under way, or time stands still: the last frame is good.
		if (isSame(moving, this.#moved)) return isFresh;
		this.#moved = moving;
		const context = prepare(this.#canvases.moving, this.#size);
		if (context !== null) this.#paintMessages(context, state, atUs);
		return isFresh;
	}

	due(): "now" | "soon" | false {
		if (this.#version !== this.#paintedVersion) return "now";
		const { shown, selection, picked, causality, standing } = this.#run.state;
		const looked = [shown, selection, picked, causality, standing, this.hovered, readPalette()];
		if (isSame(looked, this.#looked)) return this.#isDue ? "soon" : false;
		this.#looked = looked;
		const key = this.#keyOf(this.#run.state);
		if (key !== this.#key) [this.#key, this.#isDue] = [key, true];
		return this.#isDue ? "soon" : false;
	}

	paint(): void {
		const { state } = this.#run;
		this.#isDue = false;
		if (this.#paintedVersion !== this.#version) {
			this.#paintedVersion = this.#version;
			this.#geometry = null;
			this.#moved = [];
		}
		this.#key = this.#keyOf(state);
		const context = prepare(this.#canvases.standing, this.#size);
		if (context === null) return;
		const palette = readPalette();
		const faces = this.#faces(state);
		const geometry = this.#wordsFor(faces);
		context.textBaseline = "alphabetic";
		const titlePx = Math.min(15, Math.max(12, 16 * this.#graph.zoom()));
		for (const region of geometry.regions) paintRegion(context, region, titlePx, palette);
		this.#paintPartition(context, state, geometry, palette);
		this.#paintLinks(context, state, geometry, palette);
		this.#paintSwitches(context, geometry, palette);
		this.#paintNodes(context, faces, geometry, palette);
	}

	/** Where everything goes, until a hand moves something. */
	#layOut(): Geometry {
		if (this.#geometry !== null) return this.#geometry;
		const zoom = this.#graph.zoom();
		const pan = this.#graph.pan();
		const { plan } = this.#run;
		const places = Array.from({ length: plan.nodes.length + plan.switches.length }, (_, vertex) => {
			const { x, y } = this.#graph.getElementById(nodeId(vertex)).position();
			return { x: x * zoom + pan.x, y: y * zoom + pan.y };
		});
		const radiusPx = nodeRadius * zoom;
		this.#geometry = { ...layOutTopology(plan, places, radiusPx, indexOf(plan).vertexNames, measure, this.#sight()), places, radiusPx };
		return this.#geometry;
	}

	/** What is to be seen of the drawing, and what lies over it. */
	#sight(): Sight {
		return { left: 0, top: 0, right: this.#size.width, bottom: this.#size.height, covered: this.#covered };
	}

	/** @param boxes on the drawing that buttons and the legend lie upon */
	cover(boxes: readonly Box[]): void {
		this.#covered = boxes;
		this.#version++;
	}

	/** With the names of what matters placed first; placed anew only when something else matters. */
	#wordsFor(faces: readonly NodeFace[]): Geometry {
		const geometry = this.#layOut();
		const notable = notableNodes(faces);
		const key = notable.map(({ node, isNamed }) => (isNamed ? -1 - node : node)).join();
		if (this.#worded?.key === key && this.#worded.geometry === geometry) return this.#worded.layout;
		const layout = { ...geometry, ...bringForward(geometry, indexOf(this.#run.plan).vertexNames, notable, measure, this.#sight()) };
		this.#worded = { key, geometry, layout };
		return layout;
	}

	/** What the standing part looks like, in as few letters as tell it from anything else. */
	#keyOf(state: RunState): string {
		const faces = this.#faces(state);
		const { levels } = this.#wordsFor(faces);
		const { shown, selection } = state;
		const links = shown?.view.links.map((view) => linkStateOf(view)[0] + view.changes.join()).join("") ?? "";
		const { partition } = shown?.view ?? {};
		const cone = state.causality?.index ?? -1;
		const chosen = selection?.kind === "link" ? selection.link : -1;
		return [...faces.map((face, node) => faceKey(face, levels[node] ?? 0)), links, JSON.stringify(partition), cone, chosen, readPalette().paper].join(";");
	}

	#faces(state: RunState): readonly NodeFace[] {
		const { shown, selection, picked, causality, detail, standing } = state;
		const { places, radiusPx } = this.#layOut();
		const isMoving = isPlaying(state);
		return (shown?.view.nodes ?? []).flatMap((view, node): NodeFace[] => {
			const place = places[node];
			const clock = shown?.clocks[node];
			if (place === undefined) return [];
			const isSelected = (selection?.kind === "node" && selection.node === node) || (causality !== null && detail?.event.node === node);
			const text = clock === undefined ? "" : clockText(clock.wallUs).main;
			return [
				{
					...place,
					radiusPx,
					name: view.name,
					shape: shapeOf(view.role),
					state: nodeStateOf(view, { isLeader: standing.leaders.has(node), isSuspected: standing.suspectedBy.has(node) }),
					isSuspected: standing.suspectedBy.has(node),
					suspectedBy: standing.suspectedBy.get(node) ?? 0,
					utilisationRatio: view.utilisationRatio,
					queue: queueOf(view),
					// Thousandths that run cannot be read.
					clockText: isMoving ? text.slice(0, -2) : text,
					skewUs: clock?.skewUs ?? 0,
					isSelected,
					isNamed: isSelected || node === this.hovered,
					isPicked: picked.has(node),
					isInRegion: (this.#run.plan.nodes[node]?.region ?? -1) >= 0,
					lit: causality === null ? null : causality.rings.ofNode(node),
				},
			];
		});
	}

	#paintPartition(context: CanvasRenderingContext2D, { shown }: RunState, { spots, labels }: Geometry, palette: Palette): void {
		for (const shape of partShapes(shown?.view.partition ?? [], spots, labels)) paintBoundary(context, shape, palette);
	}

	#paintLinks(context: CanvasRenderingContext2D, { shown, selection, causality }: RunState, geometry: Geometry, palette: Palette): void {
		const { plan } = this.#run;
		const faces = geometry.lines.flatMap((line, link): LinkFace[] => {
			const view = shown?.view.links[link];
			if (line === undefined) return [];
			const isSelected = selection?.kind === "link" && selection.link === link;
			const lit = causality === null ? null : causality.rings.ofLink(link);
			return [{ line, view, state: stateOf(view), isSelected, lit, isFine: plan.links.length >= fineLinksMin }];
		});
		for (const face of faces) paintLink(context, face, palette);
		const texts = linkTexts(plan, shown?.view.links);
		const signs = faces.flatMap((face) => signOf(face) ?? []);
		for (const face of faces) paintLinkSign(context, face, palette);
		const places = placeLinkWords(geometry, texts, signs, linkWordsPx, measure);
		const words = places.flatMap((at, link) => (at === undefined ? [] : [{ ...at, text: texts[link] ?? "", state: stateOf(shown?.view.links[link]) }]));
		if (JSON.stringify(words) !== JSON.stringify(this.#linkWords)) this.#linkWords = words;
	}

	#paintSwitches(context: CanvasRenderingContext2D, { spots, labels, type }: Geometry, palette: Palette): void {
		const { plan } = this.#run;
		const names = indexOf(plan).vertexNames;
		plan.switches.forEach((_, index) => {
			const vertex = plan.nodes.length + index;
			const [spot, label] = [spots[vertex], labels[vertex]];
			if (spot === undefined) return;
			context.beginPath();
			for (let i = 0; i < 8; i++) {
				const angle = ((i + 0.5) / 8) * Math.PI * 2;
				context.lineTo(spot.x + Math.cos(angle) * spot.radius, spot.y + Math.sin(angle) * spot.radius);
			}
			context.closePath();
			context.fillStyle = palette.surface;
			context.fill();
			context.strokeStyle = palette.soft;
			context.lineWidth = 2;
			context.stroke();
			if (label === undefined || label.clash > 0) return;
			context.font = `600 ${type.digits}px ${sansFont}`;
			context.textAlign = "center";
			context.fillStyle = palette.soft;
			context.fillText(names[vertex] ?? "", (label.box.left + label.box.right) / 2, label.box.top + type.lineHeight * 0.8);
		});
	}

	#paintNodes(context: CanvasRenderingContext2D, faces: readonly NodeFace[], geometry: Geometry, palette: Palette): void {
		const { labels, levels, texts, insides, headings, hasSpare, type } = geometry;
		faces.forEach((face, node) => {
			paintNode(context, face, palette, levels[node] === 0 && !face.isNamed ? insides[node] : undefined);
		});
		for (const heading of headings) paintHeading(context, heading, palette);
		const isSpare = (face: NodeFace, node: number): boolean => face.isNamed || (levels[node] ?? 0) > 1 || hasSpare[node] === true;
		const skews = faces.map((face, node) =>
			untoldSkew({ ...face, name: texts[node] ?? face.name }, face.isNamed ? 3 : (levels[node] ?? 0), isSpare(face, node)),
		);
		const queues = new Set(faces.flatMap(({ queue }, node) => (queue > 0 ? [node] : [])));
		for (const tag of skewTags(geometry, skews, queues, measure, this.#covered)) paintSkewTag(context, tag, palette, faces[tag.node]?.lit === "dim");
		// What is chosen is written last: over whatever it had to be put upon.
		for (const isLast of [false, true])
			faces.forEach((face, node) => {
				const label = labels[node];
				if (label === undefined || face.isNamed !== isLast) return;
				const level = levels[node] ?? 0;
				if (face.isNamed || level > 0)
					paintNodeWords(context, { ...face, name: texts[node] ?? face.name }, label, { type, level, hasSpare: isSpare(face, node) }, palette);
			});
	}

	#paintMessages(context: CanvasRenderingContext2D, state: RunState, atUs: number): void {
		this.messages = [];
		const { shown } = state;
		if (shown === null || this.#geometry === null) return;
		const palette = readPalette();
		const { places, radiusPx } = this.#geometry;
		const sizePx = Math.min(11, Math.max(5, Math.round(radiusPx * 0.5) / 2));
		const lost: DrawnMessage[] = [];
		for (const flight of shown.flights) {
			const at = this.#flights.at(flight, places, radiusPx, atUs);
			if (at === undefined) continue;
			const drawn = { flight, at };
			this.messages.push(drawn);
			if (this.#flights.formOf(flight) === "lost") lost.push(drawn);
			else this.#paintMessage(context, drawn, state, sizePx, palette);
		}
		for (const { text, state: linkState, ...at } of this.#linkWords) {
			const colour = linkState === "up" ? palette.soft : palette[linkTones[linkState]];
			paintLinkWords(context, at, { text, sizePx: linkWordsPx, colour }, palette);
		}
		for (const drawn of lost) this.#paintMessage(context, drawn, state, sizePx, palette);
	}

	#paintMessage(context: CanvasRenderingContext2D, { flight, at }: DrawnMessage, { selection, causality }: RunState, sizePx: number, palette: Palette): void {
		const side = causality === null ? undefined : coneSideOfMessage(causality.cone, flight);
		context.globalAlpha = causality !== null && causality.cone.nodes.size > 0 && side === undefined ? dimMessageRatio : 1;
		if (selection?.kind === "message" && isSameFlight(selection.flight, flight))
			paintMessageHalo(context, at, sizePx, { colour: palette.select, isDashed: false });
		else if (side !== undefined) paintMessageHalo(context, at, sizePx, { colour: palette[side], isDashed: side === "past" });
		this.#stamps.paint(context, at, this.#flights.lookOf(flight), sizePx, palette);
		context.globalAlpha = 1;
	}

	nearestMessage(at: Point, withinPx: number): DrawnMessage | undefined {
		let best: DrawnMessage | undefined;
		let bestPx = withinPx;
		for (const message of this.messages) {
			const px = Math.hypot(message.at.x - at.x, message.at.y - at.y);
			if (px <= bestPx) [best, bestPx] = [message, px];
		}
		return best;
	}
}
