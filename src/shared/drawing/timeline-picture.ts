/**
 * What a space-time diagram is made of: events, messages, faults, and how many there were where. Types alone.
 */
import type { EventKind } from "../event-schema.ts";
import type { Plan } from "../plan.ts";
import type { Band } from "./bands.ts";
import type { LocalClocks } from "./local-clocks.ts";
import type { DrawingPalette } from "./palette.ts";
import type { Heading } from "./svg.ts";

/** Which time the horizontal axis shows. */
export type PictureTimeBase = "true" | "local" | "causal" | "vector";

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
	/** Above 0: a copy that a link has made. */
	readonly copy?: number;
	readonly sentIndex: number;
	readonly sentUs: number;
	/** -1: not known. */
	readonly endIndex: number;
	readonly endUs: number;
	readonly fate: "delivered" | "lost" | "underWay" | string;
}

/** A fault or a repair, at its instant. */
export interface PictureFault {
	readonly atUs: number;
	readonly kind: string;
	/** -1: it is no node's. */
	readonly node: number;
	readonly text?: string;
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

/** What led to the selected event and what came of it: events by index. */
export interface PictureCone {
	readonly index: number;
	readonly past: ReadonlySet<number>;
	readonly future: ReadonlySet<number>;
}

/** An event with a person's note, by number of the note. */
export interface PicturePin {
	readonly atUs: number;
	readonly node: number;
	readonly label: string;
}

/** The diagram as a picture by itself. */
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
	readonly pins?: readonly PicturePin[];
	/** The instant that is looked at, or null. */
	readonly shownUs: number | null;
	/** The event that is selected, and what is lit because of it. */
	readonly selected?: number | null;
	readonly cone?: PictureCone | null;
	readonly heading: Heading;
	readonly palette: DrawingPalette;
	readonly widthPx?: number;
	readonly isInline?: boolean;
	readonly id?: string;
}
