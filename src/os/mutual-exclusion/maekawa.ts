/**
 * A quorum must agree. Each member is also an arbiter that gives its one vote to one request at a time.
 * Votes given in the wrong order would end in deadlock: so an arbiter that hears of an earlier request
 * inquires whether its vote is still needed, and who cannot win for now yields it.
 *
 * @source Maekawa, A sqrt(N) Algorithm for Mutual Exclusion in Decentralized Systems (TOCS 1985), section 3
 * @source Sanders, The Information Structure of Distributed Mutual Exclusion Algorithms (TOCS 1987): who is
 * overtaken in an arbiter's queue must be told `failed` as well, or the deadlock comes back
 */
import { type MutexCore, type MutexMessage, type MutexOptions, type MutexPort, precedes, type RequestId } from "./algorithm.ts";
import { quorumOf } from "./quorums.ts";

function isSame(a: RequestId | null, b: RequestId): boolean {
	return a !== null && a.number === b.number && a.member === b.member;
}

/** The vote of one member. */
class Arbiter {
	readonly #inquires: boolean;
	readonly #tell: (to: number, message: MutexMessage) => void;
	/** Who has the vote. */
	#locked: RequestId | null = null;
	#inquired = false;
	/** Who waits for it, earliest first. */
	readonly #queue: RequestId[] = [];

	constructor(inquires: boolean, tell: (to: number, message: MutexMessage) => void) {
		this.#inquires = inquires;
		this.#tell = tell;
	}

	request(request: RequestId): void {
		const locked = this.#locked;
		if (locked === null) {
			this.#lock(request);
			return;
		}
		const first = this.#queue[0];
		this.#enqueue(request);
		const isEarliest = precedes(request, locked) && (first === undefined || precedes(request, first));
		if (!isEarliest) {
			this.#send("failed", request);
			return;
		}
		// The one that was to be next has been overtaken.
		if (first !== undefined && precedes(first, locked)) this.#send("failed", first);
		if (this.#inquired || !this.#inquires) return;
		this.#inquired = true;
		this.#send("inquire", locked);
	}

	yielded(request: RequestId): void {
		if (!isSame(this.#locked, request)) return;
		this.#enqueue(request);
		this.#lock(this.#queue.shift() as RequestId);
	}

	released(request: RequestId): void {
		if (!isSame(this.#locked, request)) return;
		const next = this.#queue.shift();
		if (next === undefined) this.#locked = null;
		else this.#lock(next);
	}

	#enqueue(request: RequestId): void {
		let at = this.#queue.length;
		while (at > 0 && precedes(request, this.#queue[at - 1] as RequestId)) at--;
		this.#queue.splice(at, 0, request);
	}

	#lock(request: RequestId): void {
		this.#locked = request;
		this.#inquired = false;
		this.#send("grant", request);
	}

	#send(kind: "grant" | "failed" | "inquire", { member, number }: RequestId): void {
		this.#tell(member, { kind, number });
	}

	inspect() {
		return { voteOf: this.#locked?.member ?? "nobody", waiting: this.#queue.map(({ member }) => member) };
	}
}

export class MaekawaMutex implements MutexCore {
	readonly #me: number;
	readonly #port: MutexPort;
	readonly #arbiter: Arbiter;
	readonly quorum: readonly number[];
	#highest = 0;
	#own: RequestId | null = null;
	#isInside = false;
	readonly #votes = new Set<number>();
	/** Arbiters that gave their vote to somebody earlier, or got it back. */
	readonly #failed = new Set<number>();
	/** Arbiters that want to know whether their vote is still needed. */
	readonly #inquiries = new Set<number>();
	/** Messages to the member itself, handled in turn. */
	readonly #loop: MutexMessage[] = [];
	#isLooping = false;

	constructor({ me, members, port, mistake }: MutexOptions) {
		this.#me = me;
		this.#port = port;
		this.quorum = mistake === "split-quorums" ? [me] : quorumOf(me, members);
		this.#arbiter = new Arbiter(mistake !== "no-inquiry", this.#tell);
	}

	request(): void {
		this.#own = { number: ++this.#highest, member: this.#me };
		this.#toQuorum("request");
	}

	release(): void {
		this.#isInside = false;
		this.#votes.clear();
		this.#failed.clear();
		this.#inquiries.clear();
		this.#toQuorum("release");
		this.#own = null;
	}

	#toQuorum(kind: "request" | "release"): void {
		const number = this.#own?.number ?? 0;
		for (const arbiter of this.quorum) this.#tell(arbiter, { kind, number });
	}

	#tell = (to: number, message: MutexMessage): void => {
		if (to !== this.#me) {
			this.#port.send(to, message);
			return;
		}
		this.#loop.push(message);
		if (this.#isLooping) return;
		this.#isLooping = true;
		for (let next = this.#loop.shift(); next !== undefined; next = this.#loop.shift()) this.receive(this.#me, next);
		this.#isLooping = false;
	};

	receive(from: number, { kind, number }: MutexMessage): void {
		this.#highest = Math.max(this.#highest, number);
		const request = { number, member: from };
		if (kind === "request") this.#arbiter.request(request);
		else if (kind === "release") this.#arbiter.released(request);
		else if (kind === "yield") this.#arbiter.yielded(request);
		else if (number === this.#own?.number && !this.#isInside) this.#hear(from, kind);
	}

	/** What an arbiter says of the own request. Once inside, the release answers every inquiry. */
	#hear(arbiter: number, kind: MutexMessage["kind"]): void {
		if (kind === "grant") {
			this.#votes.add(arbiter);
			this.#failed.delete(arbiter);
			this.#port.consent(arbiter, "given");
		} else if (kind === "failed") {
			this.#failed.add(arbiter);
			this.#port.consent(arbiter, "refused");
		} else if (kind === "inquire") {
			this.#inquiries.add(arbiter);
			if (this.#votes.has(arbiter)) this.#port.consent(arbiter, "asked-back");
		}
		if (this.#votes.size === this.quorum.length) {
			this.#isInside = true;
			this.#inquiries.clear();
			this.#port.granted();
		} else this.#yieldIfHopeless();
	}

	/** Whoever lacks a vote that went to somebody earlier gives back the votes that are asked for. */
	#yieldIfHopeless(): void {
		for (const arbiter of [...this.#inquiries]) {
			if (this.#failed.size === 0 || !this.#votes.delete(arbiter)) continue;
			this.#inquiries.delete(arbiter);
			this.#failed.add(arbiter);
			this.#port.consent(arbiter, "given-back");
			this.#tell(arbiter, { kind: "yield", number: this.#own?.number ?? 0 });
		}
	}

	inspect() {
		return { quorum: this.quorum, votes: [...this.#votes], ...this.#arbiter.inspect() };
	}
}
