/**
 * What the parts of a message's body are called. Bodies travel as short as they can be, many as lists whose places
 * mean something; whoever writes one says here, beside its code, what each place is, and whoever shows one tells
 * it by these names. Knows no service; what it names came over a network and may be anything. Pure.
 */
import type { PlainValue } from "./codec.ts";

/** A name alone: of a value that stands for itself. */
export type BodyShape =
	| string
	/** A number that stands for one of these words. */
	| { readonly name: string; readonly words: readonly string[] }
	/** A list in which each place has its meaning. */
	| { readonly name?: string; readonly parts: readonly BodyShape[] }
	/** A list of things that are all alike. */
	| { readonly name?: string; readonly each: BodyShape }
	/** It has names, and what some of them hold has none. */
	| { readonly name?: string; readonly within: { readonly [field: string]: BodyShape } };

export interface MessageShape {
	readonly body?: BodyShape;
	readonly answer?: BodyShape;
}

/** By the names of messages. What is not in it has names of its own, or no body. */
export type MessageShapes = { readonly [message: string]: MessageShape };

/** So many names as a list has places, in their order. */
export type PartsOf<Body extends readonly unknown[]> = { readonly [Place in keyof Body]: BodyShape };

/** Shapes within shapes; none is deeper. */
export const shapeDepthMax = 6;

function nameOf(shape: BodyShape): string | undefined {
	return typeof shape === "string" ? shape : shape.name;
}

function isList(value: PlainValue): value is readonly PlainValue[] {
	return Array.isArray(value);
}

function contentsOf(value: PlainValue, shape: BodyShape): PlainValue {
	if (typeof shape === "string") return value;
	if ("words" in shape) return typeof value === "number" ? (shape.words[value] ?? value) : value;
	if ("each" in shape) return isList(value) ? value.map((item) => contentsOf(item, shape.each)) : value;
	if ("parts" in shape) {
		if (!isList(value) || value.length !== shape.parts.length) return value;
		return Object.fromEntries(shape.parts.map((part, place) => [nameOf(part) ?? String(place), contentsOf(value[place] as PlainValue, part)]));
	}
	if (typeof value !== "object" || value === null || isList(value) || value instanceof Uint8Array) return value;
	const { within } = shape;
	return Object.fromEntries(
		Object.entries(value).map(([field, item]) => [field, Object.hasOwn(within, field) ? contentsOf(item, within[field] as BodyShape) : item]),
	);
}

/** The same with names for what has none; whatever is not of that shape stays as it is. */
export function nameBody(value: PlainValue, shape: BodyShape | undefined): PlainValue {
	if (shape === undefined || value === null) return value;
	const name = nameOf(shape);
	const contents = contentsOf(value, shape);
	return name === undefined ? contents : { [name]: contents };
}
