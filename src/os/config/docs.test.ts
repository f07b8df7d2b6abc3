import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { PlainValue } from "../../shared/codec.ts";
import { registry } from "../registry.ts";

/** Every key a service reads, as the refusal of an unknown one lists them. */
function keysOf(service: string): string[] {
	try {
		registry.get(service)?.configure({ target: "somebody", "no such key": 1 } as PlainValue);
	} catch (error) {
		const [, keys = ""] = /known keys: (.*)$/.exec((error as Error).message) ?? [];
		return keys.split(", ");
	}
	return [];
}

test.each(["crowd", "web-server", "balancer"])("the page on %s explains every key that it reads", (service) => {
	const page = readFileSync(new URL(`../../../docs/os/${service}.md`, import.meta.url), "utf8");
	const table = page.split("\n").filter((line) => line.startsWith("| `"));
	const keys = keysOf(service);
	expect(keys.length).toBeGreaterThan(4);
	for (const key of keys)
		expect(
			table.some((row) => row.split("|")[1]?.includes(`\`${key}\``)),
			key,
		).toBe(true);
});
