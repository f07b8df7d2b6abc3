/**
 * What one member thinks of another, and which of two opinions wins. Pure.
 *
 * Opinions about one member are totally ordered, so it does not matter in which order, or how often, they are
 * heard: in the end everybody thinks the same.
 *
 * @source Das, Gupta, Motivala: SWIM (DSN 2002), section 4.2, the order of Alive, Suspect and Confirm. Two things
 * are as running systems have them: a member has lives, counted by its boots, and a word from itself with a
 * higher incarnation brings it back even after it was declared dead.
 */
export const memberStates = ["alive", "suspected", "dead"] as const;
export type MemberState = (typeof memberStates)[number];

/** A type and no interface: it is stated as a fact, which is plain data. */
export type Opinion = {
	readonly state: MemberState;
	/** How often the member had booted when it was last heard of; 0: never heard of. */
	readonly life: number;
	/** Raised by the member itself, and by nobody else: what it says with a higher number is newer. */
	readonly incarnation: number;
};

export const neverHeardOf: Opinion = { state: "alive", life: 0, incarnation: 0 };

/** @returns whether `news` replaces `known` */
export function overrides(news: Opinion, known: Opinion): boolean {
	if (news.life !== known.life) return news.life > known.life;
	if (news.incarnation !== known.incarnation) return news.incarnation > known.incarnation;
	return memberStates.indexOf(news.state) > memberStates.indexOf(known.state);
}
