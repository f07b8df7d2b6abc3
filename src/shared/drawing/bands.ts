/**
 * Stretches of time in which something was broken, put together from the faults that began and ended
 * them: a node down or paused, the network in parts, a link cut. Pure.
 */

export interface BandFault {
	readonly atUs: number;
	readonly kind: string;
	readonly node: number;
}

export interface Band {
	readonly kind: "down" | "paused" | "partition";
	/** -1: all of them. */
	readonly node: number;
	readonly fromUs: number;
	/** Infinity while it lasts. */
	readonly toUs: number;
}

const begins: { readonly [kind: string]: Band["kind"] } = { nodeCrashed: "down", nodePaused: "paused", networkPartitioned: "partition" };
const ends: { readonly [kind: string]: readonly Band["kind"][] } = { nodeBooted: ["down", "paused"], nodeResumed: ["paused"], networkHealed: ["partition"] };

/** @param faults in the order of the log */
export function bandsOf(faults: readonly BandFault[]): readonly Band[] {
	const open = new Map<string, Band>();
	const bands: Band[] = [];
	const close = (kind: Band["kind"], node: number, toUs: number): void => {
		const key = `${kind} ${kind === "partition" ? -1 : node}`;
		const band = open.get(key);
		if (band === undefined) return;
		open.delete(key);
		bands.push({ ...band, toUs });
	};
	for (const { kind, node, atUs } of faults) {
		for (const ended of ends[kind] ?? []) close(ended, node, atUs);
		const begun = begins[kind];
		if (begun === undefined) continue;
		// A crash ends a pause, and a new partition the one before it.
		close(begun, node, atUs);
		if (begun === "down") close("paused", node, atUs);
		const where = begun === "partition" ? -1 : node;
		open.set(`${begun} ${where}`, { kind: begun, node: where, fromUs: atUs, toUs: Number.POSITIVE_INFINITY });
	}
	return [...bands, ...open.values()];
}
