/**
 * What the view of carts draws, read out of what shoppers were told and what servers say they keep. A server's
 * memory is as old as its last start: what it kept before is gone. Pure.
 */
import type { BoardEntry } from "../../shared/projection/fact-board.ts";
import { textIn, textsIn } from "./parts/values.ts";
import type { ViewProps } from "./view.ts";

export const cartFacts = ["carts.answered", "carts.kept", "carts.shelf"] as const;

export interface CartRow {
	readonly cart: string;
	readonly items: readonly string[];
	/** Confirmed to the shopper, and not shown any more. */
	readonly lost: readonly string[];
	/** The server that answered last. */
	readonly by: string;
	readonly index: number;
}

export interface KeptCart {
	readonly cart: string;
	readonly things: number;
	/** Event that stated it. */
	readonly index: number;
}

export interface Shelf {
	readonly node: number;
	readonly name: string;
	readonly status: ReturnType<ViewProps["statusOf"]>;
	readonly where: "memory" | "database";
	/** Event that stated where it keeps them. */
	readonly index: number;
	readonly carts: readonly KeptCart[];
	/** What a server that is down, or has begun anew, does not have any more. */
	readonly gone: readonly KeptCart[];
}

export interface Carts {
	readonly rows: readonly CartRow[];
	readonly servers: readonly Shelf[];
	/** Carts in the shared database; null when no server keeps them there. */
	readonly database: readonly KeptCart[] | null;
}

type Parts = Pick<ViewProps, "plan" | "board" | "statusOf" | "nameOf">;

export function readCarts({ plan, board, statusOf, nameOf }: Parts): Carts {
	const of = (name: (typeof cartFacts)[number]): readonly BoardEntry[] => board.filter((entry) => nameOf(entry) === name);
	const shelves = of("carts.shelf");
	const kept = of("carts.kept");
	const servers = shelves
		.map((shelf) => shelfOf(shelf, kept, { name: plan.nodes[shelf.node]?.name ?? "", status: statusOf(shelf.node) }))
		.sort((a, b) => a.node - b.node);
	return { rows: rowsOf(of("carts.answered")), servers, database: servers.some(({ where }) => where === "database") ? latestOf(kept) : null };
}

function shelfOf(shelf: BoardEntry, kept: readonly BoardEntry[], { name, status }: { readonly name: string; readonly status: Shelf["status"] }): Shelf {
	const where = textIn(shelf.value, "where") === "memory" ? "memory" : "database";
	const own = where === "memory" ? kept.filter(({ node }) => node === shelf.node) : [];
	const isHeld = ({ index }: BoardEntry): boolean => index > shelf.index && (status === "up" || status === "paused");
	return {
		node: shelf.node,
		name,
		status,
		where,
		index: shelf.index,
		carts: own.filter(isHeld).map(keptCart).sort(byCart),
		gone: own
			.filter((entry) => !isHeld(entry))
			.map(keptCart)
			.sort(byCart),
	};
}

function rowsOf(answered: readonly BoardEntry[]): readonly CartRow[] {
	return answered
		.map(({ key, value, index }) => ({ cart: key, items: textsIn(value, "items"), lost: textsIn(value, "lost"), by: textIn(value, "by"), index }))
		.sort(byCart);
}

/** Every cart as the server that changed it last left it: entries come oldest first. */
function latestOf(kept: readonly BoardEntry[]): readonly KeptCart[] {
	return [...new Map(kept.map((entry) => [entry.key, keptCart(entry)])).values()].sort(byCart);
}

function keptCart({ key, value, index }: BoardEntry): KeptCart {
	return { cart: key, things: textsIn(value, "items").length, index };
}

/** `shoppers-2` before `shoppers-10`. */
function byCart({ cart: a }: { readonly cart: string }, { cart: b }: { readonly cart: string }): number {
	return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
