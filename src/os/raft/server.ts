/**
 * One Raft server on a node: carries messages and time to the pure core (raft.ts), and does what it
 * asks for in the order it asks: first the disk, then the network, then the state machine.
 *
 * Must not know: what the state machine does, who its clients are.
 */
import type { Alarm, Drive, Inspection, Message, NodeContext, PlainValue, Service, Signal, Task } from "../../core/node-api.ts";
import { decode, encode } from "../../shared/codec.ts";
import type { RaftConfig } from "./config.ts";
import { Journal } from "./journal.ts";
import type { MemberChange } from "./membership.ts";
import { Raft } from "./raft.ts";
import { type SessionAnswer, type SessionCommand, SessionMachine, type StateMachine } from "./sessions.ts";
import { Showcase, showcaseNames } from "./showcase.ts";
import { type Entry, type RaftMessage, type Ready, type Role, raftMessageKinds, type Snapshot, type StoredState } from "./types.ts";
import { facts, Witness } from "./witness.ts";

const clockTimer = "raft.clock";
const termMeasure = "raft.term";

export const raftNames: readonly string[] = [
	...raftMessageKinds.map((kind) => `raft.${kind}`),
	clockTimer,
	termMeasure,
	...Object.values(facts),
	...showcaseNames,
];

/** How a command or a read fared. Not led: ask `leader`, if it is known. Unknown: it may yet happen. */
export type Execution<Value> =
	| { readonly kind: "done"; readonly value: Value }
	| { readonly kind: "notLeader"; readonly leader: string | null }
	| { readonly kind: "unknown" };

interface Waiter {
	readonly term: number;
	readonly outcome: Signal<Execution<SessionAnswer>>;
}

/** What a snapshot holds besides the state: see witness.ts. */
type SnapshotData = { readonly state: PlainValue; readonly chain: number };

export class RaftServer {
	readonly #ctx: NodeContext;
	readonly #config: RaftConfig;
	readonly #machine: SessionMachine;
	readonly #journal: Journal;
	readonly #witness: Witness;
	readonly #showcase: Showcase;
	readonly #clock: Alarm;
	readonly #waiters = new Map<number, Waiter>();
	readonly #readers = new Map<number, Signal<Execution<null>>>();
	/** Granted reads whose index is not yet applied. */
	#granted: { readonly id: number; readonly index: number }[] = [];
	#reads = 0;
	#raft: Raft | null = null;
	#applied = 0;
	#role: Role = "follower";
	#term = 0;
	/** One flush at a time: what it was given must be on the disk before the next is looked at. */
	#flushing: Signal<null> | null = null;
	#flushWaits = false;

	constructor(ctx: NodeContext, config: RaftConfig, machine: StateMachine) {
		const drive = ctx.drives[0];
		if (drive === undefined) throw new Error("raft needs a drive to remember its votes on");
		this.#ctx = ctx;
		this.#config = config;
		this.#machine = new SessionMachine(machine);
		this.#journal = new Journal(drive as Drive, config.sync);
		this.#witness = new Witness(ctx);
		this.#showcase = new Showcase(ctx, config.options);
		this.#clock = ctx.alarm(clockTimer, () => this.#tick());
	}

	/** Handlers of the messages between servers. */
	handlers(): Exclude<Service["on"], undefined> {
		const handle = (message: Message<RaftMessage>): Task | undefined => {
			const raft = this.#raft;
			// Not yet recovered: whoever sent it will send again.
			if (raft === null) return undefined;
			raft.step(message.from, message.body, this.#ctx.monoUs());
			return this.#flush();
		};
		return Object.fromEntries(raftMessageKinds.map((kind) => [`raft.${kind}`, handle]));
	}

	/** @param voters the first members, for a server that starts for the first time */
	*boot(voters: readonly string[]): Task {
		const stored = (yield* this.#journal.load()) ?? this.#newborn(voters);
		yield* this.#journal.checkpoint(stored);
		this.#restore(stored.snapshot);
		this.#witness.recovered({ index: stored.snapshot.index, chain: this.#chainIn(stored.snapshot) }, stored.entries);
		const { random } = this.#ctx;
		this.#raft = new Raft({
			self: this.#ctx.self.name,
			options: this.#config.options,
			stored,
			random: (below) => random.below(below),
			nowUs: this.#ctx.monoUs(),
		});
		if (stored.hardState.amnesiac) this.#ctx.log("the disk is empty: no votes until removed and added anew", "warn");
		yield* this.#flush();
	}

