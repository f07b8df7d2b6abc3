import { describe, expect, it } from "vitest";
import { syntheticPlan, syntheticSession } from "../../../test/synthetic-run.ts";
import { canonicalJson } from "../../shared/canonical-json.ts";
import { QuorateError } from "../../shared/errors.ts";
import type { Plan } from "../../shared/plan.ts";
import { readHeader, readPlan, readVerdicts } from "./session-json.ts";

function problemOf(value: unknown): string {
	expect(value).toBeInstanceOf(QuorateError);
	return (value as QuorateError).message;
}

describe("the JSON of a session", () => {
	it("gives a plan back as it was", () => {
		const plan = syntheticPlan(7);
		expect(readPlan(canonicalJson(plan))).toEqual(plan);
	});

	it("gives back drives that wear out", () => {
		const [first, ...others] = syntheticPlan(7).nodes as readonly [Plan["nodes"][number], ...Plan["nodes"]];
		const nodes = [{ ...first, disk: { ...first.disk, annualFailures: 0.0365, startFailureRatio: 0.01 } }, ...others];
		expect(readPlan(canonicalJson({ ...syntheticPlan(7), nodes }))).toMatchObject({ nodes });
	});

	const link = syntheticPlan().links[0] as Plan["links"][number];
	const node = syntheticPlan().nodes[0] as Plan["nodes"][number];
	it.each<[string, object]>([
		["a link that ends nowhere", { links: [{ ...link, b: 99 }] }],
		["a link without delay", { links: [{ ...link, forward: { ...link.forward, floorUs: 0 } }] }],
		["a loss of more than all", { links: [{ ...link, backward: { ...link.backward, lossRatio: 1.5 } }] }],
		["a jitter of no kind", { links: [{ ...link, forward: { ...link.forward, jitter: { kind: "weather" } } }] }],
		["half a microsecond", { untilUs: 0.5 }],
		["no nodes", { nodes: [] }],
		["too many nodes", { nodes: Array.from({ length: 1_025 }, () => node) }],
		["a node in no region", { nodes: [{ ...node, region: 4 }] }],
		["a clock that runs backwards", { nodes: [{ ...node, clock: { kind: "linear", offsetUs: 0, driftPpm: -2_000_000 } }] }],
		["a property nobody knows", { colour: "red" }],
	])("refuses a plan with %s", (_, change) => {
		expect(problemOf(readPlan(canonicalJson({ ...syntheticPlan(), ...change })))).toContain("plan");
	});

	it("refuses a header that lacks a part, or has one of the wrong kind", () => {
		const { header } = syntheticSession();
		expect(readHeader(canonicalJson(header))).toEqual(header);
		for (const key of Object.keys(header)) {
			expect(problemOf(readHeader(canonicalJson({ ...header, [key]: undefined })))).toContain(key);
			expect(problemOf(readHeader(canonicalJson({ ...header, [key]: [] })))).toContain(key);
		}
	});

	it("keeps whatever proves a verdict", () => {
		const verdicts = [{ id: "calm", ok: false, evidence: [{ index: 3, text: "x" }], value: 0.5 }];
		expect(readVerdicts(canonicalJson(verdicts))).toEqual(verdicts);
		expect(problemOf(readVerdicts('[{"id":"calm"}]'))).toContain("ok");
	});

	it("says so in plain words when a text is no JSON, without quoting it", () => {
		expect(problemOf(readPlan("\u001b[2J{"))).toBe("the plan is no JSON");
		expect(problemOf(readPlan(`{"\u001b[2J`))).toBe("the plan is no JSON");
	});

	it("puts no control character of a file into a message", () => {
		const plan = { ...syntheticPlan(), "\u001b[2Jevil": 1 };
		expect(problemOf(readPlan(JSON.stringify(plan)))).not.toMatch(/\p{Cc}/u);
	});
});
