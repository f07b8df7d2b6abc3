import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { frontPlan } from "../../test/support/plans.ts";
import { type Command, linkProperties } from "./command.ts";
import { completeCommand } from "./command-completion.ts";
import { commandUsage, commandVerbs, formatCommand, parseCommand, parseScheduled } from "./command-grammar.ts";
import { GrammarError } from "./scanner.ts";

const plan = frontPlan();
const parse = (line: string): Command => parseCommand(line, plan);

function refusal(line: string, read: (line: string) => unknown = parse): GrammarError {
	try {
		read(line);
	} catch (error) {
		if (error instanceof GrammarError) return error;
		throw error;
	}
	throw new Error(`"${line}" was accepted`);
}

describe("targets", () => {
	test("a name, a glob and a region name nodes in plan order, each once", () => {
		expect(parse("crash web-3")).toEqual({ kind: "crash", nodes: [4] });
		expect(parse("restart web-*")).toEqual({ kind: "restart", nodes: [2, 3, 4, 5, 6] });
		expect(parse("pause @east")).toEqual({ kind: "pause", nodes: [2, 3] });
		expect(parse("resume web-5, client-1 web-*")).toEqual({ kind: "resume", nodes: [0, 2, 3, 4, 5, 6] });
		expect(parse("wipe *-1")).toEqual({ kind: "wipe", nodes: [0, 2] });
	});

	test("a name that nobody has is refused at its place with what is near", () => {
		const error = refusal("crash wbe-3");
		expect(error.code).toBe("command-invalid");
		expect(error.position).toBe(6);
		expect(error.message).toBe('no node is called "wbe-3"; did you mean web-3? (at character 7)');
		expect(error.advice).toBe("Write: crash web-3");
	});

	test("a glob or region without nodes, and a switch, are refused", () => {
		expect(refusal("crash db-*").message).toContain("no node's name fits db-*");
		expect(refusal("crash @aest").message).toContain("did you mean @east?");
		expect(refusal("crash east").message).toContain("write @east for its nodes");
		expect(refusal("crash").message).toContain("the line ends");
	});
});

test("a drive is named by its machine and its number, and must be there", () => {
	expect(parse("fail drive web-3 0")).toEqual({ kind: "failDrive", nodes: [4], drive: 0 });
	expect(parse("fail drive web-* 0")).toEqual({ kind: "failDrive", nodes: [2, 3, 4, 5, 6], drive: 0 });
	expect(refusal("fail drive web-3 1").message).toContain("1 is out of range; expected 0, the only drive");
	expect(refusal("fail web-3 0").message).toContain("expected drive");
	expect(refusal("fail drive web-3").message).toContain("the number of a drive, from 0");
});

describe("links", () => {
	test("both ways, one way, and one way against the plan's order", () => {
		expect(parse("cut balancer web-3")).toEqual({ kind: "cut", link: 3, direction: "both" });
		expect(parse("clog balancer -> web-3")).toEqual({ kind: "clog", link: 3, direction: "forward" });
		expect(parse("heal web-3->balancer")).toEqual({ kind: "heal", link: 3, direction: "backward" });
		expect(parse("cut east web-1")).toEqual({ kind: "cut", link: 6, direction: "both" });
		expect(parse("heal all")).toEqual({ kind: "healAll" });
	});

	test("two names without a link are refused with the links there are", () => {
		expect(refusal("cut client-1 web-3").message).toBe("there is no link between client-1 and web-3; client-1 has links to balancer (at character 14)");
		expect(refusal("cut balancr web-3").message).toContain("did you mean balancer?");
		expect(refusal("cut balancer web-*").message).toContain("one name at each end");
	});

	test("a property takes its unit and its range", () => {
		const set = { kind: "setLink", link: 1, direction: "both" };
		expect(parse("set link balancer web-1 floorUs 5ms")).toEqual({ ...set, property: "floorUs", value: 5_000 });
		expect(parse("set link balancer web-1 loss 10%")).toEqual({ ...set, property: "lossRatio", value: 0.1 });
		expect(parse("set link balancer web-1 lossRatio 1")).toEqual({ ...set, property: "lossRatio", value: 1 });
		expect(parse("set link balancer web-1 bandwidth 100Mbit/s")).toEqual({ ...set, property: "bitsPerSecond", value: 100_000_000 });
		expect(refusal("set link balancer web-1 floorUs 0ms").message).toContain("at least 1us");
		expect(refusal("set link balancer web-1 floorUs 5").message).toContain("expected a duration such as 5ms");
		expect(refusal("set link balancer web-1 lossRatio 1.5").message).toContain("expected a ratio from 0 to 1");
		expect(refusal("set link balancer web-1 losRatio 1").message).toContain("did you mean lossRatio?");
		expect(refusal("set link balancer web-1 constructor 1").message).toContain("expected a property of the link");
	});
});

