/**
 * The words between the store and its clients: keys and values, transactions on them, and how a
 * request can fare. Plain data; whoever serves it reads the body as hostile.
 */
import type { BodyShape, MessageShapes } from "../../shared/body-shape.ts";
import type { PlainValue } from "../../shared/codec.ts";

/** `store.open`: opens a session; answered with a StoreReply of a session's number. */
export const openMessage = "store.open";
/** `store.run`: runs a transaction, exactly once in its session. */
export const runMessage = "store.run";
/** `store.read`: runs operations that change nothing. */
export const readMessage = "store.read";

/** `version` counts the store's transactions: it is that of the transaction which wrote the key. */
export type Versioned = { readonly key: string; readonly value: PlainValue; readonly version: number };

export type Condition =
	| { readonly key: string; readonly is: "absent" }
	| { readonly key: string; readonly is: "version"; readonly version: number }
	| { readonly key: string; readonly is: "value"; readonly value: PlainValue };

export type ReadOperation =
	| { readonly do: "get"; readonly key: string }
	/** Keys from `from` up to, but without, `to`; in order; at most `limit`. */
	| { readonly do: "range"; readonly from: string; readonly to: string; readonly limit: number };
export type Operation =
	| ReadOperation
	| { readonly do: "put"; readonly key: string; readonly value: PlainValue }
	| { readonly do: "delete"; readonly key: string };

/** All of `run` if every condition holds, else all of `otherwise`; nothing comes between. */
export type Transaction = { readonly when: readonly Condition[]; readonly run: readonly Operation[]; readonly otherwise: readonly Operation[] };

/** Of a get and a range: what is there. Of a put and a delete: what was there. */
export type OperationResult = readonly Versioned[];
export type TransactionResult =
	| { readonly kind: "ran"; readonly held: boolean; readonly version: number; readonly results: readonly OperationResult[] }
	/** Nothing was changed: the store has no room. */
	| { readonly kind: "full" };

/** `forward`: a server that does not lead passes it on to the one that does, instead of naming it. */
type Forwardable = { readonly forward?: boolean };
export type RunRequest = Forwardable & { readonly session: number; readonly sequence: number; readonly answered: number; readonly transaction: Transaction };
export type ReadRequest = Forwardable & { readonly operations: readonly ReadOperation[] };

export type StoreReply =
	| { readonly kind: "opened"; readonly session: number }
	| { readonly kind: "ran"; readonly result: TransactionResult }
	| { readonly kind: "read"; readonly results: readonly OperationResult[] }
	/** Nothing was done here. */
	| { readonly kind: "notLeader"; readonly leader: string | null }
	/** It may have been done; asking again under the same sequence is safe. */
	| { readonly kind: "unknown" }
	/** The session is too old. */
	| { readonly kind: "expired" }
	| { readonly kind: "refused"; readonly why: string };

/** A list of what was found, for each operation. */
const results: BodyShape = { each: "found" };
export const storeBodies: MessageShapes = {
	[runMessage]: { answer: { within: { result: { within: { results } } } } },
	[readMessage]: { answer: { within: { results } } },
};

export const keyLengthMax = 512;
export const valueBytesMax = 524_288;
export const operationsMax = 128;
export const rangeLimitMax = 1_000;
