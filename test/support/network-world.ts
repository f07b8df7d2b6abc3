/** A network without nodes: sends messages by hand, runs the clock forward as the kernel does, keeps what happened. */

import { Flight } from "../../src/core/network/flight.ts";
import { Network } from "../../src/core/network/network.ts";
import type { NetworkLog } from "../../src/core/network/network-log.ts";
import { wholeOf } from "../../src/shared/byte-range.ts";
import type { Command } from "../../src/shared/command.ts";
import type { DropReason } from "../../src/shared/event-schema.ts";
import type { LinkPlan, Plan } from "../../src/shared/plan.ts";
import { frontPlan, nodePlan } from "./plans.ts";

export interface GraphOptions {
	/** Default: as many as the links need, after `switches`. */
	readonly nodes?: number;
	readonly switches?: number;
}

/** Nodes n0, n1, ... then switches s0, s1, ..., joined by the links given. */
export function graph(links: readonly LinkPlan[], { nodes = 2, switches = 0 }: GraphOptions = {}): Plan {
	return frontPlan({
		nodes: Array.from({ length: nodes }, (_, i) => nodePlan(`n${i}`)),
		regions: [],
		switches: Array.from({ length: switches }, (_, i) => ({ name: `s${i}`, region: -1 })),
		links,
	});
}

export interface Arrival {
	readonly atUs: number;
	readonly to: number;
	readonly from: number;
	readonly sequence: number;
	readonly copy: number;
}

export interface SendOptions {
	readonly atUs?: number;
	readonly from?: number;
	readonly to?: number;
	readonly sequence?: number;
	readonly bodyBytes?: number;
}

export class NetworkWorld implements NetworkLog {
	readonly network: Network;
	/** One line an event: `instant what from#sequence.copy ...`. */
	readonly lines: string[] = [];
	readonly arrivals: Arrival[] = [];
	readonly down = new Set<number>();
	#sequence = 0;

	constructor(plan: Plan, { seed = 1, exploreRaces = false } = {}) {
		this.network = new Network(plan, seed, exploreRaces, this);
	}

	messageDropped(atUs: number, { from, sequence, copy }: Flight, link: number, reason: DropReason): void {
		this.lines.push(`${atUs} ${reason} ${from}#${sequence}.${copy} link ${link}`);
	}

	messageDuplicated(atUs: number, { from, sequence, copy }: Flight, link: number): void {
		this.lines.push(`${atUs} duplicated ${from}#${sequence}.${copy} link ${link}`);
	}

	messageHeld(atUs: number, { from, sequence, copy }: Flight, link: number): void {
		this.lines.push(`${atUs} held ${from}#${sequence}.${copy} link ${link}`);
	}

	messageForwarded(atUs: number, { from, sequence, copy }: Flight, vertex: number, link: number): void {
		this.lines.push(`${atUs} forwarded ${from}#${sequence}.${copy} vertex ${vertex} link ${link}`);
	}

	/** Runs everything before `atUs`, in windows like the kernel's. */
	runTo(atUs: number): this {
		const { network } = this;
		for (;;) {
			const nextUs = Math.min(network.nextDeliveryUs(), network.nextHopUs());
			if (nextUs >= atUs) return this;
			const endUs = Math.min(nextUs + network.lookaheadUs(), atUs);
			network.takeDeliveries(endUs, (node, { atUs: arrivedUs, from, sequence, copy }) => {
				if (this.down.has(node)) return false;
				this.arrivals.push({ atUs: arrivedUs, to: node, from, sequence, copy });
				return true;
			});
			network.advanceHops(endUs);
		}
	}

	/** @returns the sequence number */
	send({ atUs = 0, from = 0, to = 1, sequence = this.#sequence + 1, bodyBytes = 36 }: SendOptions = {}): number {
		this.#sequence = sequence;
		this.runTo(atUs);
		const flight = new Flight();
		flight.from = from;
		flight.to = to;
		flight.sequence = sequence;
		flight.sentUs = atUs;
		flight.body = wholeOf(new Uint8Array(bodyBytes));
		this.network.send(flight);
		return sequence;
	}

	apply(command: Command, atUs: number): string | null {
		this.runTo(atUs);
		return this.network.apply(command, atUs);
	}

	/** Runs to the end of time. @returns `instant from#sequence.copy > to` a delivery */
	finish(): string[] {
		this.runTo(Number.POSITIVE_INFINITY);
		return this.arrivals.map(({ atUs, from, sequence, copy, to }) => `${atUs} ${from}#${sequence}.${copy} > ${to}`);
	}
}
