/**
 * Which came first? Members share one note that everybody may overwrite; the last write wins. Each write
 * carries what four clocks say of it (wall, Lamport, vector, hybrid), and the lab names the one that decides.
 * The order of walls loses writes made by somebody whose clock is behind.
 *
 * Must not know: true time. Which write really had seen which is judged from outside, by the invariants.
 */
import type { Inspection, Message, NodeContext, Service, ServiceDefinition, Task } from "../../core/node-api.ts";
import type { MessageShapes } from "../../shared/body-shape.ts";
import { type Group, groupOf } from "../group/group.ts";
import { type ClocksConfig, readClocksConfig } from "./config.ts";
import { HybridClock } from "./hybrid.ts";
import { clockInvariants, type KeptFact, keptFact, type WriteFact, type WriteId, writeFact } from "./invariants.ts";
import { LamportClock } from "./lamport.ts";
import { bodyOfWrite, compareStamps, readWrite, stampOf, timeOfDay, type Write, writeShape } from "./stamp.ts";
import { causalOrder, VectorClock } from "./vector.ts";

const serviceName = "logical-clocks";
const noteMessage = "clock.note";
const startTimer = "clock.start";
const periodTimer = "clock.period";
/** How far a message seems to come from the future, by the walls of sender and receiver. */
const fromFutureMeasure = "clock.fromFutureUs";
/** How far the hybrid time is ahead of the node's own wall clock. */
const hybridAheadMeasure = "clock.hybridAheadUs";
/** Writes thrown away for a later stamp. */
const discardedMeasure = "clock.discarded";

/** Members boot at the same time; nobody speaks before all of them listen. */
const startUs = 10_000;
/** Writes of a later life are numbered from here, since the earlier ones are forgotten. */
const sequencesPerLife = 1_000_000;
const textMax = 1_000;

class NoteKeeper {
	readonly #ctx: NodeContext;
	readonly #config: ClocksConfig;
	readonly #group: Group;
	readonly #lamport = new LamportClock();
	readonly #hybrid = new HybridClock();
	readonly #vector: VectorClock;
	#sequence: number;
	#note: Write | null = null;
	/** The latest of each writer heard of since the last own write. */
	readonly #heard = new Map<number, number>();
	#lastOwn: Write | null = null;
	#lastHeard: Write | null = null;
	#discarded = 0;

	constructor(ctx: NodeContext, config: ClocksConfig) {
		this.#ctx = ctx;
		this.#config = config;
		this.#group = groupOf(ctx, serviceName);
		this.#sequence = (ctx.incarnation - 1) * sequencesPerLife;
		this.#vector = new VectorClock({ me: this.#group.me, members: this.#group.names.length, from: this.#sequence });
	}

