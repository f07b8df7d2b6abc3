import { describe, expect, test } from "vitest";
import { EventList } from "../../../test/support/event-list.ts";
import { judgedRun } from "../../../test/support/judged-run.ts";
import { registryOf, type TinyNode, tinyPlan } from "../../../test/support/tiny-plan.ts";
import type { InvariantVerdict } from "../../core/invariants.ts";
import type { PlainValue } from "../../core/node-api.ts";
import { boxDefinition } from "./box.ts";
import { readBoxConfig, readLeadConfig } from "./config.ts";
import { leadDefinition } from "./lead.ts";
import { facts, type PartFact, type ResultFact } from "./protocol.ts";
import { workerDefinition } from "./worker.ts";
import { answerTo, partOf, type Sizes, workOn } from "./works.ts";

const registry = registryOf(boxDefinition, leadDefinition, workerDefinition);
const sizes: Sizes = { increments: 400, items: 1_600, order: 16, parts: 16 };
const seeds = [1, 2, 3, 4, 5, 6];

interface Setting {
	readonly box?: { readonly [key: string]: PlainValue };
	readonly lead?: { readonly [key: string]: PlainValue };
	readonly cores?: number;
	readonly lossRatio?: number;
	readonly story?: readonly (readonly [atUs: number, line: string])[];
}

/** @param where "box", or the number of workers that share nothing */
function run(where: "box" | number, { box = {}, lead = {}, cores = 4, lossRatio = 0, story = [] }: Setting = {}, seed = 1) {
	const nodes: { [name: string]: TinyNode } =
		where === "box"
			? { box: { services: [{ service: "coupling-box", config: box }], cores } }
			: {
					lead: { services: [{ service: "coupling-lead", config: lead }] },
					...Object.fromEntries(
						Array.from({ length: where }, (_, i) => [`w${i + 1}`, { services: [{ service: "coupling-worker", config: { lead: "lead" } }] } satisfies TinyNode]),
					),
				};
	const plan = tinyPlan(
		{ nodes, untilUs: 20_000_000, physics: { floorUs: 250, lossRatio, duplicateRatio: lossRatio }, story, ...(where === "box" ? { links: [] } : {}) },
		registry,
	);
	const list = new EventList(plan);
	const { watch } = judgedRun({ plan, registry, seed }, list);
	const stated = <Fact>(name: string): Fact[] => list.of("factStated").flatMap(({ fields, body }) => (fields.name === name ? [body as unknown as Fact] : []));
	const broken = watch.verdicts().flatMap(({ name, breach }: InvariantVerdict) => (breach === null ? [] : [name]));
	return { results: stated<ResultFact>(facts.result), parts: stated<PartFact>(facts.part), broken, list };
}

describe("the works", () => {
	test.each([1, 3, 16, 16_00])("cut into %i parts give the answer of the whole", (parts) => {
		for (const work of ["sum", "matrix"] as const) {
			const whole = workOn(partOf(work, { ...sizes, parts: 1 }, 0));
			expect(answerTo(work, { ...sizes, parts })).toBe(whole);
			expect(whole).toBeGreaterThan(10_000);
		}
	});
});

describe("one box", () => {
	test("with atomics counts right, whatever its threads and cores", () => {
		for (const seed of seeds)
			for (const cores of [1, 2, 4, 8]) {
				const { results, broken } = run("box", { cores, box: { threads: 4, partWork: "1ms" } }, seed);
				expect(broken, `seed ${seed}`).toEqual([]);
				expect(results.map(({ work, got }) => [work, got])).toEqual((["counter", "sum", "matrix"] as const).map((work) => [work, answerTo(work, sizes)]));
			}
	});

	test("without atomics loses updates when threads run at the same time, and none when they do not", () => {
		for (const seed of seeds) {
			const counted = run("box", { box: { atomics: "off", partWork: "1ms" } }, seed).results[0] as ResultFact;
			expect(counted.got).toBeLessThan(390);
			expect(counted.got).toBeGreaterThanOrEqual(100);
			expect(counted.touches).toBe(400);
			expect(run("box", { box: { atomics: "off", threads: 1, partWork: "1ms" } }, seed).broken).toEqual([]);
		}
	});

	test("that crashes has done everything for nothing", () => {
		const { results, parts } = run("box", { story: [[300_000, "restart box"]] });
		expect(results.filter(({ work }) => work === "sum").length).toBe(1);
		// Eight of the sum's sixteen parts were done when it died; all sixteen are done again.
		expect(parts.filter(({ work }) => work === "sum").length).toBe(16 + 8);
	});
});

describe("many machines", () => {
	test("count right over lines that lose and double messages, and each step is a message there and back", () => {
		for (const seed of seeds) {
			const { results, broken } = run(4, { lossRatio: 0.1 }, seed);
			expect(broken, `seed ${seed}`).toEqual([]);
			expect(results.map(({ got }) => got)).toEqual((["counter", "sum", "matrix"] as const).map((work) => answerTo(work, sizes)));
			expect(results[0]?.touches).toBeGreaterThan(400);
		}
		// A hundred steps each, one after the other: 0.5 ms there and back, and the first word.
		expect(run(4).results[0]?.tookUs).toBe(100 * 500);
	});

	test("that count every request count too many", () => {
		for (const seed of seeds) expect(run(4, { lossRatio: 0.1, lead: { steps: "counted-each-time" } }, seed).broken).toContain("coupling.rightAnswer");
	});

	test("lose what a dead one had in hand, and no more", () => {
		for (const seed of seeds) {
			const { broken, parts } = run(4, { story: [[300_000, "crash w2"]] }, seed);
			expect(broken).toEqual([]);
			expect(parts.filter(({ work }) => work === "sum").length).toBe(16);
		}
	});

	test("go on with those who come back", () => {
		const story: [number, string][] = [
			[10_000, "crash w1 w2 w3 w4"],
			[2_000_000, "restart w1 w2 w3 w4"],
		];
		expect(run(4, { story }).broken).toEqual([]);
	});

	test("that wait for the dead never end, and that begin again never end either", () => {
		const story: [number, string][] = [[300_000, "crash w2"]];
		expect(run(4, { story, lead: { onSilence: "wait" } }).broken).toEqual(["coupling.finishes"]);
		// With one that stays dead, again and again: all wait for it each time.
		expect(run(4, { story, lead: { onSilence: "start-over" } }).broken).toEqual(["coupling.finishes", "coupling.littleRedone"]);
	});
});

test("the configuration is refused with what was expected", () => {
	expect(() => readBoxConfig({ atomics: "maybe" })).toThrow("coupling-box: atomics must be one of on, off");
	expect(() => readLeadConfig({ onSilence: "weep" })).toThrow("coupling-lead: onSilence must be one of give-again, start-over, wait");
});