	get role(): Role {
		return this.#role;
	}

	get leader(): string | null {
		return this.#raft?.leader ?? null;
	}

	get isReady(): boolean {
		return this.#raft !== null;
	}

	/** Has a command applied, once and on every server. */
	*execute(command: SessionCommand): Task<Execution<SessionAnswer>> {
		const place = this.#raft?.propose(command, encode(command).length) ?? null;
		if (place === null) return { kind: "notLeader", leader: this.leader };
		const outcome = this.#ctx.signal<Execution<SessionAnswer>>();
		this.#waiters.set(place.index, { term: place.term, outcome });
		yield* this.#flush();
		return yield* outcome.wait();
	}

	/** Returns when the state machine holds everything that was acknowledged to anybody before the call. */
	*readBarrier(): Task<Execution<null>> {
		if (this.#raft === null) return { kind: "notLeader", leader: null };
		if (this.#config.reads === "unchecked" && this.#role === "leader") return { kind: "done", value: null };
		const id = ++this.#reads;
		const permit = this.#ctx.signal<Execution<null>>();
		this.#readers.set(id, permit);
		this.#raft.read(id, this.#config.reads === "lease", this.#ctx.monoUs());
		yield* this.#flush();
		return yield* permit.wait();
	}

	/** @returns a sentence why not, or null: the change is in the log */
	*changeMembers(change: MemberChange): Task<string | null> {
		const refusal = this.#raft === null ? "still starting" : this.#raft.changeMembers(change);
		yield* this.#flush();
		return refusal;
	}

	*transfer(to: string): Task<boolean> {
		const isUnderWay = this.#raft?.transfer(to) ?? false;
		yield* this.#flush();
		return isUnderWay;
	}

	// --- the loop

	#tick(): Task | undefined {
		this.#raft?.tick(this.#ctx.monoUs());
		return this.#raft === null ? undefined : this.#flush();
	}

	/** Does what the core asks for, until it asks for nothing more. */
	*#flush(): Task {
		if (this.#flushing !== null) {
			// One waits for all who come meanwhile.
			if (this.#flushWaits) return;
			this.#flushWaits = true;
			yield* this.#flushing.wait();
			this.#flushWaits = false;
		}
		const raft = this.#raft;
		if (raft === null) return;
		const done = this.#ctx.signal<null>();
		this.#flushing = done;
		for (let ready = raft.ready(this.#ctx.monoUs()); ready !== null; ready = raft.ready(this.#ctx.monoUs())) yield* this.#do(raft, ready);
		this.#flushing = null;
		done.fire(null);
		this.#setClock(raft);
		this.#showcase.show(raft);
	}

	*#do(raft: Raft, ready: Ready): Task {
		yield* this.#persist(raft, ready);
		for (const { to, message } of ready.messages) this.#ctx.send(to, `raft.${message.kind}`, message);
		this.#noteRole(raft);
		this.#apply(raft, ready);
		this.#grant(ready);
		if (raft.log.lastIndex - raft.log.snapshotIndex >= this.#config.compactEntries && this.#applied > raft.log.snapshotIndex) yield* this.#compact(raft);
	}

	/** Thesis 3.8: before anybody hears of it. */
	*#persist(raft: Raft, { hardState, snapshot, append }: Ready): Task {
		if (snapshot !== null) {
			yield* this.#journal.checkpoint({ hardState: raft.hardState, snapshot, entries: append?.entries ?? [] });
			this.#restore(snapshot);
			this.#witness.installed({ index: snapshot.index, chain: this.#chainIn(snapshot) });
		} else yield* this.#journal.save({ hardState, append });
		if (append !== null) this.#witness.appended(append.after, append.entries);
	}

	#apply(raft: Raft, { committed }: Ready): void {
		if (committed.length === 0) return;
		for (const entry of committed) this.#applyOne(entry);
		this.#witness.committed(this.#applied, raft.term);
	}

	#applyOne({ index, term, body }: Entry): void {
		this.#applied = index;
		const answer = body.kind === "command" ? this.#machine.apply(index, body.command as SessionCommand) : null;
		const waiter = this.#waiters.get(index);
		if (waiter === undefined) return;
		this.#waiters.delete(index);
		// Another leader's entry stands where ours was to be.
		waiter.outcome.fire(answer !== null && waiter.term === term ? { kind: "done", value: answer } : { kind: "unknown" });
	}

