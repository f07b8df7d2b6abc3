/**
 * One node at work: takes deliveries and control, runs its programs' handlers in key order up to an
 * instant, and leaves records of all they did. Runs on the node's own thread or inline; knows nothing
 * of other nodes, of the network or of who drives it.
 *
 * A handler either happens whole or not at all: if it throws, its records are taken back and the node
 * fails at that step, exactly as if the watchdog had stopped it there.
 */

import { assert } from "../shared/errors.ts";
import type { RecordBuffer } from "../shared/event-record.ts";
import type { ProgramPlan } from "../shared/plan.ts";
import { usMax } from "../shared/units.ts";
import { DeliveryQueue } from "./delivery-queue.ts";
import type { BootInput, Delivery, NodeControl, NodeFailure, NodeInspection, WindowResult } from "./executor.ts";
import { ProgramContext } from "./node/context.ts";
import { DueAction, eventRanks, type LocalEvent } from "./node/local-events.ts";
import { Machine } from "./node/machine.ts";
import { ReceivedMessage } from "./node/received-message.ts";
import { noTrace, type TraceContext } from "./node/trace.ts";
import type { Handled, Inspection, Message, Service, ServiceSource } from "./node-api.ts";

export interface NodeRuntimeOptions {
	readonly plan: ProgramPlan;
	readonly seed: number;
	readonly services: ServiceSource;
	readonly boot: BootInput;
}

/** Timers in one inspection. */
const timersTold = 1_000;
/** Longest text kept of what a program threw. */
const failureTextMax = 500;

type MessageHandler = (message: Message<never>) => Handled;

/** True when delivery `a` comes before `b` at one instant. */
function arrivesBefore(a: Delivery, tie: number, from: number, sequence: number): boolean {
	if (a.tie !== tie) return a.tie < tie;
	if (a.from !== from) return a.from < from;
	return a.sequence < sequence;
}

/** A context of its own: tasks hold on to it for long, and should not hold on to the message. */
function traceOf({ traceNode, traceSequence, spanNode, spanSequence }: Delivery): TraceContext {
	return traceNode < 0 ? noTrace : { traceNode, traceSequence, spanNode, spanSequence };
}

export class NodeRuntime {
	/** Records since the last `clear()`. */
	readonly out: RecordBuffer;
	/** News for the barrier; refreshed by `run`. */
	readonly result: WindowResult;
	/** Told before every handler, so that a watchdog can name the one that never returns. */
	onHandlerStart: ((step: number, atUs: number) => void) | null = null;

	readonly #machine: Machine;
	readonly #context: ProgramContext;
	readonly #boot: BootInput;
	readonly #services: { readonly name: string; readonly service: Service }[] = [];
	/** By the message's name, as an index into the plan's names. */
	readonly #handlers: (MessageHandler | undefined)[];
	readonly #arrived = new DeliveryQueue();
	#pausedAtUs = -1;
	/** After a pause nothing happens earlier than the resumption. */
	#floorUs = 0;
	#failure: NodeFailure | null = null;

	constructor({ plan, seed, services, boot }: NodeRuntimeOptions) {
		this.#boot = boot;
		this.#machine = new Machine(plan, seed, boot);
		this.#handlers = plan.names.map(() => undefined);
		this.#context = new ProgramContext(this.#machine, (delivery) => this.#loop(delivery));
		this.out = this.#machine.recorder.out;
		this.result = { nextUs: boot.atUs, handlers: 0, failure: null, sequences: this.#machine.sequences, lamport: boot.lamport };
		this.#machine.schedule({
			atUs: boot.atUs,
			rank: eventRanks.start,
			sequence: 0,
			trace: noTrace,
			target: new DueAction(() => this.#startServices(services)),
		});
	}

	/** Stages a message; calls come in key order. */
	deliver(delivery: Delivery): void {
		this.#arrived.push(delivery);
	}

