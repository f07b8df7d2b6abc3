/** Places by causal order instead of by time: the ranks of Lamport stamps, evenly apart. Pure. */

export interface Stamped {
	readonly lamport: number;
	readonly index: number;
}

export interface CausalOrder {
	readonly stamps: readonly number[];
	/** 0..1 for a stamp that is in it; between its neighbours for one that is not. */
	ratioOf(lamport: number): number;
}

export function causalOrder(events: readonly Stamped[]): CausalOrder {
	const stamps = [...new Set(events.map(({ lamport }) => lamport))].sort((a, b) => a - b);
	const last = Math.max(1, stamps.length - 1);
	return {
		stamps,
		ratioOf: (lamport) => {
			let low = 0;
			let high = stamps.length;
			while (low < high) {
				const middle = (low + high) >>> 1;
				if ((stamps[middle] as number) < lamport) low = middle + 1;
				else high = middle;
			}
			return Math.min(1, low / last);
		},
	};
}
