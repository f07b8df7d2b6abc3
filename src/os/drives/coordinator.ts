/**
 * Decides where units are kept and has them made anew when drives die. It sees no drive: of what lives and what
 * is where it knows what the machines tell it, and after a crash it asks them all again. On its own drive is only
 * who the machines are and how much there is.
 *
 * @source Ghemawat, Gobioff, Leung: The Google File System (SOSP 2003), sections 2.6 and 4.3: the master keeps no
 * record of who has what, asks at startup, and copies first what is nearest to its loss
 */
import type { Drive, Inspection, Message, NodeContext, Service, ServiceDefinition, Task } from "../../core/node-api.ts";
import { type CoordinatorConfig, readCoordinatorConfig } from "./config.ts";
import { Fleet, type Member } from "./fleet.ts";
import { driveInvariants, noDataLost } from "./invariants.ts";
import { Ledger } from "./ledger.ts";
import { copysetPlacement, type Placement, randomPlacement } from "./placement.ts";
import {
	coordinatorService,
	type DescribeReply,
	type FoundFact,
	facts,
	type HeartbeatBody,
	type LaidOutFact,
	type LostFact,
	measures,
	messages,
	nodeService,
	numbersMax,
	type RebuildOrder,
	type RebuiltBody,
	type ReportBody,
	type SampleFact,
	timers,
} from "./protocol.ts";

const keptPath = "cluster";
type Kept = { readonly members: readonly Member[]; readonly stripes: number };

const askTimeoutUs = 600_000_000;
const retryUs = 60_000_000;
const hourUs = 3_600_000_000;
/** A drive may hold so many times the mean before nothing more is put on it. */
const roomFactor = 4;
/** Stripes placed at a time, a microsecond each. */
const stripesATurn = 500;
/** Stripes named in a statement of loss. */
const namedMax = 20;

interface Repair {
	readonly drive: number;
	readonly untilUs: number;
}

/** All that is known of one cluster, from its founding on. */
interface Books {
	readonly fleet: Fleet;
	readonly ledger: Ledger;
	readonly placement: Placement;
	/** When each machine was last heard, on the own clock. */
	readonly heardUs: number[];
	/** Boots of each machine, as it told last. */
	readonly lives: number[];
	/** Machines whose reports are awaited before anything is judged. */
	readonly awaited: Set<number>;
	/** Units that a report in pieces should still mention, by machine and drive. */
	readonly expected: Map<number, Map<number, Set<number>>>;
}

class Coordinator {
	readonly #ctx: NodeContext;
	readonly #config: CoordinatorConfig;
	#books: Books | null = null;
	#memberIndex = new Map<string, number>();
	readonly #repairs = new Map<number, Repair>();
	#movedGigabytes = 0;
	#movedInAllGigabytes = 0;
	#isRecovering = false;

	constructor(ctx: NodeContext, config: CoordinatorConfig) {
		this.#ctx = ctx;
		this.#config = config;
	}

	*boot(): Task {
		const drive = this.#ctx.drives[0] as Drive;
		const kept = yield* drive.get(keptPath);
		if (kept.ok) this.#recover(kept.value as unknown as Kept);
		else yield* this.#found(drive);
	}

	// --- the beginning

