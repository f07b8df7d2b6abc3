/**
 * The same work on real threads that share memory and on threads that only send messages, measured on the machine
 * at hand; the race that is lost without atomics; and what the death of one leaves to the others. Nothing of this is
 * part of any run: it depends on the machine, the load and the hour.
 *
 * Thread: one that may block, for it waits.
 */
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { CouplingReport } from "../../shared/contract/coupling.ts";
import { type CouplingOrder, multiplyRows, words } from "./coupling-thread.ts";

export interface CouplingOptions {
	/** The program of a worker. */
	readonly entry: URL;
	readonly threads: number;
	/** Increments of each thread. */
	readonly times: number;
	readonly roundTrips: number;
	readonly items: number;
	readonly order: number;
	readonly lockMs: number;
	/** Told as it goes on. */
	readonly onProgress?: (done: number, total: number) => void;
}

/** Says how far it is, piece by piece. */
type Tick = () => void;

const spinMs = 60_000;
const rounds = 10;
/** Rounds of the counter in both ways, the round that warms each up, and the four that follow. */
const pieces = 2 * (rounds + 1) + 4;

function waitUntil(shared: Int32Array, word: number, target: number): void {
	for (let value = Atomics.load(shared, word); value < target; value = Atomics.load(shared, word)) {
		if (Atomics.wait(shared, word, value, spinMs) === "timed-out") throw new Error("a worker does not answer");
	}
}

class Crew {
	readonly workers: readonly Worker[];

	constructor(entry: URL, threads: number) {
		this.workers = Array.from({ length: threads }, () => new Worker(entry));
	}

	/** All at once on shared memory. @returns milliseconds, and the shared number */
	together(orderOf: (index: number, memory: SharedArrayBuffer) => CouplingOrder): { readonly ms: number; readonly number: number } {
		const memory = new SharedArrayBuffer(words.length * 4);
		const shared = new Int32Array(memory);
		for (const [index, worker] of this.workers.entries()) worker.postMessage(orderOf(index, memory));
		waitUntil(shared, words.ready, this.workers.length);
		const startedMs = performance.now();
		Atomics.store(shared, words.start, 1);
		Atomics.notify(shared, words.start);
		waitUntil(shared, words.done, this.workers.length);
		return { ms: performance.now() - startedMs, number: Atomics.load(shared, words.number) };
	}

	/** An order each, and all the answers. @returns milliseconds */
	async send<Answer>(orderOf: (index: number) => CouplingOrder): Promise<{ readonly ms: number; readonly answers: readonly Answer[] }> {
		const startedMs = performance.now();
		const answers = await Promise.all(this.workers.map((worker, index) => ask<Answer>(worker, orderOf(index))));
		return { ms: performance.now() - startedMs, answers };
	}

	async close(): Promise<void> {
		await Promise.all(this.workers.map((worker) => worker.terminate()));
	}
}

async function ask<Answer>(worker: Worker, order: CouplingOrder): Promise<Answer> {
	const answer = once(worker, "message");
	worker.postMessage(order);
	return ((await answer) as [Answer])[0];
}

async function measureCounter(crew: Crew, { times, roundTrips }: CouplingOptions, tick: Tick): Promise<CouplingReport["counter"]> {
	const all = times * crew.workers.length * rounds;
	// In rounds: on a busy machine the threads of one may have run one after the other, and lost nothing by chance.
	const count = (atomic: boolean, length: number) => {
		const each = Array.from({ length }, () => {
			tick();
			return crew.together((_, memory) => ({ kind: "count", memory, times, atomic }));
		});
		return { ms: each.reduce((sum, { ms }) => sum + ms, 0), number: each.reduce((sum, { number }) => sum + number, 0) };
	};
	count(true, 1);
	count(false, 1);
	const atomic = count(true, rounds);
	const plain = count(false, rounds);
	tick();
	const [first] = crew.workers as readonly [Worker, ...Worker[]];
	for (let i = 0; i < 200; i++) await ask(first, { kind: "echo", value: i });
	const startedMs = performance.now();
	for (let i = 0; i < roundTrips; i++) await ask(first, { kind: "echo", value: i });
	const tripsMs = performance.now() - startedMs;
	const each = (ms: number, count: number): number => (ms * 1e6) / count;
	return {
		times: all,
		atomic: { counted: atomic.number, nanosecondsEach: each(atomic.ms, all) },
		plain: { counted: plain.number, lostRatio: 1 - plain.number / all, nanosecondsEach: each(plain.ms, all) },
		roundTrip: { times: roundTrips, nanosecondsEach: each(tripsMs, roundTrips) },
	};
}

