/**
 * Rows of the strip above the lanes, in which faults that are no single node's lie as bars: a row holds what
 * does not overlap, and a band keeps its row wherever the diagram is moved to. Pure.
 */
import { type Band, isOfNode } from "./bands.ts";

export interface BandStrip {
	/** Row of a band; one that found no row is in none. */
	readonly rows: ReadonlyMap<Band, number>;
	/** Rows there are, the one of those without a row included. */
	readonly rowCount: number;
	/** Bands without a row of their own: shown as how many. */
	readonly heaped: readonly Band[];
}

export const stripRowPx = 17;

/** How high the strip is, with a little air below it; nothing where there is nothing to show. */
export function stripHeightPx({ rowCount }: BandStrip): number {
	return rowCount === 0 ? 0 : rowCount * stripRowPx + 4;
}

export const emptyStrip: BandStrip = { rows: new Map(), rowCount: 0, heaped: [] };

/** @param bands in the order of their beginnings; @param rowsMax with more at once, the last row holds how many */
export function stripOf(bands: readonly Band[], rowsMax: number): BandStrip {
	const ofLinks = bands.filter((band) => !isOfNode(band));
	const all = pack(ofLinks, ofLinks.length);
	if (all.rowCount <= rowsMax) return { ...all, heaped: [] };
	const fewer = pack(ofLinks, Math.max(0, rowsMax - 1));
	return { ...fewer, rowCount: fewer.rowCount + 1, heaped: ofLinks.filter((band) => !fewer.rows.has(band)) };
}

/** By order a fault of the network has no place: a row says how many there are. */
export function stripByOrder(bands: readonly Band[]): BandStrip {
	const heaped = bands.filter((band) => !isOfNode(band));
	return heaped.length === 0 ? emptyStrip : { rows: new Map(), rowCount: 1, heaped };
}

function pack(bands: readonly Band[], rowsMax: number): { readonly rows: ReadonlyMap<Band, number>; readonly rowCount: number } {
	const rows = new Map<Band, number>();
	const freeFromUs: number[] = [];
	for (const band of bands) {
		const free = freeFromUs.findIndex((fromUs) => fromUs <= band.fromUs);
		const row = free >= 0 ? free : freeFromUs.length;
		if (row >= rowsMax) continue;
		freeFromUs[row] = band.toUs ?? Number.POSITIVE_INFINITY;
		rows.set(band, row);
	}
	return { rows, rowCount: freeFromUs.length };
}

/** Stretches in which some of the heaped bands last, and how many at most at once. */
export function heapsOf(bands: readonly Band[]): readonly { readonly fromUs: number; readonly toUs: number | null; readonly count: number }[] {
	const heaps: { fromUs: number; toUs: number | null; count: number }[] = [];
	for (const { fromUs, toUs } of bands) {
		const last = heaps.at(-1);
		if (last !== undefined && (last.toUs === null || fromUs <= last.toUs)) {
			last.toUs = toUs === null || last.toUs === null ? null : Math.max(last.toUs, toUs);
			last.count++;
		} else heaps.push({ fromUs, toUs, count: 1 });
	}
	return heaps;
}
