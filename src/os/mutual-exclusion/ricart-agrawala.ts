/**
 * Everybody must agree: a request goes to all others, who answer at once unless they are in, or want in
 * and asked earlier; then they answer when they leave. 2(N-1) messages an entry, and no fewer.
 *
 * @source Ricart and Agrawala, An Optimal Algorithm for Mutual Exclusion in Computer Networks (CACM 1981)
 */
import { type MutexCore, type MutexMessage, type MutexOptions, type MutexPort, precedes, type RequestId } from "./algorithm.ts";

export class RicartAgrawalaMutex implements MutexCore {
	readonly #me: number;
	readonly #others: readonly number[];
	readonly #port: MutexPort;
	readonly #defers: boolean;
	/** The highest number seen in any request. */
	#highest = 0;
	/** The own request, from asking to leaving. */
	#own: RequestId | null = null;
	/** Whose answer is missing. */
	readonly #awaited = new Set<number>();
	/** Who is answered on leaving. */
	#deferred: RequestId[] = [];

	constructor({ me, members, port, mistake }: MutexOptions) {
		this.#me = me;
		this.#others = Array.from({ length: members }, (_, member) => member).filter((member) => member !== me);
		this.#port = port;
		this.#defers = mistake !== "never-defer";
	}

	request(): void {
		const own = { number: ++this.#highest, member: this.#me };
		this.#own = own;
		for (const other of this.#others) this.#awaited.add(other);
		for (const other of this.#others) this.#port.send(other, { kind: "request", number: own.number });
		if (this.#others.length === 0) this.#port.granted();
	}

	release(): void {
		const deferred = this.#deferred;
		this.#own = null;
		this.#deferred = [];
		for (const { member, number } of deferred) this.#port.send(member, { kind: "reply", number });
	}

	receive(from: number, { kind, number }: MutexMessage): void {
		if (kind === "request") this.#answer({ number, member: from });
		else if (kind === "reply" && number === this.#own?.number && this.#awaited.delete(from)) this.#heard(from);
	}

	/** One answer of the N-1; the last one opens the door. */
	#heard(from: number): void {
		this.#port.consent(from, "given");
		if (this.#awaited.size === 0) this.#port.granted();
	}

	#answer(request: RequestId): void {
		this.#highest = Math.max(this.#highest, request.number);
		const defer = this.#defers && this.#own !== null && precedes(this.#own, request);
		if (defer) this.#deferred.push(request);
		else this.#port.send(request.member, { kind: "reply", number: request.number });
	}

	inspect() {
		return { highestNumber: this.#highest, awaiting: [...this.#awaited], deferred: this.#deferred.map(({ member }) => member) };
	}
}
