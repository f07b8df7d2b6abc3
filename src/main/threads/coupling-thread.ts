/**
 * A worker of the measurement of coupling: does what it is told, on memory that it shares or on what it is sent.
 * Runs on a thread of its own; knows nothing of clusters.
 */
import { parentPort } from "node:worker_threads";

export type CouplingOrder =
	/** Adds to one shared word, as one step or as a reading and a writing. */
	| { readonly kind: "count"; readonly memory: SharedArrayBuffer; readonly times: number; readonly atomic: boolean }
	/** Adds up shared numbers. */
	| { readonly kind: "sumShared"; readonly memory: SharedArrayBuffer; readonly numbers: SharedArrayBuffer; readonly from: number; readonly to: number }
	/** Rows of a product of shared matrices, written where all can see them. */
	| {
			readonly kind: "rowsShared";
			readonly memory: SharedArrayBuffer;
			readonly matrices: SharedArrayBuffer;
			readonly order: number;
			readonly from: number;
			readonly to: number;
	  }
	/** What follows is answered by a message. */
	| { readonly kind: "echo"; readonly value: number }
	| { readonly kind: "sumSent"; readonly numbers: Int32Array }
	| { readonly kind: "rowsSent"; readonly rows: Float64Array; readonly by: Float64Array; readonly order: number }
	/** Takes the lock in shared memory and dies with it. */
	| { readonly kind: "dieWithLock"; readonly memory: SharedArrayBuffer }
	| { readonly kind: "die" };

/** Words of the shared memory: the number that all share, workers that are ready, the start, workers that are done, a lock, workers that are awake. */
export const words = { number: 0, ready: 16, start: 32, done: 48, lock: 64, awake: 80, length: 96 } as const;

const meetMsMax = 20;

/** Rows times a matrix; both worlds run this very loop. */
export function multiplyRows(rows: Float64Array, by: Float64Array, order: number, out: Float64Array): void {
	const count = rows.length / order;
	for (let row = 0; row < count; row++) {
		for (let column = 0; column < order; column++) {
			let cell = 0;
			for (let k = 0; k < order; k++) cell += (rows[row * order + k] as number) * (by[k * order + column] as number);
			out[row * order + column] = cell;
		}
	}
}

/** Threads are woken one after the other: whoever is awake waits a little for the others, if there are cores for all. */
function meet(shared: Int32Array): void {
	const everybody = Atomics.load(shared, words.ready);
	Atomics.add(shared, words.awake, 1);
	const untilMs = performance.now() + meetMsMax;
	while (Atomics.load(shared, words.awake) < everybody && performance.now() < untilMs);
}

/** All begin at once, and the last to end wakes whoever waits. */
function together(memory: SharedArrayBuffer, work: (shared: Int32Array) => void): void {
	const shared = new Int32Array(memory);
	Atomics.add(shared, words.ready, 1);
	Atomics.notify(shared, words.ready);
	Atomics.wait(shared, words.start, 0);
	meet(shared);
	work(shared);
	Atomics.add(shared, words.done, 1);
	Atomics.notify(shared, words.done);
}

function count(shared: Int32Array, times: number, atomic: boolean): void {
	if (atomic) for (let i = 0; i < times; i++) Atomics.add(shared, words.number, 1);
	else for (let i = 0; i < times; i++) shared[words.number] = (shared[words.number] as number) + 1;
}

function sumOf(numbers: Int32Array, from: number, to: number): number {
	let sum = 0;
	for (let i = from; i < to; i++) sum = (sum + (numbers[i] as number)) | 0;
	return sum;
}

function obey(order: CouplingOrder): void {
	switch (order.kind) {
		case "count":
			together(order.memory, (shared) => count(shared, order.times, order.atomic));
			return;
		case "sumShared":
			together(order.memory, (shared) => void Atomics.add(shared, words.number, sumOf(new Int32Array(order.numbers), order.from, order.to)));
			return;
		case "rowsShared":
			together(order.memory, () => {
				const cells = order.order * order.order;
				const [a, b, c] = [0, 1, 2].map((index) => new Float64Array(order.matrices, index * cells * 8, cells)) as [Float64Array, Float64Array, Float64Array];
				const [from, to] = [order.from * order.order, order.to * order.order];
				multiplyRows(a.subarray(from, to), b, order.order, c.subarray(from, to));
			});
			return;
		case "echo":
			parentPort?.postMessage(order.value);
			return;
		case "sumSent":
			parentPort?.postMessage(sumOf(order.numbers, 0, order.numbers.length));
			return;
		case "rowsSent": {
			const out = new Float64Array(order.rows.length);
			multiplyRows(order.rows, order.by, order.order, out);
			parentPort?.postMessage(out, [out.buffer]);
			return;
		}
		case "dieWithLock":
			Atomics.store(new Int32Array(order.memory), words.lock, 1);
			throw new Error("died with the lock in its hand");
		case "die":
			throw new Error("died");
	}
}

parentPort?.on("message", obey);
