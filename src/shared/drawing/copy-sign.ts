/**
 * A message that a link has doubled is two: the copy lies on a second sheet, of which a corner is seen behind whatever
 * sign the message bears. Its form in the unit of all signs of messages, half of an envelope's width. Pure.
 */
import type { Point } from "./message-path.ts";

/** What is seen of the sheet, from the middle of the sign; right and down. */
export const sheetBehind: readonly Point[] = [
	{ x: -0.42, y: -0.6 },
	{ x: -0.42, y: -1.3 },
	{ x: 1.6, y: -1.3 },
	{ x: 1.6, y: 0.28 },
	{ x: 0.8, y: 0.28 },
];

/** How thick its edge is, and at least in pixels. */
export const sheetEdge = { ratio: 0.26, px: 1.7 };

/** What has become two arrows on the diagram lies so far from its middle on each side. */
export const twinPx = 2;
