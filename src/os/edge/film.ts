/**
 * What a film is here: segments of equal length, whose bytes follow from the film's name and the segment's number,
 * so that whoever judges a player knows what it ought to have shown. A film may be had in several renditions, each of
 * half the bit rate of the one before. Pure.
 */

export type FilmShape = {
	readonly segments: number;
	readonly segmentUs: number;
	readonly segmentBytes: number;
};

/** One way to see a film: how heavy a segment is, and a sum for each. */
export type Rendition = { readonly segmentBytes: number; readonly checksums: readonly number[] };

/** What a player asks for first: the shape and sums of the film as it was made, and of poorer renditions, best first. */
export type Manifest = FilmShape & Rendition & { readonly poorer?: readonly Rendition[] };

export const segmentsMax = 10_000;
export const segmentBytesMax = 262_144;
export const renditionsMax = 5;

/** @returns the shape of a film of this length, cut into whole segments */
export function shapeOf({
	lengthUs,
	segmentUs,
	bitsPerSecond,
}: {
	readonly lengthUs: number;
	readonly segmentUs: number;
	readonly bitsPerSecond: number;
}): FilmShape {
	const segmentBytes = Math.max(1, Math.floor((bitsPerSecond * segmentUs) / 8_000_000));
	return { segments: Math.max(1, Math.floor(lengthUs / segmentUs)), segmentUs, segmentBytes };
}

/** Bytes of a segment in a rendition. */
export function renditionBytes({ segmentBytes }: Pick<FilmShape, "segmentBytes">, rendition: number): number {
	let bytes = segmentBytes;
	for (let poorer = 0; poorer < rendition; poorer++) bytes = Math.max(1, Math.floor(bytes / 2));
	return bytes;
}

/** Best first. */
export function renditionsOf({ segmentBytes, checksums, poorer = [] }: Manifest): readonly Rendition[] {
	return [{ segmentBytes, checksums }, ...poorer];
}

/** Whole kilobits of one second of the film. */
export function kilobitsPerSecond(segmentBytes: number, segmentUs: number): number {
	return Math.round((segmentBytes * 8_000) / segmentUs);
}

export function isManifest(value: unknown): value is Manifest {
	if (typeof value !== "object" || value === null) return false;
	const { segments, segmentUs, poorer = [] } = value as { readonly [field: string]: unknown };
	if (!isCount(segments, segmentsMax) || !isCount(segmentUs, 3_600_000_000) || !isRendition(value, segments)) return false;
	return Array.isArray(poorer) && poorer.length < renditionsMax && poorer.every((rendition) => isRendition(rendition, segments));
}

function isCount(number: unknown, most: number): number is number {
	return Number.isSafeInteger(number) && (number as number) >= 1 && (number as number) <= most;
}

function isRendition(value: unknown, segments: number): value is Rendition {
	if (typeof value !== "object" || value === null) return false;
	const { segmentBytes, checksums } = value as { readonly [field: string]: unknown };
	return (
		isCount(segmentBytes, segmentBytesMax) && Array.isArray(checksums) && checksums.length === segments && checksums.every((sum) => Number.isSafeInteger(sum))
	);
}
