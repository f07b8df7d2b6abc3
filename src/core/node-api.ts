/**
 * What a node program sees: the only door between the operating system (src/os) and the kernel.
 *
 * A service is a set of event handlers over an injected context. Nothing is ambient: no clock but the
 * node's own skewed one, no randomness but the seeded one, no memory that outlives a crash but the
 * disk. Handlers run to completion; work in several steps is a generator task, so no microtask order
 * is ever involved. State lives in the closure or object that `start` makes: that is the node's RAM.
 */
import type { MessageShapes } from "../shared/body-shape.ts";
import type { PlainValue } from "../shared/codec.ts";
import type { LocalUs } from "../shared/units.ts";

export type { PlainValue } from "../shared/codec.ts";

/** A step a task waits for; made by the context's methods only. */
export interface Wait {
	readonly wait: "reply" | "timer" | "compute" | "disk" | "signal";
}

/**
 * Sequential work: `const reply = yield* ctx.call(...)`. A crash simply forgets it.
 *
 * What a context's method begins, it begins at once; `yield*` only waits for the end. So three calls
 * made before the first `yield*` are under way side by side, and a write not waited for is written all the same.
 */
export type Task<Result = void> = IterableIterator<Wait, Result, unknown>;

/** A handler may act at once or be a task. */
export type Handled = void | Task<unknown>;

export interface Message<Body = PlainValue> {
	/** Sender's node name. */
	readonly from: string;
	/** Full message name, such as `http.request`. */
	readonly name: string;
	/** Decoded copy; the receiver's own. */
	readonly body: Body;
	/** Sender's sequence number of this message. */
	readonly sequence: number;
	/** True when the sender awaits a reply. */
	readonly expectsReply: boolean;
	/** Arrived a second time through a duplicating link: 0 for the original. */
	readonly copy: number;
}

export interface CallOptions {
	/** On the caller's own clock. */
	readonly timeoutUs: number;
}

/** What `call` gives: the reply, or why there is none. */
export type CallResult<Body = PlainValue> =
	| { readonly ok: true; readonly from: string; readonly body: Body }
	| { readonly ok: false; readonly error: "timeout" | "tooLarge" | "cancelled" };

/** A question under way, and the task that waits for its answer. */
export interface Call<Body = PlainValue> extends Task<CallResult<Body>> {
	/** Waits no longer: the task goes on with `cancelled` once the present handler has returned. An answer finds nobody. */
	cancel(): void;
}

export interface Timer {
	cancel(): void;
	readonly active: boolean;
}

/** A timer that is set, set again and stopped for as long as the node runs: an election timeout, a lease. */
export interface Alarm {
	/** Goes off `delayUs` from now on the node's own clock, and not when it was set to before. */
	set(delayUs: number): void;
	stop(): void;
	readonly isSet: boolean;
}

export interface PeerInfo {
	readonly name: string;
	readonly role: string;
	readonly region: string;
	/** Services the node boots, by name. */
	readonly services: readonly string[];
}

export interface Random {
	/** Uniform integer, 0 <= result < below. */
	below(below: number): number;
	/** Uniform, 0 <= result < 1, 32 bits. */
	ratio(): number;
	chance(ratio: number): boolean;
	/** Exponential with this mean, rounded to a whole number. */
	exponential(mean: number): number;
	/** Normal, rounded to a whole number. */
	normal(mean: number, deviation: number): number;
	shuffle<T>(items: readonly T[]): T[];
	pick<T>(items: readonly T[]): T;
}

export type DiskResult<Value = void> =
	| { readonly ok: true; readonly value: Value }
	| { readonly ok: false; readonly error: "full" | "readError" | "notFound" | "corrupt" | "dead" };

/**
 * One drive: named files. `put` replaces a file, `append` adds a record to it, `remove` deletes it.
 * All three are in the drive's cache when they return and survive a crash only after `sync`.
 */
export interface Drive {
	put(path: string, value: PlainValue): Task<DiskResult>;
	append(path: string, record: PlainValue): Task<DiskResult>;
	remove(path: string): Task<DiskResult>;
	sync(): Task<DiskResult>;
	/** The value last put. */
	get(path: string): Task<DiskResult<PlainValue>>;
	/** The records appended, oldest first; stops before a torn one. */
	records(path: string): Task<DiskResult<readonly PlainValue[]>>;
	/** Paths with this prefix, sorted. Costs nothing: a directory in RAM. */
	list(prefix: string): readonly string[];
	usedBytes(): number;
	readonly capacityBytes: number;
	/** It has died: the bus does not see it any more, and whatever is asked of it fails with `dead`. Asking costs nothing. */
	readonly isDead: boolean;
}

