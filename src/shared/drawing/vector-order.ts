/**
 * Vector clocks of the events in sight: each node counts its own, and takes over what a message brings. An
 * event lies behind another exactly if its clock is nowhere less; when neither does, they are concurrent.
 * What is out of sight counts as nothing, so clocks begin at one where the picture begins. Pure.
 *
 * @source Fidge (1988), Mattern (1989)
 */

export interface OrderedEvent {
	readonly index: number;
	readonly node: number;
}

/** From a sending to its delivery. */
export interface Edge {
	readonly sentIndex: number;
	readonly endIndex: number;
}

/** @param events in the order of the log; @returns each event's clock by its index, an entry a node */
export function vectorClocks(events: readonly OrderedEvent[], edges: readonly Edge[], nodeCount: number): ReadonlyMap<number, Uint32Array> {
	const sendingOf = new Map(edges.flatMap(({ sentIndex, endIndex }) => (endIndex < 0 ? [] : [[endIndex, sentIndex] as const])));
	const clocks = new Map<number, Uint32Array>();
	const latest: (Uint32Array | undefined)[] = [];
	for (const { index, node } of events) {
		if (node < 0 || node >= nodeCount) continue;
		const clock = latest[node]?.slice() ?? new Uint32Array(nodeCount);
		const sent = clocks.get(sendingOf.get(index) ?? -1);
		if (sent !== undefined) for (let i = 0; i < nodeCount; i++) clock[i] = Math.max(clock[i] as number, sent[i] as number);
		clock[node] = (clock[node] as number) + 1;
		latest[node] = clock;
		clocks.set(index, clock);
	}
	return clocks;
}

/** How many events lie in its past, itself included: it grows along every causal path. */
export function weightOf(clock: Uint32Array): number {
	return clock.reduce((sum, count) => sum + count, 0);
}

/** As people write it; what is nothing at the end is left out. */
export function clockText(clock: Uint32Array, shownNodes: readonly number[]): string {
	return `(${shownNodes.map((node) => clock[node] ?? 0).join(" ")})`;
}