	/** Asks every machine who it is, deals out the units and waits until they are stored. */
	*#found(drive: Drive): Task {
		const ctx = this.#ctx;
		const peers = ctx.peers.filter(({ services }) => services.includes(nodeService));
		const calls = peers.map(({ name }) => this.#askUntilAnswered<DescribeReply>(name, messages.describe, null));
		const members: Member[] = [];
		for (const [index, call] of calls.entries()) {
			const { rack, drives } = yield* call;
			const { name, region } = peers[index] as (typeof peers)[number];
			members.push({ name, region, rack, drives });
		}
		const driveCount = members.reduce((sum, { drives }) => sum + drives, 0);
		const stripes = Math.floor((driveCount * this.#config.unitsPerDrive) / this.#config.code.units);
		const books = this.#open({ members, stripes });
		yield* this.#layOut(books, stripes);
		yield* drive.put(keptPath, { members, stripes });
		yield* drive.sync();
		this.#begin(books);
		const { units, needed } = this.#config.code;
		const fact: LaidOutFact = { drives: driveCount, stripes, units, needed, sets: books.placement.sets };
		ctx.fact(facts.laidOut, fact);
		this.#sample(books);
	}

	*#askUntilAnswered<Body>(to: string, name: string, body: Parameters<NodeContext["send"]>[2]): Task<Body> {
		for (;;) {
			const reply = yield* this.#ctx.call<Body>(to, name, body, { timeoutUs: askTimeoutUs });
			if (reply.ok) return reply.body;
			yield* this.#ctx.sleep(retryUs, timers.retry);
		}
	}

	*#layOut({ fleet, ledger, placement }: Books, stripes: number): Task {
		const unitsOf: number[][] = Array.from({ length: fleet.count }, () => []);
		for (let stripe = 0; stripe < stripes; stripe++) {
			// In turns: no program keeps its machine busy for as long as this takes.
			if (stripe % stripesATurn === 0) yield* this.#ctx.compute(stripesATurn);
			const drives = placement.place();
			if (drives === null) throw new Error(`there is no room for stripe ${stripe} of ${stripes}`);
			for (const [index, drive] of drives.entries()) {
				const unit = stripe * this.#config.code.units + index;
				ledger.place(unit, drive, this.#ctx.monoUs());
				(unitsOf[drive] as number[]).push(unit);
			}
		}
		const stores = fleet.members.map((_, member) => this.#fill(fleet, member, unitsOf));
		// All at once: each goes on by itself, and the last to finish is waited for.
		const done = stores.map((store) => {
			const signal = this.#ctx.signal<null>();
			this.#ctx.spawn(thenFire(store, signal));
			return signal;
		});
		for (const signal of done) yield* signal.wait();
	}

	*#fill(fleet: Fleet, member: number, unitsOf: readonly (readonly number[])[]): Task {
		const { name, drives } = fleet.members[member] as Member;
		let piece: [number, readonly number[]][] = [];
		let numbers = 0;
		for (let drive = 0; drive < drives; drive++) {
			const units = unitsOf[fleet.driveAt(member, drive)] as readonly number[];
			piece.push([drive, units]);
			numbers += units.length + 2;
			if (numbers < numbersMax && drive < drives - 1) continue;
			yield* this.#askUntilAnswered(name, messages.store, piece);
			piece = [];
			numbers = 0;
		}
	}

	#open({ members, stripes }: Kept): Books {
		const { code, placement, permutations, unitsPerDrive, spread } = this.#config;
		const fleet = new Fleet(members, { spread, roomUnits: Math.ceil(unitsPerDrive * roomFactor) });
		const { random } = this.#ctx;
		const books: Books = {
			fleet,
			ledger: new Ledger(fleet, code, stripes),
			placement: placement === "random" ? randomPlacement(fleet, code.units, random) : copysetPlacement(fleet, code.units, permutations, random),
			heardUs: members.map(() => this.#ctx.monoUs()),
			lives: members.map(() => 1),
			awaited: new Set(),
			expected: new Map(),
		};
		this.#memberIndex = new Map(members.map(({ name }, member) => [name, member]));
		return books;
	}

	#begin(books: Books): void {
		const { patienceUs, sampleUs } = this.#config;
		this.#books = books;
		this.#ctx.every(Math.ceil(patienceUs / 4), timers.watch, () => this.#watch(books));
		this.#ctx.every(sampleUs, timers.sample, () => this.#sample(books));
	}

