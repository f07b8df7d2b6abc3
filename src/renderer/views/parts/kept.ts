/**
 * Rows of a view that are made again only when what they show is another. A view reads its board from the beginning
 * with every state of a run, so what it hands to its rows are new objects that mostly say what the old ones said: they
 * are compared by what they say, which is far less work than to make a row and to hold it against the page.
 *
 * A row must be given what it shows and no more: the instant, or a function that is new each time, is always another.
 * What is selected comes by context (`Stated.tsx`), which reaches a row that is kept.
 */
import { type FunctionComponent, isValidElement, memo, type NamedExoticComponent } from "react";

export function kept<Props extends object>(row: FunctionComponent<Props>): NamedExoticComponent<Props> {
	return memo(row, isSame);
}

/** Whether two say the same: plain values, lists, maps, sets, and elements by what they are made of; anything else by identity. */
export function isSame(before: unknown, after: unknown): boolean {
	if (Object.is(before, after)) return true;
	if (typeof before !== "object" || typeof after !== "object" || before === null || after === null) return false;
	if (isValidElement(before)) return isValidElement(after) && before.type === after.type && before.key === after.key && isSame(before.props, after.props);
	if (Array.isArray(before)) return Array.isArray(after) && isSameList(before, after);
	if (before instanceof Map) return after instanceof Map && isSameList([...before], [...after]);
	if (before instanceof Set) return after instanceof Set && isSameList([...before], [...after]);
	return isPlain(before) && isPlain(after) && isSameRecord(before, after);
}

function isSameList(before: readonly unknown[], after: readonly unknown[]): boolean {
	return before.length === after.length && before.every((item, place) => isSame(item, after[place]));
}

function isSameRecord(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): boolean {
	const names = Object.keys(before);
	return names.length === Object.keys(after).length && names.every((name) => Object.hasOwn(after, name) && isSame(before[name], after[name]));
}

function isPlain(value: object): value is Readonly<Record<string, unknown>> {
	const prototype: unknown = Object.getPrototypeOf(value);
	return prototype === Object.prototype || prototype === null;
}
