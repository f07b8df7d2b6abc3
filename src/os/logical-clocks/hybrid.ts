/**
 * Hybrid logical clocks: a time close to the physical one that never contradicts cause and effect. `physicalUs`
 * is the latest time that any event of the causal past believed in, `count` tells apart what shares it. Pure.
 *
 * @source Kulkarni, Demirbas, Madappa, Avva and Leone, Logical Physical Clocks (OPODIS 2014), figure 5
 */
export interface HybridTime {
	readonly physicalUs: number;
	readonly count: number;
}

export function compareHybrid(a: HybridTime, b: HybridTime): number {
	return a.physicalUs - b.physicalUs || a.count - b.count;
}

export class HybridClock {
	#time: HybridTime = { physicalUs: 0, count: 0 };

	get time(): HybridTime {
		return this.#time;
	}

	/** An event of the own, or a message sent, at this reading of the node's wall clock. */
	tick(wallUs: number): HybridTime {
		const { physicalUs, count } = this.#time;
		this.#time = wallUs > physicalUs ? { physicalUs: wallUs, count: 0 } : { physicalUs, count: count + 1 };
		return this.#time;
	}

	/** A message with this time has come. */
	receive(message: HybridTime, wallUs: number): HybridTime {
		const own = this.#time;
		const physicalUs = Math.max(own.physicalUs, message.physicalUs, wallUs);
		let count = 0;
		if (physicalUs === own.physicalUs) count = own.count + 1;
		if (physicalUs === message.physicalUs) count = Math.max(count, message.count + 1);
		this.#time = { physicalUs, count };
		return this.#time;
	}
}
