/**
 * The beginning of a cluster: every machine is asked who it is, the units are dealt out, and all is waited for until it
 * is stored. On the coordinator's thread of work alone; nothing else is done meanwhile.
 */
import type { NodeContext, PlainValue, Task } from "../../core/node-api.ts";
import { type Books, memberAt, openBooks } from "./books.ts";
import type { CoordinatorConfig } from "./config.ts";
import type { Member } from "./fleet.ts";
import { type DescribeReply, messages, nodeService, numbersMax, timers } from "./protocol.ts";

/** The lines are as slow as the data is large: a machine's whole list of units may take a while on them. */
const askTimeoutUs = 6 * 3_600_000_000;
const retryUs = 60_000_000;
/** Stripes placed at a time, a microsecond each. */
const stripesATurn = 500;

export function* foundCluster(ctx: NodeContext, config: CoordinatorConfig): Task<Books> {
	const peers = ctx.peers.filter(({ services }) => services.includes(nodeService));
	const calls = peers.map(({ name }) => askUntilAnswered<DescribeReply>(ctx, name, messages.describe, null));
	const members: Member[] = [];
	for (const [index, call] of calls.entries()) {
		const { rack, drives, spares } = yield* call;
		const { name, region } = peers[index] as (typeof peers)[number];
		members.push({ name, region, rack, drives, spares });
	}
	const places = members.reduce((sum, { drives, spares }) => sum + drives - spares, 0);
	const stripes = Math.floor((places * config.unitsPerDrive) / config.code.units);
	const books = openBooks(ctx, config, { members, stripes });
	yield* layOut(ctx, config, books);
	return books;
}

function* askUntilAnswered<Body>(ctx: NodeContext, to: string, name: string, body: PlainValue): Task<Body> {
	for (;;) {
		const reply = yield* ctx.call<Body>(to, name, body, { timeoutUs: askTimeoutUs });
		if (reply.ok) return reply.body;
		yield* ctx.sleep(retryUs, timers.retry);
	}
}

function* layOut(ctx: NodeContext, { code }: CoordinatorConfig, books: Books): Task {
	const { fleet, ledger, placement } = books;
	const { stripes } = ledger.map;
	const unitsOf: number[][] = Array.from({ length: fleet.count }, () => []);
	for (let stripe = 0; stripe < stripes; stripe++) {
		// In turns: no program keeps its machine busy for as long as this takes.
		if (stripe % stripesATurn === 0) yield* ctx.compute(stripesATurn);
		const drives = placement.place();
		if (drives === null) throw new Error(`there is no room for stripe ${stripe} of ${stripes}`);
		for (const [index, drive] of drives.entries()) {
			const unit = stripe * code.units + index;
			ledger.place(unit, drive, ctx.monoUs());
			(unitsOf[drive] as number[]).push(unit);
		}
	}
	const stores = fleet.members.map((_, member) => fill(ctx, books, member, unitsOf));
	// All at once: each goes on by itself, and the last to finish is waited for.
	const done = stores.map((store) => {
		const signal = ctx.signal<null>();
		ctx.spawn(thenFire(store, signal));
		return signal;
	});
	for (const signal of done) yield* signal.wait();
}

function* fill(ctx: NodeContext, books: Books, member: number, unitsOf: readonly (readonly number[])[]): Task {
	const { name, drives, spares } = memberAt(books, member);
	const places = drives - spares;
	let piece: [number, readonly number[]][] = [];
	let numbers = 0;
	for (let drive = 0; drive < places; drive++) {
		const units = unitsOf[books.fleet.driveAt(member, drive)] as readonly number[];
		piece.push([drive, units]);
		numbers += units.length + 2;
		if (numbers < numbersMax && drive < places - 1) continue;
		yield* askUntilAnswered(ctx, name, messages.store, piece);
		piece = [];
		numbers = 0;
	}
}

function* thenFire(task: Task, signal: { fire(value: null): void }): Task {
	yield* task;
	signal.fire(null);
}
