/**
 * What the kernel knows of a node that outlives its RAM, and where it stands in its life.
 */
import { DeliveryQueue } from "../delivery-queue.ts";
import type { Delivery, NodeSequences } from "../executor.ts";

export type NodeStatus = "down" | "booting" | "up" | "paused";

export interface NodeState {
	status: NodeStatus;
	incarnation: number;
	/** The node's earliest pending event; Infinity while it does not run. */
	nextUs: number;
	sequences: NodeSequences;
	lamport: number;
	factorMilli: number;
	/** Invalidates a boot on its way when the node is crashed again. */
	bootToken: number;
	/** At a paused node's door. */
	held: Delivery[];
	/** Handed to the node for the present window, in key order. */
	readonly staged: DeliveryQueue;
}

export function newNodeState(): NodeState {
	return {
		status: "down",
		incarnation: 0,
		nextUs: Number.POSITIVE_INFINITY,
		sequences: { message: 0, timer: 0, span: 0, disk: 0, draw: 0, step: 0 },
		lamport: 0,
		factorMilli: 1_000,
		bootToken: 0,
		held: [],
		staged: new DeliveryQueue(),
	};
}
