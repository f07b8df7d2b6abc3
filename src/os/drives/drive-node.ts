/**
 * A machine with drives: keeps units, tells the coordinator that it lives and which drives do not, sends units
 * to machines that need them and makes units anew. What it holds is written in a catalogue on each drive, and a
 * machine that boots believes its catalogues alone. Somebody goes round and puts spares in the place of dead drives.
 *
 * A unit travels in pieces, each a message as heavy as the piece, through the links that others use as well. What
 * is in it is not there, only its place and its weight.
 */
import type { Drive, Inspection, Message, NodeContext, PlainValue, Service, ServiceDefinition, Task } from "../../core/node-api.ts";
import type { BodyShape, MessageShapes } from "../../shared/body-shape.ts";
import { Fifo } from "../fifo.ts";
import { type DriveNodeConfig, readDriveNodeConfig } from "./config.ts";
import { Lane } from "./lane.ts";
import { pieceData } from "./piece.ts";
import {
	type DescribeReply,
	type DriveUnits,
	type DropBody,
	driveUnitsParts,
	type FetchBody,
	type FetchReply,
	type HeartbeatBody,
	messages,
	nodeService,
	numbersMax,
	type RebuildBody,
	type RebuildOrder,
	type RebuiltBody,
	type ReportBody,
	type Source,
	timers,
} from "./protocol.ts";
import { Shelf } from "./shelf.ts";

/** One file a drive; a record says what came or went. */
const catalogue = "units";
type CatalogueRecord = { readonly put: readonly number[] } | { readonly drop: readonly number[] };

/** How long a source may take for a piece: so many others may be in its lane, and the lines may be full. */
const fetchQueueMax = 32;
const fetchSlackUs = 6 * 3_600_000_000;
/** A piece may be lost on a full line; that of a machine that does not answer again is not waited for. */
const triesMax = 2;

/** Units that a drive's catalogue says it holds. */
function unitsIn(records: readonly PlainValue[]): Set<number> {
	const units = new Set<number>();
	for (const record of records as readonly CatalogueRecord[]) {
		if ("put" in record) for (const unit of record.put) units.add(unit);
		else for (const unit of record.drop) units.delete(unit);
	}
	return units;
}

/** A unit on its way here. */
class Pull {
	readonly source: Source;
	readonly #piecesMax: number;
	/** So many have come. */
	pieces = 0;

	constructor(source: Source, piecesMax: number) {
		this.source = source;
		this.#piecesMax = piecesMax;
	}

	get isWhole(): boolean {
		return this.pieces === this.#piecesMax;
	}
}

class DriveNode {
	readonly #ctx: NodeContext;
	readonly #config: DriveNodeConfig;
	/** By drive; RAM: read from the catalogues. */
	readonly #units: Set<number>[];
	readonly #orders = new Fifo<RebuildOrder>();
	/** Units ordered, and not yet answered for. */
	readonly #making = new Set<number>();
	readonly #outgoing: Lane;
	readonly #incoming: Lane;
	readonly #piece: Uint8Array;
	readonly #shelf: Shelf;
	#working = 0;
	#made = 0;
	#sentPieces = 0;

	constructor(ctx: NodeContext, config: DriveNodeConfig) {
		this.#ctx = ctx;
		this.#config = config;
		this.#units = ctx.drives.map(() => new Set<number>());
		const lane = { megabytesPerSecond: config.repairMegabytesPerSecond, pieceGigabytes: config.unitGigabytes / config.pieces };
		this.#outgoing = new Lane(lane);
		this.#incoming = new Lane(lane);
		this.#piece = pieceData(config);
		this.#shelf = new Shelf(ctx, config);
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
		const description: DescribeReply = { rack: this.#config.rack, drives: this.#ctx.drives.length, spares: this.#shelf.spares };
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
		const { unit, drive, piece } = message.body;
		yield* this.#ctx.sleep(this.#outgoing.take(this.#ctx.monoUs()), timers.lane);
		const isHere = piece === 0 ? yield* this.#isInCatalogue(drive, unit) : !this.#drive(drive).isDead && this.#unitsOn(drive).has(unit);
		if (isHere) this.#sentPieces++;
		const reply: FetchReply = isHere ? { ok: true, data: this.#piece } : { ok: false };
		this.#ctx.reply(message, reply);
	}

	*#isInCatalogue(drive: number, unit: number): Task<boolean> {
		const records = yield* this.#drive(drive).records(catalogue);
		return records.ok && unitsIn(records.value).has(unit);
	}

	rebuild({ body }: Message<RebuildBody>): void {
		for (const order of body.orders) {
			this.#orders.push(order);
			this.#making.add(order.unit);
		}
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
			dead: this.#dead().length,
			sparesFitted: this.#shelf.fitted().length,
			drivesBeingReplaced: this.#shelf.replacing,
			units: this.#units.reduce((sum, units) => sum + units.size, 0),
			ordersWaiting: this.#orders.size,
			makingNow: this.#working,
			unitsMade: this.#made,
			piecesSent: this.#sentPieces,
		};
	}

