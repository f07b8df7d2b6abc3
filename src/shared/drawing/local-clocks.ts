/** Each node's own clock between the instants at which it was read: straight lines. Pure. */

export interface ClockReadings {
	readonly fromUs: number;
	readonly stepUs: number;
	readonly points: number;
	readonly nodes: readonly number[];
	/** Node after node. */
	readonly wallUs: Float64Array;
}

export class LocalClocks {
	readonly #readings: ClockReadings;
	readonly #rows: ReadonlyMap<number, number>;

	constructor(readings: ClockReadings) {
		this.#readings = readings;
		this.#rows = new Map(readings.nodes.map((node, row) => [node, row]));
	}

	/** What the node's clock shows; true time for a node that was not read. */
	localUs(node: number, atUs: number): number {
		const { fromUs, stepUs, points, wallUs } = this.#readings;
		const row = this.#rows.get(node);
		if (row === undefined || points < 2 || stepUs <= 0) return atUs;
		const place = (atUs - fromUs) / stepUs;
		const left = Math.min(points - 2, Math.max(0, Math.floor(place)));
		const first = wallUs[row * points + left] ?? atUs;
		const second = wallUs[row * points + left + 1] ?? atUs;
		return first + (second - first) * (place - left);
	}
}
