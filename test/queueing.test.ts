/**
 * The queues of visitors, balancer and web servers, on the real kernel, against what theory says of them. The
 * formulas are given the load that a run really had (its share of busy time): the work of thirty thousand
 * visitors differs by up to a percent from what was asked for, and near saturation a percent of load is many
 * percent of waiting. What is compared is the shape of the queue, and the load is held to its percent apart.
 */
import { describe, expect, test } from "vitest";
import { InlineExecutor } from "../src/core/inline-executor.ts";
import { Kernel } from "../src/core/kernel.ts";
import type { EventObserver } from "../src/core/log-sink.ts";
import { registry } from "../src/os/registry.ts";
import { kindId, offsetOf, readUs, recordAtWord, recordKindWord } from "../src/shared/event-record.ts";
import type { Plan } from "../src/shared/plan.ts";
import { type TinyNode, tinyPlan } from "./support/tiny-plan.ts";

const second = 1_000_000;
const linkUs = 500;

const spanId = kindId("spanFinished");

interface Piece {
	readonly startedUs: number;
	readonly finishedUs: number;
}

/** Visits (spans) and pieces of work, and nothing else: a run has a million events. */
class Pieces implements EventObserver {
	readonly kindIds: ReadonlySet<number> = new Set([spanId, kindId("computeFinished")]);
	readonly visits: Piece[] = [];
	readonly work: Piece[] = [];

	onEvent(words: Int32Array, start: number): void {
		const isVisit = words[start + recordKindWord] === spanId;
		const startedUs = readUs(words, start + offsetOf(isVisit ? "spanFinished" : "computeFinished", "startedUs"));
		(isVisit ? this.visits : this.work).push({ startedUs, finishedUs: readUs(words, start + recordAtWord) });
	}
}

interface Observed {
	/** Share of all cores' time that was busy, once the queues had filled. */
	readonly load: number;
	/** Mean time from door to answer, without the roads. */
	readonly sojournUs: number;
	readonly workUs: number;
}

function observe(plan: Plan, { seed, hops, cores }: { readonly seed: number; readonly hops: number; readonly cores: number }): Observed {
	const kernel = new Kernel({ plan, seed, executor: new InlineExecutor(registry) });
	const pieces = new Pieces();
	kernel.log.observe(pieces);
	kernel.advance({ untilUs: plan.untilUs });
	const visits = pieces.visits.sort((a, b) => a.startedUs - b.startedUs);
	// The first part fills the queues and does not count.
	const counted = visits.slice(Math.floor(visits.length / 5));
	const fromUs = (counted[0] as Piece).startedUs;
	const toUs = (counted.at(-1) as Piece).startedUs;
	const busyUs = pieces.work.reduce((sum, piece) => sum + Math.max(0, Math.min(toUs, piece.finishedUs) - Math.max(fromUs, piece.startedUs)), 0);
	const mean = (list: readonly Piece[]): number => list.reduce((sum, { startedUs, finishedUs }) => sum + finishedUs - startedUs, 0) / list.length;
	return { load: busyUs / (cores * (toUs - fromUs)), sojournUs: mean(counted) - 2 * hops * linkUs, workUs: mean(pieces.work) };
}

/** Visitors of a balancer with a hundred servers, each of whom brings a second of work, exponential. */
function behindBalancer({
	load,
	visitors,
	balancer,
}: {
	readonly load: number;
	readonly visitors: number;
	readonly balancer: { readonly [key: string]: string };
}): Observed {
	const servers = 100;
	const names = Array.from({ length: servers }, (_, index) => `web-${index + 1}`);
	const web: TinyNode = { services: [{ service: "web-server", config: { meanWork: "1s", queueLimit: 100_000 } }] };
	// Nobody is refused, nobody asked how it is, nobody told to hurry: only the choice is left.
	const plain = { servers: "web-*", maxUtilisation: "off", healthPeriod: "1h", tryTimeout: "1h", slowStart: "0us" };
	const crowd = { target: "balancer", visitors, ratePerSecond: load * servers, timeout: "1h", start: "1s" };
	const nodes: { readonly [name: string]: TinyNode } = {
		crowd: { services: [{ service: "crowd", config: crowd }] },
		balancer: { services: [{ service: "balancer", config: { ...plain, ...balancer } }] },
		...Object.fromEntries(names.map((name) => [name, web])),
	};
	const links = [{ a: "crowd", b: "balancer" }, ...names.map((b) => ({ a: "balancer", b }))];
	const untilUs = Math.ceil((visitors / (load * servers) + 60) * second);
	return observe(tinyPlan({ nodes, links, physics: { floorUs: linkUs }, untilUs }, registry), { seed: 1, hops: 2, cores: servers });
}

