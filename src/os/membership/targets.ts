/**
 * Whom a member pings next. Pure but for the draws it is given.
 *
 * @source SWIM (2002), section 3.1 (at random) and 4.3 (round-robin through a shuffled list, which bounds the
 * time until everybody has been pinged by 2n - 1 periods)
 */
import type { Random } from "../../core/node-api.ts";

export const targetChoices = ["round-robin", "random"] as const;
export type TargetChoice = (typeof targetChoices)[number];

export class Targets {
	readonly #members: readonly number[];
	readonly #choice: TargetChoice;
	readonly #random: Pick<Random, "pick" | "shuffle">;
	#round: number[] = [];

	/** @param members positions of everybody else */
	constructor(members: readonly number[], choice: TargetChoice, random: Pick<Random, "pick" | "shuffle">) {
		this.#members = members;
		this.#choice = choice;
		this.#random = random;
	}

	/** @returns null when nobody is eligible */
	next(isEligible: (member: number) => boolean): number | null {
		const eligible = this.#members.filter(isEligible);
		if (eligible.length === 0) return null;
		if (this.#choice === "random") return this.#random.pick(eligible);
		for (;;) {
			if (this.#round.length === 0) this.#round = this.#random.shuffle(this.#members);
			const target = this.#round.pop() as number;
			if (isEligible(target)) return target;
		}
	}

	/** Up to `count` different ones. */
	several(count: number, isEligible: (member: number) => boolean): readonly number[] {
		return this.#random.shuffle(this.#members.filter(isEligible)).slice(0, count);
	}
}
