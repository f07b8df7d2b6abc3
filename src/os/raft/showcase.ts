/**
 * States for the window what a class watches of a server: role, term, vote, a leader's marks of its
 * followers, and a silence that has lasted. Few events: a fact when something changed, marks no oftener
 * than heartbeats. Nothing rests on these facts; what the properties are judged by is in witness.ts. Pure.
 *
 * Must not know: disk, network, state machine.
 */
import type { Alarm, NodeContext } from "../../core/node-api.ts";
import type { Raft } from "./raft.ts";
import type { RaftOptions } from "./types.ts";

const names = { server: "raft.server", marks: "raft.marks", waiting: "raft.waiting" } as const;
const silenceTimer = "raft.silence";

export const showcaseNames: readonly string[] = [...Object.values(names), silenceTimer];

/** `votes`: who granted theirs, while it runs for leader or leads. `quorum`: how many are enough. */
export type ServerFact = {
	readonly role: string;
	readonly term: number;
	readonly vote: string | null;
	readonly leader: string | null;
	readonly votes: readonly string[];
	readonly quorum: number;
};
export type MarksFact = { readonly followers: readonly (readonly [node: string, match: number, next: number])[] };
/** No word of a leader for half an election timeout: unless one is heard, it runs for leader in `inUs` on its own clock. */
export type WaitingFact = { readonly inUs: number };

type RaftView = Pick<Raft, "role" | "term" | "vote" | "leader" | "votes" | "quorum" | "wakeUs" | "progress">;

export class Showcase {
	readonly #ctx: NodeContext;
	readonly #options: RaftOptions;
	readonly #silence: Alarm;
	#server = "";
	#marks = "";
	#marksUs = Number.NEGATIVE_INFINITY;
	#wakeUs = Number.POSITIVE_INFINITY;
	#isWaiting = false;

	constructor(ctx: NodeContext, options: RaftOptions) {
		this.#ctx = ctx;
		this.#options = options;
		this.#silence = ctx.alarm(silenceTimer, () => this.#wait());
	}

	/** After everything that may have changed something. */
	show(raft: RaftView): void {
		this.#showServer(raft);
		this.#showMarks(raft);
		this.#watchSilence(raft);
	}

	#showServer({ role, term, vote, leader, votes, quorum }: RaftView): void {
		const fact: ServerFact = { role, term, vote, leader, votes: [...votes].sort(), quorum };
		const said = JSON.stringify(fact);
		if (said === this.#server) return;
		this.#server = said;
		this.#ctx.fact(names.server, fact);
	}

	/** What is left out is stated with the next heartbeat. */
	#showMarks(raft: RaftView): void {
		const nowUs = this.#ctx.monoUs();
		if (nowUs - this.#marksUs < this.#options.heartbeatUs && raft.role === "leader") return;
		const fact: MarksFact = { followers: raft.progress().map(({ node, match, next }) => [node, match, next] as const) };
		const said = fact.followers.length === 0 ? "" : JSON.stringify(fact);
		if (said === this.#marks) return;
		this.#marks = said;
		this.#marksUs = nowUs;
		this.#ctx.fact(names.marks, said === "" ? { gone: true } : fact);
	}

	/** A deadline that moves is a leader that was heard: only a silence is worth a word. */
	#watchSilence({ role, wakeUs }: RaftView): void {
		const deadlineUs = role === "leader" ? Number.POSITIVE_INFINITY : wakeUs;
		if (deadlineUs === this.#wakeUs) return;
		this.#wakeUs = deadlineUs;
		if (this.#isWaiting) this.#ctx.fact(names.waiting, { gone: true });
		this.#isWaiting = false;
		if (deadlineUs === Number.POSITIVE_INFINITY) this.#silence.stop();
		else this.#silence.set(Math.max(0, deadlineUs - this.#ctx.monoUs() - Math.floor(this.#options.electionUs / 2)));
	}

	#wait(): void {
		const fact: WaitingFact = { inUs: Math.max(0, this.#wakeUs - this.#ctx.monoUs()) };
		this.#isWaiting = true;
		this.#ctx.fact(names.waiting, fact);
	}
}
