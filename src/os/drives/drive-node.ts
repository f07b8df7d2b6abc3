/**
 * A machine with drives: keeps units, tells the coordinator that it lives and which drives do not, sends units
 * to machines that need them and makes units anew. What it holds is written in a catalogue on each drive, and a
 * machine that boots believes its catalogues alone.
 *
 * A unit's data is not there, only its place and its weight: sending it takes the time that so many gigabytes
 * take, and the message that arrives stands for them.
 */
import type { Drive, Inspection, Message, NodeContext, PlainValue, Service, ServiceDefinition, Task } from "../../core/node-api.ts";
import { Fifo } from "../fifo.ts";
import { type DriveNodeConfig, readDriveNodeConfig } from "./config.ts";
import { Lane } from "./lane.ts";
import {
	type DescribeReply,
	type DriveUnits,
	type DropBody,
	type FetchBody,
	type FetchReply,
	messages,
	nodeService,
	numbersMax,
	type RebuildBody,
	type RebuildOrder,
	type RebuiltBody,
	type ReportBody,
	timers,
} from "./protocol.ts";

/** One file a drive; a record says what came or went. */
const catalogue = "units";
type CatalogueRecord = { readonly put: readonly number[] } | { readonly drop: readonly number[] };

/** How long a source may take: so many others may be in its lane, and as long again as a crash and a start. */
const fetchQueueMax = 64;
const fetchSlackUs = 3_600_000_000;

/** Units that a drive's catalogue says it holds. */
function unitsIn(records: readonly PlainValue[]): Set<number> {
	const units = new Set<number>();
	for (const record of records as readonly CatalogueRecord[]) {
		if ("put" in record) for (const unit of record.put) units.add(unit);
		else for (const unit of record.drop) units.delete(unit);
	}
	return units;
}

class DriveNode {
	readonly #ctx: NodeContext;
	readonly #config: DriveNodeConfig;
	/** By drive; RAM: read from the catalogues. */
	readonly #units: Set<number>[];
	readonly #orders = new Fifo<RebuildOrder>();
	readonly #outgoing: Lane;
	readonly #incoming: Lane;
	#working = 0;
	#made = 0;
	#sentUnits = 0;

	constructor(ctx: NodeContext, config: DriveNodeConfig) {
		this.#ctx = ctx;
		this.#config = config;
		this.#units = ctx.drives.map(() => new Set<number>());
		const lane = { megabytesPerSecond: config.repairMegabytesPerSecond, unitGigabytes: config.unitGigabytes };
		this.#outgoing = new Lane(lane);
		this.#incoming = new Lane(lane);
	}

