/**
 * How long a server's silence is borne. At first as long as the lab says; but a line that is full makes a server slow
 * and not dead, and to ask again before its answer has come would only fill the line more. So the patience follows
 * what answers took, and grows with each silence after the second. Pure.
 *
 * @source RFC 6298, Computing TCP's Retransmission Timer: sections 2 (it follows what is measured) and 5.5 (it backs off)
 */

/** In units of what the lab says. */
const growthMax = 8;
/** A patience is so many times what the last answer took. */
const margin = 2;

export class Silence {
	readonly #leastUs: number;
	#server = "";
	#patienceUs: number;
	#silences = 0;

	constructor(leastUs: number) {
		this.#leastUs = leastUs;
		this.#patienceUs = leastUs;
	}

	/** How long this server is waited for now. Another one than before begins afresh. */
	timeoutUs(server: string): number {
		if (server !== this.#server) {
			this.#server = server;
			this.#patienceUs = this.#leastUs;
			this.#silences = 0;
		}
		return this.#patienceUs;
	}

	answered(server: string, tookUs: number): void {
		if (server !== this.#server) return;
		this.#silences = 0;
		this.#patienceUs = this.#within(margin * tookUs);
	}

	/** The first silence may be a death, and the next try goes to somebody else if the name means somebody else by then. */
	fell(server: string): void {
		if (server !== this.#server) return;
		this.#silences++;
		if (this.#silences > 1) this.#patienceUs = this.#within(margin * this.#patienceUs);
	}

	#within(us: number): number {
		return Math.min(growthMax * this.#leastUs, Math.max(this.#leastUs, us));
	}
}
