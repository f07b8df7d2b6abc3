/**
 * The kernel: a conservative parallel discrete-event simulation in windows. Every window runs all
 * nodes up to a bound that no message sent inside it can reach, joins what they did into one log in
 * key order, and hands their messages to the network. Faults and users' acts cap the windows, so they
 * land on exact instants.
 *
 * A run is a function of (plan, seed, commands): how windows are cut, on which threads nodes run and
 * how fast the caller drives it cannot be found in the log.
 *
 * @source Nicol: The Cost of Conservative Synchronization in Parallel Discrete Event Simulations (JACM 1993), YAWNS
 */
import { ByteArena, lengthOf } from "../shared/byte-range.ts";
import { formatCommand, parseCommand } from "../shared/command-grammar.ts";
import { assert } from "../shared/errors.ts";
import { kindId, offsetOf, type RecordBuffer, recordKindWord, recordLengthWord, recordNodeWord } from "../shared/event-record.ts";
import type { CommandOrigin } from "../shared/event-schema.ts";
import type { Plan } from "../shared/plan.ts";
import { DiskMirror } from "./disk-mirror.ts";
import { digestHeader, EventLog } from "./event-log.ts";
import type { Delivery, Executor, NodeFailure, NodeInspection } from "./executor.ts";
import { applyCommand, type CommandTargets, whyRefused } from "./kernel/apply-command.ts";
import { Cluster } from "./kernel/cluster.ts";
import { ControlQueue } from "./kernel/control-queue.ts";
import { driveDeaths } from "./kernel/drive-deaths.ts";
import { KernelEvents } from "./kernel/kernel-events.ts";
import type { NodeState } from "./kernel/node-state.ts";
import { flightOf, receiverOf } from "./kernel/sent-flight.ts";
import { formatVerdict, parseVerdict, type Verdict } from "./kernel/verdict.ts";
import { WindowMerge } from "./kernel/window-merge.ts";
import { type InFlight, Network } from "./network/network.ts";
import type { Inspection, PlainValue } from "./node-api.ts";
import { Philox } from "./random.ts";

/** A command that is part of a run's identity besides the lab's own story. */
export interface RecordedCommand {
	readonly atUs: number;
	/** Canonical line. */
	readonly line: string;
	readonly origin: Exclude<CommandOrigin, "lab">;
}

export interface KernelOptions {
	readonly plan: Plan;
	/** Non-negative safe integer. */
	readonly seed: number;
	readonly executor: Executor;
	/** Commands of an earlier run to repeat, or given before the start. */
	readonly commands?: readonly RecordedCommand[];
}

export interface AdvanceLimit {
	/** Everything strictly before this instant may happen. */
	readonly untilUs: number;
	/** Stop after this many windows, so that the caller can look around. */
	readonly windowsMax?: number;
}

/** Without a link there is no bound to a window but this: what the nodes write in it has to be held. */
const windowUsMax = 1_000_000;

const sentId = kindId("messageSent");
const deliveredId = kindId("messageDelivered");
const writtenId = kindId("diskWritten");
const syncedId = kindId("diskSynced");
const deliveredFrom = offsetOf("messageDelivered", "from");

