/**
 * The shared database: a key-value store that looks like one copy on one machine that never fails,
 * as long as a majority of its servers can talk to each other (linearizable; see checks.ts).
 *
 * Every change goes through Raft's log; reads do not, but wait until this server has made sure that
 * it still leads (thesis 6.4). Whoever does not lead says who does.
 */
import type { Inspection, Message, NodeContext, PlainValue, Service, ServiceDefinition, Task } from "../../core/node-api.ts";
import { raftInvariants } from "../raft/checks.ts";
import { RaftServer, raftNames } from "../raft/server.ts";
import type { SessionCommand } from "../raft/sessions.ts";
import { historyFacts, storeInvariants } from "./checks.ts";
import { storeClientNames } from "./client.ts";
import { readStoreConfig, type StoreConfig } from "./config.ts";
import { openMessage, type ReadRequest, type RunRequest, readMessage, runMessage, type StoreReply, storeBodies, type TransactionResult } from "./contract.ts";
import { KeyValue } from "./key-value.ts";
import { whyNotRead, whyNotRun } from "./validate.ts";

const storeServiceName = "store";
const serveSpan = "store.serve";

class Store {
	readonly #ctx: NodeContext;
	readonly #config: StoreConfig;
	readonly #data: KeyValue;
	readonly #raft: RaftServer;

	constructor(ctx: NodeContext, config: StoreConfig) {
		this.#ctx = ctx;
		this.#config = config;
		this.#data = new KeyValue(config.capacityBytes);
		this.#raft = new RaftServer(ctx, config.raft, this.#data);
	}

	service(): Service {
		return {
			boot: () => this.#raft.boot(this.#firstVoters()),
			on: {
				...this.#raft.handlers(),
				[openMessage]: (message: Message) => this.#serve(message, () => this.#open()),
				[runMessage]: (message: Message) => this.#serve(message, (body) => this.#run(body)),
				[readMessage]: (message: Message) => this.#serve(message, (body) => this.#read(body)),
			},
			ask: (line) => this.#ask(line),
			inspect: () => this.#inspect(),
		};
	}

	#firstVoters(): readonly string[] {
		const { voters } = this.#config.raft;
		if (voters.length > 0) return voters;
		return this.#ctx.nodes.filter(({ services }) => services.includes(storeServiceName)).map(({ name }) => name);
	}

	*#serve(message: Message, answer: (body: PlainValue) => Task<StoreReply>): Task {
		const span = this.#ctx.startSpan(serveSpan);
		yield* this.#ctx.compute(this.#config.workUs);
		let reply = yield* answer(message.body);
		if (reply.kind === "notLeader" && reply.leader !== null && isForward(message.body)) reply = yield* this.#forward(message, reply.leader);
		this.#ctx.reply(message, reply);
		span.finish(reply.kind === "refused" || reply.kind === "expired" ? "error" : "ok", { kind: reply.kind });
	}

	/** For a client that cannot reach the leader itself. Passed on once, and no further. */
	*#forward(message: Message, leader: string): Task<StoreReply> {
		const body = { ...(message.body as { readonly [field: string]: PlainValue }), forward: false };
		const timeoutUs = 2 * this.#config.raft.options.electionUs;
		const result = yield* this.#ctx.call<StoreReply>(leader, message.name, body, { timeoutUs });
		return result.ok ? result.body : { kind: "unknown" };
	}

	#open(): Task<StoreReply> {
		return this.#execute({ kind: "open" });
	}

	*#run(body: PlainValue): Task<StoreReply> {
		const why = whyNotRun(body);
		if (why !== null) return { kind: "refused", why };
		const { session, sequence, answered, transaction } = body as RunRequest;
		return yield* this.#execute({ kind: "run", session, sequence, answered, command: transaction });
	}

	*#read(body: PlainValue): Task<StoreReply> {
		const why = whyNotRead(body);
		if (why !== null) return { kind: "refused", why };
		const permit = yield* this.#raft.readBarrier();
		if (permit.kind !== "done") return permit;
		return { kind: "read", results: (body as ReadRequest).operations.map((operation) => this.#data.read(operation)) };
	}

	*#execute(command: SessionCommand): Task<StoreReply> {
		const outcome = yield* this.#raft.execute(command);
		if (outcome.kind !== "done") return outcome;
		const { value: answer } = outcome;
		return answer.kind === "answer" ? { kind: "ran", result: answer.value as TransactionResult } : answer;
	}

	*#ask(line: string): Task<string> {
		const [word = "", node = ""] = line.trim().split(/\s+/);
		if (word === "members") return JSON.stringify(this.#raft.inspect().members ?? null);
		if (word !== "learner" && word !== "voter" && word !== "remove" && word !== "transfer") {
			return "members, learner NODE, voter NODE, remove NODE, transfer NODE";
		}
		if (!this.#ctx.nodes.some(({ name }) => name === node)) return `there is no node called ${JSON.stringify(node)}`;
		if (this.#raft.role !== "leader") return this.#raft.leader === null ? "nobody leads at the moment" : `${this.#raft.leader} leads: ask there`;
		if (word === "transfer") return (yield* this.#raft.transfer(node)) ? `${node} is to lead` : `${node} cannot lead`;
		const refusal = yield* this.#raft.changeMembers({ kind: word, node });
		return refusal === null ? "under way" : `no: ${refusal}`;
	}

	#inspect(): Inspection {
		return { ...this.#raft.inspect(), keys: this.#data.size, bytes: this.#data.bytes, version: this.#data.version };
	}
}

function isForward(body: PlainValue): boolean {
	return typeof body === "object" && body !== null && (body as { readonly forward?: PlainValue }).forward === true;
}

export const storeDefinition: ServiceDefinition = {
	name: storeServiceName,
	summary: "A key-value store on Raft that behaves like one copy, and outlives the failure of a minority of its servers.",
	names: [
		...raftNames,
		...raftInvariants.map(({ name }) => name),
		...storeInvariants.map(({ name }) => name),
		...Object.values(historyFacts),
		openMessage,
		runMessage,
		readMessage,
		serveSpan,
		...storeClientNames,
	],
	invariants: [...raftInvariants, ...storeInvariants],
	bodies: storeBodies,
	configure: readStoreConfig,
	start: (ctx, config: StoreConfig) => new Store(ctx, config).service(),
};
