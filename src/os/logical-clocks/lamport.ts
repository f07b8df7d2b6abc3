/**
 * Lamport's clock: a number that rises with every event and overtakes every message. What comes after
 * has a larger number; a larger number need not have come after. Pure.
 *
 * @source Lamport, Time, Clocks, and the Ordering of Events in a Distributed System (CACM 1978), rules IR1 and IR2
 */
export class LamportClock {
	#time = 0;

	get time(): number {
		return this.#time;
	}

	/** IR1: an event of the own. @returns its time */
	tick(): number {
		return ++this.#time;
	}

	/** IR2: a message with this time has come, which is an event too. @returns the event's time */
	receive(time: number): number {
		this.#time = Math.max(this.#time, time) + 1;
		return this.#time;
	}
}
