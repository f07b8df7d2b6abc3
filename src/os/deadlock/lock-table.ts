/**
 * The resource of one member: who holds it, who waits, first come first served. Whoever waits is told who
 * holds it, and again whenever that changes, since edges are what probes run along. Pure.
 */
export interface LockPort {
	grant(member: number, wait: number): void;
	/** Tells a waiting member whom it waits for. */
	holder(member: number, wait: number, holder: number): void;
}

interface Claim {
	readonly member: number;
	readonly wait: number;
}

export class Lock {
	readonly #port: LockPort;
	#held: Claim | null = null;
	#queue: Claim[] = [];

	constructor(port: LockPort) {
		this.#port = port;
	}

	get holder(): number | null {
		return this.#held?.member ?? null;
	}

	get waiting(): readonly number[] {
		return this.#queue.map(({ member }) => member);
	}

	request(member: number, wait: number): void {
		const held = this.#held;
		if (held === null) {
			this.#give({ member, wait });
			return;
		}
		if (held.member === member || this.#queue.some((claim) => claim.member === member && claim.wait === wait)) return;
		this.#queue.push({ member, wait });
		this.#port.holder(member, wait, held.member);
	}

	/** Gives back what the member holds, or takes its claim out of the queue. */
	release(member: number): void {
		this.#queue = this.#queue.filter((claim) => claim.member !== member);
		if (this.#held?.member !== member) return;
		this.#held = null;
		const next = this.#queue.shift();
		if (next === undefined) return;
		this.#give(next);
		for (const { member: other, wait } of this.#queue) this.#port.holder(other, wait, next.member);
	}

	#give(claim: Claim): void {
		this.#held = claim;
		this.#port.grant(claim.member, claim.wait);
	}
}
