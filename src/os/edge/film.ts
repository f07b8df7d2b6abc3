/**
 * What a film is here: segments of equal length, whose bytes follow from the film's name and the segment's number,
 * so that whoever judges a player knows what it ought to have shown. Pure.
 */

export type FilmShape = {
	readonly segments: number;
	readonly segmentUs: number;
	readonly segmentBytes: number;
};

/** What a player asks for first: the shape, and a sum for each segment. */
export type Manifest = FilmShape & { readonly checksums: readonly number[] };

export const segmentsMax = 10_000;
export const segmentBytesMax = 262_144;

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

export function isManifest(value: unknown): value is Manifest {
	if (typeof value !== "object" || value === null) return false;
	const { segments, segmentUs, segmentBytes, checksums } = value as { readonly [field: string]: unknown };
	const isCount = (number: unknown, most: number): boolean => Number.isSafeInteger(number) && (number as number) >= 1 && (number as number) <= most;
	if (!isCount(segments, segmentsMax) || !isCount(segmentUs, 3_600_000_000) || !isCount(segmentBytes, segmentBytesMax)) return false;
	return Array.isArray(checksums) && checksums.length === segments && checksums.every((sum) => Number.isSafeInteger(sum));
}
