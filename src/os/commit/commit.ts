/**
 * Atomic commitment: the first member coordinates transactions, all others take part. With two phases a
 * coordinator that dies at the wrong moment leaves everybody waiting, what they promised locked; with three
 * they can go on without it, as long as the network is whole; by Paxos they can as long as a majority is.
 */
import type { Inspection, Message, NodeContext, Service, ServiceDefinition, Task } from "../../core/node-api.ts";
import type { MessageShapes } from "../../shared/body-shape.ts";
import { type Group, groupOf } from "../group/group.ts";
import { type CommitConfig, readCommitConfig } from "./config.ts";
import {
	Coordinator,
	decideMessage,
	messagesMeasure,
	periodTimer,
	precommitMessage,
	prepareMessage,
	retryTimer,
	stateMessage,
	transactionSpan,
} from "./coordinator.ts";
import { begunFact, commitInvariants, decidedFact, doneFact, precommittedFact, votedFact } from "./invariants.ts";
import { CommitLog } from "./log.ts";
import { inDoubtMeasure, inDoubtSpan, Participant } from "./participant.ts";
import { acceptedMessage, ballotMessage, ballotTimer, PaxosCommit, paxosBodies, proposeMessage, voteMessage } from "./paxos.ts";
import { type CommitProtocol, messagesPerTransaction, type Outcome } from "./protocol.ts";

const serviceName = "commit";
/** Of N-1 participants, acknowledgements included. */
const formulas: { readonly [Protocol in CommitProtocol]: string } = {
	"two-phase": "4 (N-1)",
	"three-phase": "6 (N-1)",
	paxos: "N (F+3) - 2 + N-1",
};

class CommitMember {
	readonly #config: CommitConfig;
	readonly #group: Group;
	readonly #log: CommitLog;
	readonly #coordinator: Coordinator | null;
	readonly #participant: Participant | null;
	readonly #paxos: PaxosCommit | null;
	/** Nothing is answered before the log has been read. */
	#isReady = false;
	readonly #ctx: NodeContext;

	constructor(ctx: NodeContext, config: CommitConfig) {
		this.#ctx = ctx;
		this.#config = config;
		this.#group = groupOf(ctx, serviceName);
		this.#log = new CommitLog(ctx);
		this.#paxos = config.protocol === "paxos" ? new PaxosCommit(ctx, config, this.#group.names) : null;
		const isCoordinator = this.#group.me === 0;
		this.#coordinator = isCoordinator ? new Coordinator(ctx, config, this.#log, this.#group.names.slice(1), this.#paxos) : null;
		this.#participant = isCoordinator ? null : new Participant(ctx, config, this.#log, this.#group.names, this.#paxos);
	}

	*live(): Task {
		yield* this.#log.load();
		if (this.#paxos !== null) yield* this.#paxos.load();
		this.#isReady = true;
		this.#participant?.live();
		if (this.#coordinator !== null) yield* this.#coordinator.live();
	}

	receive(name: string, message: Message): Task | undefined {
		const participant = this.#participant;
		// A second copy of a question would be answered before the first one's promise is on disk.
		if (!this.#isReady || message.copy > 0) return undefined;
		if (name === decideMessage) return isDecision(message.body) ? participant?.decide(message as Message as Message<readonly [number, Outcome]>) : undefined;
		if (name === voteMessage) return this.#paxos?.voted(message);
		if (name === ballotMessage) return this.#paxos?.asked(message);
		if (name === proposeMessage) return this.#paxos?.proposed(message);
		if (name === acceptedMessage) {
			this.#paxos?.told(message);
			return undefined;
		}
		if (!Number.isSafeInteger(message.body)) return undefined;
		const about = message as Message as Message<number>;
		if (name === prepareMessage) return participant?.prepare(about);
		if (name === precommitMessage) return participant?.precommit(about);
		if (this.#coordinator === null) return participant?.answerState(about);
		this.#ctx.reply(message, this.#coordinator.stateFor(about.body));
		return undefined;
	}

	inspect(): Inspection {
		const { protocol, faults } = this.#config;
		const participants = this.#group.names.length - 1;
		return {
			protocol,
			...(this.#coordinator === null ? { role: "participant", ...this.#participant?.tally } : { role: "coordinator", ...this.#coordinator.tally }),
			inDoubt: this.#participant?.inDoubt ?? [],
			messagesInTheBook: `${formulas[protocol]} = ${messagesPerTransaction(protocol, participants, faults)}`,
			disk: { prepared: this.#log.in("prepared", "precommitted"), committed: this.#log.in("commit").length, aborted: this.#log.in("abort").length },
		};
	}
}

function isDecision(body: unknown): boolean {
	return Array.isArray(body) && body.length === 2 && Number.isSafeInteger(body[0]) && (body[1] === "commit" || body[1] === "abort");
}

const messageNames = [prepareMessage, precommitMessage, decideMessage, stateMessage, voteMessage, acceptedMessage, ballotMessage, proposeMessage] as const;

const bodies: MessageShapes = {
	[prepareMessage]: { body: "transaction", answer: "yes" },
	[precommitMessage]: { body: "transaction" },
	[decideMessage]: { body: { parts: ["transaction", "outcome"] } },
	[stateMessage]: { body: "transaction", answer: "state" },
	...paxosBodies,
};

export const commitDefinition: ServiceDefinition = {
	name: serviceName,
	summary: "Transactions that all commit or all abort: in two phases, in three, or by Paxos.",
	names: [
		...messageNames,
		periodTimer,
		retryTimer,
		ballotTimer,
		transactionSpan,
		inDoubtSpan,
		messagesMeasure,
		inDoubtMeasure,
		votedFact,
		decidedFact,
		begunFact,
		precommittedFact,
		doneFact,
		...commitInvariants.map(({ name }) => name),
	],
	invariants: commitInvariants,
	bodies,
	configure: readCommitConfig,
	start(ctx, config: CommitConfig): Service {
		const member = new CommitMember(ctx, config);
		return {
			boot: () => member.live(),
			on: Object.fromEntries(messageNames.map((name) => [name, (message: Message) => member.receive(name, message)])),
			inspect: () => member.inspect(),
		};
	},
};
