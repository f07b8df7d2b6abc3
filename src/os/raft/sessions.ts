/**
 * Exactly once: a state machine in front of the real one that remembers what each client has been
 * answered, so that a command which arrives twice, even by way of two leaders, takes effect once.
 * Part of the replicated state: every server decides alike. Pure.
 *
 * @source thesis 6.3 (client sessions, with several commands of a client under way)
 */
import type { PlainValue } from "../../shared/codec.ts";

/** What a replicated service is: commands in, answers out, the same on every server. */
export interface StateMachine {
	apply(command: PlainValue): PlainValue;
	save(): PlainValue;
	restore(data: PlainValue): void;
}

export type SessionCommand =
	| { readonly kind: "open" }
	| {
			readonly kind: "run";
			readonly session: number;
			/** Counts the client's commands, from 1. */
			readonly sequence: number;
			/** The client has its answers to all commands up to this one. */
			readonly answered: number;
			readonly command: PlainValue;
	  };

export type SessionAnswer =
	| { readonly kind: "opened"; readonly session: number }
	| { readonly kind: "answer"; readonly value: PlainValue }
	/** The session is unknown: it was too long unused. */
	| { readonly kind: "expired" };

interface Session {
	answered: number;
	readonly answers: Map<number, PlainValue>;
}

/** The least recently used session goes when there are more; the same on every server, as the log decides. */
const sessionsMax = 1_000;

export class SessionMachine {
	readonly #machine: StateMachine;
	/** Least recently used first. */
	#sessions = new Map<number, Session>();

	constructor(machine: StateMachine) {
		this.#machine = machine;
	}

	get size(): number {
		return this.#sessions.size;
	}

	/** @param index of the entry in the log: names a session that it opens */
	apply(index: number, command: SessionCommand): SessionAnswer {
		if (command.kind === "open") {
			this.#use(index, { answered: 0, answers: new Map() });
			return { kind: "opened", session: index };
		}
		const session = this.#sessions.get(command.session);
		if (session === undefined) return { kind: "expired" };
		this.#use(command.session, session);
		const known = session.answers.get(command.sequence);
		if (known !== undefined) return { kind: "answer", value: known };
		// Answered, and the client said it knows: a copy that lost its way.
		if (command.sequence <= session.answered) return { kind: "answer", value: null };
		const value = this.#machine.apply(command.command);
		session.answers.set(command.sequence, value);
		session.answered = Math.max(session.answered, command.answered);
		for (const sequence of session.answers.keys()) if (sequence <= session.answered) session.answers.delete(sequence);
		return { kind: "answer", value };
	}

	save(): PlainValue {
		const sessions = [...this.#sessions].map(([id, { answered, answers }]) => [id, answered, [...answers].map(([sequence, value]) => [sequence, value])]);
		return { machine: this.#machine.save(), sessions };
	}

	restore(data: PlainValue): void {
		const { machine, sessions } = data as { machine: PlainValue; sessions: readonly [number, number, readonly [number, PlainValue][]][] };
		this.#machine.restore(machine);
		this.#sessions = new Map(sessions.map(([id, answered, answers]) => [id, { answered, answers: new Map(answers) }]));
	}

	#use(id: number, session: Session): void {
		this.#sessions.delete(id);
		this.#sessions.set(id, session);
		if (this.#sessions.size <= sessionsMax) return;
		for (const oldest of this.#sessions.keys()) {
			this.#sessions.delete(oldest);
			break;
		}
	}
}
