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

/** @source FNV-1a, 32 bits */
export function checksumOf(content: Uint8Array): number {
	let hash = 2_166_136_261;
	for (const byte of content) hash = Math.imul(hash ^ byte, 16_777_619) >>> 0;
	return hash;
}

export function segmentContent(film: string, segment: number, bytes: number): Uint8Array {
	let state = 2_166_136_261 + segment;
	for (let index = 0; index < film.length; index++) state = Math.imul(state ^ film.charCodeAt(index), 16_777_619);
	const content = new Uint8Array(bytes);
	for (let at = 0; at < bytes; at++) {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		content[at] = state >>> 24;
	}
	return content;
}

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
