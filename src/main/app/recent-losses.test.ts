import { describe, expect, test } from "vitest";
import { frontPlan } from "../../../test/support/plans.ts";
import { LogBuilder } from "../../../test/support/records.ts";
import type { InFlight } from "../../core/network/network.ts";
import { RecentLosses } from "./recent-losses.ts";

const plan = frontPlan();
const firstLink = plan.links[0] as (typeof plan.links)[number];

function lossesOf(build: (log: LogBuilder) => void): RecentLosses {
	const log = new LogBuilder();
	build(log);
	const losses = new RecentLosses(plan);
	log.feed(losses);
	return losses;
}

const drop = (log: LogBuilder, atUs: number, over: { readonly [field: string]: number } = {}, node = firstLink.a): number =>
	log.add("messageDropped", { atUs, node }, { sequence: 7, copy: 0, to: firstLink.b, name: 1, link: 0, reason: "cut", ...over });
const seen = (over: Partial<InFlight> = {}): InFlight => ({
	from: firstLink.a,
	to: firstLink.b,
	link: 0,
	direction: "forward",
	enteredUs: 100,
	arrivesUs: 300,
	sequence: 7,
	copy: 0,
	name: 1,
	isReply: false,
	...over,
});

describe("what was lost lately", () => {
	test("stands where it was seen under way, and where it was lost if it never was", () => {
		expect(lossesOf((log) => drop(log, 200)).since(0, [seen()])).toMatchObject([{ enteredUs: 100, arrivesUs: 300, lostUs: 200, link: 0 }]);
		expect(lossesOf((log) => drop(log, 200)).since(0, [])).toMatchObject([{ enteredUs: 200, arrivesUs: 200, lostUs: 200 }]);
		// Another copy, another message, another link.
		const others = [seen({ copy: 1 }), seen({ sequence: 8 }), seen({ link: 1 })];
		expect(lossesOf((log) => drop(log, 200)).since(0, others)).toMatchObject([{ enteredUs: 200, arrivesUs: 200 }]);
	});

	test("was held by a clog: where it stands is not known, but which way it went is", () => {
		const [lost] = lossesOf((log) => drop(log, 200, { to: firstLink.a }, firstLink.b)).since(0, [
			seen({ from: firstLink.b, to: firstLink.a, direction: "backward", arrivesUs: Number.POSITIVE_INFINITY }),
		]);
		expect(lost).toMatchObject({ enteredUs: 100, arrivesUs: 200, lostUs: 200, direction: "backward" });
	});

	test("knows its way from the ends of its link, and none where there is no link", () => {
		const ways = lossesOf((log) => {
			drop(log, 1);
			drop(log, 2, { to: firstLink.a }, firstLink.b);
			drop(log, 3, { link: -1 });
		}).since(0, []);
		expect(ways.map(({ link, direction }) => [link, direction])).toEqual([
			[0, "forward"],
			[0, "backward"],
			[-1, "forward"],
		]);
	});

	test("is forgotten after its time, and the oldest first when there is much of it", () => {
		const losses = lossesOf((log) => {
			for (let i = 0; i < 1_000; i++) drop(log, i, { sequence: i });
		});
		expect(losses.since(990, []).map(({ sequence }) => sequence)).toEqual([990, 991, 992, 993, 994, 995, 996, 997, 998, 999]);
		expect(losses.since(0, [])).toHaveLength(10);
		const many = lossesOf((log) => {
			for (let i = 0; i < 1_000; i++) drop(log, i, { sequence: i });
		}).since(0, []);
		expect([many.length, many.at(-1)?.sequence]).toEqual([64, 999]);
	});

	test("is looked up once: what it is told by later does not change its place", () => {
		const losses = lossesOf((log) => drop(log, 200));
		const first = losses.since(0, [seen()]);
		expect(losses.since(0, [seen({ enteredUs: 1 })])).toEqual(first);
	});
});
