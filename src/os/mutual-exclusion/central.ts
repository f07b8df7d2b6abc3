/**
 * The coordinator keeps the queue: ask, be granted, release. Three messages an entry, none for the
 * coordinator itself. The coordinator is member 0; nobody replaces it.
 *
 * @source Tanenbaum and van Steen, Distributed Systems, 6.3: a centralized algorithm
 */
import type { MutexCore, MutexMessage, MutexOptions, MutexPort, RequestId } from "./algorithm.ts";

const coordinator = 0;

export class CentralMutex implements MutexCore {
	readonly #me: number;
	readonly #port: MutexPort;
	/** Own requests so far. */
	#number = 0;
	/** The coordinator's alone: who is in, and who waits, oldest first. */
	#inside: RequestId | null = null;
	#queue: RequestId[] = [];

	constructor({ me, port }: MutexOptions) {
		this.#me = me;
		this.#port = port;
	}

	request(): void {
		this.#number++;
		if (this.#me === coordinator) this.#ask({ number: this.#number, member: this.#me });
		else this.#port.send(coordinator, { kind: "request", number: this.#number });
	}

	release(): void {
		if (this.#me === coordinator) this.#free({ number: this.#number, member: this.#me });
		else this.#port.send(coordinator, { kind: "release", number: this.#number });
	}

	receive(from: number, { kind, number }: MutexMessage): void {
		if (kind === "request") this.#ask({ number, member: from });
		else if (kind === "release") this.#free({ number, member: from });
		else if (kind === "grant" && number === this.#number) {
			this.#port.consent(from, "given");
			this.#port.granted();
		}
	}

	#ask(request: RequestId): void {
		if (this.#inside === null) this.#grant(request);
		else this.#queue.push(request);
	}

	#free({ number, member }: RequestId): void {
		// A release that comes twice must not let a second one in.
		if (this.#inside?.member !== member || this.#inside.number !== number) return;
		this.#inside = null;
		const next = this.#queue.shift();
		if (next !== undefined) this.#grant(next);
	}

	#grant(request: RequestId): void {
		this.#inside = request;
		if (request.member === this.#me) this.#port.granted();
		else this.#port.send(request.member, { kind: "grant", number: request.number });
	}

	inspect() {
		if (this.#me !== coordinator) return { coordinator };
		return { coordinator, inside: this.#inside?.member ?? "nobody", waiting: this.#queue.map(({ member }) => member) };
	}
}
