/**
 * SWIM: every period a member pings one other; without an answer it asks a few to ping for it; without an answer
 * by the period's end it suspects. Suspicions, and what takes them back, ride on the pings. A member sends as
 * many messages in a group of a thousand as in one of five.
 *
 * @source Das, Gupta, Motivala, Scalable Weakly-consistent Infection-style Process Group Membership Protocol: SWIM
 * (DSN 2002), sections 3.1 (failure detector), 4.1 (dissemination), 4.2 (suspicion), 4.3 (round-robin). That a ping
 * tells its target what is thought of it: Dadgar, Phillips, Currey, Lifeguard (DSN 2018), the buddy system
 */
import type { Alarm, Inspection, Message, NodeContext, PlainValue } from "../../core/node-api.ts";
import type { Group } from "../group/group.ts";
import type { MembershipConfig } from "./config.ts";
import type { Detector } from "./detector.ts";
import { suspicionDurationUs } from "./formulas.ts";
import { Roster } from "./roster.ts";
import { Targets } from "./targets.ts";
import { Dissemination, decodeUpdates, encodeUpdates, sendsFor, type Update } from "./updates.ts";

/** Bodies: `[sequence, updates]`. */
export const pingMessage = "membership.ping";
export const ackMessage = "membership.ack";
/** Body: `[sequence, updates, position of the member to be pinged]`. */
export const pingRequestMessage = "membership.pingRequest";
export const periodTimer = "membership.period";
export const directTimer = "membership.directTimeout";
/** What a member has raised its own incarnation to, each time it heard that it was suspected or dead. */
export const refutedMeasure = "membership.refuted";

/** One ping in so many periods goes to somebody held dead, so that two halves find each other after a cut. */
const periodsToTheDead = 5;
/** Pings under way on behalf of others; the oldest make room. */
const relaysMax = 1_000;

interface Probe {
	readonly target: number;
	readonly sequence: number;
	isAnswered: boolean;
}

/** On whose behalf somebody was pinged. */
interface Relay {
	readonly asker: number;
	readonly sequence: number;
}

export class Swim implements Detector {
	readonly #ctx: NodeContext;
	readonly #config: MembershipConfig;
	readonly #group: Group;
	readonly #suspicionUs: number;
	readonly #roster: Roster;
	readonly #targets: Targets;
	readonly #news: Dissemination;
	readonly #direct: Alarm;
	readonly #relays = new Map<number, Relay>();
	#probe: Probe | null = null;
	#sequence = 0;
	#period = 0;
	/** Its own. */
	#incarnation = 0;
	readonly on = {
		[pingMessage]: (message: Message) => this.#receive(message, (from, sequence) => this.#send(from, ackMessage, sequence)),
		[ackMessage]: (message: Message) => this.#receive(message, (_, sequence) => this.#answered(sequence)),
		[pingRequestMessage]: (message: Message) => this.#receive(message, (from, sequence, target) => this.#pingFor({ asker: from, sequence }, target)),
	};

	constructor(ctx: NodeContext, config: MembershipConfig, group: Group) {
		this.#ctx = ctx;
		this.#config = config;
		this.#group = group;
		const members = group.names.length;
		this.#suspicionUs = suspicionDurationUs({ factor: config.suspicionFactor, members, periodUs: config.periodUs });
		this.#roster = new Roster(ctx, group, { suspicionUs: this.#suspicionUs, onGivenUp: (member) => this.#judge(member, "dead") });
		this.#targets = new Targets(this.#roster.others, config.targets, ctx.random);
		this.#news = new Dissemination({ sendsMax: sendsFor(config.lambda, members), perMessage: config.piggyback });
		this.#direct = ctx.alarm(directTimer, () => this.#askOthers());
	}

