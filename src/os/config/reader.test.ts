import { expect, test } from "vitest";
import type { PlainValue } from "../../shared/codec.ts";
import { ConfigReader } from "./reader.ts";

function reader(config: PlainValue): ConfigReader {
	return new ConfigReader("demo", config);
}

test("a duration is text with a unit or a number of microseconds", () => {
	expect(reader({ wait: "1.5ms" }).durationUs("wait", { from: "1us" })).toBe(1_500);
	expect(reader({ wait: 1_500 }).durationUs("wait", { from: "1us" })).toBe(1_500);
	expect(reader({}).durationUs("wait", { from: "1us" }, "2s")).toBe(2_000_000);
});

test.each([
	[{ wait: "fast" }, 'demo: wait must be a duration from 1us to 1min, such as 250ms; got "fast"'],
	[{ wait: "2min" }, 'demo: wait must be a duration from 1us to 1min, such as 250ms; got "2min"'],
	[{ wait: -5 }, "demo: wait must be a duration from 1us to 1min, such as 250ms; got -5us"],
	[{ wait: 1.5 }, "demo: wait must be a duration from 1us to 1min, such as 250ms; got 1.5"],
	[{}, "demo: wait is missing; expected a duration from 1us to 1min, such as 250ms"],
])("a wrong duration %o says what was expected", (config, message) => {
	expect(() => reader(config).durationUs("wait", { from: "1us", to: "1min" })).toThrow(message);
});

test.each([
	["abc", 'demo: size must be a whole number from 1 to 9; got "abc"'],
	[0, "demo: size must be a whole number from 1 to 9; got 0"],
	[1.5, "demo: size must be a whole number from 1 to 9; got 1.5"],
	[Number.NaN, "demo: size must be a whole number from 1 to 9; got null"],
])("a wrong number %o says what was expected", (size, message) => {
	expect(() => reader({ size }).integer("size", { from: 1, to: 9 })).toThrow(message);
});

test("a wrong choice names the choices and the nearest one", () => {
	expect(() => reader({ shape: "posson" }).oneOf("shape", ["uniform", "poisson"])).toThrow(
		'demo: shape must be one of uniform, poisson; got "posson"; did you mean poisson?',
	);
});

test("an unknown key is refused with the key that was probably meant", () => {
	const config = reader({ timeuot: "1s" });
	config.durationUs("timeout", { from: "1us" }, "2s");
	expect(() => config.end()).toThrow('demo: unknown key "timeuot"; did you mean timeout?');
});

test("an unknown key without a neighbour lists what there is", () => {
	const config = reader({ colour: "red" });
	config.text("target", "balancer");
	expect(() => config.end()).toThrow('demo: unknown key "colour"; known keys: target');
});

test("a hostile key is no key of the object's prototype", () => {
	const config = reader(JSON.parse('{"__proto__": {"target": "evil"}}'));
	expect(config.text("target", "balancer")).toBe("balancer");
	expect(() => config.end()).toThrow("unknown key");
});

test.each([
	["a list", []],
	["a text", "fast"],
	["bytes", new Uint8Array(2)],
])("%s is no configuration", (_, config) => {
	expect(() => reader(config as PlainValue)).toThrow("demo: the configuration must be a mapping of keys to values");
});

test("null is an empty configuration", () => {
	expect(reader(null).text("target", "balancer")).toBe("balancer");
});

test("off switches a number off", () => {
	expect(reader({ limit: "off" }).numberOrOff("limit", { from: 0, to: 1 }, 0.8)).toBeUndefined();
	expect(reader({}).numberOrOff("limit", { from: 0, to: 1 }, 0.8)).toBe(0.8);
});

test("weights come in one order, however the lab or a saved plan wrote them", () => {
	const written = [
		{ movie: 4, cartoon: 1, news: 2 },
		{ cartoon: 1, news: 2, movie: 4 },
	];
	for (const films of written)
		expect(reader({ films }).weights("films")).toEqual([
			["cartoon", 1],
			["movie", 4],
			["news", 2],
		]);
});
