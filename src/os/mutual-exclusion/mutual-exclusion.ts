/**
 * Mutual exclusion: members think, want in, work in the critical section and leave, as often as the lab
 * says, by the algorithm that it names. The algorithms are pure and live beside this file; here are the
 * network, the waiting and the counting.
 *
 * Every message belongs to one request and passes its requester (only the token belongs to nobody), so the
 * requester knows what its entry cost: `messages` in the fact of leaving, and the measure.
 *
 * Must not know: who else is in. That is judged from outside, by the invariants.
 */
import type { Inspection, Message, NodeContext, Service, ServiceDefinition, Signal, Task } from "../../core/node-api.ts";
import type { MessageShapes } from "../../shared/body-shape.ts";
import { type Group, groupOf } from "../group/group.ts";
import { type Consent, type MutexCore, type MutexMessage, type MutexMessageKind, mutexMessageKinds } from "./algorithm.ts";
import { type MutexConfig, readMutexConfig } from "./config.ts";
import { createMutex } from "./create-mutex.ts";
import { entryCost } from "./formulas.ts";
import { type ConsentFact, consentFact, enteredFact, type LeftFact, leftFact, mutexInvariants, type WantedFact, wantedFact } from "./invariants.ts";
import { askedBy } from "./quorums.ts";

const serviceName = "mutual-exclusion";
const messageNames = mutexMessageKinds.map((kind) => `mutex.${kind}`);
const startTimer = "mutex.start";
const thinkTimer = "mutex.think";
const holdTimer = "mutex.hold";
/** From wanting in to being in. */
const waitSpan = "mutex.wait";
/** Messages that an entry took. */
const messagesMeasure = "mutex.messages";

/** Messages that a requester sends for its own entry, and those it gets for it; the rest is for the entries of others. */
const ofRequester: readonly MutexMessageKind[] = ["request", "yield", "release"];
const toRequester: readonly MutexMessageKind[] = ["reply", "grant", "failed", "inquire"];

/** A token also says how many hops it made in vain. */
type MutexBody = number | readonly [hops: number, idleHops: number];

function messageOf(kind: MutexMessageKind, body: MutexBody): MutexMessage | undefined {
	const [number, idleHops = 0] = Array.isArray(body) ? (body as readonly number[]) : [body as number];
	if (!Number.isSafeInteger(number) || !Number.isSafeInteger(idleHops)) return undefined;
	return { kind, number: number as number, idleHops };
}

/** Members boot at the same time; nobody speaks before all of them listen. */
const startUs = 10_000;

class MutexMember {
	readonly #ctx: NodeContext;
	readonly #config: MutexConfig;
	readonly #group: Group;
	readonly #core: MutexCore;
	#entry: Signal<null> | null = null;
	#state: "thinking" | "waiting" | "inside" = "thinking";
	#requests = 0;
	#entries = 0;
	#sent = 0;
	/** Of the present entry. */
	#messages = 0;
	#messagesOfLast = 0;
	#messagesInAll = 0;

