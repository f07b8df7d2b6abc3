/** The pages on carts and on streaming explain every key, name and invariant of their services. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { PlainValue } from "../../shared/codec.ts";
import { registry } from "../registry.ts";

const services = [
	["carts", "cart-server"],
	["carts", "shoppers"],
	["edge", "name-service"],
	["edge", "edge"],
	["edge", "origin"],
	["edge", "player"],
	["edge", "audience"],
] as const;

/** Every key a service reads, as the refusal of an unknown one lists them. */
function keysOf(service: string): readonly string[] {
	try {
		registry.get(service)?.configure({ ...(service === "shoppers" && { target: "door" }), "no such key": 1 } as PlainValue);
	} catch (error) {
		return (/known keys: (.*)$/.exec((error as Error).message)?.[1] ?? "").split(", ");
	}
	return [];
}

describe.each(services)("the page on %s", (page, service) => {
	const text = readFileSync(new URL(`../../../docs/os/${page}.md`, import.meta.url), "utf8");

	test(`explains every key of ${service}`, () => {
		const cells = text.split("\n").flatMap((line) => (line.startsWith("| `") ? [line.split("|")[1] ?? ""] : []));
		const keys = keysOf(service);
		expect(keys.length).toBeGreaterThan(4);
		expect(keys.filter((key) => !cells.some((cell) => cell.includes(`\`${key}\``)))).toEqual([]);
	});

	test(`tells of every name that ${service} uses and that is its own`, () => {
		const own = (registry.get(service)?.names ?? []).filter((name) => !/^(store|raft|http)\./.test(name));
		expect(own.length).toBeGreaterThan(0);
		expect(own.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
	});
});
