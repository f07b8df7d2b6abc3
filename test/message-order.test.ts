/**
 * The names that a service gives to the places of its messages are those by which its own code writes and reads them, in the
 * same order: a list travels without names, so nothing else would notice two that changed places.
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ServiceDefinition } from "../src/core/node-api.ts";
import { registry } from "../src/os/registry.ts";
import type { BodyShape } from "../src/shared/body-shape.ts";
import { isTestFile, readTree, rootDirectory } from "./architecture/files.ts";

const nameOf = (shape: BodyShape): string => (typeof shape === "string" ? shape : (shape.name ?? ""));

/** Every list of places within a shape, by their names. */
function placesIn(shape: BodyShape | undefined): readonly (readonly string[])[] {
	if (shape === undefined || typeof shape === "string" || "words" in shape) return [];
	if ("each" in shape) return placesIn(shape.each);
	if ("within" in shape) return Object.values(shape.within).flatMap(placesIn);
	return [shape.parts.map(nameOf), ...shape.parts.flatMap(placesIn)];
}

const withoutComments = (text: string): string => text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");

/** What stands between brackets, innermost or not, parted at its commas. */
function listsIn(text: string): readonly (readonly string[])[] {
	const lists: string[][] = [];
	const open: { readonly bracket: string; readonly items: string[]; from: number }[] = [];
	for (let at = 0; at < text.length; at++) {
		const letter = text[at] as string;
		const inner = open.at(-1);
		if ("[({".includes(letter)) open.push({ bracket: letter, items: [], from: at + 1 });
		else if (letter === "," && inner !== undefined) {
			inner.items.push(text.slice(inner.from, at));
			inner.from = at + 1;
		} else if ("])}".includes(letter) && inner !== undefined) {
			open.pop();
			if (inner.bracket === "[") lists.push([...inner.items, text.slice(inner.from, at)].map((item) => item.trim()));
		}
	}
	return lists;
}

/** What an item is called: a label (`hops: number`), a name that is bound (`hops = 0`), or a value by its last name. */
function wordOf(item: string): string {
	return /^(\w+)\??\s*(?::|=(?!=)|$)/.exec(item)?.[1] ?? /^[\w.#]*[.#](\w+)$/.exec(item)?.[1] ?? "";
}

/** Where a service lives, as the registry takes it from there. */
const modules = await Promise.all(
	[...readFileSync(join(rootDirectory, "src/os/registry.ts"), "utf8").matchAll(/from "(\.\/[\w./-]+)"/g)].map(async ([, path = ""]) => ({
		folder: `src/os/${dirname(path).split("/")[1]}/`,
		exported: Object.values((await import(join(rootDirectory, "src/os", path))) as Readonly<Record<string, unknown>>),
	})),
);
const sources = [...readTree(rootDirectory, ["src/os"], [".ts"])].filter(([path]) => !isTestFile(path)).map(([path, text]) => ({ path, text }));

function wordsWrittenBy(service: ServiceDefinition): readonly (readonly string[])[] {
	const home = modules.find(({ exported }) => exported.includes(service));
	if (home === undefined) throw new Error("the registry takes this service from nowhere");
	return sources.filter(({ path }) => path.startsWith(home.folder)).flatMap(({ text }) => listsIn(withoutComments(text)).map((items) => items.map(wordOf)));
}

const isSame = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((word, place) => word === b[place]);

const told = [...registry].flatMap(([service, definition]) =>
	Object.entries(definition.bodies ?? {}).flatMap(([message, { body, answer }]) =>
		[...placesIn(body), ...placesIn(answer)].filter((places) => places.length > 1).map((places) => ({ service, definition, message, places })),
	),
);

describe("what has its meaning by its place", () => {
	test("is found in every service that tells of such", () => {
		expect(told.length).toBeGreaterThan(25);
		expect(new Set(told.map(({ service }) => service)).size).toBeGreaterThan(10);
	});

	test.each(told)("of $message, $places, is read or written under these names in this order, and in no other", ({ definition, places }) => {
		const lists = wordsWrittenBy(definition);
		const sorted = [...places].sort();
		expect(lists.filter((list) => isSame(list, places)).length).toBeGreaterThan(0);
		expect(lists.filter((list) => isSame([...list].sort(), sorted) && !isSame(list, places))).toEqual([]);
	});
});
