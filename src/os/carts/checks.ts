/**
 * What shoppers state of the answers they got, and the promise that is judged by it: what a shop said is
 * in the cart is in the cart. Pure.
 */
import type { Fact, Invariant, InvariantFold } from "../../core/node-api.ts";
import { formatCount, formatDurationUs } from "../../shared/units.ts";

export const cartFacts = {
	/** Stated by a shopper for every good answer; keyed by cart. */
	answered: "carts.answered",
	/** Stated by a web server when it has changed a cart; keyed by cart. */
	kept: "carts.kept",
	/** Stated by a web server at every boot: where it keeps carts. */
	shelf: "carts.shelf",
} as const;

export type AnsweredFact = {
	/** The cart. */
	readonly key: string;
	/** The thing put in, or null for a look. */
	readonly item: string | null;
	/** The cart as the answer showed it. */
	readonly items: readonly string[];
	/** How many things had been confirmed to this shopper when it asked: the answer must show all of these. */
	readonly after: number;
	/** What of those is not shown. */
	readonly lost: readonly string[];
	/** The server that answered. */
	readonly by: string;
};

export type KeptFact = { readonly key: string; readonly items: readonly string[] };
export type ShelfFact = { readonly where: "memory" | "database" };

/**
 * Answers of one shopper come in the order in which it got them, and so do confirmations: the first `after` of
 * them had come before the question left. Those must be shown. Others may be, when two tabs are open.
 */
function nothingLost(): InvariantFold {
	const confirmed = new Map<string, string[]>();
	return {
		onFact({ node, value, atUs }: Fact): string | null {
			const { key, item, items, after, by } = value as AnsweredFact;
			const place = `${node} ${key}`;
			const had = confirmed.get(place) ?? [];
			const lost = had.slice(0, after).filter((thing) => !items.includes(thing));
			if (item !== null) confirmed.set(place, [...had, item]);
			if (lost.length === 0) return null;
			return `the cart of ${key} lost ${lost.join(", ")}: ${by} showed ${formatCount(items.length, "thing")} at ${formatDurationUs(atUs)}`;
		},
	};
}

export const cartInvariants: readonly Invariant[] = [
	{
		name: "carts.nothingLost",
		shows: "What a shop has said is in the cart is in the cart when the shopper looks again, whichever server answers.",
		facts: [cartFacts.answered],
		start: nothingLost,
	},
];
