/**
 * Every member sends its identity round the ring; who hears of a larger one passes it on, who hears of a
 * smaller one swallows it. The only identity that comes home is the largest. Then the news goes round.
 *
 * @source Chang and Roberts, An Improved Algorithm for Decentralized Extrema-Finding in Circular
 * Configurations of Processes (CACM 1979)
 */
import type { ElectionCore, ElectionMessage, ElectionOptions, ElectionPort } from "./election.ts";

export class RingElection implements ElectionCore {
	readonly #identity: number;
	readonly #members: number;
	readonly #port: ElectionPort;
	#round = 0;
	#leader: number | null = null;
	/** Has sent its own identity, or passed on a larger one. */
	#takesPart = false;

	constructor({ identity, members, port }: ElectionOptions) {
		this.#identity = identity;
		this.#members = members;
		this.#port = port;
	}

	get round(): number {
		return this.#round;
	}

	get leader(): number | null {
		return this.#leader;
	}

	get isElecting(): boolean {
		return this.#takesPart;
	}

	catchUp(round: number): void {
		if (round <= this.#round) return;
		this.#round = round;
		this.#leader = null;
		this.#takesPart = false;
	}

	start(): void {
		this.catchUp(this.#round + 1);
		this.#stand();
	}

	#stand(): void {
		this.#takesPart = true;
		this.#port.await("coordinator");
		this.#port.send(null, { kind: "election", round: this.#round, identity: this.#identity, hops: 1 });
	}

	receive(_from: number, message: ElectionMessage): void {
		const { kind, round } = message;
		if (round < this.#round) return;
		this.catchUp(round);
		if (kind === "election" && this.#leader === null) this.#candidate(message);
		else if (kind === "coordinator") this.#learn(message);
	}

	#candidate(message: ElectionMessage): void {
		if (message.identity === this.#identity) this.#win();
		else if (message.identity > this.#identity) {
			this.#takesPart = true;
			this.#port.await("coordinator");
			this.#passOn(message);
		} else if (!this.#takesPart) this.#stand();
	}

	#win(): void {
		this.#settle(this.#identity);
		this.#port.won();
		this.#port.send(null, { kind: "coordinator", round: this.#round, identity: this.#identity, hops: 1 });
		this.#port.settled();
	}

	#learn(message: ElectionMessage): void {
		const { identity } = message;
		if (identity === this.#identity) return;
		const isNews = this.#leader === null;
		this.#settle(identity);
		this.#passOn(message);
		if (isNews) this.#port.settled();
	}

	#settle(identity: number): void {
		this.#leader = identity;
		this.#takesPart = false;
		this.#port.stopWaiting();
	}

	#passOn(message: ElectionMessage): void {
		if (message.hops < this.#members) this.#port.send(null, { ...message, hops: message.hops + 1 });
	}

	/** The winner's message has died on the way. */
	timeout(): void {
		if (this.#takesPart) this.start();
	}
}
