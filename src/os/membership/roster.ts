/**
 * One member's opinions of all others: kept in its RAM, stated for the record whenever one changes, and each
 * suspicion with its own end. Knows nothing of how silence is noticed: the detectors do that.
 */
import type { NodeContext, PlainValue, Timer } from "../../core/node-api.ts";
import type { Group } from "../group/group.ts";
import { type StateFact, stateFact } from "./invariants.ts";
import { type MemberState, neverHeardOf, type Opinion, overrides } from "./opinions.ts";
import type { Update } from "./updates.ts";

export const suspicionTimer = "membership.suspicion";
/** How many members this one holds alive, itself included; reported every period. */
export const aliveMeasure = "membership.alive";
/** How many it suspects; reported every period. */
export const suspectedMeasure = "membership.suspected";

export interface RosterOptions {
	/** From suspected to dead; 0: at once. */
	readonly suspicionUs: number;
	/** A suspicion has come to its end. */
	onGivenUp(member: number): void;
}

export class Roster {
	readonly #ctx: NodeContext;
	readonly #group: Group;
	readonly #options: RosterOptions;
	readonly #opinions: Opinion[];
	readonly #suspicions = new Map<number, Timer>();
	readonly others: readonly number[];

	constructor(ctx: NodeContext, group: Group, options: RosterOptions) {
		this.#ctx = ctx;
		this.#group = group;
		this.#options = options;
		this.#opinions = group.names.map(() => neverHeardOf);
		this.others = group.names.map((_, member) => member).filter((member) => member !== group.me);
	}

	/** Everybody is held alive until something speaks against it. */
	boot(): void {
		for (const member of this.others) this.#state(member);
	}

	of(member: number): Opinion {
		return this.#opinions[member] as Opinion;
	}

	/** @returns whether it is news */
	hear({ member, state, life, incarnation }: Update): boolean {
		const news: Opinion = { state, life, incarnation };
		if (!overrides(news, this.of(member))) return false;
		this.set(member, news);
		return true;
	}

	/** Whatever was thought before. */
	set(member: number, opinion: Opinion): void {
		const before = this.of(member);
		this.#opinions[member] = opinion;
		this.#suspicions.get(member)?.cancel();
		this.#suspicions.delete(member);
		if (opinion.state === "suspected") {
			const giveUp = (): void => this.#options.onGivenUp(member);
			this.#suspicions.set(member, this.#ctx.after(this.#options.suspicionUs, suspicionTimer, giveUp));
		}
		if (before.state !== opinion.state || before.life !== opinion.life) this.#state(member);
	}

	/** A step further with what is known: suspected, dead. */
	judge(member: number, state: MemberState): void {
		this.set(member, { ...this.of(member), state });
	}

	#state(member: number): void {
		const stated: StateFact = { key: this.#group.nameOf(member), ...this.of(member) };
		this.#ctx.fact(stateFact, stated);
	}

	report(): void {
		this.#ctx.measure(aliveMeasure, 1 + this.others.length - this.#count("suspected") - this.#count("dead"));
		this.#ctx.measure(suspectedMeasure, this.#count("suspected"));
	}

	#count(state: MemberState): number {
		return this.others.filter((member) => this.of(member).state === state).length;
	}

	inspect(): PlainValue {
		return Object.fromEntries(
			this.others.map((member) => {
				const { state, life, incarnation } = this.of(member);
				return [this.#group.nameOf(member), `${state}, life ${life}, incarnation ${incarnation}`];
			}),
		);
	}
}
