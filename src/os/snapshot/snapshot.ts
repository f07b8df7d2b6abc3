/**
 * A bank with a branch on each node: money moves between branches all the time, and now and then the first
 * branch wants to know how much there is in all, without stopping anybody. No money is made or lost, so a
 * correct picture always shows the same total; adding up balances does not, for money is also under way.
 *
 * Rests on channels that keep their order and lose nothing, and on branches that do not crash.
 */
import type { Inspection, Message, NodeContext, PlainValue, Service, ServiceDefinition, Task } from "../../core/node-api.ts";
import type { MessageShapes } from "../../shared/body-shape.ts";
import { type Group, groupOf } from "../group/group.ts";
import { ChandyLamport, markersPerSnapshot, type SnapshotPart } from "./chandy-lamport.ts";
import { readSnapshotConfig, type SnapshotConfig } from "./config.ts";
import { type AccountFact, accountFact, begunFact, type PartFact, partFact, snapshotInvariants } from "./invariants.ts";

const serviceName = "snapshot";
const transferMessage = "snapshot.transfer";
const markerMessage = "snapshot.marker";
/** A part on its way to the first member. */
const reportMessage = "snapshot.report";
const startTimer = "snapshot.start";
const transferTimer = "snapshot.transfers";
const snapshotTimer = "snapshot.period";
/** The money that a finished snapshot shows, at the first member. */
const totalMeasure = "snapshot.total";
/** From the first recorded state to the last report, at the first member. */
const snapshotSpan = "snapshot";

/** Members boot at the same time; nobody speaks before all of them listen. */
const startUs = 10_000;
const firstMember = 0;

class Branch {
	readonly #ctx: NodeContext;
	readonly #config: SnapshotConfig;
	readonly #group: Group;
	readonly #others: readonly number[];
	readonly #snapshots: ChandyLamport<number, number>;
	#balance: number;
	#sent = 0;
	#received = 0;
	#markersSent = 0;
	/** The first member's alone: reports of the snapshot under way. */
	#reports = 0;
	#reported = 0;
	#totals: readonly number[] = [];
	#finish: (() => void) | null = null;

