/**
 * One of two servers, of which one serves and the other stands by. They hear each other's hearts over one cable.
 * If it is silent, the standby takes over, if its guard lets it; whoever serves numbers the orders of
 * customers and writes each into the one database. What was served so far, a server knows from its RAM.
 */
import type { Inspection, Message, NodeContext, Service, ServiceDefinition, Task } from "../../core/node-api.ts";
import { type PairConfig, readPairConfig } from "./config.ts";
import {
	databaseService,
	type Heartbeat,
	heartbeatMessage,
	isOrder,
	leaseMessage,
	type OpenAnswer,
	type OrderAnswer,
	offMessage,
	openMessage,
	orderMessage,
	pairBodies,
	pairService,
	type Role,
	type RoleFact,
	readHeartbeat,
	renewMessage,
	roleFact,
	voteMessage,
	type WriteAnswer,
	type WriteRequest,
	writeMessage,
} from "./contract.ts";
import { createGuard, drainTimer, type Guard, leaseTimer, majorityTimer } from "./guards.ts";
import { pairInvariants } from "./invariants.ts";
import { Voter } from "./votes.ts";

const heartbeatTimer = "pair.heartbeatPeriod";
const silenceTimer = "pair.silence";
/** An order, from the customer's words to the database's answer. */
const serveSpan = "pair.serve";
/** A server takes over: from silence to the first order it could take. */
const takeOverSpan = "pair.takeOver";

class Server {
	readonly #ctx: NodeContext;
	readonly #config: PairConfig;
	readonly #peer: string;
	readonly #isFirst: boolean;
	readonly #database: string;
	readonly voter: Voter;
	readonly #guard: Guard;
	readonly #silence;
	#role: Role = "standby";
	#token = 0;
	#term = 0;
	#nextNumber = 0;
	readonly #tally = { served: 0, fenced: 0, tookOver: 0 };

	constructor(ctx: NodeContext, config: PairConfig) {
		this.#ctx = ctx;
		this.#config = config;
		const servers = ctx.nodes.filter(({ services }) => services.includes(pairService)).map(({ name }) => name);
		const [peer] = servers.filter((name) => name !== ctx.self.name);
		const database = ctx.peers.find(({ services }) => services.includes(databaseService));
		if (servers.length !== 2 || peer === undefined || database === undefined) throw new Error("a pair is two servers and one database");
		this.#peer = peer;
		this.#isFirst = servers[0] === ctx.self.name;
		this.#database = database.name;
		// A leader counts as heard for a little longer than it goes on without an answer.
		this.voter = new Voter(ctx, { leaderUs: config.timeoutUs + config.periodUs, remembers: true });
		this.#guard = createGuard({ ctx, config, peer, voter: this.voter, onLost: (why) => this.#stepDown(why) });
		this.#silence = ctx.alarm(silenceTimer, () => this.#takeOver({ isPeerSilent: true }));
	}

	*live(): Task {
		if (this.#config.guard === "quorum") yield* this.voter.load();
		this.#state();
		this.#beat();
		this.#listen();
		this.#ctx.every(this.#config.periodUs, heartbeatTimer, () => {
			this.#beat();
			if (this.#role === "active") this.#guard.renew();
		});
	}

	// --- heartbeats

	#beat(): void {
		const heartbeat: Heartbeat = { role: this.#role, token: this.#token };
		this.#ctx.send(this.#peer, heartbeatMessage, heartbeat);
	}

