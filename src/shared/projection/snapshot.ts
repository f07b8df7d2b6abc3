/**
 * What a view sees of a run at one instant: plain data, ready to be posted to a window. Every number
 * is a fold over the log; nothing here is known to the kernel alone. Pure.
 */
import type { DropReason, EventKind } from "../event-schema.ts";

export const nodeStatuses = ["down", "booting", "up", "paused"] as const;
export type NodeStatusView = (typeof nodeStatuses)[number];

export const linkStatuses = ["up", "cut", "clogged"] as const;
export type LinkStatusView = (typeof linkStatuses)[number];

export interface NodeView {
	readonly name: string;
	readonly role: string;
	readonly status: NodeStatusView;
	/** Counts boots; 0 before the first. */
	readonly incarnation: number;
	/** CPU work takes factorMilli / 1000 times as long. */
	readonly factorMilli: number;
	/** Busy core-time over available core-time in the last whole second, 0..1. */
	readonly utilisationRatio: number;
	/** Mean wait for a core of the work that was finished in the last whole second. */
	readonly cpuWaitUs: number;
	readonly messagesIn: number;
	readonly messagesOut: number;
	/** In the last whole second. */
	readonly messagesInPerSecond: number;
	readonly messagesOutPerSecond: number;
	/** How often it went down. */
	readonly crashes: number;
	/** What went wrong here last; empty when nothing has. */
	readonly lastError: string;
	/** True time of it; -1 when there is none. */
	readonly lastErrorUs: number;
}

export interface LinkView {
	readonly name: string;
	readonly forward: LinkStatusView;
	readonly backward: LinkStatusView;
	readonly dropped: number;
	/** Changed by a command while it ran: `lossRatio 0.1`. */
	readonly changes: readonly string[];
}

/** A fault, a repair or another act on the cluster. */
export interface FaultView {
	/** Its event in the log. */
	readonly index: number;
	readonly atUs: number;
	readonly kind: EventKind;
	readonly text: string;
}

export interface MessageCounts {
	readonly sent: number;
	readonly delivered: number;
	readonly dropped: { readonly [reason in DropReason]?: number };
	readonly duplicated: number;
}

export interface ProjectionSnapshot {
	/** True time up to which the view was carried. */
	readonly virtualUs: number;
	readonly events: number;
	readonly messages: MessageCounts;
	readonly nodes: readonly NodeView[];
	readonly links: readonly LinkView[];
	/** Node indices, an array a group; null while the network is whole. */
	readonly partition: readonly (readonly number[])[] | null;
	/** The newest last; bounded. */
	readonly faults: readonly FaultView[];
	readonly commandsApplied: number;
	readonly commandsRefused: number;
}
