/**
 * Where things go on the diagram from left to right: by true time, by each node's own clock, by Lamport's stamps
 * or by vector clocks; which stretch of a lane a fault takes in each of them, and where an instant cuts the lanes.
 * Pure.
 */
import type { Band } from "./bands.ts";
import { causalOrder } from "./causal-order.ts";
import { xOf } from "./time-scale.ts";
import type { PictureEvent } from "./timeline-picture.ts";
import { isByOrder, namesPx, type TimelineScene } from "./timeline-scene.ts";
import { vectorClocks, weightOf } from "./vector-order.ts";

const orderMarginPx = 26;
/** Between an event and the cut that comes after it. */
const cutGapPx = 9;
/** From one fault to the next after the last event of a lane. */
const faultStepPx = 26;

export interface Span {
	readonly from: number;
	readonly to: number;
}

/** Where the instant that is looked at crosses a lane. */
export interface LaneCut {
	readonly node: number;
	readonly x: number;
	/** Rank of the last event of the lane that is not after it; undefined where there is none in sight, or places are by a clock. */
	readonly lastRank: number | undefined;
}

interface LanePlace {
	readonly index: number;
	readonly atUs: number;
	readonly x: number;
	readonly isStamped: boolean;
}

export type PlacesGiven = Pick<TimelineScene, "plan" | "scale" | "timeBase" | "clocks" | "events" | "arrows">;

export class TimelinePlaces {
	/** Ranks that stand on the axis; null where places are by a clock. */
	readonly stamps: readonly number[] | null;
	/** By index of the event; empty unless places are by vectors. */
	readonly vectors: ReadonlyMap<number, Uint32Array>;
	readonly #given: PlacesGiven;
	readonly #ranks = new Map<number, number>();
	readonly #ratioOf: (rank: number) => number;
	/** Of each lane, what has a place on it; only where places are by order. */
	readonly #lanes = new Map<number, readonly LanePlace[]>();
	readonly #byIndex = new Map<number, number>();

