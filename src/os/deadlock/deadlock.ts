/**
 * Deadlock: every member has a resource that others may lock, and does pieces of work that need several of
 * them, one after the other. Now and then members wait for each other in a ring. Whoever finds itself in one
 * gives up what it holds and tries again later.
 *
 * Rests on channels that lose nothing and on members that do not crash: a lock of the dead stays locked.
 */
import type { Alarm, Inspection, Message, NodeContext, PlainValue, Service, ServiceDefinition, Signal, Task } from "../../core/node-api.ts";
import type { MessageShapes } from "../../shared/body-shape.ts";
import { type Group, groupOf } from "../group/group.ts";
import { type DeadlockConfig, readDeadlockConfig } from "./config.ts";
import { EdgeChaser, type Probe, probesPerRing, type Waiting } from "./edge-chasing.ts";
import { deadlockInvariants, type FoundFact, foundFact, type HeldFact, heldFact, type WantsFact, wantsFact } from "./invariants.ts";
import { Lock } from "./lock-table.ts";

const serviceName = "deadlock";
const requestMessage = "deadlock.request";
const grantMessage = "deadlock.grant";
const holderMessage = "deadlock.holder";
const releaseMessage = "deadlock.release";
const probeMessage = "deadlock.probe";
const messageNames = [requestMessage, grantMessage, holderMessage, releaseMessage, probeMessage] as const;
const startTimer = "deadlock.start";
const thinkTimer = "deadlock.think";
const holdTimer = "deadlock.hold";
const backoffTimer = "deadlock.backoff";
const patienceAlarm = "deadlock.patience";
/** A piece of work, from its first request to its end. */
const workSpan = "deadlock.work";
/** Members of a ring that was found. */
const ringMeasure = "deadlock.ring";
/** Probes that a member has sent, at each ring that it finds. */
const probesMeasure = "deadlock.probes";

/** Members boot at the same time; nobody speaks before all of them listen. */
const startUs = 10_000;

class Worker {
	readonly #ctx: NodeContext;
	readonly #config: DeadlockConfig;
	readonly #group: Group;
	readonly #lock: Lock;
	readonly #chaser: EdgeChaser;
	readonly #patience: Alarm;
	/** Resources by the number of their member. */
	readonly #holds = new Set<number>();
	#waiting: Waiting | null = null;
	#granted: Signal<boolean> | null = null;
	#wait = 0;
	readonly #tally = { done: 0, aborted: 0, probesSent: 0 };
	#longestRing = 0;
	#found = 0;