test("a partition has at least two groups that share nobody", () => {
	expect(parse("partition {client-1 balancer} {web-1, web-2}")).toEqual({
		kind: "partition",
		groups: [
			[0, 1],
			[2, 3],
		],
	});
	expect(refusal("partition {client-1}").message).toContain("a second group");
	expect(refusal("partition {web-3} {web-*}").message).toContain("web-3 is in two groups");
	expect(refusal("partition {web-3").message).toContain("another node or }");
	expect(refusal("partition {} {web-1}").message).toContain("expected a node");
});

test("factors, clock steps and drifts are read with their signs and bounds", () => {
	expect(parse("slow web-1 web-2 1.5x")).toEqual({ kind: "slow", nodes: [2, 3], factorMilli: 1_500 });
	expect(parse("clock web-3 +2s")).toEqual({ kind: "clockStep", nodes: [4], deltaUs: 2_000_000 });
	expect(parse("clock web-3 -1.5ms")).toEqual({ kind: "clockStep", nodes: [4], deltaUs: -1_500 });
	expect(parse("drift web-3 -999999ppm")).toEqual({ kind: "clockDrift", nodes: [4], driftPpm: -999_999 });
	expect(refusal("drift web-3 -1000000ppm").message).toContain("more than -1000000ppm");
	expect(refusal("slow web-3 0x").message).toContain("out of range");
	expect(refusal("slow web-3").message).toContain("a factor such as 4x");
	expect(refusal("clock web-3 2").message).toContain("a step of the clock");
});

test("a question is quoted text or the rest of the line", () => {
	expect(parse('ask client-1 "save budget.pdf"')).toEqual({ kind: "ask", node: 0, line: "save budget.pdf" });
	expect(parse("ask client-1 save budget.pdf, now!")).toEqual({ kind: "ask", node: 0, line: "save budget.pdf, now!" });
	expect(refusal('ask client-1 "save').message).toContain("not closed");
	expect(refusal("ask web-* hello").message).toContain("expected one node, but web-* names 5");
	expect(refusal("ask client-1").message).toContain("what to ask");
});

test("messages in flight are named by sender and number", () => {
	expect(parse("drop client-1#42")).toEqual({ kind: "drop", from: 0, sequence: 42 });
	expect(parse("delay client-1#42 5ms")).toEqual({ kind: "delay", from: 0, sequence: 42, byUs: 5_000 });
	expect(refusal("drop client#42").message).toContain("did you mean client-1?");
	expect(refusal("drop client-1#0").message).toContain("its sender and number");
	expect(refusal("delay client-1#42 0ms").message).toContain("at least 1us");
});

test("an unknown command says which is near, and words left over are refused", () => {
	expect(refusal("crahs web-3").message).toContain("did you mean crash?");
	expect(refusal("").message).toContain("expected a command");
	expect(refusal("hasOwnProperty web-3").message).toContain("expected a command");
	expect(refusal("heal all web-3").message).toContain("expected the end of the line");
	expect(refusal("drop client-1#42 now").message).toContain("expected the end of the line");
});

test("a scheduled line has an instant first and is kept in its canonical form", () => {
	expect(parseScheduled("6s  crash web-3 ,web-2", plan)).toEqual({ atUs: 6_000_000, line: "crash web-2 web-3" });
	expect(refusal("crash web-3", (line) => parseScheduled(line, plan)).message).toContain("an instant such as 6s");
	expect(refusal("-1s crash web-3", (line) => parseScheduled(line, plan)).message).toContain("from 0s on");
	expect(refusal("1s halt web-3 incarnation 1 step 2 hung", (line) => parseScheduled(line, plan)).message).toContain("expected a command");
});

test("every verb has a usage line that it accepts or that names its forms", () => {
	for (const verb of commandVerbs) expect(commandUsage(verb)).toContain(verb);
	expect(commandUsage("constructor")).toBeUndefined();
});

const node = fc.integer({ min: 0, max: plan.nodes.length - 1 });
const nodes = fc.uniqueArray(node, { minLength: 1 }).map((list) => list.sort((a, b) => a - b));
const direction = fc.constantFrom("both" as const, "forward" as const, "backward" as const);
const link = fc.integer({ min: 0, max: plan.links.length - 1 });
const sequence = fc.integer({ min: 1, max: 2_147_483_647 });
const ratio = fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0);
const setLink = fc.constantFrom(...linkProperties).chain((property) => {
	const us = fc.integer({ min: 1, max: 86_400_000_000 });
	const value = property.endsWith("Us") ? us : property === "bitsPerSecond" ? fc.integer({ min: 0, max: 1_000_000_000_000 }) : ratio;
	return fc.record({ kind: fc.constant("setLink" as const), link, direction, property: fc.constant(property), value });
});
const groups = fc
	.uniqueArray(node, { minLength: 2 })
	.chain((all) => fc.integer({ min: 1, max: all.length - 1 }).map((cut) => [all.slice(0, cut), all.slice(cut)]))
	.map((both) => both.map((group) => group.sort((a, b) => a - b)));
