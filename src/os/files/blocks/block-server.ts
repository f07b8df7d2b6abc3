/**
 * A block server: keeps parts of files on the drives of its machine, passes on what is written through it, gives
 * what is read, looks for rot, and tells the stewards what it has. It decides nothing.
 *
 * Must not know: names of files, other copies, who holds the chair (orders say their term).
 */
import type { Inspection, Message, NodeContext, Service, ServiceDefinition, Task } from "../../../core/node-api.ts";
import { hint } from "../../../shared/nearest.ts";
import { type BlocksConfig, readBlocksConfig } from "../config.ts";
import { facts, state } from "../facts.ts";
import { overheadBytes } from "../placement.ts";
import {
	type Beat,
	beatMessage,
	type DropRequest,
	doubtMessage,
	dropMessage,
	type Fate,
	type HaveReply,
	haveMessage,
	type KeepReply,
	type KeepRequest,
	keepMessage,
	type MakeReply,
	type MakeRequest,
	makeMessage,
	type Order,
	type ReadReply,
	type Report,
	readMessage,
	tellMessage,
	type WriteReply,
	type WriteRequest,
	writeMessage,
} from "../protocol.ts";
import { plain } from "../records.ts";
import { asDoubt, asPart, asWrite } from "../validate.ts";
import { Intake } from "./intake.ts";
import { makePart } from "./make.ts";
import { chunkSums, type HeldCopy, Shelf } from "./shelf.ts";

export const blocksServiceName = "files-blocks";
export const stewardServiceName = "files-steward";

const timers = { beat: "files.beatTimer", scrub: "files.scrub", rot: "files.rot", pace: "files.pace" } as const;
const serveSpan = "files.serve";
const usedMeasure = "files.usedBytes";
/** Copies of one boot are numbered from here on: larger than all of the boot before. */
const copiesPerBoot = 4_294_967_296;
const lossesMax = 100;
const askWords = ["rot", "scrap", "held"] as const;

type Reply = (message: Message<unknown>, body: object) => void;

class BlockServer {
	readonly #ctx: NodeContext;
	readonly #config: BlocksConfig;
	readonly #stewards: readonly string[];
	readonly #known: ReadonlySet<string>;
	readonly #shelves: readonly Shelf[];
	readonly #intake: Intake;
	readonly #held = new Map<string, HeldCopy>();
	readonly #reply: Reply;
	#nextCopy: number;
	#isReady = false;
	#beats = 0;
	/** What the stewards were last told of copies is not true any more. */
	#isChanged = false;
	#reportedUs = 0;
	#losses: (readonly [part: string, copy: number, why: string])[] = [];
	#scrubbed = "";
	#seen: Pick<Order, "term" | "number"> = { term: 0, number: 0 };
	#toldUsed = -1;

