// biome-ignore-all lint/suspicious/noTemplateCurlyInString: lab files name parameters so
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PlainValue } from "../codec.ts";
import { QuorateError } from "../errors.ts";
import type { Plan } from "../plan.ts";
import { compileLab, describeLab, type LabOverrides } from "./compile.ts";
import type { ServiceInfo } from "./services.ts";

const services: readonly ServiceInfo[] = [
	{ name: "web-server", names: ["http.request", "visit"], configure: checkConfig },
	{ name: "crowd", names: ["visit", "crowd.arrival", "Zulu"], configure: checkConfig },
	{ name: "unused", names: ["never"], configure: checkConfig },
];

function checkConfig(config: PlainValue): PlainValue {
	const port = (config as { readonly port?: PlainValue }).port;
	if (port !== undefined && typeof port !== "number") throw new Error(`web-server: port must be a number; got ${JSON.stringify(port)}`);
	return config;
}

function compile(text: string, overrides: LabOverrides = {}): Plan {
	return compileLab({ text, fileName: "lab.yaml", services, overrides }).plan;
}

function refusal(text: string, overrides: LabOverrides = {}): QuorateError {
	try {
		compile(text, overrides);
	} catch (error) {
		if (error instanceof QuorateError) return error;
		throw error;
	}
	throw new Error("the lab was accepted");
}

/** The problems told, one an entry. */
function problems(text: string): readonly string[] {
	const error = refusal(text);
	expect(error.code).toBe("lab-invalid");
	return error.message.split("\n");
}

const head = "id: small\ntitle: Small\nshows: A little.\nduration: 10s\n";
const pair = `${head}nodes:
  - name: crowd
    role: client
    services: [{ service: crowd }]
  - name: web-{n}
    count: 3
    services: [{ service: web-server, config: { port: 80, self: "web-{n}" } }]
links:
  - between: [crowd, web-*]
    latency: 5ms
`;

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

const withParameters = `${pair.replace("count: 3", "count: ${servers}").replace("latency: 5ms", "latency: ${latency}")}    loss: \${loss}
parameters:
  - { name: servers, title: Servers, type: integer, min: 1, max: 5, default: 2 }
  - { name: latency, title: Latency, type: duration, min: 1ms, max: 1s, default: 10ms }
  - { name: loss, title: Loss, type: number, min: 0, max: 1, default: 0 }
  - { name: shape, title: Shape, type: choice, choices: [round, square], default: round }
  - { name: loud, title: Loud, type: boolean, default: false }
story:
  - "1s ask crowd \\"\${shape} and \${loud}\\""
checks:
  - { id: quick, expression: "p99 of visit <= \${latency}", shows: Quick. }
  - { id: up, expression: crashes == 0, shows: Up. }
variants:
  - { id: many, title: Many, breaks: quick, parameters: { servers: 4, shape: square } }
  - id: broken
    title: Broken
    breaks: up
    services: [{ nodes: web-2, service: web-server, config: { port: null, extra: { deep: 1 } } }]
    links: [{ between: [web-2, crowd], backward: { loss: 1 } }]
    addStory: [3s crash web-1]
  - { id: silent, title: Silent, breaks: up, story: [] }
`;

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

