import { describe, expect, test } from "vitest";
import { labTopics } from "../../src/shared/lab/topics.ts";
import { lastObject, quorate } from "../support/command-line.ts";

interface LabsObject {
	readonly labs: readonly {
		readonly id: string;
		readonly title: string;
		readonly shows: string;
		readonly parameters: readonly { readonly name: string }[];
		readonly topic: string | null;
		readonly checks: readonly { readonly id: string }[];
		readonly variants: readonly { readonly id: string; readonly breaks: string }[];
	}[];
}

describe("quorate labs", () => {
	test("--json lists every lab with its parameters and variants, each with the check it breaks", async () => {
		const finished = await quorate(["labs", "--json"]);
		expect(finished.code).toBe(0);
		const { labs } = lastObject<LabsObject>(finished);
		expect(labs.map(({ id }) => id)).toEqual([...labs.map(({ id }) => id)].sort());
		expect(labs.map(({ id }) => id)).toEqual(expect.arrayContaining(["front-door", "misbehaving", "ping"]));
		for (const { id, title, shows, topic, checks, variants } of labs) {
			expect(title, id).not.toBe("");
			expect(shows, id).not.toBe("");
			expect(labTopics, id).toContain(topic);
			const known = checks.map((check) => check.id);
			for (const variant of variants) expect(known, `${id}, variant ${variant.id}`).toContain(variant.breaks);
		}
		const frontDoor = labs.find(({ id }) => id === "front-door");
		expect(frontDoor?.parameters.map(({ name }) => name)).toEqual(expect.arrayContaining(["servers", "visitors"]));
	});

	test("tells people the same", async () => {
		const { code, out } = await quorate(["labs"]);
		expect(code).toBe(0);
		expect(out).toMatch(/^front-door {2}The front door \(20s\)$/m);
		expect(out).toMatch(/--set servers=5/);
	});
});