	/** Orders one after the other, as long as there are any. */
	*#work(): Task {
		this.#working++;
		for (let order = this.#orders.shift(); order !== undefined; order = this.#orders.shift()) {
			const { unit, drive, sources } = order;
			const pulls = sources.map((source) => new Pull(source, this.#config.pieces));
			const ok = yield* this.#make(order, pulls);
			if (ok) this.#made++;
			const pieceGigabytes = this.#config.unitGigabytes / this.#config.pieces;
			const gigabytes = pulls.reduce((sum, { pieces }) => sum + pieces, 0) * pieceGigabytes;
			const deaf = pulls.flatMap(({ isWhole, source }) => (isWhole ? [] : [source.node]));
			const rebuilt: RebuiltBody = { unit, drive, ok, gigabytes, deaf };
			this.#making.delete(unit);
			this.#ctx.send(this.#config.coordinator, messages.rebuilt, rebuilt);
		}
		this.#working--;
	}

	/**
	 * From one copy, or from as many units as the code needs, all of them on their way side by side.
	 * @returns whether the unit is durable
	 */
	*#make({ unit, drive }: RebuildOrder, pulls: readonly Pull[]): Task<boolean> {
		const ctx = this.#ctx;
		const done = pulls.map((pull) => {
			const signal = ctx.signal<null>();
			ctx.spawn(this.#pull(pull, signal));
			return signal;
		});
		for (const signal of done) yield* signal.wait();
		return pulls.every(({ isWhole }) => isWhole) && (yield* this.#keep(drive, [unit], "append"));
	}

	/** One piece after the other, each when the own lane has room for it. */
	*#pull(pull: Pull, done: { fire(value: null): void }): Task {
		while (!pull.isWhole) {
			yield* this.#ctx.sleep(this.#incoming.turn(this.#ctx.monoUs()), timers.lane);
			if (!(yield* this.#fetchPiece(pull))) break;
			pull.pieces++;
		}
		done.fire(null);
	}

	*#fetchPiece({ source, pieces }: Pull): Task<boolean> {
		const timeoutUs = fetchSlackUs + fetchQueueMax * this.#outgoing.pieceUs;
		for (let tries = 0; tries < triesMax; tries++) {
			const body: FetchBody = { unit: source.unit, drive: source.drive, piece: pieces };
			const reply = yield* this.#ctx.call<FetchReply>(source.node, messages.fetch, body, { timeoutUs });
			if (reply.ok) return reply.body.ok;
		}
		return false;
	}

	*#keep(index: number, units: readonly number[], how: "put" | "append"): Task<boolean> {
		const drive = this.#drive(index);
		const written = yield* drive[how](catalogue, { put: [...units] });
		if (!written.ok || !(yield* drive.sync()).ok) return false;
		const here = this.#unitsOn(index);
		if (how === "put") here.clear();
		for (const unit of units) here.add(unit);
		return true;
	}

	*#readCatalogues(): Task {
		const reads = this.#ctx.drives.map((drive) => (drive.isDead ? null : drive.records(catalogue)));
		for (const [index, read] of reads.entries()) {
			const records = read === null ? null : yield* read;
			this.#units[index] = records?.ok ? unitsIn(records.value) : new Set();
		}
	}

	#beat(): void {
		this.#shelf.callForSpares();
		const body: HeartbeatBody = { dead: this.#dead(), fitted: this.#shelf.fitted(), making: [...this.#making] };
		this.#ctx.send(this.#config.coordinator, messages.heartbeat, body);
	}

	/** The bus sees at once which drives are gone; nobody is told before the next heartbeat. */
	#dead(): number[] {
		return this.#ctx.drives.flatMap(({ isDead }, drive) => (isDead ? [drive] : []));
	}

	#report(): void {
		const [dead, fitted] = [this.#dead(), this.#shelf.fitted()];
		let piece: [number, readonly number[]][] = [];
		let numbers = 0;
		let isFirst = true;
		const send = (isLast: boolean): void => {
			const body: ReportBody = { drives: piece, dead, fitted, isFirst, isLast, life: this.#ctx.incarnation };
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

	#unitsOn(index: number): Set<number> {
		return this.#units[index] as Set<number>;
	}

	#drive(index: number): Drive {
		const drive = this.#ctx.drives[index];
		if (drive === undefined) throw new Error(`there is no drive ${index} here`);
		return drive;
	}
}

const driveUnits: BodyShape = { each: { parts: driveUnitsParts } };
const bodies: MessageShapes = {
	[messages.store]: { body: { name: "drives", ...driveUnits } },
	[messages.report]: { body: { within: { drives: driveUnits } } },
};

export const driveNodeDefinition: ServiceDefinition = {
	name: nodeService,
	summary: "A machine with many drives that keep units of data: tells which died, and makes units anew when it is told to.",
	names: [messages.rebuilt, messages.heartbeat, messages.report, messages.fetch, timers.heartbeat, timers.report, timers.lane, timers.replace],
	bodies,
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