	constructor(ctx: NodeContext, config: BlocksConfig) {
		if (ctx.drives.length === 0) throw new Error("a block server needs a drive");
		this.#ctx = ctx;
		this.#config = config;
		this.#stewards = ctx.nodes.filter(({ services }) => services.includes(stewardServiceName)).map(({ name }) => name);
		this.#known = new Set(ctx.nodes.map(({ name }) => name));
		this.#shelves = ctx.drives.map((drive, index) => new Shelf(index, drive));
		this.#nextCopy = ctx.incarnation * copiesPerBoot;
		this.#intake = new Intake({
			ctx,
			sync: config.sync,
			checksums: config.checksums,
			nextCopy: () => this.#nextCopy++,
			shelfFor: (bytes) => this.#shelfFor(bytes),
			onHeld: (copy) => this.#hold(copy),
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
		const wiped: boolean[] = [];
		for (const shelf of this.#shelves) {
			wiped.push(!shelf.isKnown);
			if (!shelf.isKnown) yield* shelf.claim();
			for (const copy of yield* shelf.load()) yield* this.#found(copy);
		}
		const copies = [...this.#held.values()].map(({ part, copy, drive }) => [part, copy, drive] as const);
		state(this.#ctx, facts.inventory, { wiped, copies });
		this.#isReady = true;
		this.#isChanged = true;
		const { beatUs, scrubUs, rotUs } = this.#config;
		this.#beat();
		this.#ctx.every(beatUs, timers.beat, () => this.#beat());
		this.#ctx.every(scrubUs, timers.scrub, () => this.#scrub());
		if (rotUs > 0) this.#ctx.spawn(this.#rotAway(rotUs));
	}

	/** A part may be there twice when a crash came between copying from one drive to another: one is enough. */
	*#found(copy: HeldCopy): Task {
		const other = this.#held.get(copy.part);
		if (other === undefined) this.#held.set(copy.part, copy);
		else yield* this.#shelf(copy).remove(copy.part, copy.copy);
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
		const held = this.#held.get(request.part);
		if (held === undefined) return yield* this.#intake.take(request);
		return request.last === null ? { kind: "taken" } : { kind: "held", drive: held.drive, copy: held.copy };
	}

	#have(message: Message): void {
		const request = asPart(message.body);
		if (request === null || !this.#isReady) return;
		const held = this.#held.get(request.part);
		const reply: HaveReply = {
			packets: this.#intake.arrivals.get(request.part)?.contiguous ?? 0,
			held: held === undefined ? null : { drive: held.drive, copy: held.copy },
		};
		this.#reply(message, reply);
	}

	*#read(message: Message): Task<ReadReply> {
		const request = asPart(message.body);
		const held = request === null ? undefined : this.#held.get(request.part);
		if (request === null || !this.#isReady) return { kind: "refused" };
		if (held === undefined) return { kind: "missing" };
		const read = yield* this.#shelf(held).read(held, this.#config.checksums);
		if (read.ok) return { kind: "bytes", bytes: read.bytes, copy: held.copy };
		if (read.why !== "unreadable") this.#ctx.spawn(this.#discard(held, why(read.why)));
		return { kind: read.why };
	}

	/** A client got wrong bytes from here: the copy is looked at, as it will be sooner or later. */
	*#doubt(message: Message): Task {
		const request = asDoubt(message.body);
		const held = request === null ? undefined : this.#held.get(request.part);
		if (held !== undefined && held.copy === request?.copy) yield* this.#check(held);
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
		const held = this.#held.get(request.part);
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
		const held = this.#held.get(part);
		const kept = this.#obeys(message.body) && held?.copy === copy;
		const reply: KeepReply = { kept, drive: held?.drive ?? 0 };
		this.#reply(message, reply);
	}

	*#drop(message: Message<DropRequest>): Task {
		if (!this.#obeys(message.body)) return;
		for (const [part, copy] of message.body.copies) {
			const held = this.#held.get(part);
			if (held?.copy === copy) yield* this.#discard(held, "not wanted any more");
		}
	}

	// --- copies come and go

