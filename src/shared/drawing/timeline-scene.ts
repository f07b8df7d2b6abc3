/**
 * A space-time diagram as it is drawn, whatever it is drawn on, and the measures that its parts share. Types and a
 * few numbers.
 */
import type { Plan } from "../plan.ts";
import type { BandStrip } from "./band-strip.ts";
import type { Band } from "./bands.ts";
import type { LaneLayout } from "./lanes.ts";
import type { LocalClocks } from "./local-clocks.ts";
import type { DrawingPalette } from "./palette.ts";
import type { TimeScale } from "./time-scale.ts";
import type { PictureArrow, PictureCone, PictureDensity, PictureEvent, PictureFault, PicturePin, PictureTimeBase } from "./timeline-picture.ts";

/** Places by order have no measure of time. */
export function isByOrder(timeBase: PictureTimeBase): boolean {
	return timeBase === "causal" || timeBase === "vector";
}

export interface TimelineScene {
	readonly plan: Plan;
	readonly palette: DrawingPalette;
	readonly scale: TimeScale;
	readonly timeBase: PictureTimeBase;
	/** Needed for `local`. */
	readonly clocks: LocalClocks | null;
	/** Lanes where they are drawn: scrolled already. */
	readonly lanes: LaneLayout;
	/** In the order of the log, as all that comes of a log here. */
	readonly events: readonly PictureEvent[];
	readonly arrows: readonly PictureArrow[];
	/** Drawn in the place of events and arrows. */
	readonly density: PictureDensity | null;
	readonly bands: readonly Band[];
	/** Above the lanes: faults that are no single node's. */
	readonly strip: BandStrip;
	readonly faults: readonly PictureFault[];
	readonly pins: readonly PicturePin[];
	/** As far as the log goes. */
	readonly headUs: number;
	/** The instant that is looked at, or null. */
	readonly shownUs: number | null;
	readonly selected: number | null;
	readonly selectedNode: number | null;
	readonly cone: PictureCone | null;
	/** Events that a search finds; null: nothing is searched. */
	readonly matched: ReadonlySet<number> | null;
	/** The first event that is not so in another run: it and those after it bear another shape. */
	readonly divergence: { readonly index: number; readonly atUs?: number } | null;
	/** Upper edge of the axis. */
	readonly topPx: number;
	readonly widthPx: number;
	/** Lower edge of the lanes that are drawn. */
	readonly bottomPx: number;
}

export const namesPx = 112;
export const axisPx = 24;

/** Where an event was drawn, for the pointer. */
export interface Spot {
	readonly x: number;
	readonly y: number;
	readonly index: number;
	readonly count: number;
}

/** A lane that is drawn at all, scrolled or not. */
export function isInSight({ bottomPx, topPx, lanes }: Pick<TimelineScene, "bottomPx" | "topPx" | "lanes">, y: number): boolean {
	return y > topPx - lanes.laneHeightPx && y < bottomPx + lanes.laneHeightPx;
}
