/** The words about a shop and a cinema: cart, play, stop. */
import type { NodeContext, Task } from "../../core/node-api.ts";
import { CartClient } from "../carts/client.ts";
import { itemsMax, textLengthMax } from "../carts/contract.ts";
import { playFilm, stopFilm } from "../edge/player-client.ts";
import { type Answer, bad, good, unavailable, type Word } from "./word.ts";

const cartUsage = "cart, cart add THING, cart remove THING";

/** @param door the node that the shop's visitors turn to */
export function cartWord(ctx: NodeContext, door: string): Word {
	const cart = new CartClient(ctx, { target: door, cart: ctx.self.name });
	return {
		word: "cart",
		usage: "[add|remove THING]",
		means: "what is in your cart",
		argumentsMax: 2,
		run: ([act, thing]) => {
			if (act === undefined) return shop(cart, undefined, "");
			if ((act !== "add" && act !== "remove") || thing === undefined) return bad(cartUsage);
			return thing === "" || thing.length > textLengthMax ? bad(`a thing has a name of 1 to ${textLengthMax} characters`) : shop(cart, act, thing);
		},
	};
}

function* shop(cart: CartClient, act: "add" | "remove" | undefined, thing: string): Task<Answer> {
	const result = yield* act === "add" ? cart.add(thing) : act === "remove" ? cart.remove(thing) : cart.show();
	if (!result.ok) return bad(result.error === "refused" ? `the shop does not take that; a cart has room for ${itemsMax} things` : unavailable);
	const { items } = result.value;
	return good(items.length === 0 ? "your cart is empty" : `in your cart: ${items.join(", ")}`);
}

export function filmWords(ctx: NodeContext, patienceUs: number): readonly Word[] {
	return [
		{
			word: "play",
			usage: "FILM",
			means: "watch a film",
			argumentsMax: 1,
			run: ([film]) => (film === undefined ? bad("which film? play FILM") : playFilm(ctx, film, { patienceUs })),
		},
		{ word: "stop", usage: "", means: "end the film", argumentsMax: 0, run: () => stopFilm(ctx) },
	];
}
