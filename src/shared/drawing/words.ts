/** What drawings say, in one place. */
import { nodeStatusWords } from "../house-words.ts";
import type { BandKind } from "./bands.ts";
import type { LinkState, NodeState } from "./node-state.ts";

export const drawingWords = {
	nodeStates: { ...nodeStatusWords, leader: "leader", slow: "slow", suspected: "suspected" } satisfies {
		readonly [state in NodeState]: string;
	},
	linkStates: { up: "up", changed: "changed", oneWay: "cut one way", clogged: "clogged", cut: "cut" } satisfies { readonly [state in LinkState]: string },
	request: "message",
	reply: "reply",
	lost: "lost",
	held: "held back",
	copy: "copy made by a link",
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
	/** Why bars of the network's faults are missing where places are by order. */
	noPlaceByOrder: (count: number) =>
		count === 1 ? "1 fault has no place in this order: it is no node's event" : `${count} faults have no place in this order: they are no node's events`,
	noPlaceShort: (count: number) => `${count} without a place in this order`,
	/** At the axis, what its figures are. */
	axes: { true: "true time", local: "own clocks", causal: "L  Lamport stamp", vector: "Σ  sum of vector" },
	trueInstant: (instant: string) => `true ${instant}`,
	cutByOrder: (instant: string, lanes: string) => `The cut at ${instant}: ${lanes}. What lies before it has all its causes before it.`,
	cutByClocks: (instant: string, lanes: string) => `At ${instant} of true time clocks show: ${lanes}.`,
	cutAfter: (name: string, event: string) => `${name} after ${event}`,
	cutBefore: (name: string) => `${name} before its first event in sight`,
	cutReading: (name: string, reading: string) => `${name} ${reading}`,
	cutMore: (count: number) => `and ${count} more`,
	cut: "the instant that is looked at",
	partitionGroup: "a part of the network",
	density: "how many events",
	seed: (seed: number) => `seed ${seed}`,
	at: (instant: string) => `at ${instant}`,
	between: (from: string, to: string) => `${from} to ${to}`,
	linkChange: (link: string, state: string) => `${link}: ${state}`,
	omitted: (count: number) => `${count} messages are not drawn`,
} as const;