	constructor(ctx: NodeContext, config: SnapshotConfig) {
		this.#ctx = ctx;
		this.#config = config;
		this.#group = groupOf(ctx, serviceName);
		this.#balance = config.balance;
		this.#others = this.#group.names.map((_, member) => member).filter((member) => member !== this.#group.me);
		const waitsForMarkers = config.mistake !== "no-markers";
		this.#snapshots = new ChandyLamport(waitsForMarkers ? this.#others : [], {
			state: () => this.#balance,
			sendMarkers: (snapshot) => this.#sendMarkers(snapshot),
			finished: (part) => this.#finished(part),
		});
	}

	*live(): Task {
		const ctx = this.#ctx;
		yield* ctx.sleep(startUs, startTimer);
		this.#stateAccount();
		if (this.#group.me === firstMember) ctx.spawn(this.#takeSnapshots());
		for (let count = 0; count < this.#config.transfers; count++) {
			yield* ctx.sleep(ctx.random.exponential(this.#config.transferPeriodUs), transferTimer);
			this.#transfer();
		}
	}

	*#takeSnapshots(): Task {
		const { snapshots, snapshotPeriodUs } = this.#config;
		for (let snapshot = 1; snapshot <= snapshots; snapshot++) {
			yield* this.#ctx.sleep(snapshotPeriodUs, snapshotTimer);
			if (this.#finish !== null) continue;
			const span = this.#ctx.startSpan(snapshotSpan);
			this.#finish = () => span.finish("ok");
			this.#reports = 0;
			this.#reported = 0;
			this.#ctx.fact(begunFact, { snapshot, members: this.#group.names.length });
			this.#snapshots.begin(snapshot);
		}
	}

	#transfer(): void {
		if (this.#others.length === 0 || this.#balance === 0) return;
		const amount = 1 + this.#ctx.random.below(this.#balance);
		this.#balance -= amount;
		this.#sent += amount;
		this.#stateAccount();
		this.#ctx.send(this.#group.nameOf(this.#ctx.random.pick(this.#others)), transferMessage, amount);
	}

	receiveTransfer({ from, body: amount, copy }: Message<number>): void {
		const sender = this.#group.indexOf(from);
		if (sender < 0 || copy > 0 || !Number.isSafeInteger(amount) || amount < 0) return;
		this.#snapshots.message(sender, amount);
		this.#balance += amount;
		this.#received += amount;
		this.#stateAccount();
	}

	#stateAccount(): void {
		const account: AccountFact = { balance: this.#balance, sent: this.#sent, received: this.#received, opening: this.#config.balance };
		this.#ctx.fact(accountFact, account);
	}

	receiveMarker({ from, body: snapshot }: Message<number>): void {
		const sender = this.#group.indexOf(from);
		if (sender < 0 || !Number.isSafeInteger(snapshot)) return;
		this.#snapshots.marker(sender, snapshot);
	}

	#sendMarkers(snapshot: number): void {
		this.#markersSent = 0;
		// Without markers the first member tells everybody, and nobody else says anything.
		if (this.#config.mistake === "no-markers" && this.#group.me !== firstMember) return;
		for (const other of this.#others) {
			this.#markersSent++;
			this.#ctx.send(this.#group.nameOf(other), markerMessage, snapshot);
		}
	}

	#finished({ snapshot, state, inChannels }: SnapshotPart<number, number>): void {
		const isCounted = this.#config.mistake !== "forget-channels";
		const members = this.#group.names.length;
		const part: PartFact = {
			snapshot,
			members,
			balance: state,
			underway: isCounted ? inChannels.reduce((sum, amount) => sum + amount, 0) : 0,
			total: members * this.#config.balance,
			markersSent: this.#markersSent,
			markersExpected: markersPerSnapshot(members),
			key: String(snapshot),
		};
		this.#ctx.fact(partFact, part);
		this.#ctx.send(this.#group.nameOf(firstMember), reportMessage, part.balance + part.underway);
	}

	receiveReport({ body: money }: Message<number>): void {
		if (!Number.isSafeInteger(money)) return;
		this.#reports++;
		this.#reported += money;
		if (this.#reports < this.#group.names.length || this.#finish === null) return;
		this.#ctx.measure(totalMeasure, this.#reported);
		this.#totals = [...this.#totals.slice(-9), this.#reported];
		this.#finish();
		this.#finish = null;
	}

	inspect(): Inspection {
		const members = this.#group.names.length;
		const own: { [field: string]: PlainValue } = {
			balance: this.#balance,
			recording: this.#snapshots.isRecording,
			markersSent: this.#markersSent,
			markersInTheBook: `N(N-1) = ${markersPerSnapshot(members)}`,
		};
		return this.#group.me === firstMember ? { ...own, totals: this.#totals, totalIs: members * this.#config.balance } : own;
	}
}

const bodies: MessageShapes = { [transferMessage]: { body: "amount" }, [markerMessage]: { body: "snapshot" }, [reportMessage]: { body: "money" } };

export const snapshotDefinition: ServiceDefinition = {
	name: serviceName,
	summary: "A bank whose branches send each other money, and a picture of all of it while it moves.",
	names: [
		transferMessage,
		markerMessage,
		reportMessage,
		startTimer,
		transferTimer,
		snapshotTimer,
		totalMeasure,
		snapshotSpan,
		begunFact,
		partFact,
		accountFact,
		...snapshotInvariants.map(({ name }) => name),
	],
	invariants: snapshotInvariants,
	bodies,
	configure: readSnapshotConfig,
	start(ctx, config: SnapshotConfig): Service {
		const branch = new Branch(ctx, config);
		return {
			boot: () => branch.live(),
			on: {
				[transferMessage]: (message: Message<number>) => branch.receiveTransfer(message),
				[markerMessage]: (message: Message<number>) => branch.receiveMarker(message),
				[reportMessage]: (message: Message<number>) => branch.receiveReport(message),
			},
			inspect: () => branch.inspect(),
		};
	},
};
