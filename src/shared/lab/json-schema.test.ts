// biome-ignore-all lint/suspicious/noTemplateCurlyInString: lab files name parameters so
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { labJsonSchema } from "./json-schema.ts";

const resources = new URL("../../../resources/", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, resources), "utf8");

test("the published schema is the one that the shapes give (else run: node scripts/write-lab-schema.ts)", () => {
	expect(JSON.parse(read("lab.schema.json"))).toEqual(JSON.parse(JSON.stringify(labJsonSchema())));
});

describe("the published schema", () => {
	const schema = z.fromJSONSchema(JSON.parse(read("lab.schema.json")));
	const lab = parse(read("labs/front-door/lab.yaml")) as { nodes: { [key: string]: unknown }[] };

	test.each(readdirSync(new URL("labs", resources)))("accepts the lab %s as it is written", (id) => {
		expect(schema.safeParse(parse(read(`labs/${id}/lab.yaml`)))).toMatchObject({ success: true });
	});

	test("a parameter may stand where a number is expected, any other text may not", () => {
		const withCores = (cores: unknown) => ({ ...lab, nodes: lab.nodes.map((node) => ({ ...node, cores })) });
		expect(schema.safeParse(withCores("${servers}")).success).toBe(true);
		expect(schema.safeParse(withCores(4)).success).toBe(true);
		expect(schema.safeParse(withCores("four")).success).toBe(false);
		expect(schema.safeParse(withCores(0)).success).toBe(false);
	});

	test("refuses what the compiler refuses by shape", () => {
		expect(schema.safeParse({ ...lab, extra: 1 }).success).toBe(false);
		expect(schema.safeParse({ ...lab, duration: "10" }).success).toBe(false);
		expect(schema.safeParse({ ...lab, nodes: undefined }).success).toBe(false);
		expect(schema.safeParse({ ...lab, links: [{ between: ["crowd"], latency: "1ms" }] }).success).toBe(false);
	});
});