/**
 * Mean time in a system of very many servers where each visitor takes the shorter of two queues drawn at
 * random, in means of service.
 * @source Mitzenmacher, IEEE TPDS 12:10 (2001), the supermarket model: sum over i of load^(2^i - 2)
 */
function supermarket(load: number): number {
	let sum = 0;
	for (let i = 1; i <= 12; i++) sum += load ** (2 ** i - 2);
	return sum;
}

/**
 * Mean wait for one of c servers, in means of service.
 * @source Erlang (1917), the formula of delay: B by its recursion, C = B / (1 - load (1 - B)), W = C / (c (1 - load))
 */
function erlangWait(cores: number, load: number): number {
	let blocked = 1;
	for (let k = 1; k <= cores; k++) blocked = (cores * load * blocked) / (k + cores * load * blocked);
	return blocked / (1 - load * (1 - blocked)) / (cores * (1 - load));
}

describe("a hundred servers", () => {
	// At 95 % a hundred servers wait some two percent longer than infinitely many (table 1 of the paper).
	test.each([
		[0.5, 0.02],
		[0.7, 0.02],
		[0.9, 0.03],
		[0.95, 0.04],
	])("with two choices at load %d keep visitors as long as the supermarket model says, within %d", (load, tolerance) => {
		const { sojournUs, load: real } = behindBalancer({ load, visitors: 30_000, balancer: { algorithm: "power-of-two" } });
		expect(Math.abs(real - load)).toBeLessThan(0.015);
		expect(Math.abs(sojournUs / second / supermarket(real) - 1)).toBeLessThan(tolerance);
	});

	test("with one choice at load 0.7 keep visitors more than twice as long", () => {
		const { sojournUs, load } = behindBalancer({
			load: 0.7,
			visitors: 15_000,
			balancer: { algorithm: "consistent-hash", hashBy: "visitor", loadFactor: "off" },
		});
		expect(sojournUs / second).toBeGreaterThan(2 * supermarket(load));
	});
});

describe("one server", () => {
	test.each([
		[1, 0.03],
		[2, 0.03],
		[5, 0.03],
		[10, 0.05],
	])("of %i cores at 80 % makes visitors wait as Erlang says, within %d", (cores, tolerance) => {
		const visitors = 60_000;
		const nodes = {
			crowd: { services: [{ service: "crowd", config: { target: "web", visitors, ratePerSecond: 8 * cores, timeout: "1h" } }] },
			web: { cores, services: [{ service: "web-server", config: { meanWork: "100ms", queueLimit: 100_000 } }] },
		};
		const untilUs = Math.ceil((visitors / (8 * cores) + 60) * second);
		const { sojournUs, workUs, load } = observe(tinyPlan({ nodes, physics: { floorUs: linkUs }, untilUs }, registry), { seed: 1, hops: 1, cores });
		expect(Math.abs(load - 0.8)).toBeLessThan(0.015);
		expect(Math.abs((sojournUs - workUs) / workUs / erlangWait(cores, load) - 1)).toBeLessThan(tolerance);
	});
});

test("the formulas are those of the books", () => {
	// M/M/1 at 80 % waits 4 services; a second server of the same load, 16/9.
	expect(erlangWait(1, 0.8)).toBeCloseTo(4, 9);
	expect(erlangWait(2, 0.8)).toBeCloseTo(16 / 9, 9);
	// Mitzenmacher's table 1, prediction for two choices.
	expect([0.5, 0.7, 0.9, 0.95].map((load) => supermarket(load).toFixed(4))).toEqual(["1.2657", "1.6145", "2.6141", "3.3830"]);
});
