/**
 * One token goes round; who has it may enter. Between 0 and any number of hops an entry: N when all
 * others are passed by in vain. The token counts its hops, so that a second copy of an old token,
 * made by a network that duplicates, is known and thrown away.
 *
 * @source Le Lann, Distributed systems: towards a formal approach (1977)
 */
import type { MutexCore, MutexMessage, MutexOptions, MutexPort } from "./algorithm.ts";

export class TokenRingMutex implements MutexCore {
	readonly #me: number;
	readonly #members: number;
	readonly #port: MutexPort;
	readonly #isNumbered: boolean;
	/** Who makes a token: one member, if all is well. */
	readonly #makers: readonly number[];
	#wants = false;
	#holds = false;
	#hops = 0;
	/** Hops of the token since somebody entered. */
	#idleHops = 0;

	constructor({ me, members, port, mistake }: MutexOptions) {
		this.#me = me;
		this.#members = members;
		this.#port = port;
		this.#isNumbered = mistake !== "unnumbered-token";
		this.#makers = mistake === "two-tokens" ? [0, Math.floor(members / 2)] : [0];
	}

	begin(): void {
		if (this.#makers.includes(this.#me)) this.#arrive({ kind: "token", number: 1, idleHops: 0 });
	}

	request(): void {
		this.#wants = true;
		// Alone on its ring, a member keeps the token.
		if (this.#holds) this.#port.granted(0);
	}

	release(): void {
		this.#wants = false;
		this.#pass();
	}

	receive(_from: number, token: MutexMessage): void {
		if (token.kind !== "token" || (this.#isNumbered && token.number <= this.#hops)) return;
		this.#arrive(token);
	}

	#arrive({ number, idleHops = 0 }: MutexMessage): void {
		// A second token cannot be told from the first while the first is here.
		if (this.#holds) return;
		this.#hops = number;
		this.#holds = true;
		this.#idleHops = this.#wants ? 0 : idleHops;
		if (this.#wants) this.#port.granted(idleHops);
		else this.#pass();
	}

	#pass(): void {
		if (this.#members === 1) return;
		this.#holds = false;
		this.#port.send((this.#me + 1) % this.#members, { kind: "token", number: this.#hops + 1, idleHops: this.#idleHops + 1 });
	}

	inspect() {
		return { holdsToken: this.#holds, hops: this.#hops };
	}
}