	*boot(): Task {
		const ctx = this.#ctx;
		yield* this.#readCatalogues();
		this.#report();
		// Machines do not all speak at once.
		ctx.after(ctx.random.below(this.#config.heartbeatUs) + 1, timers.heartbeat, () => {
			this.#beat();
			ctx.every(this.#config.heartbeatUs, timers.heartbeat, () => this.#beat());
		});
		ctx.every(this.#config.reportUs, timers.report, () => this.readAndReport());
	}

	describe(message: Message): void {
		const description: DescribeReply = { rack: this.#config.rack, drives: this.#ctx.drives.length };
		this.#ctx.reply(message, description);
	}

	/** The first filling. Given again, it takes the place of what was there. */
	*store(message: Message<DriveUnits>): Task {
		const writes = message.body.map(([drive, units]) => this.#keep(drive, units, "put"));
		let ok = true;
		for (const write of writes) ok = (yield* write) && ok;
		this.#ctx.reply(message, { ok });
	}

	*fetch(message: Message<FetchBody>): Task {
		const { unit, drive } = message.body;
		yield* this.#ctx.sleep(this.#outgoing.take(1, this.#ctx.monoUs()), timers.lane);
		const records = yield* this.#drive(drive).records(catalogue);
		const reply: FetchReply = { ok: records.ok && unitsIn(records.value).has(unit) };
		if (reply.ok) this.#sentUnits++;
		this.#ctx.reply(message, reply);
	}

	rebuild({ body }: Message<RebuildBody>): void {
		for (const order of body.orders) this.#orders.push(order);
		while (this.#working < this.#config.streams && this.#orders.size > 0) this.#ctx.spawn(this.#work());
	}

	*drop({ body }: Message<DropBody>): Task {
		const dropped = new Set(body.units);
		for (const [drive, units] of this.#units.entries()) {
			const here = [...units].filter((unit) => dropped.has(unit));
			if (here.length === 0) continue;
			for (const unit of here) units.delete(unit);
			yield* this.#drive(drive).append(catalogue, { drop: here });
			yield* this.#drive(drive).sync();
		}
	}

	*readAndReport(): Task {
		yield* this.#readCatalogues();
		this.#report();
	}

	inspect(): Inspection {
		const { drives } = this.#ctx;
		return {
			drives: drives.length,
			dead: drives.filter(({ isDead }) => isDead).length,
			units: this.#units.reduce((sum, units) => sum + units.size, 0),
			ordersWaiting: this.#orders.size,
			makingNow: this.#working,
			unitsMade: this.#made,
			unitsSent: this.#sentUnits,
		};
	}

	/** Orders one after the other, as long as there are any. */
	*#work(): Task {
		this.#working++;
		for (let order = this.#orders.shift(); order !== undefined; order = this.#orders.shift()) {
			const { unit, drive, sources } = order;
			const deaf: string[] = [];
			const ok = yield* this.#make(order, deaf);
			if (ok) this.#made++;
			const gigabytes = (sources.length - deaf.length) * this.#config.unitGigabytes;
			const rebuilt: RebuiltBody = { unit, drive, ok, gigabytes, deaf };
			this.#ctx.send(this.#config.coordinator, messages.rebuilt, rebuilt);
		}
		this.#working--;
	}

	/**
	 * From one copy, or from as many units as the code needs.
	 * @param deaf is given the machines that did not send theirs
	 * @returns whether the unit is durable
	 */
	*#make({ unit, drive, sources }: RebuildOrder, deaf: string[]): Task<boolean> {
		const ctx = this.#ctx;
		const timeoutUs = fetchSlackUs + fetchQueueMax * this.#outgoing.unitUs;
		const calls = sources.map((source) => {
			const body: FetchBody = { unit: source.unit, drive: source.drive };
			return ctx.call<FetchReply>(source.node, messages.fetch, body, { timeoutUs });
		});
		for (const [index, call] of calls.entries()) {
			const reply = yield* call;
			if (!reply.ok || !reply.body.ok) deaf.push((sources[index] as RebuildOrder["sources"][number]).node);
		}
		if (deaf.length > 0) return false;
		yield* ctx.sleep(this.#incoming.take(sources.length, ctx.monoUs()), timers.lane);
		return yield* this.#keep(drive, [unit], "append");
	}

	*#keep(index: number, units: readonly number[], how: "put" | "append"): Task<boolean> {
		const drive = this.#drive(index);
		const written = yield* drive[how](catalogue, { put: [...units] });
		if (!written.ok || !(yield* drive.sync()).ok) return false;
		const here = this.#units[index] as Set<number>;
		if (how === "put") here.clear();
		for (const unit of units) here.add(unit);
		return true;
	}

	*#readCatalogues(): Task {
		const reads = this.#ctx.drives.map((drive) => drive.records(catalogue));
		for (const [index, read] of reads.entries()) {
			const records = yield* read;
			this.#units[index] = records.ok ? unitsIn(records.value) : new Set();
		}
	}

	#beat(): void {
		this.#ctx.send(this.#config.coordinator, messages.heartbeat, { dead: this.#dead() });
	}

	/** The bus sees at once which drives are gone; nobody is told before the next heartbeat. */
	#dead(): number[] {
		return this.#ctx.drives.flatMap(({ isDead }, drive) => (isDead ? [drive] : []));
	}

	#report(): void {
		const dead = this.#dead();
		let piece: [number, readonly number[]][] = [];
		let numbers = 0;
		let isFirst = true;
		const send = (isLast: boolean): void => {
			const body: ReportBody = { drives: piece, dead, isFirst, isLast, life: this.#ctx.incarnation };
			this.#ctx.send(this.#config.coordinator, messages.report, body);
			piece = [];
			numbers = 0;
			isFirst = false;
		};
		for (const [drive, units] of this.#units.entries()) {
			if (this.#drive(drive).isDead) continue;
			piece.push([drive, [...units]]);
			numbers += units.size + 2;
			if (numbers >= numbersMax) send(false);
		}
		send(true);
	}

	#drive(index: number): Drive {
		const drive = this.#ctx.drives[index];
		if (drive === undefined) throw new Error(`there is no drive ${index} here`);
		return drive;
	}
}

export const driveNodeDefinition: ServiceDefinition = {
	name: nodeService,
	summary: "A machine with many drives that keep units of data: tells which died, and makes units anew when it is told to.",
	names: [messages.rebuilt, messages.heartbeat, messages.report, messages.fetch, timers.heartbeat, timers.report, timers.lane],
	configure: readDriveNodeConfig,
	start(ctx, config: DriveNodeConfig): Service {
		const node = new DriveNode(ctx, config);
		return {
			boot: () => node.boot(),
			on: {
				[messages.describe]: (message: Message) => node.describe(message),
				[messages.store]: (message: Message<DriveUnits>) => node.store(message),
				[messages.fetch]: (message: Message<FetchBody>) => node.fetch(message),
				[messages.rebuild]: (message: Message<RebuildBody>) => node.rebuild(message),
				[messages.drop]: (message: Message<DropBody>) => node.drop(message),
				[messages.tell]: () => node.readAndReport(),
			},
			inspect: () => node.inspect(),
		};
	},
};
