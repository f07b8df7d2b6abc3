/**
 * News about members on their way to all others, riding on messages that are sent anyway. Pure.
 *
 * @source SWIM (2002), section 4.1 (infection-style dissemination): each piece of news is sent at most
 * lambda log n times, those sent least often first
 */
import type { BodyShape } from "../../shared/body-shape.ts";
import type { PlainValue } from "../../shared/codec.ts";
import { logOf } from "./formulas.ts";
import { memberStates, type Opinion } from "./opinions.ts";

export interface Update extends Opinion {
	/** Position in the group. */
	readonly member: number;
}

interface Carried {
	readonly update: Update;
	sent: number;
}

export function sendsFor(lambda: number, members: number): number {
	return lambda * logOf(members);
}

export class Dissemination {
	readonly #sendsMax: number;
	readonly #perMessage: number;
	/** One a member: newer news replaces older. */
	readonly #carried = new Map<number, Carried>();

	constructor({ sendsMax, perMessage }: { readonly sendsMax: number; readonly perMessage: number }) {
		this.#sendsMax = sendsMax;
		this.#perMessage = perMessage;
	}

	add(update: Update): void {
		// Taken out first, so that of those sent equally often the newest comes last.
		this.#carried.delete(update.member);
		this.#carried.set(update.member, { update, sent: 0 });
	}

	/** News for one message; counts as sent. */
	take(): readonly Update[] {
		const chosen = [...this.#carried.values()].sort((a, b) => a.sent - b.sent).slice(0, this.#perMessage);
		for (const carried of chosen) if (++carried.sent >= this.#sendsMax) this.#carried.delete(carried.update.member);
		return chosen.map(({ update }) => update);
	}

	get size(): number {
		return this.#carried.size;
	}
}

export function encodeUpdates(updates: readonly Update[]): PlainValue {
	return updates.map(({ member, state, life, incarnation }) => [member, memberStates.indexOf(state), life, incarnation]);
}

/** What stands where in each of them. */
export const updatesShape = { each: { parts: ["member", { name: "state", words: memberStates }, "life", "incarnation"] } } satisfies BodyShape;

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** What came over the network: whatever is no update of a member is left out. */
export function decodeUpdates(value: unknown, members: number): readonly Update[] {
	if (!Array.isArray(value)) return [];
	return value.slice(0, members).flatMap((item): Update[] => {
		if (!Array.isArray(item)) return [];
		const [member, state, life, incarnation] = item as unknown[];
		const word = isCount(state) ? memberStates[state] : undefined;
		if (!isCount(member) || member >= members || word === undefined || !isCount(life) || !isCount(incarnation)) return [];
		return [{ member, state: word, life, incarnation }];
	});
}