describe("what is wrong is told with its line and column", () => {
	test("everything at once, in the order of the file", () => {
		const found = problems(`id: Small
title: Small
shows: A little.
duration: 10
nodes:
  - name: crowd
    services: [{ service: crwd }]
    clock: { drift: -1000000ppm }
  - { name: web-1, services: [{ service: web-server, config: { port: high } }], disks: 1 }
  - { name: crowd }
links:
  - { between: [crowd, web-9], latency: 0ms, loss: 1.5 }
story: [6s crash, soon]
checks:
  - { id: a, expression: maxUtilisation <= 0.8, shows: x }
variants:
  - { id: v, title: V, breaks: b }
extra: 1
`);
		expect(found).toEqual([
			'lab.yaml:1:5: expected an id of lower-case letters, digits and hyphens, such as front-door; found "Small"',
			"lab.yaml:4:11: expected a duration with its unit, such as 5ms or 2s; found 10",
			'lab.yaml:8:21: expected a drift above -1000000ppm, at which a clock stands still, and at most 1000000ppm; found "-1000000ppm"',
			'lab.yaml:9:81: "disks" is not known here; did you mean disk?',
			'lab.yaml:12:41: expected at least 1us and at most 1d; found "0ms"',
			"lab.yaml:12:52: expected a ratio from 0 to 1 (0% to 100%); found 1.5",
			"lab.yaml:17:32: no check has the id b; there is a",
			'lab.yaml:18:1: "extra" is not known here; there is format, id, version, title, shows, topic, place, duration and 9 more',
		]);
	});

	test.each([
		["an unknown service", pair.replace("service: crowd", "service: crwod"), '8:27: no service is called "crwod"; did you mean crowd?'],
		[
			"options a service refuses",
			pair.replace("port: 80", "port: high"),
			'11:47: the service web-server refuses its options: port must be a number; got "high"',
		],
		["a name used twice", `${pair}switches:\n  - name: web-2\n`, "16:11: a second node, switch or region is called web-2"],
		["a link to nobody", pair.replace("[crowd, web-*]", "[crwod, web-*]"), '13:15: nothing is called "crwod"; did you mean crowd?'],
		["a glob that fits nobody", pair.replace("web-*", "db-*"), '13:22: nothing is called "db-*"'],
		["a link to itself", `${pair}  - { between: [crowd, crowd], latency: 1ms }\n`, "15:16: a link joins two; both ends name the same one"],
		["two links between a pair", `${pair}  - { between: [web-3, crowd], latency: 1ms }\n`, "15:5: a second link joins web-3 and crowd"],
		["a node nobody can reach", pair.replace("web-*]", "[web-1, web-2]]"), "9:11: nobody can reach web-3: no link joins it to anything"],
		[
			"two islands",
			`${pair}  - { between: [x, y], latency: 1ms }\nswitches: [{ name: y }]\n`.replace("nodes:", "nodes:\n  - name: x"),
			"7:11: crowd cannot be reached from x",
		],
		["zero latency", pair.replace("5ms", "0us"), "14:14: expected at least 1us"],
		["no latency", pair.replace("    latency: 5ms\n", "    loss: 0\n"), '13:5: "latency" is missing'],
		["a bad line of the story", `${pair}story:\n  - 6s crash wbe-3\n`, '16:14: no node is called "wbe-3"; did you mean web-3?'],
		["a bad line in quotes", `${pair}story: ["6s crash wbe-3"]\n`, '15:19: no node is called "wbe-3"'],
		["a bad check", `${pair}checks:\n  - id: a\n    shows: A.\n    expression: maxUtilisation off web-* <= 1\n`, "18:32: expected a comparison"],
		[
			"two checks of one id",
			`${pair}checks:\n  - { id: a, expression: crashes == 0, shows: A. }\n  - { id: a, expression: crashes == 0, shows: A. }\n`,
			"17:11: a second check has the id a",
		],
		["a group without count", pair.replace("    count: 3\n", ""), "9:11: {n} needs a count"],
		["a count without group", pair.replace("web-{n}\n", "web\n"), '9:11: expected {n} in the name of a group, such as web-{n}; found "web"'],
		["too many nodes", pair.replace("count: 3", "count: 1024"), "9:5: a cluster has at most 1024 nodes"],
		["a count beyond any cluster", pair.replace("count: 3", "count: 5000"), "10:12: expected a whole number from 1 to 1024; found 5000"],
		["an unknown region", pair.replace("role: client", "region: east"), "7:13: no region is called east"],
		["latency without a region", pair.replace("role: client", "latency: 5ms"), "7:14: latency is that of the link to the node's region"],
		[
			"a clock that errs in two ways",
			pair.replace("role: client", "clock: { drift: 1ppm, jump: { by: 1s, at: 1s } }"),
			"7:12: a clock errs in one way; found drift and jump",
		],
		["fifo and reorder", `${pair}    fifo: true\n    reorder: { ratio: 1%, by: 1ms }\n`, "15:11: a link is either fifo or has reorder"],
		["quantiles out of order", `${pair}    jitter: { empirical: [5ms, 1ms] }\n`, "15:13: expected the quantiles of an empirical jitter in ascending order"],
		["a jitter that is none", `${pair}    jitter: gamma 2ms\n`, "15:13: expected a jitter such as uniform 2ms"],
		["an unknown parameter", pair.replace("5ms", "${latncy}"), '14:14: no parameter is called "latncy"'],
		[
			"a default out of range",
			`${pair}parameters:\n  - { name: a, title: A, type: integer, min: 1, max: 5, default: 9 }\n`,
			"16:66: expected a whole number from 1 to 5; found 9",
		],
		["a parameter of no type", `${pair}parameters:\n  - { name: a, title: A, type: int, default: 9 }\n`, "16:32: expected a parameter of type integer"],
		["a variant's value out of range", withParameters.replace("servers: 4", "servers: 9"), "28:68: expected a whole number from 1 to 5 for servers; found 9"],
		["a variant's unknown parameter", withParameters.replace("servers: 4", "severs: 4"), "28:59: no parameter is called severs; did you mean servers?"],
		["a newer format", `format: 2\n${pair}`, "1:9: expected format 1, the only one there is; found 2"],
		["no nodes", `${head}nodes: []\n`, '"nodes" is missing; expected at least one node'],
		["a list where a map belongs", `${head}nodes: [5]\n`, "5:9: expected a map of keys and values; found 5"],
		["a map where a list belongs", `${head}nodes: { a: 1 }\n`, "5:8: expected a list; found a map"],
		["no map at all", "hello\n", "1:1: expected a map that begins with id, title and shows"],
		["an empty file", "", "1:1: expected a map that begins with id, title and shows"],
	])("%s", (_what, text, expected) => {
		expect(problems(text).join("\n")).toContain(expected);
	});

	test("a variant's overlays that fit nobody are told when it is chosen", () => {
		const wrongService = withParameters.replace("nodes: web-2, service: web-server", "nodes: web-9, service: web-server");
		expect(refusal(wrongService, { variant: "broken" }).message).toContain("no node that fits web-9 has the service web-server");
		const wrongLink = withParameters.replace("between: [web-2, crowd]", "between: [web-2, web-1]");
		expect(refusal(wrongLink, { variant: "broken" }).message).toContain("no link joins web-2 and web-1");
		const wrongOptions = withParameters.replace("port: null", "port: high");
		expect(refusal(wrongOptions, { variant: "broken" }).message).toMatch(/32:61: the service web-server refuses/);
	});

	test("at most fifty problems are listed, and the rest counted", () => {
		const found = problems(`${head}nodes:\n${"  - { nam: x }\n".repeat(60)}`);
		expect(found).toHaveLength(51);
		expect(found.at(-1)).toBe("and 70 more");
	});

	test("a message about one node is not repeated for each of its group", () => {
		expect(problems(pair.replace("service: web-server", "service: web-sever"))).toHaveLength(1);
	});
});

