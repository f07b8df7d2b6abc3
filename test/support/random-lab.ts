/**
 * Random clusters for property tests: nodes that chatter, clocks of every kind, links with every
 * fault, switches, disks that fail, and a story of commands. Everything comes from fast-check, so a
 * failing case shrinks to a small one and is named by its seed.
 */
import fc from "fast-check";
import { chatter } from "../../src/os/chatter/chatter.ts";
import type { ClockModel, DiskPlan, JitterModel, LinkPhysics, LinkPlan, NodePlan, Plan } from "../../src/shared/plan.ts";

export interface RandomLab {
	readonly plan: Plan;
	readonly seed: number;
}

const ratio = (max: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: 100 }).map((percent) => (percent / 100) * max);

const clock: fc.Arbitrary<ClockModel> = fc
	.tuple(
		fc.integer({ min: -5_000_000, max: 5_000_000 }),
		fc.oneof(
			fc.constant({ kind: "perfect" } as const),
			fc.record({ kind: fc.constant("linear" as const), driftPpm: fc.integer({ min: -900_000, max: 900_000 }) }),
			fc.record({
				kind: fc.constant("periodic" as const),
				amplitudePpm: fc.integer({ min: 0, max: 1_000 }),
				periodUs: fc.integer({ min: 1_000, max: 500_000 }),
			}),
			fc.record({ kind: fc.constant("step" as const), stepUs: fc.integer({ min: -1_000_000, max: 1_000_000 }), atUs: fc.integer({ min: 0, max: 300_000 }) }),
			fc.record({
				kind: fc.constant("randomWalk" as const),
				stepPpm: fc.integer({ min: 0, max: 100 }),
				limitPpm: fc.integer({ min: 100, max: 1_000 }),
				periodUs: fc.integer({ min: 1_000, max: 50_000 }),
			}),
			fc.record({
				kind: fc.constant("strobe" as const),
				amplitudeUs: fc.integer({ min: 1, max: 1_000_000 }),
				periodUs: fc.integer({ min: 1_000, max: 50_000 }),
			}),
		),
	)
	.map(([offsetUs, model]) => ({ offsetUs, ...model }));

const jitter: fc.Arbitrary<JitterModel> = fc.oneof(
	fc.record({ kind: fc.constant("constant" as const), us: fc.integer({ min: 0, max: 1_000 }) }),
	fc.record({ kind: fc.constant("uniform" as const), maxUs: fc.integer({ min: 0, max: 5_000 }) }),
	fc.record({ kind: fc.constant("normal" as const), meanUs: fc.integer({ min: 0, max: 2_000 }), deviationUs: fc.integer({ min: 0, max: 2_000 }) }),
	fc.record({ kind: fc.constant("lognormal" as const), medianUs: fc.integer({ min: 1, max: 2_000 }), sigma: ratio(1.5) }),
	fc.record({ kind: fc.constant("exponential" as const), meanUs: fc.integer({ min: 0, max: 3_000 }) }),
	fc
		.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 2, maxLength: 8 })
		.map((values) => ({ kind: "empirical" as const, quantilesUs: values.sort((a, b) => a - b) })),
);

const physics: fc.Arbitrary<LinkPhysics> = fc
	.record({
		floorUs: fc.integer({ min: 1, max: 5_000 }),
		jitter,
		lossRatio: ratio(0.3),
		duplicateRatio: ratio(0.3),
		corruptRatio: ratio(0.2),
		reorderRatio: ratio(0.3),
		reorderUs: fc.integer({ min: 0, max: 5_000 }),
		fifo: fc.boolean(),
		bitsPerSecond: fc.constantFrom(0, 0, 200_000, 10_000_000),
		queueBytes: fc.integer({ min: 500, max: 50_000 }),
	})
	.map((link) => (link.fifo ? { ...link, reorderRatio: 0 } : link));

const disk: fc.Arbitrary<DiskPlan> = fc.record({
	drives: fc.integer({ min: 0, max: 2 }),
	capacityBytes: fc.constantFrom(2_000, 100_000),
	writeUs: fc.integer({ min: 0, max: 500 }),
	readUs: fc.integer({ min: 0, max: 500 }),
	syncUs: fc.integer({ min: 0, max: 5_000 }),
	bytesPerSecond: fc.constantFrom(0, 1_000_000),
	readErrorRatio: ratio(0.2),
	tornRatio: ratio(1),
	// A death in about a third of a second, in labs that last a fifth of one.
	annualFailures: fc.constantFrom(0, 100_000_000),
	startFailureRatio: ratio(0.5),
});

const node = (index: number): fc.Arbitrary<NodePlan> =>
	fc
		.record({
			cores: fc.integer({ min: 1, max: 3 }),
			clock,
			disk,
			bootDelayUs: fc.integer({ min: 0, max: 20_000 }),
			periodUs: fc.integer({ min: 500, max: 20_000 }),
			bytesMax: fc.constantFrom(100, 5_000, 40_000),
			buggy: fc.boolean(),
		})
		.map(({ periodUs, bytesMax, buggy, ...rest }) => ({
			name: `n${index}`,
			role: "node",
			region: -1,
			...rest,
			services: [{ service: "chatter", config: { period: periodUs, bytesMax, bugRatio: buggy ? 0.002 : 0 } }],
		}));

