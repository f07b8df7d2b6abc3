/**
 * Where messages under way are on the drawing, and what sign each bears. The same for the window and for
 * the files of drawings. Pure; answers about ways are kept.
 */
import type { Plan } from "../plan.ts";
import { indexOf } from "../plan-index.ts";
import { besideLine, distance, type Point, pointAlong, progressOf, Routes } from "./message-path.ts";

/** A message on its way, as the lab tells of it. */
export interface DrawnFlight {
	readonly from: number;
	readonly to: number;
	readonly name: number;
	/** 0 or left out: the message itself. Above: a copy that a link has made of it. */
	readonly copy?: number;
	/** It answers another, by what its sender said. */
	readonly isReply?: boolean;
	/** The link it is on; -1: on its way as a whole. */
	readonly link: number;
	readonly backward: boolean;
	readonly enteredUs: number;
	/** -1: not known. */
	readonly arrivesUs: number;
	readonly fate: "delivered" | "lost" | "unknown" | string;
	/** When it was lost, a moment ago; null for all others. */
	readonly lostUs?: number | null;
}

/** What becomes of a message is told by form as well as by colour. */
export type MessageForm = "message" | "reply" | "lost" | "held";

export interface MessageLook {
	readonly form: MessageForm;
	/** It is one that a link has doubled. */
	readonly isCopy: boolean;
}

export const isCopy = ({ copy }: { readonly copy?: number }): boolean => copy !== undefined && copy > 0;

/** Programs may answer by plain messages too. */
const replyName = /respon|reply|ack|pong|answer|voted|result|granted/i;
const besidePx = 5;

export class FlightPlaces {
	readonly #plan: Plan;
	readonly #routes: Routes;
	readonly #expectedUs: readonly number[];

	constructor(plan: Plan) {
		const { nodes, switches, links } = plan;
		this.#plan = plan;
		this.#routes = new Routes(
			nodes.length + switches.length,
			links.map(({ a, b, forward }) => ({ a, b, costUs: forward.floorUs })),
		);
		this.#expectedUs = links.map(({ forward }) => forward.floorUs * 1.2 + 1);
	}

	formOf(flight: DrawnFlight): MessageForm {
		if (flight.fate === "lost") return "lost";
		if (flight.arrivesUs < 0 && flight.link >= 0) return "held";
		return flight.isReply === true || replyName.test(this.#plan.names[flight.name] ?? "") ? "reply" : "message";
	}

	lookOf(flight: DrawnFlight): MessageLook {
		return { form: this.formOf(flight), isCopy: isCopy(flight) };
	}

	/** @param radius half a node, in the measure of the places; undefined where it is not to be seen */
	at(flight: DrawnFlight, places: readonly (Point | undefined)[], radius: number, atUs: number): Point | undefined {
		const vertices = this.#wayOf(flight);
		const points = vertices.flatMap((vertex) => places[vertex] ?? []);
		const [first, last] = [points[0], points.at(-1)];
		if (first === undefined || last === undefined || points.length < 2) return undefined;
		const ratio = this.#ratioOf(flight, vertices, atUs);
		return ratio === undefined ? undefined : besideLine(first, last, pointAlong(points, outsideNodes(ratio, points, radius)), besidePx);
	}

	/** Part of its way that is to be shown as done. */
	#ratioOf({ enteredUs, arrivesUs, lostUs, fate, link }: DrawnFlight, vertices: readonly number[], atUs: number): number | undefined {
		if (lostUs !== undefined && lostUs !== null) {
			// Live, where it was when it was lost; half-way when nobody knows.
			const ratio = arrivesUs > enteredUs ? (lostUs - enteredUs) / (arrivesUs - enteredUs) : 0.5;
			return Math.min(0.8, Math.max(0.15, ratio));
		}
		const expectedUs = link >= 0 ? (this.#expectedUs[link] ?? 1) : this.#wholeWayUs(vertices);
		const ratio = progressOf({ sentUs: enteredUs, endUs: arrivesUs < 0 ? undefined : arrivesUs, outcome: "inFlight" }, atUs, expectedUs);
		// A lost message gets no further than most of its way: it does not touch the receiver.
		return ratio !== undefined && fate === "lost" ? ratio * 0.72 : ratio;
	}

	/** What a message from end to end usually takes. */
	#wholeWayUs(vertices: readonly number[]): number {
		const { linkBetween } = indexOf(this.#plan);
		return vertices.slice(1).reduce((sum, vertex, i) => sum + (this.#expectedUs[linkBetween(vertices[i] as number, vertex) ?? -1] ?? 1_000), 1);
	}

	#wayOf({ link, backward, from, to }: DrawnFlight): readonly number[] {
		const crossed = link < 0 ? undefined : this.#plan.links[link];
		if (crossed === undefined) return this.#routes.between(from, to);
		return backward ? [crossed.b, crossed.a] : [crossed.a, crossed.b];
	}
}

/** The same part of the way between the edges of the two nodes: within them it could not be seen. */
function outsideNodes(ratio: number, points: readonly Point[], radius: number): number {
	const length = points.slice(1).reduce((sum, point, i) => sum + distance(points[i] as Point, point), 0);
	const margin = Math.min(0.3, (radius * 1.05) / Math.max(1, length));
	return margin + ratio * (1 - 2 * margin);
}