export class Kernel {
	readonly plan: Plan;
	readonly seed: number;
	readonly log: EventLog;
	readonly #executor: Executor;
	readonly #events: KernelEvents;
	readonly #network: Network;
	readonly #cluster: Cluster;
	readonly #disks: DiskMirror;
	readonly #control = new ControlQueue();
	readonly #merge = new WindowMerge({
		onInstant: (atUs) => this.#network.advanceHops(atUs),
		onRecord: (node, records, start, length) => this.#take(node, records, start, length),
		onFailure: (node, failure) => this.#fail(node, failure),
	});
	readonly #targets: CommandTargets;
	/** Of messages on their way. */
	readonly #bodies = new ByteArena();
	readonly #recorded: RecordedCommand[] = [];
	#commandSequence = 0;
	/** Everything before this instant has happened. */
	#horizonUs = 0;
	#commandFloorUs = 0;
	#stopRequested = false;

	constructor({ plan, seed, executor, commands = [] }: KernelOptions) {
		assert(Number.isSafeInteger(seed) && seed >= 0, "a seed is a non-negative safe integer");
		this.plan = plan;
		this.seed = seed;
		this.log = new EventLog(digestHeader({ labId: plan.labId, labVersion: plan.labVersion, seed }));
		this.#executor = executor;
		this.#events = new KernelEvents(this.log);
		this.#network = new Network(plan, seed, plan.exploreRaces, this.#events);
		const philox = new Philox(seed);
		this.#disks = new DiskMirror(plan, philox);
		this.#cluster = new Cluster({
			plan,
			executor,
			events: this.#events,
			disks: this.#disks,
			network: this.#network,
			control: this.#control,
			philox,
			verdicts: commands.filter(({ origin }) => origin === "watchdog").map(({ line }) => parseVerdict(line, plan)),
		});
		this.#targets = { cluster: this.#cluster, network: this.#network, events: this.#events };
		executor.open(plan, seed);
		for (let node = 0; node < plan.nodes.length; node++) this.#control.add({ kind: "boot", atUs: 0, node, bootToken: 0 });
		for (const death of driveDeaths(plan, philox)) this.#control.add({ kind: "wear", ...death });
		for (const { atUs, line } of plan.story) this.#control.add({ kind: "command", atUs, line, origin: "lab" });
		for (const command of commands) {
			this.#recorded.push(command);
			if (command.origin === "user") this.#control.add({ kind: "command", atUs: command.atUs, line: command.line, origin: "user" });
		}
	}

	/** Everything strictly before this instant has happened. */
	get nowUs(): number {
		return this.#horizonUs;
	}

	/** When a command takes effect that is given now: the earliest instant after all that has happened. */
	get commandUs(): number {
		return this.#commandFloorUs;
	}

	/** Commands beyond the lab's story, in the order given: with plan and seed they are the run. */
	get commands(): readonly RecordedCommand[] {
		return this.#recorded;
	}

	get nodes(): readonly Readonly<NodeState>[] {
		return this.#cluster.states;
	}

	/** Instant of the next thing to happen, or Infinity. */
	get nextUs(): number {
		return Math.min(this.#control.nextUs, this.#nextEventUs());
	}

	/**
	 * A user's act, at the earliest instant after all that has happened (or at `atUs`, if later).
	 * @throws QuorateError `command-invalid` when the line does not parse
	 * @returns when it takes effect and its canonical line
	 */
	command(line: string, atUs = 0): RecordedCommand {
		const command = parseCommand(line, this.plan);
		const recorded: RecordedCommand = { atUs: Math.max(atUs, this.#commandFloorUs), line: formatCommand(command, this.plan), origin: "user" };
		this.#recorded.push(recorded);
		this.#control.add({ kind: "command", ...recorded });
		return recorded;
	}

	/** Asks `advance` to return after the present window; for observers that wait for something. */
	requestStop(): void {
		this.#stopRequested = true;
	}

	/**
	 * Runs windows until `untilUs`, or as the limits say.
	 * @returns `until` when everything before `untilUs` has happened
	 */
	advance({ untilUs, windowsMax = Number.POSITIVE_INFINITY }: AdvanceLimit): "until" | "windows" | "stopped" {
		assert(untilUs <= Number.MAX_SAFE_INTEGER, "a run has an end");
		this.#stopRequested = false;
		for (let windows = 0; ; windows++) {
			if (this.#stopRequested) return "stopped";
			if (windows >= windowsMax) return "windows";
			const nextUs = this.nextUs;
			if (nextUs >= untilUs) {
				this.#reach(Math.max(this.#horizonUs, untilUs));
				return "until";
			}
			if (this.#control.nextUs <= nextUs) this.#applyControl();
			else this.#runWindow(Math.min(nextUs + Math.min(this.#network.lookaheadUs(), windowUsMax), this.#control.nextUs, untilUs));
		}
	}

	/**
	 * Runs the single next handler, command or network event before `untilUs`, in log order.
	 * @returns false when there is none
	 */
	step(untilUs = Number.POSITIVE_INFINITY): boolean {
		const eventsBefore = this.log.eventCount;
		// A node may be asked in vain: its clock was changed, and nothing is due after all.
		while (this.log.eventCount === eventsBefore) {
			const nextUs = this.nextUs;
			if (nextUs >= untilUs) return false;
			if (this.#control.nextUs <= nextUs) this.#applyControl();
			else this.#stepAt(nextUs);
		}
		return true;
	}

	/**
	 * Lets everything happen that lies before `commandUs`, then what is done from outside at that instant, and
	 * nothing that nodes or messages do at it: a run that stands still shows what was done to it.
	 */
	settle(): void {
		const floorUs = this.#commandFloorUs;
		if (this.#control.nextUs > floorUs) return;
		while (this.advance({ untilUs: floorUs }) !== "until");
		while (this.#control.nextUs <= floorUs) this.#applyControl();
	}

	/** State of a node's services, by service name; null when it is down. */
	inspect(node: number): { readonly [service: string]: Inspection } | null {
		return this.#executor.inspect(node)?.services ?? null;
	}

	/** The same with its timers; null when it is down. */
	inspectNode(node: number): NodeInspection | null {
		return this.#executor.inspect(node);
	}

	/** What the node's wall clock shows now. */
	wallUs(node: number): number {
		return this.#cluster.wallUs(node, this.#horizonUs);
	}

	/** Messages that have arrived at a node and wait: it is paused, or was stopped within an instant. */
	inbox(node: number): readonly Delivery[] {
		const { held, staged } = this.#cluster.state(node);
		return [...staged.waiting(), ...held];
	}

	inspectDisks(node: number): PlainValue {
		return this.#disks.inspect(node);
	}

	/** @param limit so many at most, of those that arrive first */
	inFlight(limit?: number): readonly InFlight[] {
		return this.#network.inFlight(limit);
	}

	get inFlightCount(): number {
		return this.#network.inFlightCount;
	}

	/** Gives the log's last, open block to the sinks. */
	flush(): void {
		this.log.flush();
	}

	close(): void {
		this.#executor.close();
	}

	#nextEventUs(): number {
		let nextUs = Math.min(this.#network.nextDeliveryUs(), this.#network.nextHopUs());
		for (const state of this.#cluster.states) if (state.nextUs < nextUs) nextUs = state.nextUs;
		return nextUs;
	}

	#reach(horizonUs: number): void {
		this.#horizonUs = horizonUs;
		this.#commandFloorUs = Math.max(this.#commandFloorUs, horizonUs);
	}

	#applyControl(): void {
		const entry = this.#control.take();
		this.#reach(entry.atUs);
		if (entry.kind === "boot") {
			const state = this.#cluster.state(entry.node);
			if (state.bootToken === entry.bootToken) this.#cluster.boot(entry.atUs, entry.node);
			return;
		}
		if (entry.kind === "wear") {
			this.#cluster.wearOut(entry.atUs, entry.node, entry.drive);
			return;
		}
		const command = parseCommand(entry.line, this.plan);
		const applied = { sequence: ++this.#commandSequence, origin: entry.origin, line: entry.line };
		const refusal = whyRefused(command, this.#targets);
		if (refusal !== null) {
			this.#events.commandRefused(entry.atUs, applied, refusal);
			return;
		}
		this.#events.commandApplied(entry.atUs, applied);
		applyCommand(command, entry.atUs, this.#targets);
	}

	#stepAt(nextUs: number): void {
		this.#stageDeliveries(nextUs + 1);
		const node = this.#cluster.states.findIndex((state) => state.nextUs === nextUs);
		if (node >= 0) this.#runNodes([node], nextUs + 1, 1);
		else this.#network.advanceHops(nextUs + 1);
		this.#horizonUs = nextUs;
		this.#commandFloorUs = nextUs + 1;
	}

	#stageDeliveries(endUs: number): void {
		this.#network.takeDeliveries(endUs, (node, delivery) => this.#cluster.receive(node, delivery));
	}

	#runWindow(endUs: number): void {
		assert(endUs > this.#horizonUs, "a window takes the run further");
		this.#stageDeliveries(endUs);
		const active: number[] = [];
		const { states } = this.#cluster;
		for (let node = 0; node < states.length; node++) if ((states[node] as NodeState).nextUs < endUs) active.push(node);
		if (active.length > 0) this.#runNodes(active, endUs, Number.POSITIVE_INFINITY);
		this.#network.advanceHops(endUs);
		this.#reach(endUs);
	}

	#runNodes(nodes: readonly number[], endUs: number, handlersMax: number): void {
		this.#executor.runWindow(nodes, endUs, handlersMax);
		for (const node of nodes) {
			const result = this.#executor.result(node);
			const records = this.#executor.records(node);
			this.#cluster.takeResult(node, result);
			if (result.failure !== null) this.#returnUnhandled(node, records, result.failure);
			else if (handlersMax === Number.POSITIVE_INFINITY) this.#cluster.state(node).staged.drop();
			else this.#forgetHandled(node, records);
			this.#merge.add(node, records, result.failure);
		}
		this.#merge.run();
	}

	/** Appends a node's record and lets the world feel it. */
	#take(node: number, records: RecordBuffer, start: number, length: number): void {
		const { words } = records;
		assert(words[start + recordNodeWord] === node, "a node writes of itself alone");
		this.log.append(words, start, length);
		switch (words[start + recordKindWord]) {
			case sentId:
				this.#send(node, records, start);
				return;
			case writtenId:
				this.#disks.onWritten(node, words, start);
				return;
			case syncedId:
				this.#disks.onSynced(node, words, start);
				return;
		}
	}

	#send(node: number, records: RecordBuffer, start: number): void {
		if (receiverOf(records, start) === node) return; // the runtime delivers these itself
		const flight = flightOf(records, start, this.#bodies);
		// No value encodes to nothing: an empty body is one that the runtime found too large to send.
		if (lengthOf(flight.body) === 0) this.#events.messageDropped(flight.sentUs, flight, -1, "tooLarge");
		else this.#network.send(flight);
	}

	#fail(node: number, failure: NodeFailure): void {
		const { reason, atUs, step } = failure;
		if (reason !== "exception") this.#recordVerdict(atUs, { node, incarnation: this.#cluster.state(node).incarnation, step, reason });
		this.#cluster.crash(atUs, node, reason, failure.detail);
	}

	/** A run that repeats an earlier one has the verdict among its commands already. */
	#recordVerdict(atUs: number, verdict: Verdict): void {
		const line = formatVerdict(verdict, this.plan);
		if (!this.#recorded.some((command) => command.line === line)) this.#recorded.push({ atUs, line, origin: "watchdog" });
		this.#events.commandApplied(atUs, { sequence: ++this.#commandSequence, origin: "watchdog", line });
	}

	/** Messages staged for a node that stopped before it came to them find it down. */
	#returnUnhandled(node: number, records: RecordBuffer, failure: NodeFailure): void {
		this.#forgetHandled(node, records);
		const state = this.#cluster.state(node);
		for (const delivery of state.staged.waiting()) this.#cluster.turnAway(delivery, failure.atUs);
		state.staged.drop();
	}

	#forgetHandled(node: number, { words, length }: RecordBuffer): void {
		let handled = 0;
		for (let start = 0; start < length; start += words[start + recordLengthWord] as number) {
			if (words[start + recordKindWord] === deliveredId && words[start + deliveredFrom] !== node) handled++;
		}
		this.#cluster.state(node).staged.drop(handled);
	}
}