	constructor(ctx: NodeContext, config: DeadlockConfig) {
		this.#ctx = ctx;
		this.#config = config;
		this.#group = groupOf(ctx, serviceName);
		this.#lock = new Lock({
			grant: (member, wait) => {
				this.#stateHolder();
				this.#tell(member, grantMessage, wait);
			},
			holder: (member, wait, holder) => this.#tell(member, holderMessage, [wait, holder]),
		});
		this.#chaser = new EdgeChaser(this.#group.me, {
			send: (to, { initiator, wait, resource, hops }) => {
				this.#tally.probesSent++;
				this.#tell(to, probeMessage, [initiator, wait, resource, hops]);
			},
			found: (length) => this.#deadlocked(length),
		});
		this.#patience = ctx.alarm(patienceAlarm, () => this.#suspect());
	}

	/** To the member itself a message is a call: it takes no time, and is none in the count. */
	#tell(member: number, name: string, body: PlainValue): void {
		if (member === this.#group.me) this.receive(member, name, body);
		else this.#ctx.send(this.#group.nameOf(member), name, body);
	}

	*live(): Task {
		const ctx = this.#ctx;
		yield* ctx.sleep(startUs, startTimer);
		for (let round = 0; round < this.#config.rounds; round++) {
			yield* ctx.sleep(ctx.random.exponential(this.#config.thinkUs), thinkTimer);
			const span = ctx.startSpan(workSpan);
			const wanted = this.#choose();
			let tries = 1;
			while (!(yield* this.#work(wanted))) {
				tries++;
				this.#tally.aborted++;
				yield* ctx.sleep(1 + ctx.random.below(this.#config.patienceUs), backoffTimer);
			}
			this.#tally.done++;
			span.finish("ok", { tries });
		}
	}

	#choose(): readonly number[] {
		const all = this.#group.names.map((_, member) => member);
		const chosen = this.#ctx.random.shuffle(all).slice(0, this.#config.resources);
		return this.#config.lockOrder === "ascending" ? chosen.sort((a, b) => a - b) : chosen;
	}

	/** @returns false when a deadlock was found and everything given back */
	*#work(wanted: readonly number[]): Task<boolean> {
		for (const resource of wanted) {
			const isGranted = yield* this.#acquire(resource);
			if (!isGranted) {
				this.#tell(resource, releaseMessage, null);
				this.#releaseAll();
				return false;
			}
			yield* this.#ctx.sleep(this.#config.holdUs, holdTimer);
		}
		this.#releaseAll();
		return true;
	}

	*#acquire(resource: number): Task<boolean> {
		const granted = this.#ctx.signal<boolean>();
		this.#granted = granted;
		this.#waiting = { wait: ++this.#wait, resource, holder: null };
		this.#stateWants(resource);
		if (this.#config.detector !== "off") this.#patience.set(this.#config.patienceUs);
		this.#tell(resource, requestMessage, this.#wait);
		return yield* granted.wait();
	}

	#settle(isGranted: boolean): void {
		const { resource = -1 } = this.#waiting ?? {};
		this.#waiting = null;
		this.#patience.stop();
		if (isGranted) this.#holds.add(resource);
		this.#stateWants(null);
		this.#granted?.fire(isGranted);
		this.#granted = null;
	}

	#releaseAll(): void {
		for (const resource of this.#holds) this.#tell(resource, releaseMessage, null);
		this.#holds.clear();
	}

	// --- waiting too long

	#suspect(): void {
		if (this.#waiting === null) return;
		if (this.#config.detector === "timeout") {
			this.#deadlocked(0);
			return;
		}
		this.#chaser.begin(this.#waiting);
		this.#patience.set(this.#config.patienceUs);
	}

	#deadlocked(length: number): void {
		const found: FoundFact = { member: this.#group.me, length, hops: length, expected: probesPerRing(length), count: ++this.#found };
		this.#ctx.fact(foundFact, found);
		this.#ctx.measure(ringMeasure, length);
		this.#ctx.measure(probesMeasure, this.#tally.probesSent);
		this.#longestRing = Math.max(this.#longestRing, length);
		this.#settle(false);
	}

	// --- what others say

	receive(member: number, name: string, body: PlainValue): void {
		const numbers: readonly PlainValue[] = Array.isArray(body) ? body : [body];
		if (member < 0 || (name !== releaseMessage && !numbers.every((item) => Number.isSafeInteger(item)))) return;
		const [first = 0, second = 0, third = 0, fourth = 0] = numbers as readonly number[];
		if (name === requestMessage) this.#lock.request(member, first);
		else if (name === releaseMessage) this.#release(member);
		else if (name === grantMessage) this.#grant(member, first);
		else if (name === holderMessage) this.#learnHolder(first, second);
		else if (name === probeMessage) this.#probe({ initiator: first, wait: second, resource: third, hops: fourth });
	}

	#release(member: number): void {
		const held = this.#lock.holder;
		this.#lock.release(member);
		if (held === member && this.#lock.holder === null) this.#stateHolder();
	}

	/** A grant that comes after the member has given up is answered by the release that is on its way. */
	#grant(resource: number, wait: number): void {
		if (this.#waiting?.wait === wait && this.#waiting.resource === resource) this.#settle(true);
	}

	#learnHolder(wait: number, holder: number): void {
		if (this.#waiting?.wait === wait) this.#waiting = { wait, resource: this.#waiting.resource, holder };
	}

	/** No ring is longer than the group. */
	#probe(probe: Probe): void {
		if (probe.hops <= this.#group.names.length) this.#chaser.receive(probe, { holds: this.#holds, waiting: this.#waiting });
	}

	indexOf(name: string): number {
		return this.#group.indexOf(name);
	}

	// --- for the record

	#stateHolder(): void {
		const held: HeldFact = { resource: this.#group.me, holder: this.#lock.holder };
		this.#ctx.fact(heldFact, held);
	}

	#stateWants(resource: number | null): void {
		const wants: WantsFact = { member: this.#group.me, resource };
		this.#ctx.fact(wantsFact, wants);
	}

	inspect(): Inspection {
		return {
			detector: this.#config.detector,
			holds: [...this.#holds].map((resource) => this.#group.nameOf(resource)),
			waitsFor: this.#waiting === null ? null : this.#group.nameOf(this.#waiting.resource),
			resourceHeldBy: this.#lock.holder === null ? null : this.#group.nameOf(this.#lock.holder),
			resourceWaitedForBy: this.#lock.waiting.map((member) => this.#group.nameOf(member)),
			...this.#tally,
			longestRing: this.#longestRing,
			probesInTheBook: "as many as the ring has members",
		};
	}
}

const bodies: MessageShapes = {
	[requestMessage]: { body: "wait" },
	[grantMessage]: { body: "wait" },
	[holderMessage]: { body: { parts: ["wait", "holder"] } },
	[probeMessage]: { body: { parts: ["initiator", "wait", "resource", "hops"] } },
};

export const deadlockDefinition: ServiceDefinition = {
	name: serviceName,
	summary: "Members lock each other's resources, fall into deadlock, and find it by chasing edges.",
	names: [
		...messageNames,
		startTimer,
		thinkTimer,
		holdTimer,
		backoffTimer,
		patienceAlarm,
		workSpan,
		ringMeasure,
		probesMeasure,
		heldFact,
		wantsFact,
		foundFact,
		...deadlockInvariants.map(({ name }) => name),
	],
	invariants: deadlockInvariants,
	bodies,
	configure: readDeadlockConfig,
	start(ctx, config: DeadlockConfig): Service {
		const worker = new Worker(ctx, config);
		return {
			boot: () => worker.live(),
			on: Object.fromEntries(
				messageNames.map((name) => [name, ({ from, body, copy }: Message) => (copy === 0 ? worker.receive(worker.indexOf(from), name, body) : undefined)]),
			),
			inspect: () => worker.inspect(),
		};
	},
};
