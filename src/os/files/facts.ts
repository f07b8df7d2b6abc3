/**
 * What machines and clients state for the record: the evidence on which the file system's promises are judged,
 * and what its view draws from. Nobody in the file system acts on them.
 */
import type { NodeContext } from "../../core/node-api.ts";
import { plain } from "./records.ts";

export const facts = {
	/** A block server: a copy is kept (or no more). Keyed by part. */
	held: "files.held",
	/** A block server at its boot: everything it found. */
	inventory: "files.inventory",
	/** The world: a bit of this copy was flipped, or its drive taken away. No program knows it. Keyed by part. */
	harmed: "files.harmed",
	/** A block server: its drives. */
	machine: "files.machine",
	/** A block server: a copy is being made here from others. Keyed by part. */
	moving: "files.moving",
	/** A steward: how a block stands. Keyed by block; stated when it changes. */
	health: "files.health",
	/** A client: a save or a removal begins; ends. */
	changing: "files.changing",
	changed: "files.changed",
	opening: "files.opening",
	opened: "files.opened",
} as const;

export type HeldFact = { readonly key: string; readonly copy: number; readonly drive: number; readonly bytes: number; readonly isSynced: boolean };
/** `wasHarmed`: an act of violence, not of the system. */
export type DroppedFact = { readonly key: string; readonly gone: true; readonly copy: number; readonly why: string; readonly wasHarmed: boolean };
export type InventoryFact = {
	/** Of each drive: it came back empty. */
	readonly wiped: readonly boolean[];
	readonly copies: readonly (readonly [part: string, copy: number, drive: number])[];
};
export type HarmedFact = { readonly key: string; readonly copy: number };
export type MachineFact = {
	readonly rack: string;
	readonly drives: readonly { readonly used: number; readonly capacity: number; readonly isDead?: boolean }[];
};
export type HealthFact = {
	readonly key: string;
	readonly path: string;
	readonly needed: number;
	/** Copies, of all shards together. */
	readonly wanted: number;
	readonly standing: number;
	/** Different shards of which at least one copy is listed. */
	readonly shards: number;
	readonly state: "whole" | "thin" | "lost";
	readonly why: readonly string[];
};
export type ChangingFact = {
	readonly call: string;
	readonly path: string;
	/** Of the file that is to be there; null: a removal. */
	readonly id: string | null;
	readonly checksum: number;
};
/** `unknown`: it may or may not have happened. */
export type ChangedFact = {
	readonly call: string;
	readonly outcome: "done" | "not" | "unknown";
	/** Of a save that is done. */
	readonly blocks: readonly {
		readonly block: string;
		readonly needed: number;
		/** Copies of all shards together, when all is well. */
		readonly wanted: number;
		readonly copies: readonly (readonly [machine: string, part: string, copy: number])[];
	}[];
	/** Copies beyond those needed that the system promises before it says yes. */
	readonly spare: number;
};
export type OpeningFact = { readonly call: string; readonly path: string };
export type OpenedFact = {
	readonly call: string;
	readonly outcome: "content" | "notFound" | "lost" | "unavailable";
	readonly id: string | null;
	/** Of the bytes that were given. */
	readonly checksum: number;
	readonly lost: readonly string[];
};

export function state(ctx: NodeContext, name: (typeof facts)[keyof typeof facts], value: object): void {
	ctx.fact(name, plain(value));
}