describe("a hostile file", () => {
	test.each([
		["too long", "#".repeat(1_048_577), "longer than 1048576 characters"],
		["flow nesting", "[".repeat(500_000), "1:33: values are nested deeper than 32 levels"],
		["block nesting", "- ".repeat(400_000), "nested deeper than 32 levels"],
		["key nesting", "? ".repeat(400_000), "nested deeper than 32 levels"],
		["indentation nesting", Array.from({ length: 400 }, (_, i) => `${" ".repeat(i)}a:`).join("\n"), "nested deeper than 32 levels"],
		["an alias", "a: &x 1\nb: *x\n", "aliases (*) are not understood"],
		["an alias bomb", `a: &a [x]\n${Array.from({ length: 30 }, (_, i) => `b${i}: &b${i} [*a, *a]`).join("\n")}`, "anchors (&) are not understood"],
		["a tag", "a: !!binary aGVsbG8=\n", "tags (tag:yaml.org,2002:binary) are not understood"],
		["a tag of its own", "a: !danger x\n", "tags (!danger) are not understood"],
		["a prototype", `${head}__proto__: { polluted: true }\n`, "5:1: __proto__ cannot be a key"],
		["a key twice", `${head}title: Other\n`, '5:1: "title" is written twice'],
		["a key that is a list", "[a]: 1\n", "expected a word as key"],
		["a key that is a number", "1: 1\n", "expected a word as key"],
		["no number", `${head}version: .nan\n`, "expected a text, a finite number, true or false"],
		["infinity", `${head}version: -.inf\n`, "expected a text, a finite number, true or false"],
		["two documents", "a: 1\n---\nb: 2\n", "multiple documents"],
		["braces in a word in braces", "nodes:\n  - { name: web-{n} }\n", "put quotes around a text that has braces in it"],
		["broken YAML", "a: [1, 2\nb: }", "the YAML cannot be read"],
		["too many brackets", "[]".repeat(500_000), "more than 200000 signs and words"],
		["too many words", `a: [${"1,".repeat(50_100)}]`, "more than 50000 values"],
	])("%s is refused", (_what, text, expected) => {
		expect(problems(text).join("\n")).toContain(expected);
		expect((Object.prototype as { polluted?: boolean }).polluted).toBeUndefined();
	});

	test("whatever is done to a good file, the answer is a plan or a list of problems", () => {
		const edits = fc.array(
			fc.record({
				at: fc.nat(withParameters.length - 1),
				length: fc.nat(12),
				text: fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom("\n", ": ", "- ", "{", "]", "${", "&a", "*", "null", "~", "1e999")),
			}),
			{ minLength: 1, maxLength: 4 },
		);
		fc.assert(
			fc.property(edits, fc.constantFrom(undefined, "many", "broken", "silent"), (list, variant) => {
				let text = withParameters;
				for (const { at, length, text: added } of list) text = text.slice(0, at) + added + text.slice(at + length);
				try {
					expect(compile(text, { variant })).toEqual(compile(text, { variant }));
				} catch (error) {
					if (!(error instanceof QuorateError)) throw error;
					expect(["lab-invalid", "usage"]).toContain(error.code);
					expect(error.message).toMatch(error.code === "usage" ? /variant/ : /^lab\.yaml:[1-9]\d*:[1-9]\d*: /);
				}
			}),
			{ seed: 20_260_104, numRuns: 400 },
		);
	});
});
