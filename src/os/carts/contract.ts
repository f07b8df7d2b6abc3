/**
 * The words between shoppers and the web servers that keep their carts: requests of the small HTTP
 * (os/http/contract.ts) on one path. A cart is a set of things, so that putting a thing in twice is the same
 * as once, and a request that got no answer may be repeated (PUT, RFC 9110 9.2.2). Plain data.
 */
import type { PlainValue } from "../../shared/codec.ts";

export const cartPath = "/cart";

/** GET shows the cart, PUT puts `item` in, DELETE takes it out. */
export type CartRequest = { readonly cart: string; readonly item?: string };

/** The cart as the server that answers sees it, after the change. */
export type CartContent = { readonly items: readonly string[]; readonly by: string };

export const textLengthMax = 64;
export const itemsMax = 100;

function isShortText(value: PlainValue | undefined): value is string {
	return typeof value === "string" && value.length > 0 && value.length <= textLengthMax;
}

function isRecord(value: unknown): value is { readonly [field: string]: PlainValue | undefined } {
	return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

/** Guards a server against a body that is no such request. */
export function isCartRequest(content: unknown, method: string): content is CartRequest {
	return isRecord(content) && isShortText(content.cart) && (method === "GET" || isShortText(content.item));
}

export function isCartContent(content: unknown): content is CartContent {
	return isRecord(content) && typeof content.by === "string" && isTexts(content.items);
}

export function isTexts(value: unknown): value is readonly string[] {
	return Array.isArray(value) && value.every((item) => typeof item === "string");
}

export function withItem(items: readonly string[], item: string): readonly string[] {
	return items.includes(item) ? items : [...items, item];
}

export function withoutItem(items: readonly string[], item: string): readonly string[] {
	return items.includes(item) ? items.filter((other) => other !== item) : items;
}