	#shelf({ drive }: Pick<HeldCopy, "drive">): Shelf {
		return this.#shelves[drive] as Shelf;
	}

	#shelfFor(bytes: number): Shelf | undefined {
		const [best] = [...this.#shelves].sort((a, b) => b.free - a.free);
		return best?.isKnown && best.free >= bytes + overheadBytes ? best : undefined;
	}

	#hold(copy: HeldCopy): void {
		this.#held.set(copy.part, copy);
		this.#isChanged = true;
		state(this.#ctx, facts.held, { key: copy.part, copy: copy.copy, drive: copy.drive, bytes: copy.bytes, isSynced: this.#config.sync });
	}

	*#discard(copy: HeldCopy, because: string): Task {
		if (this.#held.get(copy.part) !== copy) return;
		this.#release(copy, because, false);
		yield* this.#shelf(copy).remove(copy.part, copy.copy);
	}

	#release(held: HeldCopy, because: string, wasEmptied: boolean): void {
		const { part, copy } = held;
		const wasHarmed = wasEmptied || !this.#shelf(held).isKnown;
		this.#held.delete(part);
		this.#losses = [...this.#losses.slice(1 - lossesMax), [part, copy, because]];
		this.#isChanged = true;
		state(this.#ctx, facts.held, { key: part, gone: true, copy, why: because, wasHarmed });
	}

	// --- rot

	*#scrub(): Task {
		const parts = [...this.#held.keys()].sort();
		const next = parts.find((part) => part > this.#scrubbed) ?? parts[0];
		this.#intake.sweep(this.#ctx.monoUs() - this.#config.idleUs);
		if (next === undefined) return;
		this.#scrubbed = next;
		yield* this.#check(this.#held.get(next) as HeldCopy);
	}

	*#check(copy: HeldCopy): Task {
		const read = yield* this.#shelf(copy).read(copy, this.#config.checksums);
		if (read.ok || read.why === "unreadable" || this.#held.get(copy.part) !== copy) return;
		this.#ctx.log(`${copy.part} on drive ${copy.drive}: ${why(read.why)}`, "warn");
		yield* this.#discard(copy, why(read.why));
	}

	*#rotAway(meanUs: number): Task {
		for (;;) {
			yield* this.#ctx.sleep(1 + this.#ctx.random.exponential(meanUs), timers.rot);
			yield* this.#rot(1);
		}
	}

	/** The world's doing. */
	*#rot(count: number, only = ""): Task<number> {
		const candidates = [...this.#held.values()].filter(({ part }) => part.startsWith(only)).sort((a, b) => (a.part < b.part ? -1 : 1));
		const victims = only === "" ? this.#ctx.random.shuffle(candidates).slice(0, count) : candidates;
		let harmed = 0;
		for (const copy of victims) {
			state(this.#ctx, facts.harmed, { key: copy.part, copy: copy.copy });
			if (yield* this.#shelf(copy).flipBit(copy, (below) => this.#ctx.random.below(below))) harmed++;
		}
		return harmed;
	}

	// --- telling

	#tell(): void {
		this.#isChanged = true;
	}

	*#claim(shelf: Shelf): Task {
		this.#ctx.log(`drive ${shelf.index} came back empty`, "warn");
		for (const copy of [...this.#held.values()]) if (copy.drive === shelf.index) this.#release(copy, "the drive came back empty", true);
		this.#intake.forget(shelf);
		yield* shelf.claim();
	}

	#beat(): void {
		for (const shelf of this.#shelves) if (!shelf.isKnown) this.#ctx.spawn(this.#claim(shelf));
		const nowUs = this.#ctx.monoUs();
		const isDue = this.#isChanged || nowUs - this.#reportedUs >= this.#config.reportUs;
		const beat: Beat = {
			incarnation: this.#ctx.incarnation,
			number: ++this.#beats,
			rack: this.#config.rack,
			drives: this.#shelves.map(({ used, capacity }) => ({ used, capacity })),
			report: isDue ? this.#report() : null,
		};
		if (isDue) {
			this.#isChanged = false;
			this.#reportedUs = nowUs;
		}
		for (const steward of this.#stewards) this.#ctx.send(steward, beatMessage, plain(beat));
		this.#tellDrives();
	}

	#report(): Report {
		const whole = [...this.#held.values()].map(({ part, copy, drive }) => [part, copy, drive, 0] as const);
		const partial = [...this.#intake.arrivals.values()].map(({ part, copy, shelf }) => [part, copy, shelf.index, 1] as const);
		return { next: this.#nextCopy, copies: [...whole, ...partial], losses: this.#losses };
	}

	#tellDrives(): void {
		const used = this.#shelves.reduce((sum, shelf) => sum + shelf.used, 0);
		if (used === this.#toldUsed) return;
		this.#toldUsed = used;
		this.#ctx.measure(usedMeasure, used);
		state(this.#ctx, facts.machine, { rack: this.#config.rack, drives: this.#shelves.map((shelf) => ({ used: shelf.used, capacity: shelf.capacity })) });
	}

	*#ask(line: string): Task<string> {
		const [word = "", rest = ""] = line.trim().split(/\s+/);
		switch (word) {
			case "rot": {
				const harmed = yield* /^\d{1,6}$/.test(rest) ? this.#rot(Number(rest)) : this.#rot(1, rest);
				return `a bit was flipped in ${harmed} of ${this.#held.size} copies; nobody knows yet`;
			}
			case "scrap": {
				const shelf = this.#shelves[Number(rest || "0")];
				if (shelf === undefined) return `there are ${this.#shelves.length} drives, numbered from 0`;
				yield* shelf.empty();
				return `drive ${shelf.index} was replaced by an empty one`;
			}
			case "held":
				return `${this.#held.size} copies: ${[...this.#held.keys()].sort().slice(0, 40).join(", ")}`;
			default:
				return `no question is called ${JSON.stringify(word.slice(0, 40))}${hint(word.slice(0, 40), askWords)}`;
		}
	}

	#inspect(): Inspection {
		return {
			drives: this.#shelves.map(({ used, capacity }) => ({ used, capacity })),
			copies: [...this.#held.values()].map(({ part, drive, bytes }) => ({ part, drive, bytes })),
			receiving: [...this.#intake.arrivals.keys()],
			term: this.#seen.term,
		};
	}
}

function why(kind: "missing" | "corrupt"): string {
	return kind === "missing" ? "it is not on the drive any more" : "its bytes are not those that were written";
}

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
	configure: readBlocksConfig,
	start: (ctx, config: BlocksConfig) => new BlockServer(ctx, config).service(),
};
