/**
 * Each node's own clock between the instants at which it was read: straight lines. What they show over a run, and
 * when a stretch of their time was. Pure.
 */
import type { TimeBounds } from "./time-scale.ts";

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

	/** What the middle one of the clocks shows: where an instant is, when it has to be at one place. */
	middleUs(atUs: number): number {
		const shown = this.#readings.nodes.map((node) => this.localUs(node, atUs)).sort((a, b) => a - b);
		return shown[Math.floor(shown.length / 2)] ?? atUs;
	}

	/** What the clocks that are farthest behind and ahead show at an instant. */
	spreadUs(atUs: number): { readonly fromUs: number; readonly toUs: number } {
		const shown = this.#readings.nodes.map((node) => this.localUs(node, atUs));
		return { fromUs: shown.reduce((least, us) => Math.min(least, us), atUs), toUs: shown.reduce((most, us) => Math.max(most, us), atUs) };
	}

	/** The instant at which the middle clock shows about this; clocks that are stepped show some twice, and some never. */
	instantUs(shownUs: number): number {
		return shownUs - (this.middleUs(shownUs) - shownUs);
	}

	/** What clocks show of a run: one that is behind shows instants before its beginning, one ahead instants after its end. */
	boundsOf({ startUs, endUs }: TimeBounds): TimeBounds {
		const { nodes, points, wallUs } = this.#readings;
		let [leastUs, aheadUs] = [startUs, 0];
		for (let i = 0; i < nodes.length * points; i++) {
			const us = wallUs[i] as number;
			leastUs = Math.min(leastUs, us);
			aheadUs = Math.max(aheadUs, us - this.#readAtUs(i % points));
		}
		return { startUs: leastUs, endUs: endUs + aheadUs };
	}

	/**
	 * The stretch of true time in which some clock showed an instant between two. Past the last reading clocks are
	 * taken to go on as they are.
	 * @returns the same stretch where no clock did
	 */
	trueStretch(fromUs: number, toUs: number): { readonly fromUs: number; readonly toUs: number } {
		const { nodes, points, wallUs, stepUs } = this.#readings;
		let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
		for (let row = 0; row < nodes.length && points >= 2 && stepUs > 0; row++) {
			for (let point = 0; point + 1 < points; point++) {
				const [a, b] = [wallUs[row * points + point] as number, wallUs[row * points + point + 1] as number];
				const ratios = ratiosWithin(a, b, fromUs, toUs, point + 2 === points);
				if (ratios === undefined) continue;
				const beganUs = this.#readAtUs(point);
				first = Math.min(first, beganUs + ratios[0] * stepUs);
				last = Math.max(last, beganUs + ratios[1] * stepUs);
			}
		}
		return first <= last ? { fromUs: first, toUs: last } : { fromUs, toUs };
	}

	#readAtUs(point: number): number {
		return this.#readings.fromUs + point * this.#readings.stepUs;
	}
}

/** Where between two readings (0..1, or beyond the second) a clock is within bounds. */
function ratiosWithin(a: number, b: number, from: number, to: number, isOpen: boolean): readonly [number, number] | undefined {
	if (a === b) return a >= from && a <= to ? [0, 1] : undefined;
	const [one, other] = [(from - a) / (b - a), (to - a) / (b - a)];
	const begins = Math.max(0, Math.min(one, other));
	const ends = Math.min(isOpen ? Number.POSITIVE_INFINITY : 1, Math.max(one, other));
	return begins <= ends ? [begins, ends] : undefined;
}
