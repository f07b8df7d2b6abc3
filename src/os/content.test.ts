import { expect, test } from "vitest";
import { contentFor, contentSum } from "./content.ts";

test("the sum is FNV-1a of 32 bits", () => {
	// From the test vectors of its authors: the empty text, "a" and "foobar".
	const bytes = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
	expect([bytes(""), bytes("a"), bytes("foobar")].map(contentSum)).toEqual([0x811c9dc5, 0xe40c292c, 0xbf9cf968]);
});

test("contents are the same for a name and a number, and different for any others", () => {
	expect(contentFor("a.txt", 1, 100)).toEqual(contentFor("a.txt", 1, 100));
	const sums = ["a.txt", "b.txt"].flatMap((name) => [1, 2, 3].map((number) => contentSum(contentFor(name, number, 100))));
	expect(new Set(sums).size).toBe(6);
});
