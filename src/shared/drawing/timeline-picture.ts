/**
 * What a space-time diagram is made of, and where things go on it: by true time, by each node's own clock,
 * by Lamport's stamps or by vector clocks. Pure.
 */
import type { EventKind } from "../event-schema.ts";
import type { Plan } from "../plan.ts";
import { type BandStrip, emptyStrip, stripHeightPx, stripOf } from "./band-strip.ts";
import type { Band } from "./bands.ts";
import { type CausalOrder, causalOrder } from "./causal-order.ts";
import { type LaneLayout, layOutLanes } from "./lanes.ts";
import type { LocalClocks } from "./local-clocks.ts";
import type { DrawingPalette } from "./palette.ts";
import { type Heading, headingPx } from "./svg.ts";
import { type TimeScale, xOf } from "./time-scale.ts";
import { vectorClocks, weightOf } from "./vector-order.ts";

/** Which time the horizontal axis shows. */
export const pictureTimeBases = ["true", "local", "causal", "vector"] as const;
export type PictureTimeBase = (typeof pictureTimeBases)[number];

export interface PictureEvent {
	readonly index: number;
	readonly atUs: number;
	readonly node: number;
	readonly kind: EventKind;
	readonly lamport: number;
}

export interface PictureArrow {
	readonly from: number;
	readonly to: number;
	readonly name: number;
	readonly sentIndex: number;
	readonly sentUs: number;
	/** -1: not known. */
	readonly endIndex: number;
	readonly endUs: number;
	readonly fate: "delivered" | "lost" | "underWay" | string;
}

export interface PictureFault {
	readonly atUs: number;
	readonly kind: string;
	readonly node: number;
}

/** How many events were where: `counts` lane after lane. */
export interface PictureDensity {
	readonly fromUs: number;
	readonly bucketUs: number;
	readonly buckets: number;
	readonly nodes: readonly number[];
	readonly counts: ArrayLike<number>;
	/** A bucket: messages lost, over all lanes. */
	readonly lost: ArrayLike<number>;
}

export interface TimelinePicture {
	readonly plan: Plan;
	/** The lanes, top to bottom. */
	readonly nodes: readonly number[];
	readonly fromUs: number;
	readonly toUs: number;
	/** As far as the log goes. */
	readonly headUs: number;
	readonly timeBase: PictureTimeBase;
	/** Needed for `local`. */
	readonly clocks: LocalClocks | null;
	readonly events: readonly PictureEvent[];
	readonly arrows: readonly PictureArrow[];
	/** The first event that is not so in another run: it and those after it bear another shape. */
	readonly divergesAt?: number | null;
	/** Drawn in the place of events and arrows. */
	readonly density: PictureDensity | null;
	/** Of the whole run, in its order. */
	readonly faults: readonly PictureFault[];
	/** Stretches of faults that reach into it. */
	readonly bands: readonly Band[];
	/** Events with a person's note, by number of the note. */
	readonly pins?: readonly { readonly atUs: number; readonly node: number; readonly label: string }[];
	/** The instant that is looked at, or null. */
	readonly shownUs: number | null;
	readonly heading: Heading;
	readonly palette: DrawingPalette;
	readonly widthPx?: number;
	readonly isInline?: boolean;
	readonly id?: string;
}

export const namesPx = 116;
export const axisPx = 28;
export const legendPx = 40;
const laneHeightPx = 52;
/** More faults of the network at once are drawn as how many. */
const stripRowsMax = 8;

export interface Placed {
	readonly node: number;
	readonly atUs: number;
	/** Its rank by causal order, as `rankOf` tells it. */
	readonly rank: number;
}

export class TimelineGeometry {
	readonly picture: TimelinePicture;
	readonly width: number;
	readonly height: number;
	readonly scale: TimeScale;
	/** Above the lanes: faults that are no single node's. */
	readonly strip: BandStrip;
	readonly lanes: LaneLayout;
	/** Null where places are by a clock. */
	readonly order: CausalOrder | null;
	/** By index of the event; empty unless places are by vectors. */
	readonly vectors: ReadonlyMap<number, Uint32Array>;
	readonly #ranks: ReadonlyMap<number, number>;

	constructor(given: TimelinePicture) {
		const { timeBase, nodes, events, arrows, plan } = given;
		this.picture = given;
		this.width = Math.max(640, given.widthPx ?? 1_280);
		this.scale = { fromUs: given.fromUs, toUs: Math.max(given.toUs, given.fromUs + 1), widthPx: this.width - namesPx - 24 };
		const isByOrder = timeBase === "causal" || timeBase === "vector";
		this.strip = isByOrder ? emptyStrip : stripOf(given.bands, stripRowsMax);
		const topPx = headingPx + axisPx + stripHeightPx(this.strip);
		this.lanes = layOutLanes({ order: nodes, hidden: new Set() }, { heightPx: topPx + Math.max(240, nodes.length * laneHeightPx), topPx });
		this.height = this.lanes.heightPx + 8 + legendPx;
		const stamped = events.filter(({ lamport }) => lamport > 0);
		this.vectors = timeBase === "vector" ? vectorClocks(stamped, arrows, plan.nodes.length) : new Map();
		this.#ranks = new Map(
			stamped.map(({ index, lamport }) => [index, timeBase === "vector" ? weightOf(this.vectors.get(index) ?? new Uint32Array()) : lamport]),
		);
		const ranked = [...this.#ranks].map(([index, lamport]) => ({ index, lamport }));
		this.order = isByOrder ? causalOrder(ranked) : null;
	}

	/** Of an event in sight that a node took part in. */
	rankOf(index: number): number | undefined {
		return this.#ranks.get(index);
	}

	/** The horizontal place of an event by the time that is chosen. */
	x({ node, atUs, rank }: Placed): number {
		if (this.order !== null) return namesPx + 14 + this.order.ratioOf(rank) * (this.scale.widthPx - 28);
		const { clocks, timeBase } = this.picture;
		const us = timeBase === "local" && clocks !== null && node >= 0 ? clocks.localUs(node, atUs) : atUs;
		return namesPx + xOf(this.scale, us);
	}

	/** The place of an instant of true time at a node; -1: at none. */
	xAt(node: number, atUs: number): number {
		return this.x({ node, atUs, rank: 0 });
	}

	xOfEvent({ node, atUs, index }: PictureEvent): number {
		return this.x({ node, atUs, rank: this.rankOf(index) ?? 0 });
	}
}
