/** A program's randomness: one counter-based stream a node, continued across its restarts. */
import { sampleExponential, sampleNormal } from "../distributions/samplers.ts";
import type { Random } from "../node-api.ts";
import { belowOf, purposes, ratioOf } from "../random.ts";
import type { Machine } from "./machine.ts";

export class ProgramRandom implements Random {
	readonly #machine: Machine;

	constructor(machine: Machine) {
		this.#machine = machine;
	}

	below(below: number): number {
		return belowOf(this.#word(), below);
	}

	ratio(): number {
		return ratioOf(this.#word());
	}

	chance(ratio: number): boolean {
		return this.ratio() < ratio;
	}

	exponential(mean: number): number {
		return sampleExponential(mean, this.#word());
	}

	normal(mean: number, deviation: number): number {
		return sampleNormal(mean, deviation, this.#word());
	}

	/** @source Fisher and Yates, in Durstenfeld's form */
	shuffle<T>(items: readonly T[]): T[] {
		const shuffled = [...items];
		for (let last = shuffled.length - 1; last > 0; last--) {
			const other = this.below(last + 1);
			[shuffled[last], shuffled[other]] = [shuffled[other] as T, shuffled[last] as T];
		}
		return shuffled;
	}

	pick<T>(items: readonly T[]): T {
		return items[this.below(items.length)] as T;
	}

	#word(): number {
		const { philox, node, sequences } = this.#machine;
		philox.draw(purposes.program, node, ++sequences.draw, 0);
		return philox.w0;
	}
}
