/**
 * The highest member alive wins, and says so to all lower ones. To find out whether it is the highest, a member
 * asks all that are higher; who answers, takes over. It rests on time: an answer that is slower than the
 * timeout makes two leaders, as the paper's assumptions 8 and 9 say.
 *
 * @source Garcia-Molina, Elections in a Distributed Computing System (IEEE Trans. Computers 1982), section III;
 * the messages as in Tanenbaum and van Steen, Distributed Systems, 6.5
 */
import type { ElectionCore, ElectionMessage, ElectionMessageKind, ElectionOptions, ElectionPort } from "./election.ts";

export class BullyElection implements ElectionCore {
	readonly #me: number;
	readonly #identity: number;
	readonly #members: number;
	readonly #port: ElectionPort;
	readonly #waits: boolean;
	#round = 0;
	#leader: number | null = null;
	#state: "settled" | "asking" | "waiting" = "settled";

	constructor({ me, identity, members, port, mistake }: ElectionOptions) {
		this.#me = me;
		this.#identity = identity;
		this.#members = members;
		this.#port = port;
		this.#waits = mistake !== "impatient";
	}

	get round(): number {
		return this.#round;
	}

	get leader(): number | null {
		return this.#leader;
	}

	get isElecting(): boolean {
		return this.#state !== "settled";
	}

	catchUp(round: number): void {
		if (round <= this.#round) return;
		this.#round = round;
		this.#leader = null;
		this.#state = "settled";
	}

	start(): void {
		this.catchUp(this.#round + 1);
		this.#ask();
	}

	#ask(): void {
		this.#state = "asking";
		for (let higher = this.#me + 1; higher < this.#members; higher++) this.#send(higher, "election");
		if (this.#me === this.#members - 1 || !this.#waits) this.#win();
		else this.#port.await("answer");
	}

	#win(): void {
		this.#state = "settled";
		this.#leader = this.#identity;
		this.#port.stopWaiting();
		this.#port.won();
		for (let lower = 0; lower < this.#me; lower++) this.#send(lower, "coordinator");
		this.#port.settled();
	}

	receive(from: number, { kind, round, identity }: ElectionMessage): void {
		switch (kind) {
			case "election":
				this.#challenged(from, round);
				return;
			case "answer":
				if (round > this.#round) this.#port.stopWaiting();
				// Somebody higher goes on, perhaps in a higher round: its victory is due.
				if (this.#state !== "asking" && round <= this.#round) return;
				this.catchUp(round);
				this.#state = "waiting";
				this.#port.await("coordinator");
				return;
			case "coordinator":
				if (round < this.#round) return;
				this.catchUp(round);
				this.#state = "settled";
				this.#leader = identity;
				this.#port.stopWaiting();
				this.#port.settled();
				return;
		}
	}

	/** A lower member holds an election: it is told to wait, and this one takes over. */
	#challenged(from: number, round: number): void {
		this.catchUp(round);
		this.#send(from, "answer");
		// Once the round has a winner, the news of it is on its way to the challenger as well.
		if (this.#state === "settled" && this.#leader === null) this.#ask();
	}

	timeout(): void {
		if (this.#state === "asking") this.#win();
		// Whoever took over has died since.
		else if (this.#state === "waiting") this.start();
	}

	#send(to: number, kind: ElectionMessageKind): void {
		this.#port.send(to, { kind, round: this.#round, identity: this.#identity, hops: 1 });
	}
}