/** Part of a request's work; its context travels in every message sent while it is current. */
export interface Span {
	/** Its number at this node: with the node's name, the name of the request if it is the first span of one. */
	readonly sequence: number;
	finish(status: "ok" | "error", attributes?: { readonly [key: string]: PlainValue }): void;
}

/** A hand-made wait: a task waits for it, somebody else fires it once. */
export interface Signal<Value> {
	fire(value: Value): void;
	wait(): Task<Value>;
	readonly fired: boolean;
}

export interface NodeContext {
	readonly self: PeerInfo;
	/** Every node of the cluster but this one, in plan order. */
	readonly peers: readonly PeerInfo[];
	/** Every node of the cluster, this one included, in plan order. */
	readonly nodes: readonly PeerInfo[];
	/** Counts boots, from 1. */
	readonly incarnation: number;
	/** Microseconds since boot on the node's own oscillator: never steps, may drift. */
	monoUs(): LocalUs;
	/** What the node believes the time is: may step. */
	wallUs(): LocalUs;
	readonly random: Random;
	readonly drives: readonly Drive[];

	/** Fire and forget. An unknown node name is a programming error. */
	send(to: string, name: string, body: PlainValue): void;
	call<Body = PlainValue>(to: string, name: string, body: PlainValue, options: CallOptions): Call<Body>;
	/** Answers a message whose sender awaits it; ignored by a sender that does not any more. */
	reply(message: Message<unknown>, body: PlainValue): void;

	/** Runs `action` after `delayUs` on the node's own clock, for the request at hand. `name` is one of the service's names. */
	after(delayUs: number, name: string, action: () => Handled): Timer;
	/** Housekeeping: runs `action` again and again, for no request. */
	every(periodUs: number, name: string, action: () => Handled): Timer;
	/** Housekeeping that is put off: an alarm, not yet set. What it starts belongs to no request. */
	alarm(name: string, action: () => Handled): Alarm;
	sleep(delayUs: number, name: string): Task;
	/** Starts a task beside the current one. */
	spawn(task: Task<unknown>): void;
	signal<Value>(): Signal<Value>;

	/** Occupies one core for `durationUs` at normal speed; queues when all are busy. */
	compute(durationUs: number): Task;
	/** Cores busy now, and pieces of work waiting. */
	cpu(): { readonly busy: number; readonly waiting: number; readonly cores: number };

	startSpan(name: string): Span;
	log(text: string, level?: "debug" | "info" | "warn" | "error"): void;
	/** Reports a number under one of the service's names; whole numbers only. */
	measure(name: string, value: number): void;
	/** States for the record what the service's invariants are judged by, under one of its names. */
	fact(name: string, value: PlainValue): void;
}

/** What the inspector shows: plain data, RAM and disk apart. Outside the digest. */
export type Inspection = { readonly [field: string]: PlainValue };

/** One running service on one node. */
export interface Service {
	boot?(): Handled;
	/** Handlers by full message name. */
	readonly on?: { readonly [messageName: string]: (message: Message<never>) => Handled };
	/** A line typed by a user; the returned text is the answer. */
	ask?(line: string): string | Task<string>;
	inspect?(): Inspection;
}

/** What a node stated by `ctx.fact`. */
export interface Fact {
	readonly node: string;
	readonly name: string;
	readonly value: PlainValue;
	/** True time. */
	readonly atUs: number;
}

/** One judgement of an invariant over one run. Facts come in the order of the log; a sentence says what is broken. */
export interface InvariantFold {
	onFact(fact: Fact): string | null;
	/** Asked once the run is over. */
	end?(): string | null;
}

/**
 * A property that a service promises whatever happens, judged from outside by what its nodes state:
 * "no two leaders in one term". A lab holds its run to it by `holds NAME`.
 */
export interface Invariant {
	/** One of the service's names. */
	readonly name: string;
	/** The property in one sentence, with its source. */
	readonly shows: string;
	/** The facts it is judged by. */
	readonly facts: readonly string[];
	start(): InvariantFold;
}

export interface ServiceDefinition {
	readonly name: string;
	/** One sentence. */
	readonly summary: string;
	/** Every message, timer, span, measure, fact and invariant name the service uses that no other service it talks to declares. */
	readonly names: readonly string[];
	readonly invariants?: readonly Invariant[];
	/** Of its messages whose bodies are no tables: what the parts are called. Each message is described by one service. */
	readonly bodies?: MessageShapes;
	/** Reads and completes the lab's configuration; throws an Error whose message says what was expected. */
	configure(config: PlainValue): unknown;
	start(ctx: NodeContext, config: never): Service;
}

/** Services by name; injected by the entries, so the kernel knows none. */
export type ServiceRegistry = ReadonlyMap<string, ServiceDefinition>;

/** Where a node finds the services it boots: a registry, or what fetches one when it is asked for. */
export type ServiceSource = Pick<ServiceRegistry, "get">;
