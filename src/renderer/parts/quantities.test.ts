import { expect, test } from "vitest";
import { quantitiesIn } from "./quantities.ts";

test("a number and its unit are one part, and all parts together are the text", () => {
	const text = "00:02.300 (2 s off), up to 200 µs more, 60% at 1.5Mbit/s, in 2 min 5 s, at 0.300009s";
	expect(quantitiesIn(text).filter((_, place) => place % 2 === 1)).toEqual(["2 s", "200 µs", "60%", "1.5Mbit/s", "2 min", "5 s", "0.300009s"]);
	expect(quantitiesIn(text).join("")).toBe(text);
});

test("a number before another word is none, nor is a number alone", () => {
	for (const text of ["35 / 5", "3 servers", "12 seconds", "5 drives", "", "web-3 stops"]) expect(quantitiesIn(text)).toEqual([text]);
});
