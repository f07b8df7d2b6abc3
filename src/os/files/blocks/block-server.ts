/**
 * A block server: keeps parts of files on the drives of its machine, passes on what is written through it, gives
 * what is read, looks for rot, and tells the stewards what it has. It decides nothing.
 *
 * Must not know: names of files, other copies, who holds the chair (orders say their term).
 */
import type { Inspection, Message, NodeContext, Service, ServiceDefinition, Task } from "../../../core/node-api.ts";
import type { MessageShapes } from "../../../shared/body-shape.ts";
import { hint } from "../../../shared/nearest.ts";
import { type BlocksConfig, readBlocksConfig } from "../config.ts";
import { facts, type MachineFact, state } from "../facts.ts";
import {
	type Beat,
	beatMessage,
	type DropRequest,
	doubtMessage,
	dropMessage,
	droppedCopyParts,
	type Fate,
	type HaveReply,
	haveMessage,
	type KeepReply,
	type KeepRequest,
	keepMessage,
	lossParts,
	type MakeReply,
	type MakeRequest,
	makeMessage,
	type Order,
	type ReadReply,
	type Report,
	readMessage,
	reportedCopyParts,
	tellMessage,
	type WriteReply,
	type WriteRequest,
	writeMessage,
} from "../protocol.ts";
import { plain } from "../records.ts";
import { asDoubt, asPart, asWrite } from "../validate.ts";
import { Holdings } from "./holdings.ts";
import { Intake } from "./intake.ts";
import { makePart } from "./make.ts";
import { chunkSums, type Shelf } from "./shelf.ts";
import { rotTimer, World } from "./world.ts";

export const blocksServiceName = "files-blocks";
export const stewardServiceName = "files-steward";

const timers = { beat: "files.beatTimer", scrub: "files.scrub", rot: rotTimer, pace: "files.pace" } as const;
const serveSpan = "files.serve";
const usedMeasure = "files.usedBytes";
/** Copies of one boot are numbered from here on: larger than all of the boot before. */
const copiesPerBoot = 4_294_967_296;
const askWords = ["rot", "scrap", "held"] as const;

type Reply = (message: Message<unknown>, body: object) => void;

class BlockServer {
	readonly #ctx: NodeContext;
	readonly #config: BlocksConfig;
	readonly #stewards: readonly string[];
	readonly #known: ReadonlySet<string>;
	readonly #holdings: Holdings;
	readonly #intake: Intake;
	readonly #world: World;
	readonly #reply: Reply;
	#nextCopy: number;
	#isReady = false;
	#beats = 0;
	#reportedUs = 0;
	#seen: Pick<Order, "term" | "number"> = { term: 0, number: 0 };
	#toldDrives = "";

