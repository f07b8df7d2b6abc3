/**
 * The context handed to programs (core/node-api.ts), over one machine. Everything a program does comes
 * through here and becomes a record; everything it waits for is a suspension settled by the runtime.
 */
import { ByteArena, emptyRange, lengthOf } from "../../shared/byte-range.ts";
import { decodeRange, encodeTransient, type PlainValue } from "../../shared/codec.ts";
import { assert, fail } from "../../shared/errors.ts";
import { messageBytesMax, type PeerPlan, type ProgramPlan } from "../../shared/plan.ts";
import type { LocalUs } from "../../shared/units.ts";
import type { Delivery } from "../executor.ts";
import type { Alarm, Call, CallOptions, CallResult, Drive, Handled, Message, NodeContext, PeerInfo, Random, Signal, Span, Task, Timer } from "../node-api.ts";
import { type Due, DueAction, eventRanks, type LocalEvent } from "./local-events.ts";
import type { Machine } from "./machine.ts";
import { ProgramRandom } from "./program-random.ts";
import { Suspension } from "./tasks.ts";
import { noTrace, type TraceContext } from "./trace.ts";

/** A message to the own node skips the network and takes this long. */
export const loopbackUs = 1;

/** A question under way: what its task waits for, and what its timeout ends. */
class PendingCall extends Suspension<CallResult> implements Call, Due {
	readonly sequence: number;
	timeout: LocalEvent | null = null;
	readonly #calls: PendingCalls;

	constructor(calls: PendingCalls, sequence: number) {
		super("reply");
		this.#calls = calls;
		this.sequence = sequence;
	}

	/** The time is up. */
	due(): void {
		this.#calls.expire(this);
	}

	cancel(): void {
		this.#calls.cancel(this);
	}
}

const timedOut: CallResult = { ok: false, error: "timeout" };
const cancelled: CallResult = { ok: false, error: "cancelled" };

/** The questions of one node that have no answer yet. */
class PendingCalls {
	readonly #machine: Machine;
	readonly #bySequence = new Map<number, PendingCall>();

	constructor(machine: Machine) {
		this.#machine = machine;
	}

	begin(sequence: number, name: number, timeoutUs: number): PendingCall {
		const call = new PendingCall(this, sequence);
		call.timeout = this.#machine.scheduleTimer(timeoutUs, name, call);
		this.#bySequence.set(sequence, call);
		return call;
	}

	/** A reply has come. Replies to nobody are late and mean nothing. */
	answer(message: ReceivedMessage, inReplyTo: number): void {
		const call = this.#bySequence.get(inReplyTo);
		if (call === undefined) return;
		this.#end(call);
		this.#machine.tasks.settle(call, { ok: true, from: message.from, body: message.body });
	}

	expire(call: PendingCall): void {
		this.#bySequence.delete(call.sequence);
		this.#machine.tasks.settle(call, timedOut);
	}

	cancel(call: PendingCall): void {
		if (call.done) return;
		this.#end(call);
		this.#machine.tasks.settleLater(call, cancelled);
	}

	#end(call: PendingCall): void {
		this.#bySequence.delete(call.sequence);
		if (call.timeout !== null) this.#machine.heap.cancel(call.timeout);
	}
}

/** A delivered message; keeps what a reply needs. */
export class ReceivedMessage implements Message {
	readonly from: string;
	readonly name: string;
	readonly body: PlainValue;
	readonly sequence: number;
	readonly expectsReply: boolean;
	readonly copy: number;
	readonly fromIndex: number;
	readonly nameIndex: number;

	constructor(delivery: Delivery, plan: ProgramPlan) {
		this.from = (plan.nodes[delivery.from] as PeerPlan).name;
		this.name = plan.names[delivery.name] as string;
		this.body = decodeRange(delivery.body);
		this.sequence = delivery.sequence;
		this.expectsReply = delivery.expectsReply;
		this.copy = delivery.copy;
		this.fromIndex = delivery.from;
		this.nameIndex = delivery.name;
	}
}

function peerInfo(plan: ProgramPlan, index: number): PeerInfo {
	const node = plan.nodes[index] as PeerPlan;
	return { name: node.name, role: node.role, region: plan.regions[node.region] ?? "", services: node.services.map(({ service }) => service) };
}

/** Too large to be sent: over before it began. */
class RefusedCall extends Suspension<CallResult> implements Call {
	constructor() {
		super("reply");
		this.end({ ok: false, error: "tooLarge" });
	}

	cancel(): void {}
}

/** Tables that depend on the plan alone; made once a plan and shared by its nodes on one thread. */
interface PlanTables {
	readonly nodeIndex: ReadonlyMap<string, number>;
	readonly nameIndex: ReadonlyMap<string, number>;
	readonly infos: readonly PeerInfo[];
}
const tablesOf = new WeakMap<ProgramPlan, PlanTables>();

