// biome-ignore-all lint/suspicious/noTemplateCurlyInString: lab files name parameters so
import { describe, expect, test } from "vitest";
import { compile, head, pair, refusal, withParameters } from "../../../test/support/lab-text.ts";
import { QuorateError } from "../errors.ts";
import type { Plan } from "../plan.ts";
import { describeLab } from "./compile.ts";

describe("a plan", () => {
	test("has the nodes, links and defaults that the file describes", () => {
		const plan = compile(pair);
		expect(plan.nodes.map(({ name }) => name)).toEqual(["crowd", "web-1", "web-2", "web-3"]);
		expect(plan.nodes[2]).toEqual({
			name: "web-2",
			role: "node",
			region: -1,
			cores: 1,
			clock: { kind: "perfect", offsetUs: 0 },
			disk: { drives: 1, capacityBytes: 67_108_864, writeUs: 20, readUs: 100, syncUs: 2_000, bytesPerSecond: 0, readErrorRatio: 0, tornRatio: 0 },
			bootDelayUs: 100_000,
			services: [{ service: "web-server", config: { port: 80, self: "web-2" } }],
		});
		expect(plan.links.map(({ name, a, b, forward }) => [name, a, b, forward.floorUs])).toEqual([
			["crowd--web-1", 0, 1, 5_000],
			["crowd--web-2", 0, 2, 5_000],
			["crowd--web-3", 0, 3, 5_000],
		]);
		expect(plan.links[0]?.forward).toEqual(plan.links[0]?.backward);
		expect(plan.untilUs).toBe(10_000_000);
		expect(plan.variant).toBe("");
	});

	test("lists the names of the services it uses, sorted by code unit", () => {
		expect(compile(pair).names).toEqual(["Zulu", "crowd.arrival", "http.request", "visit"]);
	});

	test("is the same for the same text and wishes", () => {
		const wishes = { story: ["2s crash web-*", "1s pause crowd"], untilUs: 5_000_000 };
		expect(compile(pair, wishes)).toEqual(compile(pair, wishes));
		expect(JSON.stringify(compile(pair, wishes))).toBe(JSON.stringify(compile(pair, wishes)));
	});

	test("a link reads every property of its physics, each way", () => {
		const text = `${pair}    jitter: { lognormal: { median: 2ms, sigma: 0.5 } }
    loss: 100%
    duplicate: 0.01
    corrupt: 1e-3
    reorder: { ratio: 5%, by: 3ms }
    bandwidth: 100Mbit/s
    queue: 64KiB
    forward: { jitter: uniform 1ms, bandwidth: unlimited }
    backward: { latency: 7ms, fifo: false }
`;
		const { forward, backward } = compile(text).links[0] as Plan["links"][number];
		expect(forward).toEqual({
			floorUs: 5_000,
			jitter: { kind: "uniform", maxUs: 1_000 },
			lossRatio: 1,
			duplicateRatio: 0.01,
			corruptRatio: 0.001,
			reorderRatio: 0.05,
			reorderUs: 3_000,
			fifo: false,
			bitsPerSecond: 0,
			queueBytes: 65_536,
		});
		expect(backward).toMatchObject({ floorUs: 7_000, jitter: { kind: "lognormal", medianUs: 2_000, sigma: 0.5 }, bitsPerSecond: 100_000_000 });
	});

	test.each([
		["none", { kind: "constant", us: 0 }],
		["constant 1ms", { kind: "constant", us: 1_000 }],
		["exponential 250us", { kind: "exponential", meanUs: 250 }],
		["{ normal: { mean: 1ms, deviation: 2ms } }", { kind: "normal", meanUs: 1_000, deviationUs: 2_000 }],
		["{ empirical: [0us, 1ms, 1ms, 9ms] }", { kind: "empirical", quantilesUs: [0, 1_000, 1_000, 9_000] }],
	])("jitter %s", (written, jitter) => {
		expect(compile(`${pair}    jitter: ${written}\n`).links[0]?.forward.jitter).toEqual(jitter);
	});

	test.each([
		["{ offset: -3s }", { kind: "perfect", offsetUs: -3_000_000 }],
		["{ drift: -999999ppm }", { kind: "linear", offsetUs: 0, driftPpm: -999_999 }],
		["{ swing: { amplitude: 50ppm, period: 1min } }", { kind: "periodic", offsetUs: 0, amplitudePpm: 50, periodUs: 60_000_000 }],
		["{ jump: { by: -2s, at: 5s } }", { kind: "step", offsetUs: 0, stepUs: -2_000_000, atUs: 5_000_000 }],
		["{ walk: { step: 5ppm, limit: 90ppm, every: 1s } }", { kind: "randomWalk", offsetUs: 0, stepPpm: 5, limitPpm: 90, periodUs: 1_000_000 }],
		["{ offset: 1us, strobe: { amplitude: 20ms, every: 1s } }", { kind: "strobe", offsetUs: 1, amplitudeUs: 20_000, periodUs: 1_000_000 }],
	])("clock %s", (written, clock) => {
		expect(compile(pair.replace("role: client", `clock: ${written}`)).nodes[0]?.clock).toEqual(clock);
	});

	test("a region is a switch; its nodes have links to it, of its latency or their own", () => {
		const plan = compile(`${head}regions:
  - { name: east, latency: 2ms, loss: 1% }
  - { name: west }
switches:
  - { name: hub, region: west }
nodes:
  - { name: "a-{n}", count: 2, region: east }
  - { name: b, region: east, latency: 9ms }
  - { name: c, region: west }
links:
  - { between: [east, west], latency: 40ms }
  - { between: [["@west"], [west, hub]], latency: 1ms }
`);
		expect(plan.switches).toEqual([
			{ name: "east", region: 0 },
			{ name: "west", region: 1 },
			{ name: "hub", region: 1 },
		]);
		expect(plan.links.map(({ name, forward }) => [name, forward.floorUs, forward.lossRatio])).toEqual([
			["a-1--east", 2_000, 0.01],
			["a-2--east", 2_000, 0.01],
			["b--east", 9_000, 0.01],
			["east--west", 40_000, 0],
			["c--west", 1_000, 0],
			["c--hub", 1_000, 0],
		]);
	});

	test("a mesh joins every pair once", () => {
		const plan = compile(`${head}nodes:\n  - { name: "n-{n}", count: 4 }\nlinks:\n  - { between: [n-*, n-*], latency: 1ms }\n`);
		expect(plan.links.map(({ a, b }) => [a, b])).toEqual([
			[0, 1],
			[0, 2],
			[0, 3],
			[1, 2],
			[1, 3],
			[2, 3],
		]);
	});

	test("the story is canonical, in order of time, wishes after the lab's own", () => {
		const plan = compile(`${pair}story:\n  - 6s restart  web-3\n  - 2s crash web-3, web-1\n`, { story: ["6s heal all"] });
		expect(plan.story).toEqual([
			{ atUs: 2_000_000, line: "crash web-1 web-3" },
			{ atUs: 6_000_000, line: "restart web-3" },
			{ atUs: 6_000_000, line: "heal all" },
		]);
	});
});

