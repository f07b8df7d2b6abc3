/**
 * The lives of the nodes: boot, crash, restart, pause, resume, slow, wipe, clocks, questions. Each
 * act logs what it does, tells the executor, and keeps what outlives a node's RAM. Called by the
 * kernel at exact instants, with nothing at or after that instant run yet.
 */
import { assert, fail } from "../../shared/errors.ts";
import type { CrashReason, DriveFailureCause } from "../../shared/event-schema.ts";
import { nodeStatusWords } from "../../shared/house-words.ts";
import type { NodePlan, Plan } from "../../shared/plan.ts";
import type { LocalUs } from "../../shared/units.ts";
import { NodeClock } from "../clock.ts";
import type { DiskMirror } from "../disk-mirror.ts";
import type { Delivery, Executor, NodeControl, WindowResult } from "../executor.ts";
import type { Flight } from "../network/flight.ts";
import type { Network } from "../network/network.ts";
import { type Philox, purposes, ratioOf } from "../random.ts";
import type { ControlQueue } from "./control-queue.ts";
import type { KernelEvents } from "./kernel-events.ts";
import { type NodeState, type NodeStatus, newNodeState } from "./node-state.ts";
import type { Verdict } from "./verdict.ts";

export interface ClusterParts {
	readonly plan: Plan;
	readonly executor: Executor;
	readonly events: KernelEvents;
	readonly disks: DiskMirror;
	readonly network: Network;
	readonly control: ControlQueue;
	readonly philox: Philox;
	readonly verdicts: readonly Verdict[];
}

const never = Number.POSITIVE_INFINITY;

export class Cluster {
	readonly states: readonly NodeState[];
	readonly #parts: ClusterParts;
	/** The oscillators run on while their nodes are down. */
	readonly #clocks: readonly NodeClock[];
	/** Machines that went down by a command: not every drive of theirs may start again. */
	readonly #lostPower = new Set<number>();
	#asks = 0;

	constructor(parts: ClusterParts) {
		this.#parts = parts;
		this.states = parts.plan.nodes.map(newNodeState);
		this.#clocks = parts.plan.nodes.map(({ clock }, node) => new NodeClock(clock, node, parts.philox, { atUs: 0, state: null }));
	}

	state(node: number): NodeState {
		const state = this.states[node];
		if (state === undefined) fail(`node ${node} does not exist`);
		return state;
	}

	/** Why this act makes no sense for this node now, or null. */
	whyRefused(act: "crash" | "restart" | "pause" | "resume" | "slow" | "wipe" | "clockStep" | "clockDrift" | "ask", node: number): string | null {
		const { status } = this.state(node);
		const name = this.#plan(node).name;
		const isSo = `${name} is ${nodeStatusWords[status]}`;
		const is = (...statuses: readonly NodeStatus[]): boolean => statuses.includes(status);
		switch (act) {
			case "crash":
				return is("down") ? `${name} is already down` : null;
			case "restart":
				return is("booting") ? `${name} is already starting` : null;
			case "pause":
				return is("up") ? null : `${isSo}, so it cannot be paused`;
			case "resume":
				return is("paused") ? null : `${isSo}, not paused`;
			case "ask":
				return is("up", "paused") ? null : `${isSo} and cannot be asked`;
			default:
				return null;
		}
	}

	/** Switches a node on now; its programs start at once. */
	boot(atUs: number, node: number): void {
		const { events, executor, disks } = this.#parts;
		const state = this.state(node);
		assert(state.status !== "up" && state.status !== "paused", "only a node that does not run boots");
		state.status = "up";
		state.incarnation++;
		events.nodeBooted(atUs, node, state.incarnation);
		this.#startDrives(atUs, node, state.incarnation);
		const verdict = this.#parts.verdicts.find((candidate) => candidate.node === node && candidate.incarnation === state.incarnation);
		executor.boot({
			node,
			plan: this.#plan(node),
			incarnation: state.incarnation,
			atUs,
			lamport: state.lamport,
			sequences: state.sequences,
			clock: this.#clock(node).state(atUs),
			factorMilli: state.factorMilli,
			drives: disks.images(node),
			haltAtStep: verdict?.step ?? -1,
			haltReason: verdict?.reason ?? "hung",
		});
		state.nextUs = atUs;
	}

	crash(atUs: number, node: number, reason: CrashReason, detail: string): void {
		const { events, executor, disks } = this.#parts;
		const state = this.state(node);
		const running = state.status === "up" || state.status === "paused";
		state.status = "down";
		state.nextUs = never;
		state.bootToken++;
		events.nodeCrashed(atUs, node, { incarnation: state.incarnation, reason, detail });
		if (reason === "command") this.#lostPower.add(node);
		if (!running) return;
		executor.stop(node);
		const fate = disks.onCrash(node);
		if (fate.lost + fate.torn > 0) events.diskLost(atUs, node, fate);
		// What waited at a paused node's door finds nobody.
		for (const delivery of state.held) this.turnAway(delivery, atUs);
		state.held = [];
	}

	restart(atUs: number, node: number): void {
		const state = this.state(node);
		if (state.status === "up" || state.status === "paused") this.crash(atUs, node, "command", "");
		const readyUs = atUs + this.#plan(node).bootDelayUs;
		state.status = "booting";
		state.bootToken++;
		this.#parts.events.nodeRestarting(atUs, node, readyUs);
		this.#parts.control.add({ kind: "boot", atUs: readyUs, node, bootToken: state.bootToken });
	}