const fiftyYearsUs = 18_250 * 86_400_000_000;

const anyCommand: fc.Arbitrary<Command> = fc.oneof(
	fc.record({ kind: fc.constantFrom("crash" as const, "restart" as const, "pause" as const, "resume" as const, "wipe" as const), nodes }),
	fc.record({ kind: fc.constant("failDrive" as const), nodes, drive: fc.constant(0) }),
	fc.record({ kind: fc.constant("slow" as const), nodes, factorMilli: fc.integer({ min: 1, max: 1_000_000_000 }) }),
	fc.record({ kind: fc.constantFrom("cut" as const, "clog" as const, "heal" as const), link, direction }),
	fc.constant({ kind: "healAll" as const }),
	groups.map((all) => ({ kind: "partition" as const, groups: all })),
	setLink,
	fc.record({ kind: fc.constant("clockStep" as const), nodes, deltaUs: fc.integer({ min: -fiftyYearsUs, max: fiftyYearsUs }).map((us) => us + 0) }),
	fc.record({ kind: fc.constant("clockDrift" as const), nodes, driftPpm: fc.integer({ min: -999_999, max: 1_000_000 }) }),
	fc.record({ kind: fc.constant("ask" as const), node, line: fc.string({ unit: "binary" }) }),
	fc.record({ kind: fc.constant("drop" as const), from: node, sequence }),
	fc.record({ kind: fc.constant("delay" as const), from: node, sequence, byUs: fc.integer({ min: 1, max: 86_400_000_000 }) }),
	fc.record({
		kind: fc.constant("halt" as const),
		node,
		incarnation: fc.integer({ min: 0, max: 2_147_483_647 }),
		step: fc.integer({ min: 0, max: 2_147_483_647 }),
		reason: fc.constantFrom("hung" as const, "outOfMemory" as const),
	}),
);

test("every command is read back from its canonical line, and that line is its own canonical form", () => {
	fc.assert(
		fc.property(anyCommand, (command) => {
			const line = formatCommand(command, plan);
			const again = parse(line);
			expect(again).toEqual(command);
			expect(formatCommand(again, plan)).toBe(line);
		}),
		{ seed: 20_260_101, numRuns: 2_000 },
	);
});

test("whatever is typed, the answer is a command or a refusal within the line", () => {
	const word = fc.oneof(fc.constantFrom(...commandVerbs, "web-3", "web-*", "@east", "->", "{", "}", "link", '"a"', "4x", "2s", "all", "#"), fc.string());
	fc.assert(
		fc.property(fc.array(word, { maxLength: 8 }), (words) => {
			const line = words.join(" ");
			try {
				expect(parse(formatCommand(parse(line), plan))).toEqual(parse(line));
			} catch (error) {
				if (!(error instanceof GrammarError)) throw error;
				expect(error.position).toBeGreaterThanOrEqual(0);
				expect(error.position).toBeLessThanOrEqual(line.length);
			}
		}),
		{ seed: 20_260_102, numRuns: 2_000 },
	);
});

describe("completion", () => {
	test("offers verbs, targets, neighbours and values in their places", () => {
		expect(completeCommand("cr", plan)).toEqual(["crash"]);
		expect(completeCommand("crash w", plan)).toEqual(["crash web-*", "crash web-1", "crash web-2", "crash web-3", "crash web-4", "crash web-5"]);
		expect(completeCommand("6s crash @", plan)).toEqual(["6s crash @east"]);
		expect(completeCommand("cut client-1 ", plan)).toEqual(["cut client-1 balancer", "cut client-1 ->"]);
		expect(completeCommand("cut client-1 -> ", plan)).toEqual(["cut client-1 -> balancer"]);
		expect(completeCommand("heal a", plan)).toEqual(["heal all"]);
		expect(completeCommand("set link client-1 balancer lo", plan)).toEqual(["set link client-1 balancer lossRatio"]);
		expect(completeCommand("partition {cl", plan)).toEqual(["partition {client-1"]);
		expect(completeCommand("partition {client-1 b", plan)).toEqual(["partition {client-1 balancer"]);
		expect(completeCommand("nonsense ", plan)).toEqual([]);
	});

	test("every first suggestion, followed to its end, is a line that parses", () => {
		for (const verb of ["crash", "slow", "cut", "heal", "clock", "drift", "set"]) {
			let line = verb;
			for (let step = 0; step < 6; step++) {
				const next = completeCommand(`${line} `, plan).find((option) => !option.endsWith("->"));
				if (next === undefined || (verb === "crash" && step > 1)) break;
				line = next;
				if (verb !== "set" && step === 1) break;
			}
			expect(() => parse(line), line).not.toThrow();
		}
	});
});
