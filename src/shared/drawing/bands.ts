/**
 * Stretches of time in which something was not as planned, put together from the faults that began and ended
 * them: a node down, paused, slow, its clock drifting; the network in parts; a link cut, clogged, changed, both
 * ways or one way. A fold over the faults of a log, so that a stretch is known however far back it began. Pure.
 */
import type { LinkDirection } from "../command.ts";
import type { DecodedEvent } from "../event-record.ts";
import type { EventKind } from "../event-schema.ts";
import type { Plan } from "../plan.ts";
import { decodeOrNull } from "../projection/preview.ts";
import { changeText, driftText, factorText, isAsPlanned, linkPropertyOf } from "./band-amounts.ts";

export const bandKinds = ["down", "paused", "slow", "drift", "partition", "cut", "clogged", "changed"] as const;
export type BandKind = (typeof bandKinds)[number];

export interface Band {
	readonly kind: BandKind;
	/** -1: it is no node's. */
	readonly node: number;
	/** -1: it is no link's. */
	readonly link: number;
	readonly direction: LinkDirection;
	/** How much, in words: `20×`, `loses 5 %`; empty where there is nothing to say. */
	readonly detail: string;
	/** Of a partition: nodes that still reach each other. */
	readonly groups: readonly (readonly number[])[];
	readonly fromUs: number;
	/** Null while it lasts. */
	readonly toUs: number | null;
	/** The event that began it. */
	readonly index: number;
}

/** A band lies on the lane of its node, or it concerns links and so no lane of its own. */
export function isOfNode({ node }: Pick<Band, "node">): boolean {
	return node >= 0;
}

/** It carries or does nothing, where others only do it worse than planned. */
export function isStopped({ kind }: Pick<Band, "kind">): boolean {
	return kind === "down" || kind === "paused" || kind === "partition" || kind === "cut" || kind === "clogged";
}

/** Kinds of faults that do not last, or whose end nobody tells: of others there are bands. */
export function isPassing(kind: string): boolean {
	return /^clock|^disk/.test(kind) && kind !== "clockDriftChanged";
}

type Open = Omit<Band, "toUs">;

const partsMax = 200;
/** A log may tell of more: what ended first is forgotten. */
const keptMax = 20_000;

interface Moment {
	readonly atUs: number;
	readonly index: number;
}

function groupsOf(body: Uint8Array, nodeCount: number): readonly (readonly number[])[] {
	const value = decodeOrNull(body);
	const groups: readonly unknown[] = Array.isArray(value) ? value.slice(0, partsMax) : [];
	return groups.map((group) =>
		Array.isArray(group) ? group.slice(0, nodeCount).filter((node): node is number => Number.isInteger(node) && node >= 0 && node < nodeCount) : [],
	);
}

/** Takes the control events of a log in their order. */
export class BandFold {
	readonly #plan: Plan;
	/** Of a slot (a node's crash, a link's loss, ...) what lasts, by direction. */
	readonly #open = new Map<string, Open>();
	#closed: Band[] = [];
	/** Of links: what each direction of a slot is like at the moment. */
	readonly #ways = new Map<string, { forward: string; backward: string }>();
	#ordered: readonly Band[] | null = [];

	constructor(plan: Plan) {
		this.#plan = plan;
	}

	take({ kind, node, atUs, fields, body }: Pick<DecodedEvent, "kind" | "node" | "atUs" | "fields" | "body">, index: number): void {
		const now = { atUs, index };
		if (kind.startsWith("link")) this.#link(kind, fields, body, now);
		else if (kind.startsWith("network")) this.#network(kind, body, now);
		else this.#node(kind, node, fields, now);
	}

	#node(kind: EventKind, node: number, fields: DecodedEvent["fields"], now: Moment): void {
		if (this.#plan.nodes[node] === undefined) return;
		const set = (band: BandKind, detail: string | null): void => this.#set(`${band} ${node}`, detail, { kind: band, node }, now);
		switch (kind) {
			case "nodeCrashed":
				set("paused", null);
				set("down", "");
				break;
			case "nodeBooted":
				set("down", null);
				set("paused", null);
				break;
			case "nodePaused":
				set("paused", "");
				break;
			case "nodeResumed":
				set("paused", null);
				break;
			case "nodeSlowed":
				set("slow", Number(fields.factorMilli) === 1_000 ? null : factorText(Number(fields.factorMilli)));
				break;
			case "clockDriftChanged": {
				const { clock } = this.#plan.nodes[node];
				const plannedPpm = clock.kind === "linear" ? clock.driftPpm : 0;
				set("drift", Number(fields.driftPpm) === plannedPpm ? null : driftText(Number(fields.driftPpm)));
			}
		}
	}

