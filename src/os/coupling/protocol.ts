/** Names that both worlds use, and what is stated of their work. */
import type { MessageShapes } from "../../shared/body-shape.ts";
import type { PartInput, WorkName } from "./works.ts";

export const boxService = "coupling-box";
export const leadService = "coupling-lead";
export const workerService = "coupling-worker";

export const messages = {
	/** Lead to worker, a call: work on this part. */
	part: "coupling.part",
	/** Lead to worker: make so many increments. */
	count: "coupling.count",
	/** Worker to lead, a call: one more. */
	add: "coupling.add",
} as const;

export const timers = { again: "coupling.again" } as const;
/** One span a work: how long it took. */
export const spans: { readonly [work in WorkName]: string } = { counter: "coupling.counter", sum: "coupling.sum", matrix: "coupling.matrix" };

export const facts = {
	begun: "coupling.begun",
	part: "coupling.partDone",
	result: "coupling.result",
} as const;

export type World = "box" | "many";
export type BegunFact = { readonly key: string; readonly world: World; readonly work: WorkName; readonly workers: number };
/** Somebody has worked on a part to its end, for the first time or again. */
export type PartFact = { readonly world: World; readonly work: WorkName; readonly part: number; readonly by: string };
export type ResultFact = {
	readonly key: string;
	readonly world: World;
	readonly work: WorkName;
	readonly expected: number;
	readonly got: number;
	readonly tookUs: number;
	/** Times that somebody touched what all share: accesses to memory, or messages. */
	readonly touches: number;
};

/** `workUs`: what the part costs on one core. `round` counts beginnings: within one, a part is worked on once by each. */
export type PartBody = { readonly round: number; readonly part: number; readonly input: PartInput; readonly workUs: number };
/** Rows of numbers. */
export const workBodies: MessageShapes = { [messages.part]: { body: { within: { input: { within: { rows: { each: "row" }, by: { each: "row" } } } } } } };
export type PartReply = { readonly share: number };
export type CountBody = { readonly increments: number; readonly round: number };
/** `step` names the increment, so that one that is asked for twice is made once. */
export type AddBody = { readonly step: number; readonly round: number };