function planTables(plan: ProgramPlan): PlanTables {
	let tables = tablesOf.get(plan);
	if (tables === undefined) {
		tables = {
			nodeIndex: new Map(plan.nodes.map(({ name }, index) => [name, index])),
			nameIndex: new Map(plan.names.map((name, index) => [name, index])),
			infos: plan.nodes.map((_, index) => peerInfo(plan, index)),
		};
		tablesOf.set(plan, tables);
	}
	return tables;
}

/** The handle of `after`. */
class OneTimer implements Timer, Due {
	readonly #machine: Machine;
	readonly #action: () => Handled;
	readonly #event: LocalEvent;

	constructor(machine: Machine, delayUs: number, name: number, action: () => Handled) {
		this.#machine = machine;
		this.#action = action;
		this.#event = machine.scheduleTimer(delayUs, name, this);
	}

	due(): void {
		this.#machine.tasks.start(this.#action());
	}

	cancel(): void {
		this.#machine.heap.cancel(this.#event);
	}

	get active(): boolean {
		return !this.#event.cancelled && !this.#event.fired;
	}
}

/** The handle of `alarm`: one action, set and stopped many times. */
class ResettableAlarm implements Alarm, Due {
	readonly #machine: Machine;
	readonly #name: number;
	readonly #action: () => Handled;
	#event: LocalEvent | null = null;

	constructor(machine: Machine, name: number, action: () => Handled) {
		this.#machine = machine;
		this.#name = name;
		this.#action = action;
	}

	set(delayUs: number): void {
		const { tasks } = this.#machine;
		this.stop();
		const trace = tasks.trace;
		tasks.trace = noTrace;
		this.#event = this.#machine.scheduleTimer(delayUs, this.#name, this);
		tasks.trace = trace;
	}

	stop(): void {
		if (this.#event === null) return;
		this.#machine.heap.cancel(this.#event);
		this.#event = null;
	}

	get isSet(): boolean {
		return this.#event !== null;
	}

	due(): void {
		this.#event = null;
		this.#machine.tasks.start(this.#action());
	}
}

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
		return this.#calls.begin(sequence, nameIndex, options.timeoutUs) as Call as Call<Body>;
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
		assert(periodUs >= 1, "a period is at least one microsecond");
		const machine = this.#machine;
		const nameIndex = this.#name(name);
		let deadlineUs = this.monoUs() + periodUs;
		let stopped = false;
		const inherited = machine.tasks.trace;
		machine.tasks.trace = noTrace;
		const fire = (): void => {
			// Missed periods (a paused node) are skipped, not made up for.
			const nowUs = machine.clock.monoUs(machine.nowUs());
			deadlineUs += periodUs * Math.max(1, Math.ceil((nowUs - deadlineUs + 1) / periodUs));
			event = machine.scheduleDeadline(deadlineUs, nameIndex, target);
			machine.tasks.start(action());
		};
		const target = new DueAction(fire);
		let event = machine.scheduleDeadline(deadlineUs, nameIndex, target);
		machine.tasks.trace = inherited;
		return {
			cancel(): void {
				stopped = true;
				machine.heap.cancel(event);
			},
			get active(): boolean {
				return !stopped;
			},
		};
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
		const { tasks } = this.#machine;
		const waiting: Suspension<Value>[] = [];
		let outcome: { readonly value: Value } | null = null;
		return {
			fire(value: Value): void {
				if (outcome !== null) return;
				outcome = { value };
				for (const suspension of waiting) tasks.settleLater(suspension, value);
			},
			wait(): Task<Value> {
				const suspension = new Suspension<Value>("signal");
				if (outcome === null) waiting.push(suspension);
				else {
					suspension.end(outcome.value);
				}
				return suspension;
			},
			get fired(): boolean {
				return outcome !== null;
			},
		};
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
		const { tasks, recorder, node, sequences } = this.#machine;
		const parent = tasks.trace;
		const sequence = ++sequences.span;
		const root = parent.traceNode < 0;
		const trace: TraceContext = {
			traceNode: root ? node : parent.traceNode,
			traceSequence: root ? sequence : parent.traceSequence,
			spanNode: node,
			spanSequence: sequence,
		};
		const nameIndex = this.#name(name);
		const startedUs = this.#machine.nowUs();
		recorder.spanStarted({ sequence, name: nameIndex, trace, parent });
		tasks.trace = trace;
		let open = true;
		return {
			sequence,
			finish(status, attributes): void {
				if (!open) return;
				open = false;
				recorder.spanFinished({ sequence, name: nameIndex, ok: status === "ok", startedUs, attributes: attributes ?? null });
				if (tasks.trace === trace) tasks.trace = parent;
			},
		};
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