	boot(): void {
		this.#roster.boot();
		this.#announce();
		// Members are out of step, or all would ping at the same instant.
		this.#ctx.after(1 + this.#ctx.random.below(this.#config.periodUs), periodTimer, () => {
			this.#nextPeriod();
			this.#ctx.every(this.#config.periodUs, periodTimer, () => this.#nextPeriod());
		});
	}

	// --- the failure detector, section 3.1

	#nextPeriod(): void {
		const last = this.#probe;
		if (last !== null && !last.isAnswered) this.#suspect(last.target);
		this.#roster.report();
		this.#period++;
		if (this.#period % periodsToTheDead === 0) this.#pingTheDead();
		const target = this.#targets.next((member) => this.#roster.of(member).state !== "dead");
		this.#probe = null;
		if (target === null) return;
		this.#probe = { target, sequence: ++this.#sequence, isAnswered: false };
		this.#send(target, pingMessage, this.#probe.sequence);
		this.#direct.set(this.#config.pingTimeoutUs);
	}

	#askOthers(): void {
		const probe = this.#probe;
		if (probe === null || probe.isAnswered) return;
		const isHelper = (member: number): boolean => member !== probe.target && this.#roster.of(member).state === "alive";
		for (const helper of this.#targets.several(this.#config.indirect, isHelper)) this.#send(helper, pingRequestMessage, probe.sequence, probe.target);
	}

	#pingFor(relay: Relay, target: number): void {
		if (!this.#roster.others.includes(target)) return;
		this.#relays.set(++this.#sequence, relay);
		if (this.#relays.size > relaysMax) this.#relays.delete(this.#relays.keys().next().value as number);
		this.#send(target, pingMessage, this.#sequence);
	}

	#answered(sequence: number): void {
		const relay = this.#relays.get(sequence);
		this.#relays.delete(sequence);
		if (relay !== undefined) this.#send(relay.asker, ackMessage, relay.sequence);
		else if (this.#probe?.sequence === sequence) this.#probe.isAnswered = true;
	}

	/** Nobody suspects the dead, and an answer to this ping means nothing but what news it brings. */
	#pingTheDead(): void {
		const [member] = this.#targets.several(1, (candidate) => this.#roster.of(candidate).state === "dead");
		if (member !== undefined) this.#send(member, pingMessage, ++this.#sequence);
	}

	// --- suspicion, section 4.2

	#suspect(member: number): void {
		if (this.#roster.of(member).state === "alive") this.#judge(member, this.#suspicionUs > 0 ? "suspected" : "dead");
	}

	#judge(member: number, state: "suspected" | "dead"): void {
		this.#roster.judge(member, state);
		this.#news.add({ member, ...this.#roster.of(member) });
	}

	#hear(update: Update): void {
		if (update.member === this.#group.me) {
			this.#hearOfMyself(update);
			return;
		}
		const isTakenBack = this.#config.mistake === "hearsay" && update.state === "alive" && this.#roster.of(update.member).state === "suspected";
		if (isTakenBack) this.#roster.judge(update.member, "alive");
		else if (this.#roster.hear(update)) this.#news.add(update);
	}

	/** Only the member itself may raise its incarnation, and only to contradict. */
	#hearOfMyself({ state, life, incarnation }: Update): void {
		if (state === "alive" || life > this.#ctx.incarnation) return;
		if (life === this.#ctx.incarnation && incarnation >= this.#incarnation) {
			this.#incarnation = incarnation + 1;
			this.#ctx.measure(refutedMeasure, this.#incarnation);
		}
		this.#announce();
	}

	#announce(): void {
		this.#news.add({ member: this.#group.me, state: "alive", life: this.#ctx.incarnation, incarnation: this.#incarnation });
	}

	// --- messages, with what rides on them: section 4.1

	#send(to: number, name: string, sequence: number, target?: number): void {
		const ofReceiver = this.#roster.of(to);
		const buddy: readonly Update[] = ofReceiver.state === "alive" ? [] : [{ member: to, ...ofReceiver }];
		const updates = encodeUpdates([...buddy, ...this.#news.take().filter(({ member }) => member !== to)]);
		const body: readonly PlainValue[] = target === undefined ? [sequence, updates] : [sequence, updates, target];
		this.#ctx.send(this.#group.nameOf(to), name, body);
	}

	#receive({ from, body, copy }: Message, act: (from: number, sequence: number, target: number) => void): void {
		const sender = this.#group.indexOf(from);
		if (copy > 0 || sender < 0 || !Array.isArray(body)) return;
		const [sequence, updates, target] = body as readonly unknown[];
		if (!Number.isSafeInteger(sequence)) return;
		for (const update of decodeUpdates(updates, this.#group.names.length)) this.#hear(update);
		act(sender, sequence as number, Number.isSafeInteger(target) ? (target as number) : -1);
	}

	inspect(): Inspection {
		return { members: this.#roster.inspect(), incarnation: this.#incarnation, period: this.#period, newsUnderWay: this.#news.size };
	}
}
