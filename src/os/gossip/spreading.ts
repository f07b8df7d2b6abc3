/**
 * How a rumour spreads, one member's view: every round it may call another member, and one of the two, or
 * both, tells what it knows. Pure: calls in, calls out.
 *
 * @source Demers and others, Epidemic Algorithms for Replicated Database Maintenance (PODC 1987), section 1:
 * anti-entropy by push, pull and push-pull, and rumour mongering that loses interest (blind false, counter)
 */
export const gossipModes = ["push", "pull", "push-pull"] as const;
export type GossipMode = (typeof gossipModes)[number];

/** What a call says of its sender. `rumour`: here it is. `question`: have you heard anything? `known`: I knew. */
export type GossipKind = "rumour" | "question" | "known";

export interface SpreaderOptions {
	readonly mode: GossipMode;
	/** Times a member may tell somebody who knew already before it loses interest; 0: it never does. */
	readonly interest: number;
}

export class Spreader {
	readonly #mode: GossipMode;
	readonly #interest: number;
	#knows = false;
	#inVain = 0;

	constructor({ mode, interest }: SpreaderOptions) {
		this.#mode = mode;
		this.#interest = interest;
	}

	get knows(): boolean {
		return this.#knows;
	}

	get isInterested(): boolean {
		return this.#knows && (this.#interest === 0 || this.#inVain < this.#interest);
	}

	/** @returns whether it is news */
	learn(): boolean {
		const isNews = !this.#knows;
		this.#knows = true;
		return isNews;
	}

	/** A round: what to say to a member chosen at random, or null for nothing. */
	call(): GossipKind | null {
		if (this.isInterested && this.#mode !== "pull") return "rumour";
		return !this.#knows && this.#mode !== "push" ? "question" : null;
	}

	/** @returns what to answer, or null for nothing */
	hear(kind: GossipKind): GossipKind | null {
		if (kind === "question") return this.isInterested ? "rumour" : null;
		if (kind === "rumour") return this.learn() || this.#interest === 0 ? null : "known";
		this.#inVain++;
		return null;
	}
}
