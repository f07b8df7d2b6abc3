/** How much a frame may hold, for every place it passes. Leans on nothing, so that the preload script can. Pure. */

/** A frame from the window; the largest is a part of an upload or a picture. */
export const windowFrameBytesMax = 4_194_304;
/** A frame from the lab; the largest is a page of events or a plan. */
export const labFrameBytesMax = 67_108_864;
