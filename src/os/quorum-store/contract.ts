/** The words of the quorum store: between a client and a node, and between nodes. Pure. */
import type { PlainValue } from "../../core/node-api.ts";
import type { MessageShapes } from "../../shared/body-shape.ts";
import type { Reconciliation, Vector, Version } from "./versions.ts";

export const quorumStoreService = "quorum-store";
export const quorumClientService = "quorum-client";

/** Client to any node. Body: the key. Answer: `GetAnswer`. */
export const getMessage = "quorum.get";
/** Client to any node. Body: `PutRequest`. Answer: whether enough nodes have it. */
export const putMessage = "quorum.put";
/** Node to node. Body: the key. Answer: the versions that it has. */
export const fetchMessage = "quorum.fetch";
/** Node to node. Body: `[key, versions, for whom or ""]`. Answer: true, once they are on its drive. */
export const storeMessage = "quorum.store";
/** Node to node. Body: `[[key, fingerprint], ...]`. Answer: `[[key, versions], ...]` of those that differ. */
export const compareMessage = "quorum.compare";

export type PutRequest = { readonly key: string; readonly items: readonly string[]; readonly vector: Vector; readonly by: string };
/** `by`: how the store reconciles, and so whether it asks its clients to. */
export type GetAnswer = { readonly isEnough: boolean; readonly versions: readonly Version[]; readonly by: Reconciliation };

export const quorumBodies: MessageShapes = {
	[getMessage]: { body: "key" },
	[putMessage]: { answer: "isEnough" },
	[fetchMessage]: { body: "key", answer: "versions" },
	[storeMessage]: { body: { parts: ["key", "versions", "standsFor"] }, answer: "isKept" },
	[compareMessage]: { body: { name: "keys", each: { parts: ["key", "fingerprint"] } }, answer: { name: "differ", each: { parts: ["key", "versions"] } } },
};

// --- facts

/** Body: `HoldsFact`, keyed by the value's key. Stated by a node that keeps it. */
export const holdsFact = "quorum.holds";
/** Body: how many keys it found on its drive. Stated by a node that has booted: it keeps nothing else. */
export const loadedFact = "quorum.loaded";
/** Body: `HintFact`, keyed by owner and key. Stated by a node that stands in for another. */
export const hintFact = "quorum.hint";
/** Body: `DroppedFact`, keyed by key and writer. Items went, and whoever wrote what is left had not seen them. */
export const droppedFact = "quorum.dropped";
/** Body: `AddedFact`, keyed by the item. Stated by a client once its write was acknowledged. */
export const addedFact = "quorum.added";
/** Body: `AskedFact`. A client asks. */
export const askedFact = "quorum.asked";
/** Body: `SawFact`. A client has its answer. */
export const sawFact = "quorum.saw";

export type HoldsFact = { readonly key: string; readonly versions: readonly Version[] };
export type HintFact = { readonly key: string; readonly owner: string; readonly of: string; readonly items: readonly string[] };
export type DroppedFact = { readonly key: string; readonly of: string; readonly items: readonly string[]; readonly winner: string };
export type AddedFact = { readonly key: string; readonly to: string };
export type AskedFact = { readonly id: string; readonly about: string };
export type SawFact = { readonly id: string; readonly items: readonly string[] };

const keyCharsMax = 200;

export function isKey(value: unknown): value is string {
	return typeof value === "string" && value !== "" && value.length <= keyCharsMax;
}

export function fieldsOf(body: PlainValue): { readonly [key: string]: PlainValue } {
	return typeof body === "object" && body !== null && !Array.isArray(body) && !(body instanceof Uint8Array)
		? (body as { readonly [key: string]: PlainValue })
		: {};
}
