/**
 * Failure detection by heartbeats: everybody tells everybody that it lives, and a silence that lasts too long is
 * taken for a failure. How long is too long is a fixed time, or follows from the intervals seen so far (phi).
 */
import type { Alarm, Inspection, Message, NodeContext } from "../../core/node-api.ts";
import type { Group } from "../group/group.ts";
import type { MembershipConfig } from "./config.ts";
import type { Detector } from "./detector.ts";
import { Intervals } from "./phi.ts";
import { Roster } from "./roster.ts";

/** Body: `[life, number]`. */
export const heartbeatMessage = "membership.heartbeat";
export const heartbeatTimer = "membership.heartbeatPeriod";
export const silenceTimer = "membership.silence";

/** What is known of one other member's heartbeats. */
interface Pulse {
	readonly silence: Alarm;
	intervals: Intervals;
	lastUs: number;
	/** Of the life of which there were heartbeats; 0: none yet. */
	life: number;
}

export class Heartbeats implements Detector {
	readonly #ctx: NodeContext;
	readonly #config: MembershipConfig;
	readonly #group: Group;
	readonly #roster: Roster;
	readonly #pulses = new Map<number, Pulse>();
	#number = 0;
	readonly on = { [heartbeatMessage]: (message: Message) => this.#heard(message) };

	constructor(ctx: NodeContext, config: MembershipConfig, group: Group) {
		this.#ctx = ctx;
		this.#config = config;
		this.#group = group;
		this.#roster = new Roster(ctx, group, { suspicionUs: config.suspicionUs, onGivenUp: (member) => this.#roster.judge(member, "dead") });
	}

	boot(): void {
		this.#roster.boot();
		for (const member of this.#roster.others) {
			const silence = this.#ctx.alarm(silenceTimer, () => this.#silent(member));
			const pulse: Pulse = { silence, intervals: this.#newIntervals(), lastUs: this.#ctx.monoUs(), life: 0 };
			this.#pulses.set(member, pulse);
			silence.set(this.#patienceUs(pulse));
		}
		this.#beat();
		this.#ctx.every(this.#config.periodUs, heartbeatTimer, () => this.#beat());
	}

	#newIntervals(): Intervals {
		const { samplesMax, deviationUsMin, periodUs } = this.#config;
		return new Intervals({ samplesMax, deviationUsMin, expectedUs: periodUs });
	}

	#beat(): void {
		this.#number++;
		for (const member of this.#roster.others) this.#ctx.send(this.#group.nameOf(member), heartbeatMessage, [this.#ctx.incarnation, this.#number]);
		this.#roster.report();
	}

	#patienceUs({ intervals }: Pulse): number {
		return this.#config.detector === "fixed" ? this.#config.timeoutUs : intervals.silenceUsAt(this.#config.threshold);
	}

	#heard({ from, body }: Message): void {
		const member = this.#group.indexOf(from);
		const pulse = this.#pulses.get(member);
		const [life, number] = Array.isArray(body) ? (body as readonly unknown[]) : [];
		if (pulse === undefined || !Number.isSafeInteger(life) || !Number.isSafeInteger(number)) return;
		// An old heartbeat, or a second copy of one, says nothing about now.
		if (!this.#isNewer(member, life as number, number as number)) return;
		const nowUs = this.#ctx.monoUs();
		if (life !== pulse.life) pulse.intervals = this.#newIntervals();
		// A pause of the dead is no interval between heartbeats.
		else if (this.#roster.of(member).state !== "dead") pulse.intervals.add(nowUs - pulse.lastUs);
		pulse.life = life as number;
		pulse.lastUs = nowUs;
		this.#roster.set(member, { state: "alive", life: life as number, incarnation: number as number });
		pulse.silence.set(this.#patienceUs(pulse));
	}

	#isNewer(member: number, life: number, number: number): boolean {
		const known = this.#roster.of(member);
		return life > known.life || (life === known.life && number > known.incarnation);
	}

	#silent(member: number): void {
		if (this.#roster.of(member).state === "alive") this.#roster.judge(member, this.#config.suspicionUs > 0 ? "suspected" : "dead");
	}

	inspect(): Inspection {
		const phi = [...this.#pulses].map(([member, { intervals, lastUs }]) => {
			const tenths = Math.round(10 * intervals.phiAfter(this.#ctx.monoUs() - lastUs));
			return [this.#group.nameOf(member), tenths / 10];
		});
		return { members: this.#roster.inspect(), ...(this.#config.detector === "phi" ? { phi: Object.fromEntries(phi) } : {}) };
	}
}
