import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { frontPlan } from "../../../test/support/plans.ts";
import { GrammarError } from "../scanner.ts";
import type { Check } from "./check.ts";
import { checkSubjects, parseCheck } from "./check-grammar.ts";

const plan = frontPlan();
const parse = (expression: string): Check => parseCheck(expression, plan);

function refusal(expression: string): GrammarError {
	try {
		parse(expression);
	} catch (error) {
		if (error instanceof GrammarError) return error;
		throw error;
	}
	throw new Error(`"${expression}" was accepted`);
}

const always = { from: { kind: "at", us: 0 }, to: { kind: "end" } };

describe("subjects", () => {
	test("utilisation of nodes over a window", () => {
		expect(parse("maxUtilisation of web-* <= 80% over 250ms")).toEqual({
			subject: { kind: "utilisation", nodes: [2, 3, 4, 5, 6], overUs: 250_000 },
			operator: "<=",
			value: 0.8,
			unit: "ratio",
			when: always,
		});
		expect(parse("maxUtilisation <= 0.8").subject).toEqual({ kind: "utilisation", nodes: null, overUs: 1_000_000 });
	});

	test("requests by name, receiver and sender", () => {
		const subject = parse("requests http.request to web-3 @east from role:balancer == 0").subject;
		expect(subject).toEqual({ kind: "requests", name: 2, to: [2, 3, 4], from: [1] });
		expect(parse("requests == 0").subject).toEqual({ kind: "requests", name: -1, to: null, from: null });
		expect(parse("requestsTo web-3 == 0").subject).toEqual({ kind: "requests", name: -1, to: [4], from: null });
		expect(parse("dropped to web-1 because nodeDown >= 1").subject).toEqual({ kind: "dropped", name: -1, to: [2], from: null, reason: "nodeDown" });
	});

	test("spans: errors, percentiles, rates", () => {
		expect(parse("noClientErrors")).toMatchObject({ subject: { kind: "errors", name: -1, nodes: [0] }, operator: "==", value: 0 });
		expect(parse("errors of visit at client-1 == 0").subject).toEqual({ kind: "errors", name: 3, nodes: [0] });
		expect(parse("p99.9 of visit <= 250ms")).toMatchObject({ subject: { kind: "percentile", rankMilli: 99_900, name: 3 }, value: 250_000, unit: "us" });
		expect(parse("throughput of visit >= 12.5")).toMatchObject({ subject: { kind: "throughput" }, value: 12.5 });
		expect(parse("lowest visit of client-1 >= -5")).toMatchObject({ subject: { kind: "measured", extreme: "lowest", nodes: [0] }, value: -5 });
		expect(parse("count nodeCrashed of web-* <= 1").subject).toEqual({ kind: "count", event: "nodeCrashed", nodes: [2, 3, 4, 5, 6] });
	});
});

describe("times", () => {
	const when = (text: string) => parse(`crashes == 0 ${text}`).when;

	test("fixed, open and hanging on events", () => {
		expect(when("after 2s")).toEqual({ from: { kind: "at", us: 2_000_000 }, to: { kind: "end" } });
		expect(when("before 1min")).toEqual({ from: { kind: "at", us: 0 }, to: { kind: "at", us: 60_000_000 } });
		expect(when("between 6s and end")).toEqual({ from: { kind: "at", us: 6_000_000 }, to: { kind: "end" } });
		expect(when("between crash web-3 + 600ms and restart of web-3 web-4")).toEqual({
			from: { kind: "event", word: "crash", nodes: [4], offsetUs: 600_000 },
			to: { kind: "event", word: "restart", nodes: [4, 5], offsetUs: 0 },
		});
		expect(when("after heal +1s")).toEqual({ from: { kind: "event", word: "heal", nodes: null, offsetUs: 1_000_000 }, to: { kind: "end" } });
	});

	test("a moment before its event, and intervals that run backwards, are refused", () => {
		expect(refusal("crashes == 0 after crash web-3 -1s").message).toContain("not precede it");
		expect(refusal("crashes == 0 after crash web-3 + x").message).toContain("a duration such as + 600ms");
		expect(refusal("crashes == 0 between 6s and 5s").message).toContain("later than the second");
		expect(refusal("crashes == 0 between end and 5s").message).toContain("later than the second");
		expect(refusal("crashes == 0 between boot web-1 + 2s and boot web-1 + 1s").message).toContain("later than the second");
	});
});

test("refusals say where, what was expected and what is near", () => {
	const error = refusal("requests http.reqest to web-3 == 0");
	expect(error.code).toBe("check-invalid");
	expect(error.position).toBe(9);
	expect(error.complaint).toBe('expected the name of a message, to or from, but "http.reqest" is written; did you mean http.request?');
	expect(refusal("maxUtilization <= 0.8").message).toContain("did you mean maxUtilisation?");
	expect(refusal("maxUtilisation of wbe-3 <= 0.8").message).toContain("did you mean web-3?");
	expect(refusal("maxUtilisation of role:wbe <= 0.8").message).toContain("did you mean role:web?");
	expect(refusal("maxUtilisation <= 1.2").message).toContain("a ratio from 0 to 1");
	expect(refusal("maxUtilisation <= 0.8 over 150us").message).toContain("whole steps of 100us");
	expect(refusal("p101 of visit <= 1s").message).toContain("expected what to check");
	expect(refusal("p99 of visit <= 250").message).toContain("a duration such as 250ms");
	expect(refusal("count nodeCrash == 0").message).toContain("did you mean nodeCrashed?");
	expect(refusal("dropped because lost == 0").message).toContain("did you mean loss?");
	expect(refusal("crashes = 0").message).toContain("a comparison");
	expect(refusal("crashes == 0 afetr 2s").message).toContain("did you mean after?");
	expect(refusal("crashes == 0 after crsh web-3").message).toContain("did you mean crash?");
	expect(refusal("noClientErrors == 0").message).toContain("end of the line");
	expect(refusal("__proto__ == 0").message).toContain("expected what to check");
	expect(() => parseCheck("noClientErrors", frontPlan({ nodes: plan.nodes.slice(1), links: [] }))).toThrow("there are none");
});

test("whatever is typed, the answer is a check or a refusal within the line", () => {
	const words = [
		...checkSubjects,
		"of",
		"to",
		"visit",
		"web-3",
		"web-*",
		"==",
		"<=",
		"0",
		"0.5",
		"1s",
		"after",
		"between",
		"and",
		"end",
		"crash",
		"+",
		"over",
		"{",
		'"x"',
	];
	fc.assert(
		fc.property(fc.array(fc.oneof(fc.constantFrom(...words), fc.string()), { maxLength: 10 }), (parts) => {
			const line = parts.join(" ");
			try {
				parse(line);
			} catch (error) {
				if (!(error instanceof GrammarError)) throw error;
				expect(error.position).toBeGreaterThanOrEqual(0);
				expect(error.position).toBeLessThanOrEqual(line.length);
			}
		}),
		{ seed: 20_260_103, numRuns: 2_000 },
	);
});
