import { describe, expect, test } from "vitest";
import { graph, NetworkWorld } from "../../../test/support/network-world.ts";
import { linkPlan, physics } from "../../../test/support/plans.ts";
import { messageBytesMax } from "../../shared/plan.ts";

/** n0 and n1 on one link. */
const pair = (over = {}) => graph([linkPlan(0, 1, over)]);

describe("routes", () => {
	/** n0 - s0 - s1 - n1 (floors 10 + 10 + 10) beside n0 - n1 (floor 50); vertices: s0 = 2, s1 = 3. */
	const detour = graph([linkPlan(0, 1, { floorUs: 50 }), linkPlan(0, 2, { floorUs: 10 }), linkPlan(2, 3, { floorUs: 10 }), linkPlan(3, 1, { floorUs: 10 })], {
		switches: 2,
	});

	test("a message takes the cheapest live path by delay floors, one link at a time", () => {
		const world = new NetworkWorld(detour);
		world.send();
		expect(world.finish()).toEqual(["30 0#1.0 > 1"]);
		expect(world.lines).toEqual(["10 forwarded 0#1.0 vertex 2 link 2", "20 forwarded 0#1.0 vertex 3 link 3"]);
	});

	test("nodes never forward", () => {
		const line = graph([linkPlan(0, 1), linkPlan(1, 2)], { nodes: 3 });
		const world = new NetworkWorld(line);
		world.send({ to: 2 });
		expect(world.finish()).toEqual([]);
		expect(world.lines).toEqual(["0 noRoute 0#1.0 link -1"]);
	});

	test("of two equal ways the link with the smaller index is taken", () => {
		const world = new NetworkWorld(graph([linkPlan(0, 1, { floorUs: 7 }), linkPlan(0, 1, { floorUs: 7 })]));
		world.send();
		expect(world.network.inFlightCount).toBe(1);
		expect(world.network.inFlight()).toMatchObject([{ link: 0, direction: "forward", enteredUs: 0, arrivesUs: 7, sequence: 1, copy: 0, from: 0, to: 1 }]);
	});

	test("messages behind a cut go another way from where they are, and those without one are dropped there", () => {
		const world = new NetworkWorld(
			graph([linkPlan(0, 2, { floorUs: 10 }), linkPlan(2, 1, { floorUs: 10 }), linkPlan(2, 3, { floorUs: 20 }), linkPlan(3, 1, { floorUs: 20 })], {
				switches: 2,
			}),
		);
		world.send();
		world.apply({ kind: "cut", link: 1, direction: "both" }, 5);
		world.send({ atUs: 6 });
		world.apply({ kind: "cut", link: 2, direction: "forward" }, 12);
		expect(world.finish()).toEqual([]);
		expect(world.lines).toEqual(["10 forwarded 0#1.0 vertex 2 link 2", "12 cut 0#1.0 link 2", "16 noRoute 0#2.0 link -1"]);
	});

	test("a floor changed by command changes the way of later messages", () => {
		const world = new NetworkWorld(detour);
		world.apply({ kind: "setLink", link: 2, direction: "forward", property: "floorUs", value: 31 }, 0);
		world.send();
		expect(world.finish()).toEqual(["50 0#1.0 > 1"]);
	});

	test("the way back can differ from the way there", () => {
		const oneWay = linkPlan(0, 1, { floorUs: 5 });
		const world = new NetworkWorld(graph([{ ...oneWay, backward: { ...physics, floorUs: 90 } }, linkPlan(0, 1, { floorUs: 20 })]));
		world.send({ from: 0, to: 1 });
		world.send({ from: 1, to: 0 });
		expect(world.finish()).toEqual(["5 0#1.0 > 1", "20 1#2.0 > 0"]);
	});
});