	#grant({ reads }: Ready): void {
		for (const { id, index } of reads) {
			if (index < 0) this.#tellReader(id, { kind: "notLeader", leader: this.leader });
			else this.#granted.push({ id, index });
		}
		if (this.#granted.length === 0) return;
		for (const { id, index } of this.#granted) if (index <= this.#applied) this.#tellReader(id, { kind: "done", value: null });
		this.#granted = this.#granted.filter(({ index }) => index > this.#applied);
	}

	#tellReader(id: number, outcome: Execution<null>): void {
		this.#readers.get(id)?.fire(outcome);
		this.#readers.delete(id);
	}

	*#compact(raft: Raft): Task {
		const data: SnapshotData = { state: this.#machine.save(), chain: this.#witness.chainAt(this.#applied) };
		const snapshot = raft.compact(this.#applied, encode(data));
		this.#witness.compacted(snapshot.index);
		yield* this.#journal.checkpoint({ hardState: raft.hardState, snapshot, entries: raft.log.slice(snapshot.index + 1, raft.log.lastIndex) });
	}

	/** Tells the log what a class wants to see, and those who wait that nobody here will answer. */
	#noteRole(raft: Raft): void {
		if (raft.term !== this.#term) this.#ctx.measure(termMeasure, raft.term);
		const isNews = raft.role !== this.#role || raft.term !== this.#term;
		this.#role = raft.role;
		this.#term = raft.term;
		if (!isNews) return;
		this.#ctx.log(`${raft.role} in term ${raft.term}`, raft.role === "leader" ? "info" : "debug");
		if (raft.role === "leader") this.#witness.leads(raft.term);
		for (const { term, outcome } of this.#waiters.values()) if (raft.role !== "leader" || term !== raft.term) outcome.fire({ kind: "unknown" });
		if (raft.role !== "leader") this.#waiters.clear();
	}

	#setClock(raft: Raft): void {
		if (raft.wakeUs === Number.POSITIVE_INFINITY) this.#clock.stop();
		else this.#clock.set(Math.max(0, raft.wakeUs - this.#ctx.monoUs()));
	}

	// --- memory

	/** The first state of all, or of a disk that was wiped under a server that had lived before. */
	#newborn(voters: readonly string[]): StoredState {
		const members = { voters: [...voters].sort(), learners: [] };
		const data: SnapshotData = { state: this.#machine.save(), chain: 0 };
		return {
			hardState: { term: 0, vote: null, amnesiac: this.#config.sync && this.#ctx.incarnation > 1 },
			snapshot: { index: 0, term: 0, members, data: encode(data) },
			entries: [],
		};
	}

	#restore(snapshot: Snapshot): void {
		this.#machine.restore((decode(snapshot.data) as SnapshotData).state);
		this.#applied = snapshot.index;
	}

	#chainIn(snapshot: Snapshot): number {
		return (decode(snapshot.data) as SnapshotData).chain;
	}

	inspect(): Inspection {
		const raft = this.#raft;
		if (raft === null) return { role: "starting" };
		const { log, commit, members, term, vote, leader, role } = raft;
		const recent = log.slice(Math.max(log.snapshotIndex + 1, log.lastIndex - 30), log.lastIndex).map(({ index, term: entryTerm }) => [index, entryTerm]);
		return {
			role,
			term,
			vote,
			leader,
			commit,
			applied: this.#applied,
			lastIndex: log.lastIndex,
			snapshotIndex: log.snapshotIndex,
			members,
			amnesiac: raft.amnesiac,
			sessions: this.#machine.size,
			followers: raft.progress().map(({ node, match, next }) => ({ node, match, next })),
			recent,
		};
	}
}