	/** Patience differs a little each time, so that two do not try at once for ever. */
	#listen(): void {
		this.#silence.set(this.#config.timeoutUs + this.#ctx.random.below(1 + Math.floor(this.#config.timeoutUs / 2)));
	}

	heard(message: Message): Task | undefined {
		const heartbeat = message.from === this.#peer && message.copy === 0 ? readHeartbeat(message.body) : null;
		if (heartbeat === null) return undefined;
		if (this.#role === "active") {
			if (heartbeat.role === "active" && heartbeat.token > this.#token) this.#stepDown("the other one is active, and newer");
			return undefined;
		}
		if (this.#role === "taking-over") return undefined;
		this.#listen();
		// Both are there and neither serves: the first of the two begins.
		return heartbeat.role === "standby" && this.#isFirst ? this.#takeOver({ isPeerSilent: false }) : undefined;
	}

	// --- roles

	*#takeOver(reason: { readonly isPeerSilent: boolean }): Task {
		if (this.#role !== "standby") return;
		this.#role = "taking-over";
		this.#silence.stop();
		const span = this.#ctx.startSpan(takeOverSpan);
		const isDone = yield* this.#open(reason);
		span.finish(isDone ? "ok" : "error");
		if (isDone) this.#tally.tookOver++;
		else {
			this.#role = "standby";
			this.#guard.release();
			this.#listen();
		}
	}

	/** The right to lead, and then what is there so far. */
	*#open(reason: { readonly isPeerSilent: boolean }): Task<boolean> {
		const term = yield* this.#guard.acquire(reason);
		if (term === null) return false;
		const answer = yield* this.#ctx.call<OpenAnswer>(this.#database, openMessage, term, { timeoutUs: this.#config.timeoutUs });
		if (!answer.ok || answer.body.kind !== "opened" || !this.#guard.holds()) return false;
		this.#role = "active";
		this.#token = answer.body.token;
		this.#term = term;
		this.#nextNumber = answer.body.next;
		this.#state();
		this.#beat();
		return true;
	}

	#stepDown(why: string): void {
		if (this.#role !== "active") return;
		this.#role = "standby";
		this.#guard.release();
		this.#ctx.log(`${this.#ctx.self.name} stands by: ${why}`);
		this.#state();
		this.#listen();
	}

	#state(): void {
		const stated: RoleFact = { role: this.#role, token: this.#token, term: this.#term };
		this.#ctx.fact(roleFact, stated);
	}

	// --- orders

	*order(message: Message): Task {
		if (message.copy > 0 || !isOrder(message.body)) return;
		const span = this.#ctx.startSpan(serveSpan);
		const answer = yield* this.#serve(message.body);
		span.finish(answer.kind === "accepted" ? "ok" : "error");
		this.#ctx.reply(message, answer);
	}

	*#serve(order: string): Task<OrderAnswer> {
		if (this.#role === "active" && !this.#guard.holds()) this.#stepDown("its right to lead is over");
		if (this.#role !== "active") return { kind: "not-active" };
		const request: WriteRequest = { token: this.#token, number: this.#nextNumber++, order };
		// Between the look at the own role and the write lies work, and anything may happen meanwhile.
		yield* this.#ctx.compute(this.#config.workUs);
		const answer = yield* this.#ctx.call<WriteAnswer>(this.#database, writeMessage, request, { timeoutUs: this.#config.timeoutUs });
		if (!answer.ok) return { kind: "unknown" };
		if (answer.body.kind === "written") {
			this.#tally.served++;
			return { kind: "accepted", number: request.number };
		}
		this.#tally.fenced++;
		if (request.token === this.#token) this.#stepDown("the database refuses its token");
		return { kind: "not-active" };
	}

	inspect(): Inspection {
		return { guard: this.#config.guard, role: this.#role, token: this.#token, nextOrder: this.#nextNumber, ...this.#tally, vote: this.voter.inspect() };
	}
}

export const pairDefinition: ServiceDefinition = {
	name: pairService,
	summary: "Two servers, one serves: heartbeats over one cable, and a guard against both serving at once.",
	names: [
		heartbeatMessage,
		orderMessage,
		openMessage,
		writeMessage,
		voteMessage,
		renewMessage,
		leaseMessage,
		offMessage,
		heartbeatTimer,
		silenceTimer,
		drainTimer,
		leaseTimer,
		majorityTimer,
		serveSpan,
		takeOverSpan,
		roleFact,
		...pairInvariants.map(({ name }) => name),
	],
	invariants: pairInvariants,
	bodies: pairBodies,
	configure: readPairConfig,
	start(ctx, config: PairConfig): Service {
		const server = new Server(ctx, config);
		return {
			boot: () => server.live(),
			on: {
				[heartbeatMessage]: (message: Message) => server.heard(message),
				[orderMessage]: (message: Message) => server.order(message),
				[voteMessage]: (message: Message) => server.voter.asked(message),
				[renewMessage]: (message: Message) => server.voter.renewed(message),
			},
			inspect: () => server.inspect(),
		};
	},
};
