/**
 * Looks from the main thread at a board on which handlers say where they are, and calls when one has
 * not returned for too long. Counts looks, not wall time alone: a machine that slept, or was busy
 * elsewhere, hangs nobody.
 */
import type { HandlerPlace, ProgressBoard } from "./progress-board.ts";

const looksAtLeast = 8;
const periodMsMax = 250;

/** @returns what ends the watch; it ends by itself when it calls */
export function watchHandlers(board: ProgressBoard, limitMs: number, onHung: (place: HandlerPlace) => void): () => void {
	const periodMs = Math.max(1, Math.min(periodMsMax, Math.floor(limitMs / looksAtLeast)));
	const looksMax = Math.ceil(limitMs / periodMs);
	let looks = 0;
	let last = -1;
	const timer = setInterval(() => {
		const place = board.read();
		looks = place !== null && place.count === last ? looks + 1 : 0;
		last = place?.count ?? -1;
		if (place === null || looks < looksMax) return;
		clearInterval(timer);
		onHung(place);
	}, periodMs);
	timer.unref();
	return () => clearInterval(timer);
}
