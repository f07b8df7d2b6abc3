import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Candidate, choosePlaces, type PlacementRequest, regionShare } from "./placement.ts";

const machine = (name: string, region: string, rack: string, free = 100_000): Candidate => ({
	name,
	region,
	rack,
	state: "live",
	drives: [{ free, capacity: 100_000 }],
});
/** Two racks in each of three regions, two machines in each rack. */
const hall = ["texas", "ireland", "tokyo"].flatMap((region) =>
	["a", "b"].flatMap((rack) => [1, 2].map((number) => machine(`${region}-${rack}${number}`, region, rack))),
);

function choose(machines: readonly Candidate[], count: number, more: Partial<PlacementRequest> = {}): readonly Candidate[] {
	return choosePlaces({ machines, count, bytes: 1_000, spread: "regions", taken: [], excluded: new Set(), nearness: () => 0, below: () => 0, ...more });
}

const kinds = (chosen: readonly Candidate[], of: (machine: Candidate) => string): number => new Set(chosen.map(of)).size;

describe("copies of a block", () => {
	test("stand in as many regions as there are, and within them in as many racks, each on another machine", () => {
		fc.assert(
			fc.property(fc.shuffledSubarray(hall, { minLength: 1 }), fc.integer({ min: 1, max: 9 }), fc.infiniteStream(fc.nat()), (machines, count, draws) => {
				const below = (limit: number): number => (draws.next().value as number) % limit;
				const chosen = choose(machines, count, { below });
				expect(chosen.length).toBe(Math.min(count, machines.length));
				expect(kinds(chosen, ({ name }) => name)).toBe(chosen.length);
				expect(kinds(chosen, ({ region }) => region)).toBe(
					Math.min(
						chosen.length,
						kinds(machines, ({ region }) => region),
					),
				);
				for (const { region } of chosen) {
					const inRegion = chosen.filter((other) => other.region === region);
					const racks = kinds(
						machines.filter((other) => other.region === region),
						({ rack }) => rack,
					);
					expect(kinds(inRegion, ({ rack }) => rack)).toBe(Math.min(inRegion.length, racks));
				}
			}),
			{ seed: 17 },
		);
	});

	test("begin near the writer, and go far for the others", () => {
		const nearness = ({ region }: Candidate): number => (region === "ireland" ? 1 : 100);
		const [first, second, third] = choose(hall, 3, { nearness });
		expect(first?.region).toBe("ireland");
		expect(new Set([second?.region, third?.region])).toEqual(new Set(["texas", "tokyo"]));
	});

	test("go where there is room, of two machines to the emptier, and nowhere that is silent, draining or left out", () => {
		const full = machine("full", "texas", "a", 500);
		const rather = [machine("fuller", "texas", "a", 40_000), machine("emptier", "texas", "a", 90_000)];
		let draw = 0;
		expect(choose([full, ...rather], 1, { below: () => draw++ % 2 }).map(({ name }) => name)).toEqual(["emptier"]);
		const away: Candidate[] = [
			{ ...machine("silent", "texas", "a"), state: "silent" },
			{ ...machine("draining", "texas", "a"), state: "draining" },
		];
		expect(choose([full, ...away, machine("out", "texas", "a")], 3, { excluded: new Set(["out"]) })).toEqual([]);
	});

	test("go to the regions that have none yet", () => {
		const taken = [hall[0] as Candidate, hall[4] as Candidate];
		expect(choose(hall, 1, { taken })[0]?.region).toBe("tokyo");
	});

	test("all go where it is nearest when that is the rule: the mistake", () => {
		const nearness = ({ region }: Candidate): number => (region === "texas" ? 1 : 100);
		expect(kinds(choose(hall, 3, { spread: "nearest", nearness }), ({ region }) => region)).toBe(1);
	});
});

test("a region's share of a block's copies is rounded up", () => {
	expect([regionShare(3, 3), regionShare(3, 2), regionShare(9, 3), regionShare(1, 0)]).toEqual([1, 2, 3, 1]);
});
