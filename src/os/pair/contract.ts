/** The words that servers, database, witness, power switch and customers of the pair say to each other. Pure. */
import type { PlainValue } from "../../core/node-api.ts";
import type { MessageShapes } from "../../shared/body-shape.ts";

export const pairService = "pair";
export const databaseService = "pair-database";
export const witnessService = "pair-witness";
export const powerService = "power-switch";
export const bmcService = "bmc";
export const powerSupplyService = "power-supply";
export const customerService = "pair-customer";

/** Server to server over the cable. Body: `Heartbeat`. */
export const heartbeatMessage = "pair.heartbeat";
/** Customer to server. Body: the order's text. Answer: `OrderAnswer`. */
export const orderMessage = "pair.order";
/** Server to database: who is new asks for what is there. Body: the term. Answer: `OpenAnswer`. */
export const openMessage = "pair.open";
/** Server to database. Body: `WriteRequest`. Answer: `WriteAnswer`. */
export const writeMessage = "pair.write";
/** Asks a voter for its vote. Body: the term. Answer: `VoteAnswer`. */
export const voteMessage = "pair.vote";
/** A leader to the other voters. Body: the term. Answer: `VoteAnswer`. */
export const renewMessage = "pair.renew";
/** Server to witness. Body: null. Answer: whether the lease is granted. */
export const leaseMessage = "pair.lease";
/** Server to power switch. Body: the node to be switched off. Answer: whether it is off. */
export const offMessage = "pair.switchOff";
/** Power switch to the board that holds a server's power. Answer: true, once the relay is open. */
export const cutPowerMessage = "bmc.cutPower";
/** Board to its server over the wire that carries the power. Body: on whose behalf. No answer: nobody is left. */
export const powerOffMessage = "power.off";

export const pairBodies: MessageShapes = {
	[orderMessage]: { body: "order" },
	[openMessage]: { body: "term" },
	[voteMessage]: { body: "term" },
	[renewMessage]: { body: "term" },
	[leaseMessage]: { answer: "leaseUs" },
	[offMessage]: { body: "server", answer: "isOff" },
};
export const powerBodies: MessageShapes = { [cutPowerMessage]: { answer: "isOpen" }, [powerOffMessage]: { body: "onBehalfOf" } };

export type Role = "standby" | "taking-over" | "active";

export type Heartbeat = { readonly role: Role; readonly token: number };
export type OrderAnswer = { readonly kind: "accepted"; readonly number: number } | { readonly kind: "not-active" } | { readonly kind: "unknown" };
export type OpenAnswer = { readonly kind: "opened"; readonly token: number; readonly next: number } | { readonly kind: "fenced" };
export type WriteRequest = { readonly token: number; readonly number: number; readonly order: string };
export type WriteAnswer = { readonly kind: "written" } | { readonly kind: "fenced" };
export type VoteAnswer = { readonly granted: boolean; readonly term: number };

// --- facts

/** Body: `RoleFact`. Stated by a server. */
export const roleFact = "pair.role";
/** Body: `RecordFact`, keyed by the record. Stated by the database for each write that is on its disk. */
export const recordFact = "pair.record";
/** Body: `FencedFact`. Stated by the database. */
export const fencedFact = "pair.fenced";
/** Body: `AcknowledgedFact`, keyed by the order. Stated by a customer. */
export const acknowledgedFact = "pair.acknowledged";

/** `term` is 0 unless voters elect. */
export type RoleFact = { readonly role: Role; readonly token: number; readonly term: number };
export type Content = { readonly order: string; readonly by: string; readonly token: number };
/** `was`: another order of another server that stood there. */
export type RecordFact = Content & { readonly key: string; readonly was: Content | null };
export type FencedFact = { readonly by: string; readonly token: number; readonly newest: number };
export type AcknowledgedFact = { readonly key: string; readonly record: string; readonly by: string };

export function recordName(number: number): string {
	return `record-${number}`;
}

// --- what came over a network is hostile

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const orderCharsMax = 200;

export function isOrder(body: PlainValue): body is string {
	return typeof body === "string" && body !== "" && body.length <= orderCharsMax;
}

export function isCountBody(body: PlainValue): body is number {
	return isCount(body);
}

function fieldsOf(body: PlainValue): { readonly [key: string]: PlainValue } {
	return typeof body === "object" && body !== null && !Array.isArray(body) && !(body instanceof Uint8Array)
		? (body as { readonly [key: string]: PlainValue })
		: {};
}

export function readWrite(body: PlainValue): WriteRequest | null {
	const { token, number, order } = fieldsOf(body);
	return isCount(token) && isCount(number) && isOrder(order ?? null) ? { token, number, order: order as string } : null;
}

export function readHeartbeat(body: PlainValue): Heartbeat | null {
	const { role, token } = fieldsOf(body);
	return (role === "standby" || role === "taking-over" || role === "active") && isCount(token) ? { role, token } : null;
}