describe("lookahead", () => {
	test("is the smallest floor of what is not cut", () => {
		const world = new NetworkWorld(graph([linkPlan(0, 1, { floorUs: 10 }), linkPlan(0, 1, { floorUs: 30 })]));
		expect(world.network.lookaheadUs()).toBe(10);
		world.apply({ kind: "cut", link: 0, direction: "forward" }, 0);
		expect(world.network.lookaheadUs()).toBe(10);
		world.apply({ kind: "cut", link: 0, direction: "backward" }, 0);
		expect(world.network.lookaheadUs()).toBe(30);
		world.apply({ kind: "setLink", link: 1, direction: "backward", property: "floorUs", value: 2 }, 0);
		expect(world.network.lookaheadUs()).toBe(2);
		world.apply({ kind: "cut", link: 1, direction: "both" }, 0);
		expect(world.network.lookaheadUs()).toBe(Number.POSITIVE_INFINITY);
		world.apply({ kind: "healAll" }, 0);
		expect(world.network.lookaheadUs()).toBe(2);
	});
});

describe("arrivals", () => {
	test("a message over the limit is dropped as too large, one at the limit is not", () => {
		const world = new NetworkWorld(pair());
		world.send({ bodyBytes: messageBytesMax });
		world.send({ bodyBytes: messageBytesMax + 1 });
		expect(world.finish()).toEqual(["1000 0#1.0 > 1"]);
		expect(world.lines).toEqual(["0 tooLarge 0#2.0 link -1"]);
	});

	test("a receiver that is down is logged at the message's own instant, between what happens before and after", () => {
		const world = new NetworkWorld(
			graph(
				[
					linkPlan(0, 1, { floorUs: 1_000 }),
					linkPlan(0, 4, { floorUs: 999 }),
					linkPlan(4, 2, { floorUs: 999 }),
					linkPlan(0, 3, { floorUs: 1_001, corruptRatio: 1 }),
				],
				{
					nodes: 4,
					switches: 1,
				},
			),
		);
		world.down.add(1);
		world.send({ to: 3 });
		world.send({ to: 1 });
		world.send({ to: 2 });
		expect(world.finish()).toEqual(["1998 0#3.0 > 2"]);
		expect(world.lines).toEqual(["999 forwarded 0#3.0 vertex 4 link 2", "1000 nodeDown 0#2.0 link -1", "1001 corruption 0#1.0 link 3"]);
	});

	test("a delivery that its node never handled is logged as nodeDown", () => {
		const world = new NetworkWorld(pair());
		world.send();
		world.network.takeDeliveries(2_000, (_, delivery) => {
			world.network.returnDelivery(delivery);
			return true;
		});
		expect(world.network.inFlight()).toEqual([]);
		world.network.advanceHops(2_000);
		expect(world.lines).toEqual(["1000 nodeDown 0#1.0 link -1"]);
	});

	test("a corrupt message is dropped where its checksum fails: at the next switch or the receiver", () => {
		const corrupt = linkPlan(0, 2, { corruptRatio: 1 });
		const world = new NetworkWorld(graph([corrupt, linkPlan(2, 1)], { switches: 1 }));
		world.send();
		expect(world.finish()).toEqual([]);
		expect(world.lines).toEqual(["1000 corruption 0#1.0 link 0"]);
	});
});

