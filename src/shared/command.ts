/**
 * What a user or a story can do to a running cluster. One grammar for lab files, the command line
 * and the window: `parseCommand` (command-grammar.ts) reads a line, `formatCommand` writes the
 * canonical one, and only the canonical line is recorded.
 *
 * Targets are indices into the plan, so a command is meaningless without its plan.
 */
export type LinkDirection = "both" | "forward" | "backward";

/** Properties of a link that `set link` can change while it runs; see LinkPhysics for the units. */
export const linkProperties = ["floorUs", "jitterUs", "lossRatio", "duplicateRatio", "corruptRatio", "reorderRatio", "bitsPerSecond"] as const;
export type LinkProperty = (typeof linkProperties)[number];

export type Command =
	| { readonly kind: "crash" | "restart" | "pause" | "resume" | "wipe"; readonly nodes: readonly number[] }
	/** These machines' drive of that number, from 0, dies for good. */
	| { readonly kind: "failDrive"; readonly nodes: readonly number[]; readonly drive: number }
	/** CPU work takes `factorMilli / 1000` times as long. 1000 is normal speed. */
	| { readonly kind: "slow"; readonly nodes: readonly number[]; readonly factorMilli: number }
	| { readonly kind: "cut" | "clog" | "heal"; readonly link: number; readonly direction: LinkDirection }
	| { readonly kind: "healAll" }
	/** Nodes of different groups cannot reach each other; nodes in no group reach everybody. */
	| { readonly kind: "partition"; readonly groups: readonly (readonly number[])[] }
	/** `jitterUs` is a uniform jitter of 0 to value. */
	| { readonly kind: "setLink"; readonly link: number; readonly direction: LinkDirection; readonly property: LinkProperty; readonly value: number }
	| { readonly kind: "clockStep"; readonly nodes: readonly number[]; readonly deltaUs: number }
	| { readonly kind: "clockDrift"; readonly nodes: readonly number[]; readonly driftPpm: number }
	| { readonly kind: "ask"; readonly node: number; readonly line: string }
	/** Drops a message in flight, named by its sender and the sender's sequence. */
	| { readonly kind: "drop"; readonly from: number; readonly sequence: number }
	/** Makes a message in flight arrive later. */
	| { readonly kind: "delay"; readonly from: number; readonly sequence: number; readonly byUs: number }
	/** The watchdog's verdict, so that a replay stops the node at the same handler. Not for people. */
	| { readonly kind: "halt"; readonly node: number; readonly incarnation: number; readonly step: number; readonly reason: "hung" | "outOfMemory" };
