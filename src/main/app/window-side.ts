/**
 * What only a window asks of a run: messages under way and lost, what nodes take the time to be, what programs
 * stated last, what a node holds. A run that nobody will look at does without. Runs on the cluster thread;
 * changes nothing.
 */
import type { Kernel } from "../../core/kernel.ts";
import type { InFlight } from "../../core/network/network.ts";
import { type BoardPart, FactBoard } from "../../shared/projection/fact-board.ts";
import { RecentLosses } from "./recent-losses.ts";
import type { DrawnNow, NodeContents } from "./run-task.ts";

/** Messages under way in one state. */
const flightsTold = 2_000;
/** A loss is told for so long, in the time of whoever watches. */
const lossShownMs = 700;
/** Messages that wait for a node, in one answer. */
const inboxTold = 1_000;

const nobody: NodeContents = { services: null, disks: null, atUs: 0, wallUs: 0, timers: [], timersOmitted: 0, inbox: [], inboxOmitted: 0 };

export class WindowSide {
	readonly #kernel: Kernel;
	readonly #board = new FactBoard();
	readonly #losses: RecentLosses;
	/** As they were told last. */
	#flights: readonly InFlight[] = [];

	constructor(kernel: Kernel) {
		this.#kernel = kernel;
		this.#losses = new RecentLosses(kernel.plan);
		kernel.log.observe(this.#board);
		kernel.log.observe(this.#losses);
	}

	/** @param paceRatio virtual seconds a second of whoever watches */
	drawn(paceRatio: number): DrawnNow {
		const { nowUs, plan } = this.#kernel;
		const lost = this.#losses.since(nowUs - lossShownMs * 1_000 * paceRatio, this.#flights);
		this.#flights = this.#kernel.inFlight(flightsTold);
		const wallsUs = plan.nodes.map((_, node) => this.#kernel.wallUs(node));
		return { wallsUs, flights: this.#flights, omitted: this.#kernel.inFlightCount - this.#flights.length, lost };
	}

	/** @param names indices into the plan's names */
	board(names: readonly number[]): BoardPart {
		return this.#board.part(new Set(names));
	}
}

/** @param node any number: of none that is there, there is nothing to tell */
export function contentsOf(kernel: Kernel, node: number): NodeContents {
	if (!Number.isInteger(node) || node < 0 || node >= kernel.plan.nodes.length) return nobody;
	const { services, timers, timersOmitted } = kernel.inspectNode(node) ?? nobody;
	const waiting = kernel.inbox(node);
	const inbox = waiting.slice(0, inboxTold).map(({ from, sequence, name, atUs }) => ({ from, sequence, name, atUs }));
	const { nowUs: atUs } = kernel;
	const inboxOmitted = waiting.length - inbox.length;
	return { services, disks: kernel.inspectDisks(node), atUs, wallUs: kernel.wallUs(node), timers, timersOmitted, inbox, inboxOmitted };
}
