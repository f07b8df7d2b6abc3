/**
 * The context handed to programs (core/node-api.ts), over one machine. Everything a program does comes
 * through here and becomes a record; everything it waits for is a suspension settled by the runtime.
 */
import { ByteArena, emptyRange, lengthOf } from "../../shared/byte-range.ts";
import { encodeTransient, type PlainValue } from "../../shared/codec.ts";
import { assert, fail } from "../../shared/errors.ts";
import { messageBytesMax } from "../../shared/plan.ts";
import type { LocalUs } from "../../shared/units.ts";
import type { Delivery } from "../executor.ts";
import type { Alarm, Call, CallOptions, Drive, Handled, Message, NodeContext, PeerInfo, Random, Signal, Span, Task, Timer } from "../node-api.ts";
import { HandSignal } from "./hand-signal.ts";
import { DueAction, eventRanks } from "./local-events.ts";
import type { Machine } from "./machine.ts";
import { OpenSpan } from "./open-span.ts";
import { PendingCalls, RefusedCall } from "./pending-calls.ts";
import { type PlanTables, planTables } from "./plan-tables.ts";
import { ProgramRandom } from "./program-random.ts";
import type { ReceivedMessage } from "./received-message.ts";
import { Suspension } from "./tasks.ts";
import { OneTimer, RepeatingTimer, ResettableAlarm } from "./timers.ts";

/** A message to the own node skips the network and takes this long. */
const loopbackUs = 1;

export class ProgramContext implements NodeContext {
	readonly self: PeerInfo;
	readonly nodes: readonly PeerInfo[];
	readonly peers: readonly PeerInfo[];
	readonly incarnation: number;
	readonly random: Random;
	readonly drives: readonly Drive[];
	readonly #machine: Machine;
	readonly #tables: PlanTables;
	/** Of messages to the own node. */
	readonly #ownBodies = new ByteArena();
	readonly #calls: PendingCalls;
	/** Hands a message to the own node back to the runtime. */
	readonly #loop: (delivery: Delivery) => void;

	constructor(machine: Machine, loop: (delivery: Delivery) => void) {
		this.#machine = machine;
		this.#loop = loop;
		this.#calls = new PendingCalls(machine);
		this.#tables = planTables(machine.plan);
		this.self = this.#tables.infos[machine.node] as PeerInfo;
		this.nodes = this.#tables.infos;
		this.peers = this.nodes.filter((_, index) => index !== machine.node);
		this.incarnation = machine.incarnation;
		this.drives = machine.drives;
		this.random = new ProgramRandom(machine);
	}

	monoUs(): LocalUs {
		return this.#machine.clock.monoUs(this.#machine.nowUs());
	}

	wallUs(): LocalUs {
		return this.#machine.clock.wallUs(this.#machine.nowUs());
	}

	// --- messages

	send(to: string, name: string, body: PlainValue): void {
		this.#send({ to: this.#node(to), name: this.#name(name), body, expectsReply: false, inReplyTo: 0 });
	}

	reply(message: Message<unknown>, body: PlainValue): void {
		if (!message.expectsReply) return;
		const { fromIndex, nameIndex, sequence } = message as ReceivedMessage;
		this.#send({ to: fromIndex, name: nameIndex, body, expectsReply: false, inReplyTo: sequence });
	}

	call<Body>(to: string, name: string, body: PlainValue, options: CallOptions): Call<Body> {
		const nameIndex = this.#name(name);
		const sequence = this.#send({ to: this.#node(to), name: nameIndex, body, expectsReply: true, inReplyTo: 0 });
		if (sequence === 0) return new RefusedCall() as Call as Call<Body>;
		return this.#calls.begin(sequence, nameIndex, options.timeoutUs) as Call<Body>;
	}

	/** The runtime's part of `call`: a reply has come. */
	settleReply(message: ReceivedMessage, inReplyTo: number): void {
		this.#calls.answer(message, inReplyTo);
	}

	// --- time

	after(delayUs: number, name: string, action: () => Handled): Timer {
		return new OneTimer(this.#machine, delayUs, this.#name(name), action);
	}

	every(periodUs: number, name: string, action: () => Handled): Timer {
		return new RepeatingTimer(this.#machine, periodUs, this.#name(name), action);
	}

	alarm(name: string, action: () => Handled): Alarm {
		return new ResettableAlarm(this.#machine, this.#name(name), action);
	}

	sleep(delayUs: number, name: string): Task {
		const suspension = new Suspension<void>("timer");
		this.#machine.scheduleTimer(delayUs, this.#name(name), new DueAction(() => this.#machine.tasks.settle(suspension, undefined)));
		return suspension;
	}

	// --- tasks

	spawn(task: Task<unknown>): void {
		this.#machine.tasks.spawn(task);
	}

	signal<Value>(): Signal<Value> {
		return new HandSignal<Value>(this.#machine.tasks);
	}

	// --- processor

	compute(durationUs: number): Task {
		assert(durationUs >= 0, "work takes no negative time");
		return this.#machine.compute(Math.ceil(durationUs));
	}

	cpu(): { readonly busy: number; readonly waiting: number; readonly cores: number } {
		const { busy, waiting, cores } = this.#machine.cpu;
		return { busy, waiting, cores };
	}

	// --- telling

	startSpan(name: string): Span {
		return new OpenSpan(this.#machine, this.#name(name));
	}

	log(text: string, level: "debug" | "info" | "warn" | "error" = "info"): void {
		this.#machine.recorder.logLine(level, text);
	}

	measure(name: string, value: number): void {
		if (!Number.isSafeInteger(value)) fail(`measure ${name} takes whole numbers`);
		this.#machine.recorder.measured(this.#name(name), value);
	}

	fact(name: string, value: PlainValue): void {
		this.#machine.recorder.factStated(this.#name(name), value);
	}

	#send(message: {
		readonly to: number;
		readonly name: number;
		readonly body: PlainValue;
		readonly expectsReply: boolean;
		readonly inReplyTo: number;
	}): number {
		const machine = this.#machine;
		const { recorder, tasks } = machine;
		const encoded = encodeTransient(message.body);
		const sequence = ++machine.sequences.message;
		const tooLarge = lengthOf(encoded) > messageBytesMax;
		// An oversized message is recorded without its body; the kernel drops it for that reason.
		const body = tooLarge ? emptyRange : encoded;
		recorder.sent({ sequence, to: message.to, name: message.name, expectsReply: message.expectsReply, inReplyTo: message.inReplyTo, trace: tasks.trace, body });
		if (tooLarge) return 0;
		if (message.to === machine.node) {
			this.#loop({
				atUs: machine.nowUs() + loopbackUs,
				tie: machine.tie(sequence, eventRanks.delivery),
				from: machine.node,
				sequence,
				copy: 0,
				name: message.name,
				expectsReply: message.expectsReply,
				inReplyTo: message.inReplyTo,
				sentUs: machine.nowUs(),
				lamport: recorder.lamport,
				...tasks.trace,
				body: this.#ownBodies.keep(body.bytes, body.start, body.end),
			});
		}
		return sequence;
	}

	#node(name: string): number {
		const index = this.#tables.nodeIndex.get(name);
		if (index === undefined) fail(`there is no node called ${name}`);
		return index;
	}

	#name(name: string): number {
		const index = this.#tables.nameIndex.get(name);
		if (index === undefined) fail(`"${name}" is not declared among the names of a service`);
		return index;
	}
}
