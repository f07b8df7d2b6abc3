/**
 * One-way throughput between two threads, frames of 64 bytes: the ring against `postMessage` of a
 * comparable object and against the ringbuf.js package. Run alone: `node scripts/bench/ring.ts`.
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { type BenchResult, median, printResult, rounded } from "./result.ts";
import type { PeerTask } from "./ring-peer.ts";
import { expectedSum, makeMemory, makeObject, produce, type Way } from "./ring-ways.ts";

const repetitions = 5;
/** Each way gets enough frames for about a third of a second. */
const framesOf = { ring: 6_400_000, ringbuf: 1_600_000, ringbufBatched: 3_200_000, postMessage: 100_000 } as const;
type AnyWay = keyof typeof framesOf;
const ways: readonly AnyWay[] = ["ring", "postMessage", "ringbuf", "ringbufBatched"];

/** @returns frames a second */
async function measure(peer: Worker, way: AnyWay, frames: number): Promise<number> {
	const memory = way === "postMessage" ? null : makeMemory(way);
	const startedMs = performance.now();
	peer.postMessage({ way, memory, frames } satisfies PeerTask);
	if (memory === null) for (let frame = 0; frame < frames; frame++) peer.postMessage(makeObject(frame));
	else produce(way as Way, memory, frames);
	const [sum] = (await once(peer, "message")) as [number];
	const tookMs = performance.now() - startedMs;
	if (sum !== expectedSum(frames)) throw new Error(`${way} lost or changed words`);
	return (frames / tookMs) * 1_000;
}

export async function benchRing(): Promise<BenchResult> {
	const peer = new Worker(new URL("./ring-peer.ts", import.meta.url));
	await once(peer, "online");
	for (const way of ways) await measure(peer, way, framesOf[way]);
	const rates: { readonly [W in AnyWay]: number[] } = { ring: [], ringbuf: [], ringbufBatched: [], postMessage: [] };
	for (let repetition = 0; repetition < repetitions; repetition++) for (const way of ways) rates[way].push(await measure(peer, way, framesOf[way]));
	await peer.terminate();
	const against = (way: AnyWay): number => rounded(median(rates.ring.map((rate, index) => rate / (rates[way][index] as number))));
	const ratios = { ringOverPostMessage: against("postMessage"), ringOverRingbuf: against("ringbuf"), ringOverRingbufBatched: against("ringbufBatched") };
	const millions = ways.map((way) => `${way} ${rounded(median(rates[way]) / 1e6)}`).join(", ");
	return {
		name: "ring",
		ratios,
		aim: "15x postMessage, 1x ringbuf.js",
		holds: ratios.ringOverPostMessage >= 15 && ratios.ringOverRingbuf >= 1,
		note: `million frames of 64 bytes a second: ${millions}; medians of ${repetitions} interleaved repetitions; the ring publishes every 64 frames; ringbufBatched hands ringbuf.js 64 frames a call, which it does not keep apart`,
	};
}

if (import.meta.main) printResult(await benchRing());
