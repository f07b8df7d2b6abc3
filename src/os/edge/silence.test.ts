import { expect, test } from "vitest";
import { Silence } from "./silence.ts";

test("a server is waited for as long as the lab says, and its first silence changes nothing", () => {
	const silence = new Silence(700);
	expect(silence.timeoutUs("chicago")).toBe(700);
	silence.fell("chicago");
	expect(silence.timeoutUs("chicago")).toBe(700);
});

test("each silence after the first doubles the patience, up to eight times (RFC 6298, 5.5)", () => {
	const silence = new Silence(700);
	const told = [0, 1, 2, 3, 4, 5, 6].map(() => {
		const timeoutUs = silence.timeoutUs("ohio");
		silence.fell("ohio");
		return timeoutUs;
	});
	expect(told).toEqual([700, 700, 1_400, 2_800, 5_600, 5_600, 5_600]);
});

test("it follows what answers take, and is never less than the lab says (RFC 6298, 2)", () => {
	const silence = new Silence(700);
	silence.timeoutUs("ohio");
	silence.answered("ohio", 1_000);
	expect(silence.timeoutUs("ohio")).toBe(2_000);
	silence.answered("ohio", 100);
	expect(silence.timeoutUs("ohio")).toBe(700);
	silence.answered("ohio", 1_000_000);
	expect(silence.timeoutUs("ohio")).toBe(5_600);
});

test("another server begins afresh, and what an earlier one does late is not held against it", () => {
	const silence = new Silence(700);
	silence.timeoutUs("chicago");
	for (let n = 0; n < 5; n++) silence.fell("chicago");
	expect(silence.timeoutUs("ohio")).toBe(700);
	silence.fell("chicago");
	silence.answered("chicago", 5_000);
	expect(silence.timeoutUs("ohio")).toBe(700);
});