	/** Nothing is where it was until a machine says so. */
	#recover(kept: Kept): void {
		const books = this.#open(kept);
		for (const [member, { name }] of kept.members.entries()) {
			books.awaited.add(member);
			this.#ctx.send(name, messages.tell, null);
		}
		this.#isRecovering = true;
		this.#begin(books);
	}

	/** Every machine has told what it has, or will not: from now on what is missing is missing. */
	#judge(books: Books): void {
		this.#isRecovering = false;
		const nowUs = this.#ctx.monoUs();
		books.ledger.judgeAll(nowUs);
		const { lostStripes } = books.ledger.map;
		if (lostStripes > 0) this.#stateLoss(books, [], lostStripes, "nobody told of them after the coordinator had come back");
		else this.#stateFound(books, 0);
		this.#dispatch(books);
	}

	// --- what machines tell

	heartbeat({ from, body }: Message<HeartbeatBody>): void {
		const books = this.#books;
		const member = this.#memberIndex.get(from);
		if (books === null || member === undefined) return;
		this.#hear(books, member);
		this.#bury(books, member, body.dead);
	}

	report({ from, body }: Message<ReportBody>): void {
		const books = this.#books;
		const member = this.#memberIndex.get(from);
		if (books === null || member === undefined) return;
		books.heardUs[member] = this.#ctx.monoUs();
		books.fleet.setSilent(member, false);
		if (books.lives[member] !== body.life) this.#forgetOrders(books, member);
		books.lives[member] = body.life;
		this.#bury(books, member, body.dead);
		this.#compare(books, member, body);
		if (!body.isLast) return;
		books.expected.delete(member);
		books.awaited.delete(member);
		if (books.awaited.size > 0) return;
		if (this.#isRecovering) this.#judge(books);
		books.ledger.retry();
		this.#dispatch(books);
	}

	#hear({ fleet, heardUs }: Books, member: number): void {
		heardUs[member] = this.#ctx.monoUs();
		if (!fleet.isSilent(member)) return;
		fleet.setSilent(member, false);
		this.#ctx.send((fleet.members[member] as Member).name, messages.tell, null);
	}

	#bury(books: Books, member: number, dead: readonly number[]): void {
		for (const number of dead) {
			const drive = books.fleet.driveAt(member, number);
			if (books.fleet.isDead(drive)) continue;
			books.fleet.kill(drive);
			this.#forget(
				books,
				books.ledger.map.unitsOn((holder) => holder === drive),
				`drive ${books.fleet.nameOf(drive)} died`,
			);
		}
	}

	/** A report against the map: what is found is noted, what is elsewhere by now is dropped, what is not there is missing. */
	#compare(books: Books, member: number, { drives, isFirst }: ReportBody): void {
		const { fleet, ledger } = books;
		const expected = isFirst ? this.#expectedOf(books, member) : (books.expected.get(member) ?? new Map<number, Set<number>>());
		books.expected.set(member, expected);
		const surplus: number[] = [];
		const gone: number[] = [];
		for (const [number, units] of drives) {
			const drive = fleet.driveAt(member, number);
			const here = expected.get(drive) ?? new Set<number>();
			for (const unit of units) {
				const holder = ledger.map.holderOf(unit);
				if (holder === drive) here.delete(unit);
				else if (holder < 0 && !fleet.isDead(drive)) this.#place(books, unit, drive);
				else if (ledger.map.isWhole(ledger.map.stripeOf(unit))) surplus.push(unit);
			}
			gone.push(...here);
		}
		const { name } = fleet.members[member] as Member;
		if (surplus.length > 0) this.#ctx.send(name, messages.drop, { units: surplus });
		if (gone.length > 0) this.#forget(books, gone, `${name} did not have them any more`);
	}

	#expectedOf({ fleet, ledger }: Books, member: number): Map<number, Set<number>> {
		const expected = new Map<number, Set<number>>();
		for (const unit of ledger.map.unitsOn((drive) => fleet.memberOf(drive) === member)) {
			const drive = ledger.map.holderOf(unit);
			const units = expected.get(drive);
			if (units === undefined) expected.set(drive, new Set([unit]));
			else units.add(unit);
		}
		return expected;
	}

	#place(books: Books, unit: number, drive: number): void {
		const { map } = books.ledger;
		const lostBefore = map.lostStripes;
		const tookUs = books.ledger.place(unit, drive, this.#ctx.monoUs());
		if (map.lostStripes < lostBefore && books.awaited.size === 0) this.#stateFound(books, 1);
		if (tookUs >= 0) this.#ctx.measure(measures.healedAfter, Math.ceil(tookUs / hourUs));
	}

	#forget(books: Books, units: readonly number[], why: string): void {
		if (units.length === 0) return;
		const lost = books.ledger.forget(units, this.#ctx.monoUs());
		if (books.awaited.size > 0) return;
		if (lost.length > 0) this.#stateLoss(books, lost, lost.length, why);
		this.#dispatch(books);
	}

	// --- repairs

	/** Silence and orders that nobody answers. */
	#watch(books: Books): void {
		const nowUs = this.#ctx.monoUs();
		const { fleet, ledger, heardUs, awaited } = books;
		for (const [member, { name }] of fleet.members.entries()) {
			if (fleet.isSilent(member) || nowUs - (heardUs[member] as number) < this.#config.patienceUs) continue;
			fleet.setSilent(member, true);
			this.#forgetOrders(books, member);
			awaited.delete(member);
			this.#forget(
				books,
				ledger.map.unitsOn((drive) => fleet.memberOf(drive) === member),
				`${name} was silent for too long`,
			);
		}
		if (awaited.size === 0 && this.#isRecovering) this.#judge(books);
		for (const [unit, repair] of this.#repairs) if (nowUs >= repair.untilUs) this.#giveUp(books, unit, repair);
		ledger.retry();
		if (awaited.size === 0) this.#dispatch(books);
	}

	/** It has crashed, and with it what it was told to do. */
	#forgetOrders(books: Books, member: number): void {
		for (const [unit, repair] of this.#repairs) if (books.fleet.memberOf(repair.drive) === member) this.#giveUp(books, unit, repair);
	}

	#giveUp({ fleet, ledger }: Books, unit: number, { drive }: Repair): void {
		this.#repairs.delete(unit);
		fleet.loaded(drive, -1);
		ledger.release(ledger.map.stripeOf(unit), true);
	}

	/** Orders, as many as the machines can work on at a time. */
	#dispatch(books: Books): void {
		if (!this.#config.repair) return;
		const { fleet, ledger, placement } = books;
		const ordersFor = new Map<string, RebuildOrder[]>();
		const repairsMax = this.#config.streams * (fleet.members.length - fleet.silentCount);
		while (this.#repairs.size < repairsMax) {
			const stripe = ledger.takeUrgent();
			if (stripe === undefined) break;
			const units = ledger.map.unitsOf(stripe);
			const drive = placement.replace(units.map((unit) => ledger.map.holderOf(unit)));
			if (drive < 0) {
				ledger.release(stripe, true);
				continue;
			}
			const unit = ledger.map.missingUnit(stripe);
			this.#repairs.set(unit, { drive, untilUs: this.#ctx.monoUs() + this.#config.repairTimeoutUs });
			fleet.loaded(drive, 1);
			const { name } = fleet.members[fleet.memberOf(drive)] as Member;
			const order: RebuildOrder = { unit, drive: fleet.numberOf(drive), sources: this.#sources(books, units) };
			const orders = ordersFor.get(name);
			if (orders === undefined) ordersFor.set(name, [order]);
			else orders.push(order);
		}
		for (const [name, orders] of ordersFor) this.#ctx.send(name, messages.rebuild, { orders });
	}

	#sources({ fleet, ledger }: Books, units: readonly number[]): RebuildOrder["sources"] {
		const { needed } = this.#config.code;
		const chosen = units.length === needed ? units : this.#ctx.random.shuffle(units).slice(0, needed);
		return chosen.map((unit) => {
			const drive = ledger.map.holderOf(unit);
			return { node: (fleet.members[fleet.memberOf(drive)] as Member).name, drive: fleet.numberOf(drive), unit };
		});
	}

	rebuilt({ from, body: { unit, drive: number, ok, gigabytes, deaf } }: Message<RebuiltBody>): void {
		const books = this.#books;
		const member = this.#memberIndex.get(from);
		if (books === null || member === undefined) return;
		const { fleet, ledger } = books;
		const drive = fleet.driveAt(member, number);
		const isOrdered = this.#repairs.get(unit)?.drive === drive;
		const stripe = ledger.map.stripeOf(unit);
		this.#movedGigabytes += gigabytes;
		this.#movedInAllGigabytes += gigabytes;
		if (isOrdered) {
			this.#repairs.delete(unit);
			fleet.loaded(drive, -1);
		}
		const isWanted = ok && ledger.map.holderOf(unit) < 0 && !fleet.isDead(drive) && !fleet.isSilent(member);
		if (isWanted) this.#place(books, unit, drive);
		else if (ok && ledger.map.isWhole(stripe)) this.#ctx.send(from, messages.drop, { units: [unit] });
		if (isOrdered) ledger.release(stripe, !isWanted);
		// Who cannot send what it should have has something to tell, and need not be waited for.
		for (const name of deaf) this.#ctx.send(name, messages.tell, null);
		if (books.awaited.size === 0) this.#dispatch(books);
	}

	// --- telling

	#stateLoss(books: Books, stripes: readonly number[], count: number, why: string): void {
		const fact: LostFact = { key: why, why, count, total: books.ledger.map.lostStripes, stripes: stripes.slice(0, namedMax) };
		this.#ctx.fact(facts.lost, fact);
		this.#ctx.measure(measures.lost, fact.total);
	}

	#stateFound(books: Books, count: number): void {
		const fact: FoundFact = { count, total: books.ledger.map.lostStripes };
		this.#ctx.fact(facts.found, fact);
		this.#ctx.measure(measures.lost, fact.total);
	}

	#sample({ fleet, ledger, awaited }: Books): void {
		if (awaited.size > 0) return;
		const { map } = ledger;
		const day = Math.round(this.#ctx.wallUs() / (24 * hourUs));
		const moved = Math.round(this.#movedGigabytes);
		this.#movedGigabytes = 0;
		const sample: SampleFact = {
			key: String(this.#ctx.wallUs()).padStart(16, "0"),
			day,
			drives: fleet.count,
			dead: fleet.deadCount,
			silent: fleet.silentCount,
			stripes: map.stripes,
			missing: map.missingStripes,
			lost: map.lostStripes,
			movedGigabytes: moved,
		};
		this.#ctx.fact(facts.sample, sample);
		this.#ctx.measure(measures.dead, sample.dead);
		this.#ctx.measure(measures.missing, sample.missing);
		this.#ctx.measure(measures.lost, sample.lost);
		this.#ctx.measure(measures.moved, moved);
	}

	ask(): string {
		const books = this.#books;
		if (books === null) return "the machines are being asked who they are";
		const { fleet, ledger } = books;
		return `${fleet.deadCount} of ${fleet.count} drives are dead, ${fleet.silentCount} machines are silent, ${ledger.map.missingStripes} of ${ledger.map.stripes} stripes want units, ${ledger.map.lostStripes} are lost`;
	}

	inspect(): Inspection {
		const books = this.#books;
		if (books === null) return { state: "meeting the machines" };
		const { fleet, ledger, placement, awaited } = books;
		const { units, needed } = this.#config.code;
		return {
			state: awaited.size > 0 ? "asking what is where" : "at work",
			drives: fleet.count,
			dead: fleet.deadCount,
			silentMachines: fleet.silentCount,
			code: `${needed} of ${units}`,
			sets: placement.sets,
			stripes: ledger.map.stripes,
			stripesMissingUnits: ledger.map.missingStripes,
			stripesLost: ledger.map.lostStripes,
			unitsBeingMade: this.#repairs.size,
			movedGigabytes: Math.round(this.#movedInAllGigabytes),
		};
	}
}

function* thenFire(task: Task, signal: { fire(value: null): void }): Task {
	yield* task;
	signal.fire(null);
}

export const coordinatorDefinition: ServiceDefinition = {
	name: coordinatorService,
	summary: "Keeps data on many cheap drives: places its units, hears which drives died, and has what they held made anew.",
	names: [
		messages.describe,
		messages.store,
		messages.tell,
		messages.rebuild,
		messages.drop,
		timers.watch,
		timers.sample,
		timers.retry,
		...Object.values(measures),
		...Object.values(facts),
		noDataLost,
	],
	invariants: driveInvariants,
	configure: readCoordinatorConfig,
	start(ctx, config: CoordinatorConfig): Service {
		const coordinator = new Coordinator(ctx, config);
		return {
			boot: () => coordinator.boot(),
			on: {
				[messages.heartbeat]: (message: Message<HeartbeatBody>) => coordinator.heartbeat(message),
				[messages.report]: (message: Message<ReportBody>) => coordinator.report(message),
				[messages.rebuilt]: (message: Message<RebuiltBody>) => coordinator.rebuilt(message),
			},
			ask: () => coordinator.ask(),
			inspect: () => coordinator.inspect(),
		};
	},
};