/** A connected graph: a spanning tree over nodes and switches (nodes as leaves where there are switches), and some more links. */
function links(nodeCount: number, switchCount: number): fc.Arbitrary<LinkPlan[]> {
	const total = nodeCount + switchCount;
	const name = (vertex: number): string => (vertex < nodeCount ? `n${vertex}` : `s${vertex - nodeCount}`);
	const backbone = switchCount === 0 ? nodeCount : switchCount;
	const first = switchCount === 0 ? 0 : nodeCount;
	const tree = Array.from({ length: backbone - 1 }, (_, i) => fc.integer({ min: 0, max: i }).map((parent) => [first + parent, first + i + 1] as const));
	const leaves =
		switchCount === 0
			? []
			: Array.from({ length: nodeCount }, (_, i) => fc.integer({ min: 0, max: switchCount - 1 }).map((parent) => [i, nodeCount + parent] as const));
	const extra = fc.array(fc.tuple(fc.integer({ min: 0, max: total - 1 }), fc.integer({ min: 0, max: total - 1 })), { maxLength: 5 });
	return fc.tuple(fc.tuple(...tree), fc.tuple(...leaves), extra).chain(([treeLinks, leafLinks, extraLinks]) => {
		const pairs = new Map<string, readonly [number, number]>();
		for (const [a, b] of [...treeLinks, ...leafLinks, ...extraLinks])
			if (a !== b) pairs.set(`${Math.min(a, b)}-${Math.max(a, b)}`, [Math.min(a, b), Math.max(a, b)]);
		return fc.tuple(
			...[...pairs.values()].map(([a, b]) =>
				fc.tuple(physics, physics).map(([forward, backward]): LinkPlan => ({ name: `${name(a)}-${name(b)}`, a, b, forward, backward })),
			),
		);
	});
}

function story(nodes: readonly NodePlan[], linkPlans: readonly LinkPlan[], untilUs: number): fc.Arbitrary<Plan["story"]> {
	const nodeCount = nodes.length;
	const anyNode = fc.integer({ min: 0, max: nodeCount - 1 }).map((index) => `n${index}`);
	const drives = nodes.flatMap(({ name, disk }) => Array.from({ length: disk.drives }, (_, drive) => `fail drive ${name} ${drive}`));
	const anyLink = fc.constantFrom(...linkPlans.map(({ name }) => name.split("-").join(" ")));
	const oneWay = anyLink.map((ends) => ends.replace(" ", " -> "));
	const ends = fc.oneof(anyLink, oneWay);
	const command = fc.oneof(
		fc.tuple(fc.constantFrom("crash", "restart", "restart", "pause", "resume", "resume", "wipe"), anyNode).map((words) => words.join(" ")),
		...(drives.length === 0 ? [] : [fc.constantFrom(...drives)]),
		fc.tuple(anyNode, fc.constantFrom("4x", "0.5x", "1x")).map(([name, factor]) => `slow ${name} ${factor}`),
		fc.tuple(fc.constantFrom("cut", "clog", "heal"), ends).map((words) => words.join(" ")),
		fc.constant("heal all"),
		fc.integer({ min: 1, max: nodeCount - 1 }).map((cut) => {
			const group = (from: number, to: number): string => Array.from({ length: to - from }, (_, i) => `n${from + i}`).join(" ");
			return `partition {${group(0, cut)}} {${group(cut, nodeCount)}}`;
		}),
		fc
			.tuple(ends, fc.constantFrom("lossRatio 0.5", "floorUs 100us", "jitterUs 5ms", "duplicateRatio 0.2", "corruptRatio 0"))
			.map(([link, change]) => `set link ${link} ${change}`),
		fc.tuple(anyNode, fc.integer({ min: -2_000_000, max: 2_000_000 })).map(([name, us]) => `clock ${name} ${us >= 0 ? "+" : ""}${us}us`),
		fc.tuple(anyNode, fc.integer({ min: -900_000, max: 900_000 })).map(([name, ppm]) => `drift ${name} ${ppm}ppm`),
		fc.tuple(anyNode, fc.constantFrom("hello", "how far?")).map(([name, line]) => `ask ${name} "${line}"`),
		fc.tuple(anyNode, fc.integer({ min: 1, max: 30 })).map(([name, sequence]) => `drop ${name}#${sequence}`),
		fc.tuple(anyNode, fc.integer({ min: 1, max: 30 }), fc.constantFrom("1us", "3ms")).map(([name, sequence, by]) => `delay ${name}#${sequence} ${by}`),
	);
	return fc
		.array(fc.record({ atUs: fc.integer({ min: 0, max: untilUs }), line: command }), { maxLength: 12 })
		.map((commands) => commands.sort((a, b) => a.atUs - b.atUs));
}

/** @param nodesMax keep small where every node is a thread */
export function randomLab(nodesMax: number): fc.Arbitrary<RandomLab> {
	return fc
		.record({
			nodeCount: fc.integer({ min: 2, max: nodesMax }),
			switchCount: fc.integer({ min: 0, max: 2 }),
			untilUs: fc.constantFrom(50_000, 200_000),
			exploreRaces: fc.boolean(),
			seed: fc.maxSafeNat(),
		})
		.chain(({ nodeCount, switchCount, untilUs, exploreRaces, seed }) =>
			fc
				.tuple(fc.tuple(...Array.from({ length: nodeCount }, (_, index) => node(index))), links(nodeCount, switchCount))
				.chain(([nodes, linkPlans]) => story(nodes, linkPlans, untilUs).map((commands) => ({ nodes, linkPlans, commands })))
				.map(({ nodes, linkPlans, commands }) => ({
					seed,
					plan: {
						labId: "random",
						labVersion: 1,
						title: "random",
						variant: "",
						parameters: {},
						untilUs,
						exploreRaces,
						regions: [],
						nodes,
						switches: Array.from({ length: switchCount }, (_, index) => ({ name: `s${index}`, region: -1 })),
						links: linkPlans,
						story: commands,
						checks: [],
						names: [...chatter.names].sort(),
					},
				})),
		);
}
