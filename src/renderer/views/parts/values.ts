/**
 * Reads what programs stated. A session file may hold anything under a fact's name, so nothing is taken
 * to be there, or of a kind. Pure.
 */
import type { PlainValue } from "../../../shared/codec.ts";
import type { BoardEntry } from "../../../shared/projection/fact-board.ts";

export function fieldOf(value: PlainValue | undefined, name: string): PlainValue | undefined {
	if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof Uint8Array) return undefined;
	return Object.hasOwn(value, name) ? (value as { readonly [name: string]: PlainValue })[name] : undefined;
}

export function numberIn(value: PlainValue | undefined, name: string, otherwise = 0): number {
	const found = fieldOf(value, name);
	return typeof found === "number" && Number.isFinite(found) ? found : otherwise;
}

export function textIn(value: PlainValue | undefined, name: string, otherwise = ""): string {
	const found = fieldOf(value, name);
	return typeof found === "string" ? found : otherwise;
}

export function flagIn(value: PlainValue | undefined, name: string): boolean {
	return fieldOf(value, name) === true;
}

export function listIn(value: PlainValue | undefined, name: string): readonly PlainValue[] {
	const found = fieldOf(value, name);
	return Array.isArray(found) ? found : [];
}

export function textsIn(value: PlainValue | undefined, name: string): readonly string[] {
	return listIn(value, name).filter((item) => typeof item === "string");
}

export function numbersIn(value: PlainValue | undefined, name: string): readonly number[] {
	return listIn(value, name).filter((item) => typeof item === "number");
}

/** Entries of one name, by the node that stated them. */
export function byNode(entries: readonly BoardEntry[]): ReadonlyMap<number, readonly BoardEntry[]> {
	const found = new Map<number, BoardEntry[]>();
	for (const entry of entries) {
		const known = found.get(entry.node);
		if (known === undefined) found.set(entry.node, [entry]);
		else known.push(entry);
	}
	return found;
}
