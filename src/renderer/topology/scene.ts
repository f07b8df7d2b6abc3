/**
 * One frame of the topology: what is drawn where, of the instant that is shown. Reads the run's state
 * and the graph's places; paints on two canvases over the graph: what stands still when something of it
 * is another, what moves in every frame. Runs in the drawing loop.
 */
import type { Core } from "cytoscape";
import { indexOf } from "../../shared/plan-index.ts";
import { besideLine, between, distance, type Point, pointAlong, progressOf, Routes } from "../maths/message-path.ts";
import { linkStateOf, nodeStateOf, shapeOf } from "../maths/node-state.ts";
import { clockText, shortDuration } from "../maths/time-scale.ts";
import type { FlightView } from "../state/contract-types.ts";
import type { RunController } from "../state/run-controller.ts";
import { isPlaying, isSameFlight, type RunState, shownUs } from "../state/run-state.ts";
import { readPalette, reducesMotion } from "../state/theme.ts";
import { nodeId, nodeRadius, regionId, setLinkState } from "./graph.ts";
import { type MessageForm, paintBoundary, paintLinkSign, paintMessage, paintMessageHalo } from "./message-painter.ts";
import { type NodeFace, paintNode } from "./node-painter.ts";

/** Drawn further than the lab has told, at most: the next state is due long before. */
const guessMsMax = 250;
const replyName = /respon|reply|ack|pong|answer|voted|result|granted/i;
const skewShownUs = 500;
const queueWorthUs = 1_000;

export interface DrawnMessage {
	readonly flight: FlightView;
	readonly at: Point;
}

/** One over the other, over the graph. */
export interface SceneCanvases {
	readonly standing: HTMLCanvasElement;
	readonly moving: HTMLCanvasElement;
}

const isSame = (a: readonly unknown[], b: readonly unknown[]): boolean => a.length === b.length && a.every((value, i) => value === b[i]);

/** As large as it is shown, and empty. */
function prepare(canvas: HTMLCanvasElement): CanvasRenderingContext2D | null {
	const ratio = window.devicePixelRatio;
	const [width, height] = [canvas.clientWidth, canvas.clientHeight];
	if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
		canvas.width = Math.round(width * ratio);
		canvas.height = Math.round(height * ratio);
	}
	const context = canvas.getContext("2d");
	context?.setTransform(ratio, 0, 0, ratio, 0, 0);
	context?.clearRect(0, 0, width, height);
	return context;
}

export class Scene {
	readonly #run: RunController;
	readonly #graph: Core;
	readonly #canvases: SceneCanvases;
	/** What the standing part was painted from. */
	#painted: readonly unknown[] = [];
	#drawn: readonly unknown[] = [];
	#movedCount = 0;
	#places: readonly Point[] = [];
	readonly #routes: Routes;
	readonly #expectedUs: readonly number[];
	/** The node under the pointer: its name is written however small it is. */
	hovered = -1;
	/** Of the last frame, for the pointer. */
	messages: DrawnMessage[] = [];