describe("one-way cuts and partitions", () => {
	test("a cut drops what crosses in its direction, keeps the other, and refuses later messages", () => {
		const world = new NetworkWorld(pair());
		world.send({ from: 0, to: 1 });
		world.send({ from: 1, to: 0 });
		world.apply({ kind: "cut", link: 0, direction: "forward" }, 500);
		world.send({ atUs: 600, from: 0, to: 1 });
		world.send({ atUs: 600, from: 1, to: 0 });
		expect(world.finish()).toEqual(["1000 1#2.0 > 0", "1600 1#4.0 > 0"]);
		expect(world.lines).toEqual(["500 cut 0#1.0 link 0", "600 noRoute 0#3.0 link -1"]);
	});

	test("a cut takes effect before an arrival at its instant, a heal before a sending", () => {
		const world = new NetworkWorld(pair());
		world.send();
		world.apply({ kind: "cut", link: 0, direction: "both" }, 1_000);
		world.apply({ kind: "heal", link: 0, direction: "both" }, 2_000);
		world.send({ atUs: 2_000 });
		expect(world.finish()).toEqual(["3000 0#2.0 > 1"]);
	});

	test("a partition drops what is between its groups and stops what comes, whatever the route", () => {
		const star = graph([linkPlan(0, 3), linkPlan(1, 3), linkPlan(2, 3)], { nodes: 3, switches: 1 });
		const world = new NetworkWorld(star);
		world.send({ from: 0, to: 1 });
		world.apply({ kind: "partition", groups: [[0], [1]] }, 100);
		world.send({ atUs: 200, from: 0, to: 1 });
		world.send({ atUs: 200, from: 0, to: 2 });
		world.send({ atUs: 200, from: 2, to: 1 });
		expect(world.finish()).toEqual(["2200 2#4.0 > 1", "2200 0#3.0 > 2"]);
		expect(world.lines.filter((line) => !line.includes("forwarded"))).toEqual(["100 partition 0#1.0 link 0", "200 partition 0#2.0 link -1"]);
	});

	test("a second partition replaces the first, and healing all ends it", () => {
		const world = new NetworkWorld(graph([linkPlan(0, 1), linkPlan(0, 2)], { nodes: 3 }));
		world.apply({ kind: "partition", groups: [[0], [1, 2]] }, 0);
		world.apply({ kind: "partition", groups: [[0], [2]] }, 0);
		world.send({ to: 1 });
		world.send({ to: 2 });
		world.apply({ kind: "healAll" }, 10);
		world.send({ atUs: 10, to: 2 });
		expect(world.finish()).toEqual(["1000 0#1.0 > 1", "1010 0#3.0 > 2"]);
		expect(world.lines).toEqual(["0 partition 0#2.0 link -1"]);
	});

	test("a node in two groups is refused, and the partition before stays", () => {
		const world = new NetworkWorld(pair());
		world.apply({ kind: "partition", groups: [[0], [1]] }, 0);
		expect(
			world.apply(
				{
					kind: "partition",
					groups: [[0, 1], [1]],
				},
				0,
			),
		).toBe("n1 stands in two groups; a node can be in one only");
		world.send();
		expect(world.lines).toEqual(["0 partition 0#1.0 link -1"]);
	});
});

