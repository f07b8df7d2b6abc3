/**
 * The least that a million visitors cost: a heap of events, the codec and the hash, in one loop with no
 * kernel, no network and no programs. What the kernel takes more than this is its price.
 */
import { DigestChain } from "../../src/core/digest.ts";
import { decode, encode } from "../../src/shared/codec.ts";

const messagesEach = 4;
const eventsEach = 12;
const recordWords = 14;

/** @returns milliseconds */
function bareLoopMs(visitors: number): number {
	const startedMs = performance.now();
	const chain = new DigestChain("bare");
	const heap: number[] = [];
	const words = new Int32Array(recordWords);
	const push = (value: number): void => {
		let at = heap.length;
		heap.push(value);
		while (at > 0) {
			const parent = (at - 1) >>> 1;
			if ((heap[parent] as number) <= value) break;
			heap[at] = heap[parent] as number;
			at = parent;
		}
		heap[at] = value;
	};
	const pop = (): number => {
		const top = heap[0] as number;
		const last = heap.pop() as number;
		if (heap.length > 0) {
			let at = 0;
			for (;;) {
				let child = at * 2 + 1;
				if (child >= heap.length) break;
				if (child + 1 < heap.length && (heap[child + 1] as number) < (heap[child] as number)) child++;
				if ((heap[child] as number) >= last) break;
				heap[at] = heap[child] as number;
				at = child;
			}
			heap[at] = last;
		}
		return top;
	};
	for (let i = 0; i < 1_000; i++) push(i);
	for (let visitor = 0; visitor < visitors; visitor++) {
		for (let message = 0; message < messagesEach; message++) decode(encode({ visitor, path: "/", workUs: message * 1_000 }));
		for (let event = 0; event < eventsEach; event++) {
			words[event % recordWords] = pop();
			push((words[event % recordWords] as number) + 1_000);
			if (chain.add(words, 0, recordWords)) chain.closeBlock();
		}
	}
	return performance.now() - startedMs;
}

bareLoopMs(50_000);
process.stdout.write(`${bareLoopMs(1_000_000)}\n`);