	*live(): Task {
		const ctx = this.#ctx;
		yield* ctx.sleep(startUs, startTimer);
		for (let count = 1; count <= this.#config.writes; count++) {
			yield* ctx.sleep(ctx.random.exponential(this.#config.periodUs), periodTimer);
			this.#write(`${ctx.self.name} ${count}`);
		}
	}

	#write(text: string): Write {
		const ctx = this.#ctx;
		const wallUs = ctx.wallUs();
		const writer = this.#group.me;
		const reading = { wallUs, lamport: this.#lamport.tick(), hybrid: this.#hybrid.tick(wallUs), vector: this.#vector.tick() };
		const write: Write = { ...reading, writer, sequence: ++this.#sequence, text, stamp: stampOf(this.#config.stamp, reading, writer) };
		const { stamp, lamport, vector, hybrid } = write;
		const fact: WriteFact = {
			key: String(write.sequence),
			id: idOf(write),
			heard: [...this.#heard],
			stamp,
			lamport,
			vector,
			text,
			wallUs,
			hybrid: [hybrid.physicalUs, hybrid.count],
		};
		this.#heard.clear();
		this.#lastOwn = write;
		ctx.fact(writeFact, fact);
		ctx.measure(hybridAheadMeasure, write.hybrid.physicalUs - wallUs);
		this.#keep(write);
		for (const [member, name] of this.#group.names.entries()) if (member !== writer) ctx.send(name, noteMessage, bodyOfWrite(write));
		return write;
	}

	receive(message: Message): void {
		const write = readWrite(message.body, this.#group.names.length);
		if (write === undefined || message.copy > 0) return;
		const wallUs = this.#ctx.wallUs();
		this.#lamport.receive(write.lamport);
		this.#hybrid.receive(write.hybrid, wallUs);
		this.#vector.merge(write.vector);
		this.#heard.set(write.writer, Math.max(write.sequence, this.#heard.get(write.writer) ?? 0));
		this.#lastHeard = write;
		this.#ctx.measure(fromFutureMeasure, Math.max(0, write.wallUs - wallUs));
		this.#keep(write);
	}

	/** The last write wins, and which is the last is for the stamps to say. */
	#keep(write: Write): void {
		const held = this.#note;
		const isLater = held === null || compareStamps(write.stamp, held.stamp) > 0;
		if (isLater) this.#note = write;
		if (held === null) return;
		const loser = idOf(isLater ? held : write);
		const kept: KeptFact = { key: loser.join(" "), winner: idOf(isLater ? write : held), loser };
		this.#ctx.fact(keptFact, kept);
		if (!isLater) this.#ctx.measure(discardedMeasure, ++this.#discarded);
	}

	ask(line: string): string {
		const [word = "", ...rest] = line.trim().split(/\s+/);
		const text = rest.join(" ");
		if (word === "show" && text === "") return this.#note === null ? "nothing has been written" : `${this.#note.text} (${timeOfDay(this.#note.wallUs)})`;
		if (word !== "write" || text === "" || text.length > textMax) return `expected: show, or write and up to ${textMax} characters`;
		const write = this.#write(text);
		const isKept = this.#note === write;
		return isKept ? `written at ${timeOfDay(write.wallUs)}` : `lost: there is a note with a later time than ${timeOfDay(write.wallUs)}`;
	}

	inspect(): Inspection {
		const note = this.#note;
		return {
			stamp: this.#config.stamp,
			wall: timeOfDay(this.#ctx.wallUs()),
			lamport: this.#lamport.time,
			hybrid: `${timeOfDay(this.#hybrid.time.physicalUs)} + ${this.#hybrid.time.count}`,
			vector: this.#vector.value,
			note: note === null ? null : note.text,
			discarded: this.#discarded,
			lastHeardAgainstLastOwn: this.#lastOwn === null || this.#lastHeard === null ? null : said(this.#lastHeard, this.#lastOwn),
		};
	}
}

function idOf({ writer, sequence }: Write): WriteId {
	return [writer, sequence];
}

/** What each kind of clock says of two writes: all but the vector say more than they know. */
function said(a: Write, b: Write): Inspection {
	const order = (difference: number): string => (difference < 0 ? "before" : difference > 0 ? "after" : "same");
	const hybrid = a.hybrid.physicalUs - b.hybrid.physicalUs || a.hybrid.count - b.hybrid.count;
	return { wall: order(a.wallUs - b.wallUs), lamport: order(a.lamport - b.lamport), hybrid: order(hybrid), vector: causalOrder(a.vector, b.vector) };
}

const bodies: MessageShapes = { [noteMessage]: { body: writeShape } };

export const logicalClocksDefinition: ServiceDefinition = {
	name: serviceName,
	summary: "A shared note whose last write wins, by the wall, by Lamport's clock or by a hybrid one; vectors tell what really came first.",
	names: [
		noteMessage,
		startTimer,
		periodTimer,
		fromFutureMeasure,
		hybridAheadMeasure,
		discardedMeasure,
		writeFact,
		keptFact,
		...clockInvariants.map(({ name }) => name),
	],
	invariants: clockInvariants,
	bodies,
	configure: readClocksConfig,
	start(ctx, config: ClocksConfig): Service {
		const keeper = new NoteKeeper(ctx, config);
		return {
			boot: () => keeper.live(),
			on: { [noteMessage]: (message: Message) => keeper.receive(message) },
			ask: (line) => keeper.ask(line),
			inspect: () => keeper.inspect(),
		};
	},
};