	pause(atUs: number, node: number): void {
		const state = this.state(node);
		state.status = "paused";
		state.nextUs = never;
		this.#parts.events.nodeMarked("nodePaused", atUs, node);
		this.#tell(node, { kind: "pause", atUs });
	}

	resume(atUs: number, node: number): void {
		const state = this.state(node);
		state.status = "up";
		this.#parts.events.nodeMarked("nodeResumed", atUs, node);
		this.#tell(node, { kind: "resume", atUs });
		for (const delivery of state.held) this.hand(node, delivery);
		state.held = [];
		// What waited has come long ago, and is handled now: no window goes back to it.
		state.nextUs = atUs;
	}

	slow(atUs: number, node: number, factorMilli: number): void {
		this.state(node).factorMilli = factorMilli;
		this.#parts.events.nodeSlowed(atUs, node, factorMilli);
		this.#tell(node, { kind: "slow", atUs, factorMilli });
	}

	wipe(atUs: number, node: number): void {
		this.#parts.events.nodeMarked("diskWiped", atUs, node);
		this.#parts.disks.wipe(node);
		this.#tell(node, { kind: "wipe", atUs });
	}

	whyDriveRefuses(node: number, drive: number): string | null {
		return this.#parts.disks.isDead(node, drive) ? `drive ${drive} of ${this.#plan(node).name} is dead already` : null;
	}

	failDrive(atUs: number, node: number, drive: number, cause: DriveFailureCause): void {
		this.#parts.events.driveFailed(atUs, node, drive, cause);
		this.#parts.disks.fail(node, drive);
		this.#tell(node, { kind: "failDrive", atUs, drive });
	}

	/** A drive's time has come, unless something else killed it before. */
	wearOut(atUs: number, node: number, drive: number): void {
		if (!this.#parts.disks.isDead(node, drive)) this.failDrive(atUs, node, drive, "wear");
	}

	/** Drives that ran for years without a stop do not all start again. Drawn for each drive and boot. */
	#startDrives(atUs: number, node: number, incarnation: number): void {
		const { drives, startFailureRatio = 0 } = this.#plan(node).disk;
		const { disks, events, philox } = this.#parts;
		if (!this.#lostPower.delete(node) || startFailureRatio === 0) return;
		for (let drive = 0; drive < drives; drive++) {
			philox.draw(purposes.disk, (node << 12) | drive, incarnation, 3);
			if (ratioOf(philox.w0) >= startFailureRatio || disks.isDead(node, drive)) continue;
			events.driveFailed(atUs, node, drive, "start");
			disks.fail(node, drive);
		}
	}

	clockStep(atUs: number, node: number, deltaUs: number): void {
		this.#clock(node).step(deltaUs);
		this.#parts.events.clockStepped(atUs, node, deltaUs);
		this.#tell(node, { kind: "clockStep", atUs, deltaUs });
	}

	clockDrift(atUs: number, node: number, driftPpm: number): void {
		this.#clock(node).setDrift(driftPpm, atUs);
		this.#parts.events.clockDriftChanged(atUs, node, driftPpm);
		this.#tell(node, { kind: "clockDrift", atUs, driftPpm });
	}

	ask(atUs: number, node: number, line: string): void {
		const askSequence = ++this.#asks;
		this.#parts.events.asked(atUs, node, askSequence, line);
		this.#tell(node, { kind: "ask", atUs, askSequence, line });
	}

	/** A message at a node's door. @returns false when nobody opens */
	receive(node: number, delivery: Delivery): boolean {
		const state = this.state(node);
		switch (state.status) {
			case "up":
				this.hand(node, delivery);
				return true;
			case "paused":
				state.held.push(delivery);
				return true;
			default:
				return false;
		}
	}

	hand(node: number, delivery: Delivery): void {
		const state = this.state(node);
		state.staged.push(delivery);
		if (delivery.atUs < state.nextUs) state.nextUs = delivery.atUs;
		this.#parts.executor.deliver(node, delivery);
	}

	/** A message that was handed over, or waited at the door, finds its node down at `atUs`. */
	turnAway(delivery: Delivery, atUs: number): void {
		const flight = delivery as Flight; // the network made it, and knows it again
		flight.atUs = Math.max(flight.atUs, atUs);
		this.#parts.network.returnDelivery(flight);
	}

	/** Takes a node's news after a window. */
	takeResult(node: number, result: WindowResult): void {
		const state = this.state(node);
		state.nextUs = result.nextUs;
		state.lamport = result.lamport;
		state.sequences = { ...result.sequences };
	}

	/** True time on a node's wall, for views; the programs see it through their own reading. */
	wallUs(node: number, atUs: number): LocalUs {
		return this.#clock(node).wallUs(atUs);
	}

	#clock(node: number): NodeClock {
		return this.#clocks[node] as NodeClock;
	}

	#plan(node: number): NodePlan {
		return this.#parts.plan.nodes[node] as NodePlan;
	}

	/** Control for a node that runs; one that does not learns it at its boot. */
	#tell(node: number, control: NodeControl): void {
		const state = this.state(node);
		if (state.status !== "up" && state.status !== "paused") return;
		this.#parts.executor.control(node, control);
		// A changed clock or speed may have brought its next event forward: ask it.
		if (state.status === "up") state.nextUs = Math.min(state.nextUs, control.atUs);
	}
}