	control(control: NodeControl): void {
		const machine = this.#machine;
		switch (control.kind) {
			case "pause":
				this.#pausedAtUs = control.atUs;
				return;
			case "resume":
				if (this.#pausedAtUs < 0) return;
				machine.shiftDevices(control.atUs - this.#pausedAtUs);
				this.#pausedAtUs = -1;
				this.#floorUs = control.atUs;
				return;
			case "slow":
				machine.slow(control.factorMilli, control.atUs);
				return;
			case "wipe":
				for (const drive of machine.drives) drive.wipe();
				return;
			case "failDrive": {
				const drive = machine.drives[control.drive];
				assert(drive !== undefined, "a drive that fails is one of the node's");
				drive.die();
				return;
			}
			case "clockStep":
				machine.clock.step(control.deltaUs);
				return;
			case "clockDrift":
				machine.clock.setDrift(control.driftPpm, control.atUs);
				machine.retimeTimers(control.atUs);
				return;
			case "ask":
				machine.schedule({
					atUs: control.atUs,
					rank: eventRanks.start,
					sequence: control.askSequence,
					trace: noTrace,
					target: new DueAction(() => this.#ask(control.askSequence, control.line)),
				});
				return;
		}
	}

	/** Runs handlers before `endUs`, at most `handlersMax` of them, then refreshes `result`. */
	run(endUs: number, handlersMax: number): void {
		let handlers = 0;
		if (this.#pausedAtUs < 0) {
			while (handlers < handlersMax && this.#failure === null && this.#runNext(endUs)) handlers++;
		}
		this.result.handlers = handlers;
		this.result.nextUs = this.#nextUs();
		this.result.failure = this.#failure;
		this.result.lamport = this.#machine.recorder.lamport;
	}

	inspect(): NodeInspection {
		const services: { [service: string]: Inspection } = {};
		for (const { name, service } of this.#services) services[name] = service.inspect?.() ?? {};
		return { services, ...this.#timers() };
	}

	#timers(): Pick<NodeInspection, "timers" | "timersOmitted"> {
		const set: LocalEvent[] = [];
		this.#machine.heap.forEach((event) => {
			if (event.deadlineMonoUs >= 0) set.push(event);
		});
		set.sort((a, b) => a.atUs - b.atUs || a.sequence - b.sequence);
		const timers = set.slice(0, timersTold).map(({ name, atUs }) => ({ name, dueUs: Math.min(usMax, atUs) }));
		return { timers, timersOmitted: set.length - timers.length };
	}

	#nextUs(): number {
		if (this.#pausedAtUs >= 0 || this.#failure !== null) return Number.POSITIVE_INFINITY;
		const arrived = this.#arrived.first;
		const local = this.#machine.heap.peek();
		const nextUs = Math.min(arrived?.atUs ?? Number.POSITIVE_INFINITY, local?.atUs ?? Number.POSITIVE_INFINITY);
		return Math.max(nextUs, this.#floorUs);
	}

	/** Runs the earliest event if it lies before `endUs`. @returns whether it did */
	#runNext(endUs: number): boolean {
		const arrived = this.#arrived.first;
		const local = this.#machine.heap.peek();
		if (arrived !== undefined && (local === undefined || this.#arrivesFirst(arrived, local))) {
			if (Math.max(arrived.atUs, this.#floorUs) >= endUs) return false;
			this.#arrived.drop(1);
			this.#step(arrived.atUs, traceOf(arrived), arrived, null);
			return true;
		}
		if (local === undefined) return false;
		const atUs = Math.max(local.atUs, this.#floorUs);
		if (atUs >= endUs) return false;
		this.#machine.heap.pop();
		if (this.#machine.postpone(local, atUs)) return this.#runNext(endUs);
		this.#step(local.atUs, local.trace, null, local);
		return true;
	}

	#arrivesFirst(arrived: Delivery, local: LocalEvent): boolean {
		if (arrived.atUs !== local.atUs) return arrived.atUs < local.atUs;
		if (local.rank !== eventRanks.delivery) return eventRanks.delivery < local.rank;
		return arrivesBefore(arrived, local.tie, this.#machine.node, local.sequence);
	}

	/** One handler: of a message that arrived, or of something of the node's own. */
	#step(atUs: number, trace: TraceContext, arrived: Delivery | null, local: LocalEvent | null): void {
		const { recorder, tasks, sequences } = this.#machine;
		const nowUs = atUs < this.#floorUs ? this.#floorUs : atUs;
		const step = ++sequences.step;
		if (step === this.#boot.haltAtStep) {
			this.#fail({ reason: this.#boot.haltReason, atUs: nowUs, step, detail: "" });
			return;
		}
		this.onHandlerStart?.(step, nowUs);
		const undo = { length: this.out.length, lamport: recorder.lamport };
		recorder.nowUs = nowUs;
		tasks.trace = trace;
		try {
			if (arrived !== null) this.#receive(arrived);
			else if (local !== null) {
				if (local.deadlineMonoUs >= 0) recorder.timerFired(local.name, local.sequence);
				local.target.due();
			}
			tasks.drain();
		} catch (error) {
			this.out.length = undo.length;
			recorder.lamport = undo.lamport;
			const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
			this.#fail({ reason: "exception", atUs: nowUs, step, detail: detail.slice(0, failureTextMax) });
		}
	}

	#fail(failure: NodeFailure): void {
		this.#failure = failure;
	}

	#startServices(services: ServiceSource): void {
		for (const { service: name, config } of this.#machine.nodePlan.services) {
			const definition = services.get(name);
			assert(definition !== undefined, `the service ${name} is in the registry`);
			const service = definition.start(this.#context, definition.configure(config) as never);
			this.#services.push({ name, service });
			for (const [messageName, handler] of Object.entries(service.on ?? {})) {
				const index = this.#machine.plan.names.indexOf(messageName);
				if (index < 0) continue; // of a service that no node of this plan boots: nobody can send it
				assert(this.#handlers[index] === undefined, `one service alone handles ${messageName}`);
				this.#handlers[index] = handler;
			}
		}
		for (const { service } of this.#services) if (service.boot !== undefined) this.#machine.tasks.start(service.boot());
	}

	#receive(delivery: Delivery): void {
		const { recorder, tasks, plan } = this.#machine;
		recorder.delivered(delivery);
		const message = new ReceivedMessage(delivery, plan);
		if (delivery.inReplyTo !== 0) {
			this.#context.settleReply(message, delivery.inReplyTo);
			return;
		}
		const handler = this.#handlers[delivery.name];
		if (handler === undefined) recorder.logLine("warn", `no service here handles ${message.name}`);
		else tasks.start(handler(message as Message as Message<never>));
	}

	#loop(delivery: Delivery): void {
		this.#machine.schedule({
			atUs: delivery.atUs,
			rank: eventRanks.delivery,
			sequence: delivery.sequence,
			trace: traceOf(delivery),
			target: new DueAction(() => this.#receive(delivery)),
		});
	}

	#ask(askSequence: number, line: string): void {
		const { recorder, tasks } = this.#machine;
		const service = this.#services.find(({ service }) => service.ask !== undefined)?.service;
		const answer = service?.ask?.(line);
		if (answer === undefined) recorder.answered(askSequence, "nobody on this node answers questions");
		else if (typeof answer === "string") recorder.answered(askSequence, answer);
		else
			tasks.start(
				(function* () {
					recorder.answered(askSequence, yield* answer);
				})(),
			);
	}
}
