/**
 * Which part of what is in sight is drawn where places are by order: an order of tens of thousands of events is a
 * black bar, and to find it takes longer than a frame. Those next to an instant are drawn, and it is said of how many.
 * Pure.
 */

/** Of events that are put in order at once; on wide drawings, as many as that. */
const orderedEventsMin = 400;
export const orderedEventsMax = 1_500;

/** As many events as can be put in order and told apart: about one a pixel, for lanes share them. */
export function orderedEvents(widthPx: number): number {
	return Math.min(orderedEventsMax, Math.max(orderedEventsMin, Math.round(widthPx / 50) * 50));
}

/** How much of the part comes after the instant, as far as there is as much: while time goes on, less. */
const aheadRatio = { playing: 0.2, standing: 0.5 } as const;

export interface Around {
	/** Events up to the instant, and after it. */
	readonly before: number;
	readonly after: number;
}

/** How many of either to take. @param there at least so many as could be taken */
export function partAround(there: Around, { countMax, isPlaying }: { readonly countMax: number; readonly isPlaying: boolean }): Around {
	const wantedAfter = Math.floor(countMax * (isPlaying ? aheadRatio.playing : aheadRatio.standing));
	// Where one side has fewer, the other has more.
	const after = Math.min(there.after, Math.max(wantedAfter, countMax - there.before));
	return { before: Math.min(there.before, countMax - after), after };
}

/** The instant around which a part is taken; where it is out of sight, the middle of what is in sight. */
export function aroundWithin(atUs: number, { fromUs, toUs }: { readonly fromUs: number; readonly toUs: number }): number {
	return atUs >= fromUs && atUs <= toUs ? atUs : Math.floor((fromUs + toUs) / 2);
}

/** Where in what is in sight a part lies. */
export type PartSide = "first" | "last" | "between";

export function sideOf(taken: Around, there: Around): PartSide {
	if (taken.after >= there.after) return "last";
	return taken.before >= there.before ? "first" : "between";
}

/** A part of an order has no measure of time: moved by a width of the drawing, it is as much further as it is long. */
export function movedUs(atUs: number, deltaPx: number, part: { readonly firstUs: number; readonly lastUs: number }, widthPx: number): number {
	return atUs + (deltaPx / Math.max(1, widthPx)) * (part.lastUs - part.firstUs);
}

/** The stretch of time that is in sight when somebody comes closer to a part: some of the part, the instant in it. */
export function closerStretch(
	part: { readonly firstUs: number; readonly lastUs: number },
	{ atUs, factor }: { readonly atUs: number; readonly factor: number },
): { readonly fromUs: number; readonly toUs: number } {
	const spanUs = Math.max(1, part.lastUs - part.firstUs) / factor;
	const fromUs = Math.max(part.firstUs, Math.min(atUs - spanUs / 2, part.lastUs - spanUs));
	return { fromUs, toUs: fromUs + spanUs };
}