const cut = (count: number, parts: number, index: number): number => Math.floor((count * index) / parts);

async function measureSum(crew: Crew, { items }: CouplingOptions): Promise<CouplingReport["sum"]> {
	const threads = crew.workers.length;
	const numbers = new SharedArrayBuffer(items * 4);
	const all = new Int32Array(numbers);
	for (let i = 0; i < items; i++) all[i] = (i * 31 + 7) % 1_009;
	const expected = all.reduce((sum, number) => (sum + number) | 0, 0);
	const range = (index: number) => ({ from: cut(items, threads, index), to: cut(items, threads, index + 1) });
	const inShared = () => crew.together((index, memory) => ({ kind: "sumShared", memory, numbers, ...range(index) }));
	const inMessages = () => crew.send<number>((index) => ({ kind: "sumSent", numbers: all.slice(range(index).from, range(index).to) }));
	inShared();
	await inMessages();
	const shared = inShared();
	const sent = await inMessages();
	const isRight = shared.number === expected && sent.answers.reduce((sum, share) => (sum + share) | 0, 0) === expected;
	return { items, isRight, sharedMs: shared.ms, sentMs: sent.ms };
}

async function measureMatrix(crew: Crew, { order }: CouplingOptions): Promise<CouplingReport["matrix"]> {
	const threads = crew.workers.length;
	const cells = order * order;
	const matrices = new SharedArrayBuffer(3 * cells * 8);
	const [a, b, c] = [0, 1, 2].map((index) => new Float64Array(matrices, index * cells * 8, cells)) as [Float64Array, Float64Array, Float64Array];
	for (let i = 0; i < cells; i++) [a[i], b[i]] = [(i * 17) % 23, (i * 5) % 19];
	const expected = new Float64Array(cells);
	multiplyRows(a, b, order, expected);
	const range = (index: number) => ({ from: cut(order, threads, index), to: cut(order, threads, index + 1) });
	const inShared = () => crew.together((index, memory) => ({ kind: "rowsShared", memory, matrices, order, ...range(index) }));
	const inMessages = () =>
		crew.send<Float64Array>((index) => ({ kind: "rowsSent", rows: a.slice(range(index).from * order, range(index).to * order), by: b.slice(), order }));
	inShared();
	await inMessages();
	const shared = inShared();
	const sent = await inMessages();
	const joined = sent.answers.flatMap((rows) => [...rows]);
	const isRight = expected.every((cell, index) => cell === c[index] && cell === joined[index]);
	return { order, isRight, sharedMs: shared.ms, sentMs: sent.ms };
}

/** One dies with a lock that all share; another dies who shared nothing. What can the rest still do? */
async function measureDeath({ entry, lockMs }: CouplingOptions): Promise<CouplingReport["death"]> {
	const memory = new SharedArrayBuffer(words.length * 4);
	const [holder, loner, survivor] = [new Worker(entry), new Worker(entry), new Worker(entry)];
	const deaths = [once(holder, "error"), once(loner, "error")];
	holder.postMessage({ kind: "dieWithLock", memory } satisfies CouplingOrder);
	loner.postMessage({ kind: "die" } satisfies CouplingOrder);
	await Promise.all(deaths);
	const startedMs = performance.now();
	const isLockFree = Atomics.wait(new Int32Array(memory), words.lock, 1, lockMs) !== "timed-out";
	const waitedMs = performance.now() - startedMs;
	const isAnswered = (await ask<number>(survivor, { kind: "echo", value: 7 })) === 7;
	await survivor.terminate();
	return { shared: { waitedMs, isLockFree }, messages: { isAnswered } };
}

export async function measureCoupling(options: CouplingOptions): Promise<CouplingReport> {
	const crew = new Crew(options.entry, options.threads);
	let done = 0;
	const tick = (): void => options.onProgress?.(done++, pieces);
	try {
		const counter = await measureCounter(crew, options, tick);
		tick();
		const sum = await measureSum(crew, options);
		tick();
		const matrix = await measureMatrix(crew, options);
		tick();
		return { threads: options.threads, cores: availableParallelism(), counter, sum, matrix, death: await measureDeath(options) };
	} finally {
		await crew.close();
	}
}