	constructor(ctx: NodeContext, config: MutexConfig) {
		this.#ctx = ctx;
		this.#config = config;
		this.#group = groupOf(ctx, serviceName);
		this.#core = createMutex(config.algorithm, {
			me: this.#group.me,
			members: this.#group.names.length,
			mistake: config.mistake,
			port: {
				send: (to, message) => this.#send(to, message),
				consent: (of, consent) => this.#stateConsent(of, consent),
				granted: (hops = 0) => this.#granted(hops),
			},
		});
	}

	*live(): Task {
		const ctx = this.#ctx;
		const { entries, thinkUs, holdUs } = this.#config;
		yield* ctx.sleep(startUs, startTimer);
		this.#core.begin?.();
		for (let entry = 0; entry < entries; entry++) {
			yield* ctx.sleep(ctx.random.exponential(thinkUs), thinkTimer);
			const entered = ctx.signal<null>();
			this.#entry = entered;
			this.#state = "waiting";
			this.#messages = 0;
			this.#requests++;
			const span = ctx.startSpan(waitSpan);
			this.#stateWanted();
			this.#core.request();
			yield* entered.wait();
			ctx.fact(enteredFact, null);
			span.finish("ok");
			this.#state = "inside";
			yield* ctx.sleep(holdUs, holdTimer);
			this.#leave();
		}
	}

	#leave(): void {
		this.#core.release();
		this.#state = "thinking";
		this.#entries++;
		this.#messagesOfLast = this.#messages;
		this.#messagesInAll += this.#messages;
		const { algorithm } = this.#config;
		const members = this.#group.names.length;
		const { least, most } = entryCost(algorithm, members);
		const left: LeftFact = { algorithm, members, messages: this.#messages, entries: this.#entries, messagesInAll: this.#messagesInAll, least, most };
		this.#ctx.fact(leftFact, left);
		this.#ctx.measure(messagesMeasure, left.messages);
	}

	#stateWanted(): void {
		const { algorithm, mistake } = this.#config;
		const asks = askedBy(algorithm, { me: this.#group.me, members: this.#group.names.length, mistake });
		const others = asks.filter((member) => member !== this.#group.me);
		const wanted: WantedFact = { algorithm, asks: others.map((member) => this.#group.nameOf(member)), request: this.#requests };
		this.#ctx.fact(wantedFact, wanted);
	}

	/** What it has of itself goes without saying. */
	#stateConsent(of: number, consent: Consent): void {
		if (of === this.#group.me) return;
		const fact: ConsentFact = { key: this.#group.nameOf(of), consent, request: this.#requests };
		this.#ctx.fact(consentFact, fact);
	}

	#granted(hops: number): void {
		this.#messages += hops;
		this.#entry?.fire(null);
		this.#entry = null;
	}

	#send(to: number, message: MutexMessage): void {
		const { kind, number, idleHops } = message;
		this.#sent++;
		if (ofRequester.includes(kind)) this.#messages++;
		this.#ctx.send(this.#group.nameOf(to), `mutex.${kind}`, idleHops === undefined ? number : [number, idleHops]);
	}

	receive(kind: MutexMessageKind, { from, body }: Message<MutexBody>): void {
		const sender = this.#group.indexOf(from);
		const message = messageOf(kind, body);
		if (sender < 0 || message === undefined) return;
		if (this.#state === "waiting" && toRequester.includes(kind)) this.#messages++;
		this.#core.receive(sender, message);
	}

	inspect(): Inspection {
		const { algorithm } = this.#config;
		const { formula } = entryCost(algorithm, this.#group.names.length);
		return {
			algorithm,
			state: this.#state,
			entries: this.#entries,
			messagesSent: this.#sent,
			messagesOfLastEntry: this.#messagesOfLast,
			messagesInTheBook: formula,
			...this.#core.inspect(),
		};
	}
}

const bodies: MessageShapes = Object.fromEntries(
	mutexMessageKinds.map((kind) => [`mutex.${kind}`, { body: kind === "token" ? { parts: ["hops", "idleHops"] } : "number" }]),
);

export const mutualExclusionDefinition: ServiceDefinition = {
	name: serviceName,
	summary: "Lets one member at a time into the critical section: by a coordinator, a token, everybody's consent or a quorum's.",
	names: [
		...messageNames,
		startTimer,
		thinkTimer,
		holdTimer,
		waitSpan,
		messagesMeasure,
		wantedFact,
		consentFact,
		enteredFact,
		leftFact,
		...mutexInvariants.map(({ name }) => name),
	],
	invariants: mutexInvariants,
	bodies,
	configure: readMutexConfig,
	start(ctx, config: MutexConfig): Service {
		const member = new MutexMember(ctx, config);
		return {
			boot: () => member.live(),
			on: Object.fromEntries(mutexMessageKinds.map((kind) => [`mutex.${kind}`, (message: Message<number>) => member.receive(kind, message)])),
			inspect: () => member.inspect(),
		};
	},
};