	constructor(ctx: NodeContext, config: BlocksConfig) {
		if (ctx.drives.length === 0) throw new Error("a block server needs a drive");
		this.#ctx = ctx;
		this.#config = config;
		this.#stewards = ctx.nodes.filter(({ services }) => services.includes(stewardServiceName)).map(({ name }) => name);
		this.#known = new Set(ctx.nodes.map(({ name }) => name));
		const { sync, checksums } = config;
		this.#holdings = new Holdings(ctx, { sync, checksums, onHarmed: (shelf) => this.#intake.forget(shelf) });
		this.#world = new World(ctx, this.#holdings);
		this.#nextCopy = ctx.incarnation * copiesPerBoot;
		this.#intake = new Intake({
			ctx,
			sync,
			checksums,
			nextCopy: () => this.#nextCopy++,
			shelfFor: (bytes) => this.#holdings.shelfFor(bytes),
			onHeld: (copy) => this.#holdings.hold(copy),
		});
		this.#reply = (message, body) => ctx.reply(message, plain(body));
	}

	service(): Service {
		return {
			boot: () => this.#boot(),
			on: {
				[writeMessage]: (message: Message) => this.#serve(message, () => this.#write(message)),
				[haveMessage]: (message: Message) => this.#have(message),
				[readMessage]: (message: Message) => this.#serve(message, () => this.#read(message)),
				[doubtMessage]: (message: Message) => this.#doubt(message),
				[tellMessage]: () => this.#tell(),
				[makeMessage]: (message: Message<MakeRequest>) => this.#serve(message as unknown as Message, () => this.#make(message)),
				[keepMessage]: (message: Message<KeepRequest>) => this.#keep(message),
				[dropMessage]: (message: Message<DropRequest>) => this.#drop(message),
			},
			ask: (line) => this.#ask(line),
			inspect: () => this.#inspect(),
		};
	}

	// --- boot

	*#boot(): Task {
		yield* this.#holdings.load();
		this.#isReady = true;
		const { beatUs, scrubUs, rotUs } = this.#config;
		this.#beat();
		this.#ctx.every(beatUs, timers.beat, () => this.#beat());
		this.#ctx.every(scrubUs, timers.scrub, () => this.#scrub());
		if (rotUs > 0) this.#ctx.spawn(this.#world.rotAway(rotUs));
	}

	*#scrub(): Task {
		this.#intake.sweep(this.#ctx.monoUs() - this.#config.idleUs);
		yield* this.#holdings.scrub();
	}

	// --- what clients and other block servers ask

	*#serve(message: Message, answer: () => Task<object>): Task {
		const span = this.#ctx.startSpan(serveSpan);
		yield* this.#ctx.compute(this.#config.workUs);
		const body = yield* answer();
		this.#reply(message, body);
		span.finish("ok");
	}

	*#write(message: Message): Task<WriteReply | { readonly fates: readonly Fate[] }> {
		const request = asWrite(message.body, this.#known);
		if (request === null || !this.#isReady) return { fates: [{ kind: "refused" }] };
		const [next, ...rest] = request.rest;
		const timeoutUs = request.hopUs * request.rest.length;
		// Passed on before it is dealt with here: the pipeline works side by side.
		const onward = next === undefined ? null : this.#ctx.call<WriteReply>(next, writeMessage, plain({ ...request, rest }), { timeoutUs });
		const own = yield* this.#takeIn(request);
		if (onward === null) return { fates: [own] };
		const reply = yield* onward;
		const behind: readonly Fate[] = reply.ok && Array.isArray(reply.body.fates) ? reply.body.fates : request.rest.map(() => ({ kind: "silent" }) as const);
		return { fates: [own, ...behind] };
	}

	*#takeIn(request: WriteRequest): Task<Fate> {
		const held = this.#holdings.copyOf(request.part);
		if (held === undefined) return yield* this.#intake.take(request);
		return request.last === null ? { kind: "taken" } : { kind: "held", drive: held.drive, copy: held.copy };
	}

	#have(message: Message): void {
		const request = asPart(message.body);
		if (request === null || !this.#isReady) return;
		const held = this.#holdings.copyOf(request.part);
		const reply: HaveReply = {
			packets: this.#intake.arrivals.get(request.part)?.contiguous ?? 0,
			held: held === undefined ? null : { drive: held.drive, copy: held.copy },
		};
		this.#reply(message, reply);
	}

	*#read(message: Message): Task<ReadReply> {
		const request = asPart(message.body);
		const held = request === null ? undefined : this.#holdings.copyOf(request.part);
		if (request === null || !this.#isReady) return { kind: "refused" };
		if (held === undefined) return { kind: "missing" };
		const read = yield* this.#holdings.read(held);
		return read.ok ? { kind: "bytes", bytes: read.bytes, copy: held.copy } : { kind: read.why };
	}

	/** A client got wrong bytes from here: the copy is looked at, as it will be sooner or later. */
	*#doubt(message: Message): Task {
		const request = asDoubt(message.body);
		const held = request === null ? undefined : this.#holdings.copyOf(request.part);
		if (held !== undefined && held.copy === request?.copy) yield* this.#holdings.read(held);
	}

	// --- what the steward orders

	/** Orders of a steward that has been replaced, of before this boot, or overtaken by a later one, are void. */
	#obeys({ term, number, incarnation }: Order): boolean {
		if (incarnation !== this.#ctx.incarnation || !this.#isReady) return false;
		if (term < this.#seen.term || (term === this.#seen.term && number < this.#seen.number)) return false;
		this.#seen = { term, number };
		return true;
	}

	*#make(message: Message<MakeRequest>): Task<MakeReply> {
		const request = message.body;
		if (!this.#obeys(request)) return { kind: "failed", why: "an old order" };
		const held = this.#holdings.copyOf(request.part);
		if (held !== undefined) return { kind: "held", drive: held.drive, copy: held.copy };
		state(this.#ctx, facts.moving, { key: request.part, from: request.sources.flatMap(({ machines }) => machines.slice(0, 1)), bytes: request.bytes });
		const made = yield* makePart(this.#ctx, request);
		const fate = made === null ? null : yield* this.#takeWhole(request, made);
		state(this.#ctx, facts.moving, { key: request.part, gone: true });
		if (fate === null) return { kind: "failed", why: "the others did not give it" };
		if (fate.kind !== "held") return { kind: "failed", why: fate.kind };
		if (request.bytesPerSecond > 0) yield* this.#ctx.sleep(Math.ceil((request.bytes * 1_000_000) / request.bytesPerSecond), timers.pace);
		return { kind: "held", drive: fate.drive, copy: fate.copy };
	}

	*#takeWhole({ part, sum, chunkBytes }: MakeRequest, bytes: Uint8Array): Task<Fate> {
		const sums = chunkSums(bytes, chunkBytes);
		this.#intake.abandon(part);
		return yield* this.#takeIn({ part, packet: 0, bytes, chunkBytes, sums, last: { packets: 1, bytes: bytes.length, sum }, rest: [], hopUs: 0 });
	}

	#keep(message: Message<KeepRequest>): void {
		const { part, copy } = message.body;
		const held = this.#holdings.copyOf(part);
		const kept = this.#obeys(message.body) && held?.copy === copy;
		const reply: KeepReply = { kept, drive: held?.drive ?? 0 };
		this.#reply(message, reply);
	}

	*#drop(message: Message<DropRequest>): Task {
		if (!this.#obeys(message.body)) return;
		for (const [part, copy] of message.body.copies) {
			const held = this.#holdings.copyOf(part);
			if (held?.copy === copy) yield* this.#holdings.drop(held);
		}
	}

	// --- telling

	#tell(): void {
		this.#holdings.isChanged = true;
	}

	#beat(): void {
		const holdings = this.#holdings;
		holdings.tendDrives();
		const nowUs = this.#ctx.monoUs();
		const isDue = holdings.isChanged || nowUs - this.#reportedUs >= this.#config.reportUs;
		const beat: Beat = {
			incarnation: this.#ctx.incarnation,
			number: ++this.#beats,
			rack: this.#config.rack,
			// A dead drive is no room.
			drives: holdings.shelves.map(({ isDead, used, capacity }) => (isDead ? { used: 0, capacity: 0 } : { used, capacity })),
			report: isDue ? this.#report() : null,
		};
		if (isDue) {
			holdings.isChanged = false;
			this.#reportedUs = nowUs;
		}
		for (const steward of this.#stewards) this.#ctx.send(steward, beatMessage, plain(beat));
		this.#tellDrives();
	}

	#report(): Report {
		const whole = this.#holdings.copies.map(({ part, copy, drive }) => [part, copy, drive, 0] as const);
		const partial = [...this.#intake.arrivals.values()].map(({ part, copy, shelf }) => [part, copy, shelf.index, 1] as const);
		return { next: this.#nextCopy, copies: [...whole, ...partial], losses: this.#holdings.losses };
	}

	#tellDrives(): void {
		const drives = this.#holdings.shelves.map(driveFact);
		const text = JSON.stringify(drives);
		if (text === this.#toldDrives) return;
		this.#toldDrives = text;
		this.#ctx.measure(
			usedMeasure,
			drives.reduce((sum, { used }) => sum + used, 0),
		);
		state(this.#ctx, facts.machine, { rack: this.#config.rack, drives });
	}

	*#ask(line: string): Task<string> {
		const [word = "", rest = ""] = line.trim().split(/\s+/);
		switch (word) {
			case "rot": {
				const harmed = yield* /^\d{1,6}$/.test(rest) ? this.#world.rot(Number(rest)) : this.#world.rot(1, rest);
				return `a bit was flipped in ${harmed} of ${this.#holdings.copies.length} copies; nobody knows yet`;
			}
			case "scrap": {
				const drive = Number(rest || "0");
				if (!(yield* this.#world.scrap(drive))) return `there are ${this.#holdings.shelves.length} drives, numbered from 0`;
				return `drive ${drive} was replaced by an empty one`;
			}
			case "held": {
				const parts = this.#holdings.copies.map(({ part }) => part).sort();
				return `${parts.length} copies: ${parts.slice(0, 40).join(", ")}`;
			}
			default:
				return `no question is called ${JSON.stringify(word.slice(0, 40))}${hint(word.slice(0, 40), askWords)}`;
		}
	}

	#inspect(): Inspection {
		return {
			drives: this.#holdings.shelves.map(driveFact),
			copies: this.#holdings.copies.map(({ part, drive, bytes }) => ({ part, drive, bytes })),
			receiving: [...this.#intake.arrivals.keys()],
			term: this.#seen.term,
		};
	}
}

function driveFact({ isDead, used, capacity }: Shelf): MachineFact["drives"][number] {
	return isDead ? { used: 0, capacity, isDead } : { used, capacity };
}

const bodies: MessageShapes = {
	[beatMessage]: { body: { within: { report: { within: { copies: { each: { parts: reportedCopyParts } }, losses: { each: { parts: lossParts } } } } } } },
	[dropMessage]: { body: { within: { copies: { each: { parts: droppedCopyParts } } } } },
};

export const blocksDefinition: ServiceDefinition = {
	name: blocksServiceName,
	summary: "Keeps blocks of files on the drives of its machine, with checksums, and passes on what is written through it.",
	names: [
		...Object.values(timers),
		serveSpan,
		usedMeasure,
		...[writeMessage, haveMessage, readMessage, doubtMessage, beatMessage, tellMessage, makeMessage, keepMessage, dropMessage],
		...Object.values(facts),
	],
	bodies,
	configure: readBlocksConfig,
	start: (ctx, config: BlocksConfig) => new BlockServer(ctx, config).service(),
};
