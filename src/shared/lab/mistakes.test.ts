// biome-ignore-all lint/suspicious/noTemplateCurlyInString: lab files name parameters so
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile, head, pair, problems, refusal, withParameters } from "../../../test/support/lab-text.ts";
import { QuorateError } from "../errors.ts";

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
