/**
 * The ways of carrying frames of 64 bytes from one thread to another that the ring is measured
 * against: both ends of each. Every word is written by the producer and read by the consumer.
 */
import { RingBuffer } from "ringbuf.js";
import { type RingPlace, RingReader, RingWriter, ringFootprintBytes } from "../../src/core/ring.ts";

const frameWords = 16;
const ringBytes = 65_536;
/** Frames between two publications: about what a busy node says in one window. */
const batchFrames = 64;
const spins = 2_000;
const patienceMs = 10_000;

export type Way = "ring" | "ringbuf" | "ringbufBatched";

export function makeMemory(way: Way): SharedArrayBuffer {
	return way === "ring" ? new SharedArrayBuffer(ringFootprintBytes(ringBytes)) : RingBuffer.getStorageForCapacity(ringBytes / 4, Int32Array);
}

export function produce(way: Way, memory: SharedArrayBuffer, frames: number): void {
	if (way === "ring") produceRing({ memory, offsetBytes: 0, dataBytes: ringBytes }, frames);
	else produceRingbuf(memory, frames, way === "ringbuf" ? 1 : batchFrames);
}

/** @returns the sum of all words, 32 bits */
export function consume(way: Way, memory: SharedArrayBuffer, frames: number): number {
	if (way === "ring") return consumeRing({ memory, offsetBytes: 0, dataBytes: ringBytes }, frames);
	return consumeRingbuf(memory, frames, way === "ringbuf" ? 1 : batchFrames);
}

/** What `consume` must find. */
export function expectedSum(frames: number): number {
	let sum = 0;
	for (let frame = 0; frame < frames; frame++) for (let word = 0; word < frameWords; word++) sum = (sum + frame + word) | 0;
	return sum;
}

function produceRing(place: RingPlace, frames: number): void {
	const writer = new RingWriter(place);
	const words = writer.words;
	for (let frame = 0; frame < frames; frame++) {
		let start = writer.reserve(frameWords);
		while (start < 0) {
			writer.waitForRoom(spins, patienceMs);
			start = writer.reserve(frameWords);
		}
		for (let word = 0; word < frameWords; word++) words[start + word] = frame + word;
		writer.commit(frameWords);
		if (frame % batchFrames === batchFrames - 1) writer.publish();
	}
	writer.publish();
}

function consumeRing(place: RingPlace, frames: number): number {
	const reader = new RingReader(place);
	const words = reader.words;
	let sum = 0;
	for (let frame = 0; frame < frames; frame++) {
		let start = reader.next();
		while (start < 0) {
			reader.waitForFrame(spins, patienceMs);
			start = reader.next();
		}
		for (let word = 0; word < reader.length; word++) sum = (sum + (words[start + word] as number)) | 0;
		reader.release();
	}
	reader.publish();
	return sum;
}

function produceRingbuf(memory: SharedArrayBuffer, frames: number, framesAtOnce: number): void {
	const ring = new RingBuffer(memory, Int32Array);
	const batch = new Int32Array(frameWords * framesAtOnce);
	for (let frame = 0; frame < frames; frame += framesAtOnce) {
		for (let index = 0; index < framesAtOnce; index++) for (let word = 0; word < frameWords; word++) batch[index * frameWords + word] = frame + index + word;
		let sent = 0;
		while (sent < batch.length) sent += ring.push(batch, batch.length - sent, sent);
	}
}

function consumeRingbuf(memory: SharedArrayBuffer, frames: number, framesAtOnce: number): number {
	const ring = new RingBuffer(memory, Int32Array);
	const batch = new Int32Array(frameWords * framesAtOnce);
	let sum = 0;
	for (let frame = 0; frame < frames; frame += framesAtOnce) {
		let got = 0;
		while (got < batch.length) got += ring.pop(batch, batch.length - got, got);
		for (let index = 0; index < batch.length; index++) sum = (sum + (batch[index] as number)) | 0;
	}
	return sum;
}

/** An object that says what a frame of 64 bytes says. */
export function makeObject(frame: number) {
	return {
		kind: frame,
		length: frame + 1,
		atLow: frame + 2,
		atHigh: frame + 3,
		node: frame + 4,
		lamport: frame + 5,
		sequence: frame + 6,
		to: frame + 7,
		name: frame + 8,
		expects: frame + 9,
		inReplyTo: frame + 10,
		traceNode: frame + 11,
		traceSequence: frame + 12,
		spanNode: frame + 13,
		spanSequence: frame + 14,
		bodyBytes: frame + 15,
	};
}

export function sumObject(object: ReturnType<typeof makeObject>): number {
	let sum = object.kind + object.length + object.atLow + object.atHigh + object.node + object.lamport + object.sequence + object.to;
	sum += object.name + object.expects + object.inReplyTo + object.traceNode + object.traceSequence + object.spanNode + object.spanSequence + object.bodyBytes;
	return sum;
}
