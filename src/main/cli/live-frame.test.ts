import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { frontPlan, nodePlan } from "../../../test/support/plans.ts";
import { LogBuilder } from "../../../test/support/records.ts";
import type { Plan } from "../../shared/plan.ts";
import { Projection } from "../../shared/projection/projection.ts";
import type { RunStatus } from "../app/run-task.ts";
import { bar, counted, grouped, pace, padded, percent, wallTime } from "./format.ts";
import { cutLine, frameLines, type Paint } from "./live-frame.ts";

const plain: Paint = (text) => text;

function statusOf(plan: Plan, build: (log: LogBuilder) => void, over: Partial<RunStatus> = {}): RunStatus {
	const log = new LogBuilder();
	for (let node = 0; node < plan.nodes.length; node++) log.add("nodeBooted", { atUs: 0, node }, { incarnation: 1 });
	build(log);
	const projection = new Projection(plan);
	log.feed({ onEvent: (words, start) => projection.apply(words, start) });
	projection.advanceTo(2_000_000);
	const view = projection.snapshot();
	return { mode: "running", virtualUs: 2_000_000, untilUs: 20_000_000, wallMs: 1_000, paceRatio: 2, speed: 2, view, checks: [], committedEvents: 0, ...over };
}

const size = { columns: 100, rows: 40 };

describe("the table of a live run", () => {
	const plan = frontPlan();
	const web3 = 4;

	test("has a line a node, with its state in words", () => {
		const lines = frameLines(
			"Test",
			statusOf(plan, (log) => {
				log.add("computeFinished", { atUs: 1_500_000, node: 1 }, { askedUs: 900_000, startedUs: 1_000_000 });
				log.add("nodeCrashed", { atUs: 1_900_000, node: web3 }, { incarnation: 1 }, "");
				log.add("nodeSlowed", { atUs: 1_900_000, node: 5 }, { factorMilli: 4_000 });
				log.add("linkCut", { atUs: 1_900_000 }, { link: 0, direction: "forward" });
			}),
			size,
			plain,
		);
		expect(lines[0]).toBe("Test");
		expect(lines[1]).toMatch(/^ 2\.00s of 20s {2}████░+ {2}10 % {2}2\.00x of 2x$/);
		const row = (name: string) => lines.find((line) => line.startsWith(` ${name} `));
		expect(row("balancer")).toMatch(/ up +█████░░░░░ {2}50 % {2}100\.0 ms +0 +0 +1/);
		expect(row("web-3")).toMatch(/ down .*1\.90s command$/);
		expect(row("web-4")).toMatch(/ slow 4x /);
		expect(lines.find((line) => line.startsWith(" network"))).toBe(" network   link-0-1 cut/up");
	});

	test("says how every check stands", () => {
		const verdict = { final: false, expression: "", evidence: [] };
		const checks = [
			{ ...verdict, id: "one", ok: true, observed: "0" },
			{ ...verdict, id: "two", ok: true, final: true, observed: "5" },
			{ ...verdict, id: "three", ok: false, observed: "81 %" },
		];
		const lines = frameLines(
			"Test",
			statusOf(plan, () => {}, { checks }),
			size,
			plain,
		);
		expect(lines.slice(-3)).toEqual([" checks    ok…  one: 0", "           ok   two: 5", "           FAIL three: 81 %"]);
	});

	test("never has more lines or longer ones than the screen, and shows who is in trouble first", () => {
		const many: Plan = { ...plan, nodes: Array.from({ length: 200 }, (_, index) => nodePlan(`node-${index}`)), links: [] };
		const status = statusOf(many, (log) => log.add("nodeCrashed", { atUs: 5, node: 150 }, { incarnation: 1 }, "x".repeat(500)));
		for (const rows of [8, 12, 30]) {
			for (const columns of [40, 80, 200]) {
				const lines = frameLines("A title that is rather long for a small terminal", status, { columns, rows }, plain);
				expect(lines.length).toBeLessThanOrEqual(rows);
				for (const line of lines) expect(stripVTControlCharacters(line).length).toBeLessThanOrEqual(columns);
				expect(lines.some((line) => line.includes("node-150"))).toBe(true);
			}
		}
	});
});

describe("cutting a painted line", () => {
	test("counts what is seen, and ends the paint", () => {
		expect(cutLine("\x1b[31mabcdef\x1b[39m", 4)).toBe("\x1b[31mabcd\x1b[0m");
		expect(cutLine("\x1b[31mabcd\x1b[39m", 4)).toBe("\x1b[31mabcd\x1b[39m");
		expect(cutLine("abc", 4)).toBe("abc");
	});
});

describe("numbers on a terminal", () => {
	test("are grouped, rounded and padded without asking the machine's language", () => {
		expect([0, 999, 1_000, 1_234_567].map(grouped)).toEqual(["0", "999", "1,000", "1,234,567"]);
		expect([0, 0.314, 1].map(percent)).toEqual(["0 %", "31 %", "100 %"]);
		expect([0.981, 16.73, 1_240.2].map(pace)).toEqual(["0.98x", "16.7x", "1,240x"]);
		expect([840, 12_345, 125_000].map(wallTime)).toEqual(["840 ms", "12.3 s", "2 min 5 s"]);
		expect(bar(0.5, 4)).toBe("██░░");
		expect(bar(7, 4)).toBe("████");
		expect([padded("abc", 5), padded("abc", 5, "right"), padded("abcdef", 4)]).toEqual(["abc  ", "  abc", "abc…"]);
		expect([counted(1, "crash", "crashes"), counted(2, "crash", "crashes")]).toEqual(["1 crash", "2 crashes"]);
	});
});