	#network(kind: EventKind, body: Uint8Array, now: Moment): void {
		if (kind === "networkPartitioned") {
			const groups = groupsOf(body, this.#plan.nodes.length);
			// A new partition takes the place of the last.
			this.#set("partition", null, { kind: "partition" }, now);
			this.#set("partition", "", { kind: "partition", groups }, now);
			return;
		}
		if (kind !== "networkHealed") return;
		this.#set("partition", null, { kind: "partition" }, now);
		for (const [slot, ways] of this.#ways) {
			if (!slot.startsWith("carry ")) continue;
			ways.forward = "";
			ways.backward = "";
			this.#showWays(slot, Number(slot.split(" ")[1]), now);
		}
	}

	#link(kind: EventKind, fields: DecodedEvent["fields"], body: Uint8Array, now: Moment): void {
		const link = Number(fields.link);
		const planned = this.#plan.links[link];
		if (planned === undefined) return;
		const change = kind === "linkChanged" ? (decodeOrNull(body) as { readonly property?: unknown; readonly value?: unknown } | null) : null;
		const property = linkPropertyOf(change?.property);
		if (kind === "linkChanged" && property === undefined) return;
		const slot = property === undefined ? `carry ${link}` : `${property} ${link}`;
		const ways = this.#ways.get(slot) ?? { forward: "", backward: "" };
		this.#ways.set(slot, ways);
		for (const way of ["forward", "backward"] as const) {
			if (fields.direction !== "both" && fields.direction !== way) continue;
			if (property === undefined) ways[way] = kind === "linkCut" ? "cut" : kind === "linkClogged" ? "clogged" : "";
			else ways[way] = isAsPlanned(planned[way], property, Number(change?.value)) ? "" : changeText(property, Number(change?.value));
		}
		this.#showWays(slot, link, now);
	}

	/** One band where both directions are alike, one each where they are not. */
	#showWays(slot: string, link: number, now: Moment): void {
		const { forward, backward } = this.#ways.get(slot) as { forward: string; backward: string };
		const isAlike = forward === backward;
		const wanted: { readonly [direction in LinkDirection]: string } = {
			both: isAlike ? forward : "",
			forward: isAlike ? "" : forward,
			backward: isAlike ? "" : backward,
		};
		const isCarry = slot.startsWith("carry ");
		for (const direction of ["both", "forward", "backward"] as const) {
			const what = wanted[direction];
			const kind: BandKind = isCarry ? (what === "clogged" ? "clogged" : "cut") : "changed";
			const key = `${slot} ${direction}`;
			const open = this.#open.get(key);
			if (open !== undefined && (isCarry ? open.kind === what : open.detail === what)) continue;
			this.#set(key, null, { kind }, now);
			if (what !== "") this.#set(key, isCarry ? "" : what, { kind, link, direction }, now);
		}
	}

	/** @param detail null: it is over */
	#set(key: string, detail: string | null, what: Partial<Band> & { readonly kind: BandKind }, { atUs, index }: Moment): void {
		const open = this.#open.get(key);
		if (open?.detail === detail || (open === undefined && detail === null)) return;
		this.#ordered = null;
		if (open !== undefined) {
			this.#open.delete(key);
			// What is taken back within its instant has not lasted.
			if (atUs > open.fromUs) this.#closed.push({ ...open, toUs: atUs });
			if (this.#closed.length >= keptMax * 2) this.#closed = this.#closed.slice(-keptMax);
		}
		if (detail !== null) this.#open.set(key, { node: -1, link: -1, direction: "both", groups: [], ...what, detail, fromUs: atUs, index });
	}

	/** All there are, by the instant of their beginning. */
	get bands(): readonly Band[] {
		this.#ordered ??= inOrder([...this.#closed, ...[...this.#open.values()].map((open): Band => ({ ...open, toUs: null }))]);
		return this.#ordered;
	}

	/** Those that reach into a stretch of time; of too many the longest. */
	within(fromUs: number, toUs: number, countMax: number): { readonly bands: readonly Band[]; readonly omitted: number } {
		const found = this.bands.filter((band) => band.fromUs <= toUs && (band.toUs ?? Number.POSITIVE_INFINITY) >= fromUs);
		if (found.length <= countMax) return { bands: found, omitted: 0 };
		const lengthOf = (band: Band): number => Math.min(band.toUs ?? toUs, toUs) - Math.max(band.fromUs, fromUs);
		const longest = [...found].sort((a, b) => lengthOf(b) - lengthOf(a) || a.index - b.index).slice(0, countMax);
		return { bands: inOrder(longest), omitted: found.length - countMax };
	}
}

function inOrder(bands: readonly Band[]): readonly Band[] {
	return [...bands].sort((a, b) => a.fromUs - b.fromUs || a.index - b.index);
}
