/**
 * Atomic commitment: the first member coordinates transactions, all others take part. With two phases a
 * coordinator that dies at the wrong moment leaves everybody waiting, what they promised locked; with three
 * they can go on without it, as long as the network is whole.
 */
import type { Inspection, Message, NodeContext, Service, ServiceDefinition, Task } from "../../core/node-api.ts";
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
import { commitInvariants, decidedFact, votedFact } from "./invariants.ts";
import { CommitLog } from "./log.ts";
import { inDoubtMeasure, inDoubtSpan, Participant } from "./participant.ts";
import { messagesPerTransaction, type Outcome } from "./protocol.ts";

const serviceName = "commit";

class CommitMember {
	readonly #config: CommitConfig;
	readonly #group: Group;
	readonly #log: CommitLog;
	readonly #coordinator: Coordinator | null;
	readonly #participant: Participant | null;
	/** Nothing is answered before the log has been read. */
	#isReady = false;
	readonly #ctx: NodeContext;

	constructor(ctx: NodeContext, config: CommitConfig) {
		this.#ctx = ctx;
		this.#config = config;
		this.#group = groupOf(ctx, serviceName);
		this.#log = new CommitLog(ctx);
		const isCoordinator = this.#group.me === 0;
		this.#coordinator = isCoordinator ? new Coordinator(ctx, config, this.#log, this.#group.names.slice(1)) : null;
		this.#participant = isCoordinator ? null : new Participant(ctx, config, this.#log, this.#group.names);
	}

	*live(): Task {
		yield* this.#log.load();
		this.#isReady = true;
		this.#participant?.live();
		if (this.#coordinator !== null) yield* this.#coordinator.live();
	}

	receive(name: string, message: Message): Task | undefined {
		const participant = this.#participant;
		// A second copy of a question would be answered before the first one's promise is on disk.
		if (!this.#isReady || message.copy > 0) return undefined;
		if (name === decideMessage) return isDecision(message.body) ? participant?.decide(message as Message as Message<readonly [number, Outcome]>) : undefined;
		if (!Number.isSafeInteger(message.body)) return undefined;
		const about = message as Message as Message<number>;
		if (name === prepareMessage) return participant?.prepare(about);
		if (name === precommitMessage) return participant?.precommit(about);
		if (this.#coordinator === null) return participant?.answerState(about);
		this.#ctx.reply(message, this.#coordinator.stateFor(about.body));
		return undefined;
	}

	inspect(): Inspection {
		const { protocol } = this.#config;
		const participants = this.#group.names.length - 1;
		return {
			protocol,
			...(this.#coordinator === null ? { role: "participant", ...this.#participant?.tally } : { role: "coordinator", ...this.#coordinator.tally }),
			inDoubt: this.#participant?.inDoubt ?? [],
			messagesInTheBook: `${protocol === "two-phase" ? 4 : 6} (N-1) = ${messagesPerTransaction(protocol, participants)}`,
			disk: { prepared: this.#log.in("prepared", "precommitted"), committed: this.#log.in("commit").length, aborted: this.#log.in("abort").length },
		};
	}
}

function isDecision(body: unknown): boolean {
	return Array.isArray(body) && body.length === 2 && Number.isSafeInteger(body[0]) && (body[1] === "commit" || body[1] === "abort");
}

const messageNames = [prepareMessage, precommitMessage, decideMessage, stateMessage] as const;

export const commitDefinition: ServiceDefinition = {
	name: serviceName,
	summary: "Transactions that all commit or all abort: in two phases, or in three.",
	names: [
		...messageNames,
		periodTimer,
		retryTimer,
		transactionSpan,
		inDoubtSpan,
		messagesMeasure,
		inDoubtMeasure,
		votedFact,
		decidedFact,
		...commitInvariants.map(({ name }) => name),
	],
	invariants: commitInvariants,
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