	constructor(run: RunController, graph: Core, canvases: SceneCanvases) {
		this.#run = run;
		this.#graph = graph;
		this.#canvases = canvases;
		graph.on("position viewport resize", () => {
			this.#movedCount++;
		});
		const { nodes, switches, links } = run.plan;
		this.#routes = new Routes(
			nodes.length + switches.length,
			links.map(({ a, b, forward }) => ({ a, b, costUs: forward.floorUs })),
		);
		this.#expectedUs = links.map(({ forward }) => forward.floorUs * 1.2 + 1);
	}

	/** The instant to draw: between two states of a running lab, as far as time has gone on since. */
	drawnUs(state: RunState, nowMs: number): number {
		const us = shownUs(state);
		if (state.cursorUs !== null || !isPlaying(state) || reducesMotion()) return us;
		return us + Math.min(guessMsMax, Math.max(0, nowMs - state.shownMs)) * 1_000 * state.paceRatio;
	}

	paint(nowMs: number): void {
		const { state } = this.#run;
		this.#paintStanding(state);
		const atUs = this.drawnUs(state, nowMs);
		const flights = state.shown?.flights;
		const moving = [flights, state.selection, flights?.length ? Math.round(atUs) : 0, this.#movedCount, readPalette()];
		// Nothing under way, or time stands still: the last frame is good.
		if (isSame(moving, this.#drawn)) return;
		this.#drawn = moving;
		const context = prepare(this.#canvases.moving);
		if (context !== null) this.#paintMessages(context, state, this.#places, atUs);
	}

	#paintStanding(state: RunState): void {
		const { standing: canvas } = this.#canvases;
		const { shown, selection, picked, detail, causality, standing } = state;
		const from = [
			shown,
			selection,
			picked,
			detail,
			causality,
			standing,
			this.hovered,
			this.#movedCount,
			readPalette(),
			canvas.clientWidth,
			canvas.clientHeight,
		];
		if (isSame(from, this.#painted)) return;
		this.#painted = from;
		const context = prepare(canvas);
		if (context === null) return;
		this.#places = this.#readPlaces();
		this.#paintRegions(context);
		this.#paintPartition(context, state, this.#places);
		this.#paintLinks(context, state, this.#places);
		this.#paintNodes(context, state, this.#places);
	}

	#readPlaces(): Point[] {
		const zoom = this.#graph.zoom();
		const pan = this.#graph.pan();
		const { nodes, switches } = this.#run.plan;
		return Array.from({ length: nodes.length + switches.length }, (_, vertex) => {
			const { x, y } = this.#graph.getElementById(nodeId(vertex)).position();
			return { x: x * zoom + pan.x, y: y * zoom + pan.y };
		});
	}

	/** Their names stay legible however far away they are. */
	#paintRegions(context: CanvasRenderingContext2D): void {
		const palette = readPalette();
		const sizePx = Math.min(18, Math.max(12.5, 17 * this.#graph.zoom()));
		context.font = `700 ${sizePx}px system-ui, sans-serif`;
		context.textAlign = "center";
		context.fillStyle = palette.soft;
		this.#run.plan.regions.forEach((name, region) => {
			const element = this.#graph.getElementById(regionId(region));
			if (element.empty() || element.children().empty()) return;
			const { x1, x2, y1 } = element.renderedBoundingBox({ includeLabels: false, includeOverlays: false });
			context.fillText(name, (x1 + x2) / 2, y1 - 5);
		});
	}

	#paintPartition(context: CanvasRenderingContext2D, { shown }: RunState, places: readonly Point[]): void {
		const groups = shown?.view.partition;
		if (groups === null || groups === undefined) return;
		const marginPx = nodeRadius * this.#graph.zoom() * 1.9 + 6;
		groups.forEach((group, index) => {
			const points = group.flatMap((node) => places[node] ?? []);
			paintBoundary(context, points, index, marginPx, readPalette());
		});
	}

	#paintLinks(context: CanvasRenderingContext2D, { shown, selection }: RunState, places: readonly Point[]): void {
		const palette = readPalette();
		this.#graph.batch(() => {
			shown?.view.links.forEach((view, link) => {
				setLinkState(this.#graph, link, linkStateOf(view), selection?.kind === "link" && selection.link === link);
			});
		});
		shown?.view.links.forEach((view, link) => {
			const { a, b } = this.#run.plan.links[link] ?? { a: -1, b: -1 };
			const [from, to] = [places[a], places[b]];
			const state = linkStateOf(view);
			if (from === undefined || to === undefined || state === "up" || state === "changed") return;
			const angle = Math.atan2(to.y - from.y, to.x - from.x);
			// A cut one way is marked near the end that nothing leaves.
			const ratio = state === "oneWay" ? (view.forward === "cut" ? 0.36 : 0.64) : 0.42;
			paintLinkSign(context, between(from, to, ratio), { form: state === "clogged" ? "clogged" : "cut", angle }, palette);
		});
	}

	#paintNodes(context: CanvasRenderingContext2D, state: RunState, places: readonly Point[]): void {
		const { shown, selection, picked, detail, causality, standing } = state;
		if (shown === null) return;
		const radiusPx = nodeRadius * this.#graph.zoom();
		const lit = litNodes(state);
		shown.view.nodes.forEach((view, node) => {
			const place = places[node];
			if (place === undefined) return;
			const clock = shown.clocks[node];
			const isSelected = (selection?.kind === "node" && selection.node === node) || (causality !== null && detail?.event.node === node);
			const skewUs = clock?.skewUs ?? 0;
			const face: NodeFace = {
				...place,
				radiusPx,
				name: view.name,
				shape: shapeOf(view.role),
				state: nodeStateOf(view, { isLeader: standing.leaders.has(node), isSuspected: standing.suspectedBy.has(node) }),
				suspectedBy: standing.suspectedBy.get(node) ?? 0,
				utilisationRatio: view.utilisationRatio,
				queue: view.cpuWaitUs >= queueWorthUs ? Math.max(1, Math.round((view.messagesInPerSecond * view.cpuWaitUs) / 1_000_000)) : 0,
				clockText: clock === undefined ? "" : clockText(clock.wallUs).main,
				skewText: Math.abs(skewUs) < skewShownUs ? "" : `${skewUs > 0 ? "+" : "−"}${shortDuration(Math.abs(skewUs))}`,
				isSelected,
				isNamed: isSelected || node === this.hovered,
				isPicked: picked.has(node),
				lit: isSelected ? null : (lit.get(node) ?? null),
			};
			paintNode(context, face, readPalette());
		});
	}

	#paintMessages(context: CanvasRenderingContext2D, { shown, selection }: RunState, places: readonly Point[], atUs: number): void {
		this.messages = [];
		if (shown === null) return;
		const palette = readPalette();
		const sizePx = Math.min(11, Math.max(4, nodeRadius * this.#graph.zoom() * 0.24));
		for (const flight of shown.flights) {
			const at = this.#messageAt(flight, places, atUs);
			if (at === undefined) continue;
			if (selection?.kind === "message" && isSameFlight(selection.flight, flight)) paintMessageHalo(context, at, sizePx, palette);
			paintMessage(context, at, this.#formOf(flight), flight.fate === "lost" ? sizePx * 1.25 : sizePx, palette);
			this.messages.push({ flight, at });
		}
	}

	#formOf(flight: FlightView): MessageForm {
		if (flight.fate === "lost") return "lost";
		if (flight.arrivesUs < 0 && flight.link >= 0) return "held";
		return replyName.test(this.#run.plan.names[flight.name] ?? "") ? "reply" : "message";
	}

	#messageAt(flight: FlightView, places: readonly Point[], atUs: number): Point | undefined {
		const vertices = this.#wayOf(flight);
		const points = vertices.flatMap((vertex) => places[vertex] ?? []);
		if (flight.lostUs !== null) return placeOfLoss(flight, flight.lostUs, points);
		const [first, last] = [points[0], points.at(-1)];
		if (first === undefined || last === undefined || points.length < 2) return undefined;
		const expectedUs = flight.link >= 0 ? (this.#expectedUs[flight.link] ?? 1) : this.#wholeWayUs(vertices);
		const known = { sentUs: flight.enteredUs, endUs: flight.arrivesUs < 0 ? undefined : flight.arrivesUs, outcome: "inFlight" } as const;
		const ratio = progressOf(known, atUs, expectedUs);
		if (ratio === undefined) return undefined;
		// A lost message gets no further than most of its way: it does not touch the receiver.
		const shownRatio = flight.fate === "lost" ? ratio * 0.72 : ratio;
		return besideLine(first, last, pointAlong(points, this.#outsideNodes(shownRatio, points)), 5);
	}

	/** The same part of the way between the edges of the two nodes: within them it could not be seen. */
	#outsideNodes(ratio: number, points: readonly Point[]): number {
		const lengthPx = points.slice(1).reduce((sum, point, i) => sum + distance(points[i] as Point, point), 0);
		const margin = Math.min(0.3, (nodeRadius * this.#graph.zoom() * 1.05) / Math.max(1, lengthPx));
		return margin + ratio * (1 - 2 * margin);
	}

	/** What a message from end to end usually takes. */
	#wholeWayUs(vertices: readonly number[]): number {
		const { linkBetween } = indexOf(this.#run.plan);
		return vertices.slice(1).reduce((sum, vertex, i) => sum + (this.#expectedUs[linkBetween(vertices[i] as number, vertex) ?? -1] ?? 1_000), 1);
	}

	#wayOf({ link, backward, from, to }: FlightView): readonly number[] {
		const crossed = link < 0 ? undefined : this.#run.plan.links[link];
		if (crossed === undefined) return this.#routes.between(from, to);
		return backward ? [crossed.b, crossed.a] : [crossed.a, crossed.b];
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

/** Live, where it was when it was lost; half-way when nobody knows. */
function placeOfLoss({ enteredUs, arrivesUs }: FlightView, lostUs: number, points: readonly Point[]): Point | undefined {
	const [first, last] = [points[0], points.at(-1)];
	if (first === undefined || last === undefined || points.length < 2) return undefined;
	const ratio = arrivesUs > enteredUs ? (lostUs - enteredUs) / (arrivesUs - enteredUs) : 0.5;
	return besideLine(first, last, pointAlong(points, Math.min(0.8, Math.max(0.15, ratio))), 5);
}

/** Nodes that the selected event's neighbours in causal order lie on. */
function litNodes({ detail }: RunState): ReadonlyMap<number, "past" | "future"> {
	const lit = new Map<number, "past" | "future">();
	if (detail === null) return lit;
	const { event } = detail;
	const from = Number(event.fields.from ?? -1);
	const to = Number(event.fields.to ?? -1);
	if (from >= 0) lit.set(from, "past");
	if (to >= 0) lit.set(to, "future");
	return lit;
}
