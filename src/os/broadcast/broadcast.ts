/**
 * A group talks: members post questions and answer those they are given. With causal order nobody is given
 * an answer before its question, however fast the answer travels; with plain broadcast they are.
 *
 * Must not know: what the others have delivered. That is judged from outside, by the invariants.
 */
import type { Inspection, Message, NodeContext, PlainValue, Service, ServiceDefinition, Task } from "../../core/node-api.ts";
import type { MessageShapes } from "../../shared/body-shape.ts";
import { type Group, groupOf } from "../group/group.ts";
import { type BroadcastConfig, readBroadcastConfig } from "./config.ts";
import { type Broadcast, DeliveryQueue, messagesPerBroadcast, numberOf } from "./delivery.ts";
import { broadcastInvariants, type DeliveredFact, deliveredFact, keyOf, type PostedFact, postedFact } from "./invariants.ts";

const serviceName = "broadcast";
const message = "broadcast.message";
const startTimer = "broadcast.start";
const periodTimer = "broadcast.period";
/** Messages that wait for an earlier one, whenever one has come. */
const heldBackMeasure = "broadcast.heldBack";

/** Members boot at the same time; nobody speaks before all of them listen. */
const startUs = 10_000;
const textMax = 1_000;
const answerPrefix = "re: ";
const shownMax = 20;

class Talker {
	readonly #ctx: NodeContext;
	readonly #config: BroadcastConfig;
	readonly #group: Group;
	readonly #queue: DeliveryQueue;
	#sent = 0;
	/** The last that were delivered, oldest first. */
	readonly #read: string[] = [];

	constructor(ctx: NodeContext, config: BroadcastConfig) {
		this.#ctx = ctx;
		this.#config = config;
		this.#group = groupOf(ctx, serviceName);
		this.#queue = new DeliveryQueue({ me: this.#group.me, members: this.#group.names.length, order: config.order });
	}

	*live(): Task {
		const ctx = this.#ctx;
		if (!this.#isMember) {
			ctx.log("has forgotten what it had delivered, and cannot join again", "warn");
			return;
		}
		yield* ctx.sleep(startUs, startTimer);
		for (let count = 1; count <= this.#config.posts; count++) {
			yield* ctx.sleep(ctx.random.exponential(this.#config.periodUs), periodTimer);
			this.#post(`${ctx.self.name} asks ${count}`);
		}
	}

	/** Vectors count from the beginning: who has lost its own is out until the group begins anew. */
	get #isMember(): boolean {
		return this.#ctx.incarnation === 1;
	}

	#post(text: string): void {
		const { vector } = this.#queue.post(text);
		const { me, names } = this.#group;
		const number = vector[me] ?? 0;
		const posted: PostedFact = { key: keyOf(me, number), members: names.length, sender: me, number, vector, text };
		this.#ctx.fact(postedFact, posted);
		this.#note(text);
		for (const [member, name] of names.entries()) {
			if (member === me) continue;
			this.#sent++;
			this.#ctx.send(name, message, [vector, text]);
		}
	}

	receive({ from, body }: Message): void {
		const broadcast = readBroadcast(this.#group.indexOf(from), body, this.#group.names.length);
		if (broadcast === undefined || !this.#isMember) return;
		const ready = this.#queue.receive(broadcast);
		this.#ctx.measure(heldBackMeasure, this.#queue.heldBack);
		for (const next of ready) this.#deliver(next);
	}

	#deliver(broadcast: Broadcast): void {
		const { sender } = broadcast;
		const number = numberOf(broadcast);
		const delivered: DeliveredFact = { key: keyOf(sender, number), sender, number };
		this.#ctx.fact(deliveredFact, delivered);
		this.#note(broadcast.text);
		const isQuestion = !broadcast.text.startsWith(answerPrefix);
		if (isQuestion && this.#ctx.random.chance(this.#config.answerRatio)) this.#post(`${answerPrefix}${broadcast.text}`);
	}

	#note(text: string): void {
		this.#read.push(text);
		if (this.#read.length > shownMax) this.#read.shift();
	}

	ask(line: string): string {
		const text = line.trim();
		if (text === "" || text.length > textMax) return `expected a text of up to ${textMax} characters to post`;
		if (!this.#isMember) return "this node has forgotten what it had delivered, and is no member any more";
		this.#post(text);
		return "posted";
	}

	inspect(): Inspection {
		const { names, me } = this.#group;
		return {
			order: this.#config.order,
			vector: this.#queue.vector,
			heldBack: this.#queue.heldBack,
			posted: this.#queue.vector[me] ?? 0,
			messagesSent: this.#sent,
			messagesInTheBook: `N-1 = ${messagesPerBroadcast(names.length)} a post`,
			read: this.#read,
		};
	}
}

function readBroadcast(sender: number, body: PlainValue, members: number): Broadcast | undefined {
	if (sender < 0 || !Array.isArray(body)) return undefined;
	const [vector, text] = body as readonly PlainValue[];
	const isVector = Array.isArray(vector) && vector.length === members && vector.every((count) => Number.isSafeInteger(count) && count >= 0);
	if (!isVector || typeof text !== "string") return undefined;
	return { sender, vector: vector as readonly number[], text };
}

const bodies: MessageShapes = { [message]: { body: { parts: ["vector", "text"] } } };

export const broadcastDefinition: ServiceDefinition = {
	name: serviceName,
	summary: "A group whose members are given each other's messages in causal order, in the order of each sender, or as they come.",
	names: [message, startTimer, periodTimer, heldBackMeasure, postedFact, deliveredFact, ...broadcastInvariants.map(({ name }) => name)],
	invariants: broadcastInvariants,
	bodies,
	configure: readBroadcastConfig,
	start(ctx, config: BroadcastConfig): Service {
		const talker = new Talker(ctx, config);
		return {
			boot: () => talker.live(),
			on: { [message]: (received: Message) => talker.receive(received) },
			ask: (line) => talker.ask(line),
			inspect: () => talker.inspect(),
		};
	},
};