describe("clogs", () => {
	test("a clog holds what crosses and what comes; a heal lets them arrive in the order they were taken", () => {
		const world = new NetworkWorld(pair({ fifo: false }));
		world.send({ atUs: 0 });
		world.send({ atUs: 10 });
		world.apply({ kind: "clog", link: 0, direction: "forward" }, 700);
		world.send({ atUs: 800 });
		expect(world.network.inFlight().map(({ arrivesUs }) => arrivesUs)).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
		world.apply({ kind: "heal", link: 0, direction: "both" }, 5_000);
		expect(world.finish()).toEqual(["5300 0#1.0 > 1", "5310 0#2.0 > 1", "6000 0#3.0 > 1"]);
		expect(world.lines).toEqual(["700 held 0#1.0 link 0", "700 held 0#2.0 link 0", "800 held 0#3.0 link 0"]);
	});

	test("nothing held arrives before the instant after the heal, nor overtakes what was held earlier", () => {
		const world = new NetworkWorld(pair({ fifo: false }));
		for (const atUs of [0, 0, 0]) world.send({ atUs });
		world.apply({ kind: "clog", link: 0, direction: "forward" }, 1_000);
		world.apply({ kind: "heal", link: 0, direction: "forward" }, 1_000);
		expect(world.finish()).toEqual(["1001 0#1.0 > 1", "1002 0#2.0 > 1", "1003 0#3.0 > 1"]);
	});

	test("what came while clogged crosses as if sent at the heal, in its order, copies too", () => {
		const world = new NetworkWorld(pair({ fifo: false, duplicateRatio: 0.5, jitter: { kind: "uniform", maxUs: 5_000 } }));
		world.apply({ kind: "clog", link: 0, direction: "forward" }, 0);
		for (let i = 0; i < 50; i++) world.send({ atUs: 10 + i });
		world.apply({ kind: "heal", link: 0, direction: "forward" }, 100);
		world.finish();
		const originals = world.arrivals.filter(({ copy }) => copy === 0);
		expect(originals.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
		expect(originals[0]?.atUs).toBeGreaterThanOrEqual(1_100);
		const firstSeen = [...new Set(world.arrivals.map(({ sequence }) => sequence))];
		expect(firstSeen).toEqual([...firstSeen].sort((a, b) => a - b));
		expect(world.arrivals.length).toBeGreaterThan(60);
	});

	test("on a FIFO link what is sent after the heal arrives after what was held", () => {
		const world = new NetworkWorld(pair({ floorUs: 1 }));
		for (let i = 0; i < 3; i++) world.send();
		world.apply({ kind: "clog", link: 0, direction: "forward" }, 1);
		world.apply({ kind: "heal", link: 0, direction: "forward" }, 1);
		world.send({ atUs: 1 });
		expect(world.finish()).toEqual(["2 0#1.0 > 1", "3 0#2.0 > 1", "4 0#3.0 > 1", "5 0#4.0 > 1"]);
	});

	test("a message held on two links in turn crosses the second one whole", () => {
		const world = new NetworkWorld(graph([linkPlan(0, 2), linkPlan(2, 1)], { switches: 1 }));
		world.send();
		world.apply({ kind: "clog", link: 0, direction: "both" }, 900);
		world.apply({ kind: "heal", link: 0, direction: "both" }, 2_000);
		world.apply({ kind: "clog", link: 1, direction: "both" }, 2_000);
		world.apply({ kind: "heal", link: 1, direction: "both" }, 3_000);
		expect(world.finish()).toEqual(["4000 0#1.0 > 1"]);
	});

	test("a heal lets go of everything once", () => {
		const world = new NetworkWorld(pair());
		world.apply({ kind: "clog", link: 0, direction: "forward" }, 0);
		world.send();
		world.apply({ kind: "heal", link: 0, direction: "forward" }, 10);
		world.apply({ kind: "clog", link: 0, direction: "forward" }, 2_000);
		world.apply({ kind: "healAll" }, 2_010);
		expect(world.finish()).toEqual(["1010 0#1.0 > 1"]);
	});

	test("a clogged link still counts as a way, and its cut drops what it held", () => {
		const world = new NetworkWorld(pair());
		world.apply({ kind: "clog", link: 0, direction: "both" }, 0);
		world.send({ atUs: 5 });
		world.apply({ kind: "cut", link: 0, direction: "both" }, 10);
		world.apply({ kind: "heal", link: 0, direction: "both" }, 20);
		expect(world.finish()).toEqual([]);
		expect(world.lines).toEqual(["5 held 0#1.0 link 0", "10 cut 0#1.0 link 0"]);
	});

	test("messages behind a clogged hop are held when they reach it", () => {
		const world = new NetworkWorld(graph([linkPlan(0, 2), linkPlan(2, 1)], { switches: 1 }));
		world.send();
		world.apply({ kind: "clog", link: 1, direction: "both" }, 1);
		world.apply({ kind: "heal", link: 1, direction: "both" }, 4_000);
		expect(world.finish()).toEqual(["5000 0#1.0 > 1"]);
		expect(world.lines).toEqual(["1000 forwarded 0#1.0 vertex 2 link 1", "1000 held 0#1.0 link 1"]);
	});
});

describe("messages by hand", () => {
	test("a drop takes every copy in flight, and is refused when there is none", () => {
		const world = new NetworkWorld(pair({ duplicateRatio: 1 }));
		world.send();
		expect(world.apply({ kind: "drop", from: 0, sequence: 1 }, 10)).toBeNull();
		expect(world.apply({ kind: "drop", from: 0, sequence: 1 }, 10)).toBe("message 1 of n0 is not on its way: it has arrived, was lost or was never sent");
		expect(world.finish()).toEqual([]);
		expect(world.lines).toEqual(["0 duplicated 0#1.1 link 0", "10 command 0#1.0 link 0", "10 command 0#1.1 link 0"]);
	});

	test("a delay moves one message and no other", () => {
		const world = new NetworkWorld(pair());
		world.send({ atUs: 0 });
		world.send({ atUs: 1 });
		world.apply({ kind: "delay", from: 0, sequence: 1, byUs: 500 }, 10);
		expect(world.finish()).toEqual(["1001 0#2.0 > 1", "1500 0#1.0 > 1"]);
	});

	test("a held message suffers its delay once it is let go", () => {
		const world = new NetworkWorld(pair({ fifo: false }));
		world.send({ atUs: 0 });
		world.apply({ kind: "clog", link: 0, direction: "forward" }, 900);
		world.send({ atUs: 950 });
		world.apply({ kind: "delay", from: 0, sequence: 1, byUs: 50 }, 960);
		world.apply({ kind: "delay", from: 0, sequence: 2, byUs: 70 }, 960);
		world.apply({ kind: "heal", link: 0, direction: "forward" }, 2_000);
		expect(world.finish()).toEqual(["2150 0#1.0 > 1", "3070 0#2.0 > 1"]);
	});

	test("a delay that is no span, or leads out of time, is refused", () => {
		const world = new NetworkWorld(pair());
		world.send();
		expect(world.apply({ kind: "delay", from: 0, sequence: 1, byUs: -1 }, 1)).toContain("0 at least");
		expect(world.apply({ kind: "delay", from: 0, sequence: 1, byUs: Number.MAX_SAFE_INTEGER }, 1)).toContain("end of time");
		expect(world.finish()).toEqual(["1000 0#1.0 > 1"]);
	});
});

describe("settings", () => {
	test.each([
		["floorUs", 0],
		["floorUs", 1.5],
		["jitterUs", -1],
		["lossRatio", 1.01],
		["duplicateRatio", -0.1],
		["corruptRatio", Number.NaN],
		["reorderRatio", 2],
		["bitsPerSecond", -1],
	] as const)("%s cannot be %d", (property, value) => {
		const world = new NetworkWorld(pair());
		expect(world.apply({ kind: "setLink", link: 0, direction: "both", property, value }, 0)).toContain(`${property} is ${value}`);
		world.send();
		expect(world.finish()).toEqual(["1000 0#1.0 > 1"]);
	});

	test("a FIFO link told to reorder does so until it is told to stop; then nothing overtakes any more", () => {
		const world = new NetworkWorld(pair({ fifo: true }));
		const reorder = (value: number) => ({ kind: "setLink", link: 0, direction: "both", property: "reorderRatio", value }) as const;
		world.apply(reorder(1), 0);
		for (let i = 0; i < 50; i++) world.send({ atUs: i });
		world.apply(reorder(0), 50);
		for (let i = 50; i < 100; i++) world.send({ atUs: i });
		world.finish();
		const order = world.arrivals.map(({ sequence }) => sequence);
		expect(order.slice(0, 50)).not.toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
		expect(order.slice(50)).toEqual(Array.from({ length: 50 }, (_, i) => i + 51));
	});

	test("a setting concerns later messages of its direction only", () => {
		const world = new NetworkWorld(pair());
		world.send({ atUs: 0, from: 0, to: 1 });
		world.apply({ kind: "setLink", link: 0, direction: "forward", property: "lossRatio", value: 1 }, 10);
		world.send({ atUs: 10, from: 0, to: 1 });
		world.send({ atUs: 10, from: 1, to: 0 });
		expect(world.finish()).toEqual(["1000 0#1.0 > 1", "1010 1#3.0 > 0"]);
		expect(world.lines).toEqual(["10 loss 0#2.0 link 0"]);
	});

	test("other commands are none of the network's business", () => {
		const world = new NetworkWorld(pair());
		expect(world.apply({ kind: "crash", nodes: [0] }, 0)).toBeNull();
	});
});
