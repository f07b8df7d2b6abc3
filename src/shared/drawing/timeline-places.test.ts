import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EventKind } from "../event-schema.ts";
import { LocalClocks } from "./local-clocks.ts";
import type { PictureArrow, PictureEvent, PictureTimeBase } from "./timeline-picture.ts";
import { type PlacesGiven, TimelinePlaces } from "./timeline-places.ts";
import { namesPx } from "./timeline-scene.ts";

const scale = { fromUs: 0, toUs: 1_000, widthPx: 1_000 };
const plan = { nodes: [{ name: "a" }, { name: "b" }, { name: "c" }], links: [], names: [] } as unknown as PlacesGiven["plan"];

function event(index: number, node: number, lamport: number, kind: EventKind = "timerFired"): PictureEvent {
	return { index, node, lamport, kind, atUs: index * 10 };
}

function arrow(from: PictureEvent, to: PictureEvent): PictureArrow {
	return { from: from.node, to: to.node, name: 0, sentIndex: from.index, sentUs: from.atUs, endIndex: to.index, endUs: to.atUs, fate: "delivered" };
}

function placesOf(
	timeBase: PictureTimeBase,
	events: readonly PictureEvent[],
	arrows: readonly PictureArrow[] = [],
	clocks: LocalClocks | null = null,
): TimelinePlaces {
	return new TimelinePlaces({ plan, scale, timeBase, clocks, events, arrows });
}

describe("by order", () => {
	const crash = event(3, 0, 0, "nodeCrashed");
	const boot = event(5, 0, 0, "nodeBooted");
	const events = [event(1, 0, 1), event(2, 1, 1), crash, event(4, 1, 2), boot, event(6, 0, 2), event(7, 1, 3)];

	test.each(["causal", "vector"] as const)("%s: what is done to a node lies between the events of its lane before and after it", (timeBase) => {
		const places = placesOf(timeBase, events);
		const [before, crashX, bootX, after] = [events[0], crash, boot, events[5]].map((one) => places.xOfEvent(one as PictureEvent)) as [
			number,
			number,
			number,
			number,
		];
		expect(before).toBeLessThan(crashX);
		expect(crashX).toBeLessThan(bootX);
		expect(bootX).toBeLessThan(after);
	});

	test("a fault of a node lasts on its lane from the event that began it to the one that ended it", () => {
		const places = placesOf("causal", events);
		const span = places.spanOn(0, { fromUs: crash.atUs, toUs: boot.atUs, index: crash.index }, 1_000);
		expect(span).toEqual({ from: places.xOfEvent(crash), to: places.xOfEvent(boot) });
	});

	test("one that began before what is in sight and still lasts takes the whole lane, events or not", () => {
		const places = placesOf("causal", events);
		expect(places.spanOn(2, { fromUs: -50, toUs: null, index: 0 }, 5_000)).toEqual({ from: namesPx, to: namesPx + scale.widthPx });
		expect(places.spanOn(2, { fromUs: -50, toUs: -10, index: 0 }, 5_000)).toBeUndefined();
	});

	test("an instant cuts each lane after its last event that is not after it", () => {
		const places = placesOf("causal", events);
		const cut = places.cutOf([0, 1, 2], 40);
		expect(cut.map(({ lastRank }) => lastRank)).toEqual([1, 2, undefined]);
		const [onA, onB] = cut.map(({ x }) => x) as [number, number];
		expect(onA).toBeGreaterThan(places.xOfEvent(crash));
		expect(onA).toBeLessThan(places.xOfEvent(boot));
		expect(onB).toBeGreaterThan(places.xOfEvent(events[3] as PictureEvent));
		expect(onB).toBeLessThan(places.xOfEvent(events[6] as PictureEvent));
	});

	test("an instant that is not in sight cuts nothing", () => {
		expect(placesOf("causal", events).cutOf([0, 1], 1_001)).toEqual([]);
	});
});

/** Node and partner of each event: with a partner, what that one did last is a sending to it. */
const runs = fc.array(fc.record({ node: fc.nat(2), from: fc.option(fc.nat(2)) }), { minLength: 1, maxLength: 40 });

test("no message goes back over the cut of an instant, whatever was sent", () => {
	fc.assert(
		fc.property(runs, fc.nat(420), fc.constantFrom("causal" as const, "vector" as const), (steps, atUs, timeBase) => {
			const events: PictureEvent[] = [];
			const arrows: PictureArrow[] = [];
			const last = new Map<number, PictureEvent>();
			steps.forEach(({ node, from }, i) => {
				const sent = from === null || from === node ? undefined : last.get(from);
				const one = event(i + 1, node, Math.max(last.get(node)?.lamport ?? 0, sent?.lamport ?? 0) + 1);
				if (sent !== undefined) arrows.push(arrow(sent, one));
				events.push(one);
				last.set(node, one);
			});
			const places = placesOf(timeBase, events, arrows);
			const cut = new Map(places.cutOf([0, 1, 2], atUs).map(({ node, x }) => [node, x]));
			const isPast = (one: PictureEvent): boolean => places.xOfEvent(one) < (cut.get(one.node) as number);
			for (const one of events) expect(isPast(one)).toBe(one.atUs <= atUs);
			for (const { sentIndex, endIndex } of arrows) {
				if (isPast(events[endIndex - 1] as PictureEvent)) expect(isPast(events[sentIndex - 1] as PictureEvent)).toBe(true);
			}
		}),
		{ seed: 11, numRuns: 300 },
	);
});

test("by own clocks an instant is at each lane's own reading", () => {
	const clocks = new LocalClocks({ fromUs: 0, stepUs: 1_000, points: 2, nodes: [0, 1], wallUs: Float64Array.of(-100, 900, 50, 1_050) });
	const cut = placesOf("local", [], [], clocks).cutOf([0, 1, 2], 300);
	expect(cut.map(({ x }) => x - namesPx)).toEqual([200, 350, 300]);
});
