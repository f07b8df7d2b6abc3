/**
 * Where a message in flight is on the drawing: true proportion of its time on the way, along the
 * links it takes. How it ends decides its form as well as its colour. Pure.
 */

export interface Point {
	readonly x: number;
	readonly y: number;
}

export interface Flight {
	readonly sentUs: number;
	/** When it arrives, or is lost; undefined while nobody knows. */
	readonly endUs: number | undefined;
	readonly outcome: "inFlight" | "delivered" | "lost" | "held";
}

/** How long a message that has arrived or was lost stays to be seen, as a part of its way or at least so long. */
const unknownLegRatioMax = 0.97;

/**
 * Part of the way that lies behind it, 0..1; undefined when it is not on the way at that instant.
 * @param expectedUs what the way usually takes, used while its end is not known
 */
export function progressOf({ sentUs, endUs }: Flight, atUs: number, expectedUs: number): number | undefined {
	if (atUs < sentUs) return undefined;
	if (endUs === undefined) return Math.min(unknownLegRatioMax, (atUs - sentUs) / Math.max(1, expectedUs));
	if (atUs > endUs) return undefined;
	return endUs === sentUs ? 1 : (atUs - sentUs) / (endUs - sentUs);
}

/** A point on a line of several pieces; every piece counts by its share of the whole. */
export function pointAlong(path: readonly Point[], ratio: number, shares?: readonly number[]): Point {
	const first = path[0] ?? { x: 0, y: 0 };
	if (path.length < 2) return first;
	const weights = shares ?? path.slice(1).map((point, i) => distance(path[i] as Point, point));
	const whole = weights.reduce((sum, weight) => sum + weight, 0);
	let left = Math.min(Math.max(ratio, 0), 1) * whole;
	for (let i = 0; i < path.length - 1; i++) {
		const weight = weights[i] ?? 0;
		const [from, to] = [path[i] as Point, path[i + 1] as Point];
		if (left <= weight || i === path.length - 2) return between(from, to, weight > 0 ? Math.min(1, left / weight) : 0);
		left -= weight;
	}
	return path.at(-1) as Point;
}

export function between(from: Point, to: Point, ratio: number): Point {
	return { x: from.x + (to.x - from.x) * ratio, y: from.y + (to.y - from.y) * ratio };
}

export function distance(a: Point, b: Point): number {
	return Math.sqrt((b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y));
}

/** Replies run on the other side of the line than requests, so that both can be seen. */
export function besideLine(from: Point, to: Point, at: Point, offsetPx: number): Point {
	const length = distance(from, to) || 1;
	return { x: at.x - ((to.y - from.y) / length) * offsetPx, y: at.y + ((to.x - from.x) / length) * offsetPx };
}

export interface Edge {
	readonly a: number;
	readonly b: number;
	readonly costUs: number;
}

/**
 * The cheapest way between every two vertices that are asked for: the network takes it too, so the
 * drawing shows the links that a message crosses. Answers are kept.
 */
export class Routes {
	readonly #near: readonly (readonly { readonly to: number; readonly costUs: number }[])[];
	readonly #known = new Map<number, readonly number[]>();

	constructor(vertexCount: number, edges: readonly Edge[]) {
		const near: { to: number; costUs: number }[][] = Array.from({ length: vertexCount }, () => []);
		for (const { a, b, costUs } of edges) {
			near[a]?.push({ to: b, costUs });
			near[b]?.push({ to: a, costUs });
		}
		this.#near = near;
	}

	/** @returns the vertices on the way, both ends included; empty when there is none */
	between(from: number, to: number): readonly number[] {
		const key = from * this.#near.length + to;
		const known = this.#known.get(key);
		if (known !== undefined) return known;
		const found = this.#search(from, to);
		this.#known.set(key, found);
		return found;
	}

	#search(from: number, to: number): readonly number[] {
		const count = this.#near.length;
		const costs = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
		const before = new Int32Array(count).fill(-1);
		const done = new Uint8Array(count);
		costs[from] = 0;
		for (let round = 0; round < count; round++) {
			let nearest = -1;
			for (let v = 0; v < count; v++) if (!done[v] && (nearest < 0 || (costs[v] as number) < (costs[nearest] as number))) nearest = v;
			if (nearest < 0 || costs[nearest] === Number.POSITIVE_INFINITY || nearest === to) break;
			done[nearest] = 1;
			for (const { to: next, costUs } of this.#near[nearest] ?? []) {
				const cost = (costs[nearest] as number) + costUs;
				if (cost >= (costs[next] as number)) continue;
				costs[next] = cost;
				before[next] = nearest;
			}
		}
		if (from !== to && before[to] === -1) return [];
		const way = [to];
		for (let v = to; v !== from; ) {
			v = before[v] as number;
			way.unshift(v);
		}
		return way;
	}
}
