/** What drawings say, in one place. */
import type { BandKind } from "./bands.ts";
import type { LinkState, NodeState } from "./node-state.ts";

export const drawingWords = {
	nodeStates: { up: "up", leader: "leader", slow: "slow", paused: "paused", suspected: "suspected", booting: "booting", down: "down" } satisfies {
		readonly [state in NodeState]: string;
	},
	linkStates: { up: "up", changed: "changed", oneWay: "cut one way", clogged: "clogged", cut: "cut" } satisfies { readonly [state in LinkState]: string },
	request: "message",
	reply: "reply",
	lost: "lost",
	held: "held back",
	underWay: "under way",
	indirect: "through hidden lanes",
	differs: "not so in the other run",
	delivered: "delivered",
	local: "local events",
	fault: "fault",
	repair: "repair",
	loadLimit: "load, and the line at 80 %",
	queue: (count: number) => `queue ${count}`,
	suspectedBy: (count: number) => `suspected by ${count}`,
	partition: "partition",
	/** States that last from one instant to another. */
	bands: {
		down: "down",
		paused: "paused",
		slow: "slow",
		drift: "clock",
		partition: "partition",
		cut: "cut",
		clogged: "clogged",
		changed: "changed",
	} satisfies {
		readonly [kind in BandKind]: string;
	},
	bandLasts: (what: string, from: string, length: string) => `${what}, since ${from}, so far ${length}`,
	bandLasted: (what: string, from: string, length: string) => `${what}, from ${from} on for ${length}`,
	partOf: (count: number) => `${count} nodes`,
	network: "network",
	moreBands: (count: number) => `${count} more`,
	partitionGroup: "a part of the network",
	density: "how many events",
	seed: (seed: number) => `seed ${seed}`,
	at: (instant: string) => `at ${instant}`,
	between: (from: string, to: string) => `${from} to ${to}`,
	timeBases: { true: "true time", local: "each node's own clock", causal: "Lamport stamps", vector: "vector clocks" },
	linkChange: (link: string, state: string) => `${link}: ${state}`,
	omitted: (count: number) => `${count} messages are not drawn`,
} as const;