describe("parameters and variants", () => {
	test("a value stands where its name stands: whole, or within a text", () => {
		const plan = compile(withParameters);
		expect(plan.parameters).toEqual({ servers: 2, latency: "10ms", loss: 0, shape: "round", loud: false });
		expect(plan.nodes).toHaveLength(3);
		expect(plan.links[0]?.forward.floorUs).toBe(10_000);
		expect(plan.story).toEqual([{ atUs: 1_000_000, line: 'ask crowd "round and false"' }]);
		expect(plan.checks[0]).toEqual({ id: "quick", expression: "p99 of visit <= 10ms", shows: "Quick." });
	});

	test("a user's texts are read by the parameter's type, over the variant's values", () => {
		const plan = compile(withParameters, { variant: "many", parameters: { servers: "5", latency: "0.5s", loud: "true", loss: "0.25" } });
		expect(plan.variant).toBe("many");
		expect(plan.parameters).toEqual({ servers: 5, latency: "500ms", loss: 0.25, shape: "square", loud: true });
	});

	test("a variant lays options, links and lines over the lab", () => {
		const plan = compile(withParameters, { variant: "broken" });
		expect(plan.nodes[1]?.services[0]?.config).toEqual({ port: 80, self: "web-1" });
		expect(plan.nodes[2]?.services[0]?.config).toEqual({ self: "web-2", extra: { deep: 1 } });
		expect(plan.links.map(({ forward, backward }) => [forward.lossRatio, backward.lossRatio])).toEqual([
			[0, 0],
			[1, 0],
		]);
		expect(plan.story.map(({ line }) => line)).toEqual(['ask crowd "round and false"', "crash web-1"]);
		expect(compile(withParameters, { variant: "silent" }).story).toEqual([]);
	});

	test("wishes that do not fit are the user's mistake, not the file's", () => {
		expect(refusal(withParameters, { parameters: { servers: "6" } })).toMatchObject({
			code: "usage",
			message: 'expected a whole number from 1 to 5 for servers (Servers); found "6"',
		});
		expect(refusal(withParameters, { parameters: { servers: "2.5" } }).code).toBe("usage");
		expect(refusal(withParameters, { parameters: { latency: "5" } }).message).toContain("a duration from 1ms to 1s");
		expect(refusal(withParameters, { parameters: { shape: "oval" } }).message).toContain("one of round, square");
		expect(refusal(withParameters, { parameters: { loud: "yes" } }).message).toContain("true or false");
		expect(refusal(withParameters, { parameters: { server: "2" } }).message).toContain("did you mean servers?");
		expect(refusal(withParameters, { variant: "brokn" })).toMatchObject({
			code: "usage",
			message: "the lab has no variant called brokn; did you mean broken?",
		});
		expect(refusal(pair, { variant: "x" }).message).toContain("it has none");
		expect(refusal(pair, { story: ["6s crahs web-3"] })).toMatchObject({
			code: "command-invalid",
			message: 'in "6s crahs web-3": expected a command, but "crahs" is written; did you mean crash? (at character 4)',
		});
		expect(refusal(pair, { parameters: { __proto__: "1", constructor: "1" } }).message).toContain("no parameter called constructor");
	});

	test("a description needs no services", () => {
		const description = describeLab(withParameters.replaceAll("service: web-server", "service: whatever"));
		expect(description).toMatchObject({ id: "small", title: "Small", shows: "A little.", durationUs: 10_000_000 });
		expect(description.parameters[0]).toEqual({ name: "servers", title: "Servers", type: "integer", min: 1, max: 5, default: 2 });
		expect(description.variants[0]).toEqual({ id: "many", title: "Many", breaks: "quick" });
		expect(() => describeLab("id: 5\n")).toThrow(QuorateError);
	});
});
