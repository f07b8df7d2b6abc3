/**
 * How much of a log is drawn: with few events in sight each one and its arrow; with more, dots without
 * arrows; with a million, shades of how many. The limits are of drawing, not of the log. Pure.
 */

export type DetailLevel = "events" | "density";

/** More than this many events in sight are drawn as shades. */
export const eventsDrawnMax = 6_000;

/** A level is left only when the count is well past the limit, so that it does not flicker at it. */
export function detailLevel(eventCount: number, previous: DetailLevel | undefined): DetailLevel {
	const limit = previous === "events" ? eventsDrawnMax * 1.2 : eventsDrawnMax;
	return eventCount <= limit ? "events" : "density";
}

/** Width of a density cell that is neither a blur nor a comb. */
export function bucketCount(widthPx: number): number {
	return Math.min(600, Math.max(20, Math.round(widthPx / 3)));
}

export { collapseRuns } from "../../shared/drawing/local-runs.ts";