	constructor(given: PlacesGiven) {
		this.#given = given;
		const { timeBase, events, arrows, scale, plan } = given;
		const isOrdered = isByOrder(timeBase);
		const inSight = isOrdered ? events.filter(({ atUs, node }) => node >= 0 && atUs >= scale.fromUs && atUs <= scale.toUs) : [];
		const stamped = inSight.filter(({ lamport }) => lamport > 0);
		this.vectors = timeBase === "vector" ? vectorClocks(stamped, arrows, plan.nodes.length) : new Map();
		for (const { index, lamport } of stamped) {
			const clock = this.vectors.get(index);
			this.#ranks.set(index, timeBase === "causal" ? lamport : clock === undefined ? 0 : weightOf(clock));
		}
		const order = causalOrder([...this.#ranks].map(([index, lamport]) => ({ index, lamport })));
		this.stamps = isOrdered ? order.stamps : null;
		this.#ratioOf = order.ratioOf;
		this.#placeLanes(inSight);
	}

	/** What is done to a node bears no stamp: it lies on its lane, between the events before and after it. */
	#placeLanes(events: readonly PictureEvent[]): void {
		const lanes = new Map<number, PictureEvent[]>();
		for (const event of events) {
			// A loss is the network's.
			if (event.kind === "messageDropped") continue;
			const lane = lanes.get(event.node);
			if (lane === undefined) lanes.set(event.node, [event]);
			else lane.push(event);
		}
		for (const [node, lane] of lanes) {
			const places: LanePlace[] = [];
			let waiting: PictureEvent[] = [];
			const place = (next: number | undefined): void => {
				const from = places.at(-1)?.x ?? namesPx;
				const stepPx = next === undefined ? faultStepPx : (next - from) / (waiting.length + 1);
				waiting.forEach(({ index, atUs }, i) => {
					const x = Math.min(from + stepPx * (i + 1), namesPx + this.#given.scale.widthPx - 4);
					places.push({ index, atUs, x, isStamped: false });
				});
				waiting = [];
			};
			for (const event of lane) {
				const rank = this.#ranks.get(event.index);
				if (rank === undefined) {
					waiting.push(event);
					continue;
				}
				const x = this.xOfRank(rank);
				place(x);
				places.push({ index: event.index, atUs: event.atUs, x, isStamped: true });
			}
			place(undefined);
			this.#lanes.set(node, places);
			for (const { index, x } of places) this.#byIndex.set(index, x);
		}
	}

	get isByOrder(): boolean {
		return this.stamps !== null;
	}

	/** Of an event that has a place in the order; undefined where places are by a clock, too. */
	rankOf(index: number): number | undefined {
		return this.#ranks.get(index);
	}

	/** The place of a rank of the order. */
	xOfRank(rank: number): number {
		return namesPx + orderMarginPx + this.#ratioOf(rank) * (this.#given.scale.widthPx - 2 * orderMarginPx);
	}

	/** The place of an instant of true time at a node; -1: at none. Not where places are by order. */
	xAt(node: number, atUs: number): number {
		const { clocks, timeBase, scale } = this.#given;
		const us = timeBase === "local" && clocks !== null && node >= 0 ? clocks.localUs(node, atUs) : atUs;
		return namesPx + xOf(scale, us);
	}

	/** An event that is in sight at all. */
	hasPlace({ index }: Pick<PictureEvent, "index">): boolean {
		return this.stamps === null || this.#byIndex.has(index);
	}

	xOfEvent({ node, atUs, index }: Pick<PictureEvent, "node" | "atUs" | "index">): number {
		return this.stamps === null ? this.xAt(node, atUs) : (this.#byIndex.get(index) ?? namesPx);
	}

	/**
	 * The stretch of a lane that a fault takes. By order it lies from the event that began it to the one that ended
	 * it, or between the events of the lane that were before and after: an instant is a cut through the order, and
	 * nothing but events says where.
	 */
	spanOn(node: number, { fromUs, toUs, index }: Pick<Band, "fromUs" | "toUs" | "index">, headUs: number): Span | undefined {
		const endUs = Math.min(toUs ?? Number.POSITIVE_INFINITY, headUs);
		if (this.stamps === null) return { from: this.xAt(node, fromUs), to: this.xAt(node, endUs) };
		const { scale } = this.#given;
		if (fromUs > scale.toUs || endUs < scale.fromUs) return undefined;
		const lane = this.#lanes.get(node) ?? [];
		const from = this.#byIndex.get(index) ?? beginsAt(lane, countBefore(lane, fromUs));
		const ending = toUs === null ? undefined : lane.find((place) => !place.isStamped && place.atUs === toUs);
		const to = ending?.x ?? endsAt(lane, countBefore(lane, endUs), endUs < Math.min(scale.toUs, headUs) ? undefined : namesPx + scale.widthPx);
		return to > from ? { from, to } : undefined;
	}

	/**
	 * Where an instant crosses each lane: by a clock at its reading, by order after the last event of the lane that
	 * is not after the instant. No message goes back over it, for none arrives before it was sent: a consistent cut.
	 * As straight as the order allows: it is jagged only where order and time say different things.
	 * @returns nothing where it is not in sight
	 * @source Chandy and Lamport, Distributed Snapshots (1985); Mattern, Virtual Time and Global States (1989)
	 */
	cutOf(nodes: readonly number[], atUs: number): readonly LaneCut[] {
		if (this.stamps === null) return nodes.map((node) => ({ node, x: this.xAt(node, atUs), lastRank: undefined }));
		const { scale } = this.#given;
		if (atUs < scale.fromUs || atUs > scale.toUs || this.stamps.length === 0) return [];
		const lanes = nodes.map((node) => {
			const lane = this.#lanes.get(node) ?? [];
			const count = countBefore(lane, atUs + 1);
			const last = lane.slice(0, count).findLast(({ isStamped }) => isStamped);
			return { node, before: lane[count - 1], after: lane[count], lastRank: last === undefined ? undefined : this.rankOf(last.index) };
		});
		const wanted = lanes.reduce((most, { before }) => Math.max(most, (before?.x ?? namesPx) + cutGapPx), namesPx + cutGapPx);
		return lanes.map(({ node, before, after, lastRank }) => {
			const [least, most] = [(before?.x ?? namesPx) + cutGapPx, (after?.x ?? Number.POSITIVE_INFINITY) - cutGapPx];
			return { node, x: least <= most ? Math.min(Math.max(wanted, least), most) : (least + most) / 2, lastRank };
		});
	}
}

/** Between the events of a lane, so many of which were before it. */
function beginsAt(lane: readonly LanePlace[], count: number): number {
	const [before, after] = [lane[count - 1]?.x, lane[count]?.x];
	if (before === undefined) return namesPx;
	return after === undefined ? before + cutGapPx : (before + after) / 2;
}

/** @param edgePx it lasts as long as is in sight */
function endsAt(lane: readonly LanePlace[], count: number, edgePx: number | undefined): number {
	const [before, after] = [lane[count - 1]?.x ?? namesPx, lane[count]?.x];
	return after === undefined ? (edgePx ?? before + 2 * cutGapPx) : (before + after) / 2;
}

/** How many of a lane's events are before an instant. */
function countBefore(lane: readonly LanePlace[], atUs: number): number {
	let [low, high] = [0, lane.length];
	while (low < high) {
		const middle = (low + high) >>> 1;
		if ((lane[middle] as LanePlace).atUs < atUs) low = middle + 1;
		else high = middle;
	}
	return low;
}
