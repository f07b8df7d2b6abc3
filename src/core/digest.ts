/**
 * The fingerprint of a run. Every event is folded into a cheap 64-bit hash of all its words; every
 * block of 1,024 hashes into one link of a SHA-256 chain. Two runs with the same chain value had, as
 * far as anybody can find, the same events; and two that differ are told apart block by block.
 *
 * The hash of an event is there to notice differences, not to withstand an adversary; the chain binds
 * them in order and number.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { assert } from "../shared/errors.ts";
import { blockEvents } from "./log-sink.ts";

const rotate = (x: number, by: number): number => (x << by) | (x >>> (32 - by));

/** Bytes of one event's hash within a block. */
const hashBytes = 8;

/** ASCII only: the header is made of numbers, ids and hex. */
function asciiBytes(text: string): Uint8Array {
	const bytes = new Uint8Array(text.length);
	for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i) & 0x7f;
	return bytes;
}

export function toHex(bytes: Uint8Array): string {
	let hex = "";
	for (const byte of bytes) hex += (byte < 16 ? "0" : "") + byte.toString(16);
	return hex;
}

/** Chain value of a block: SHA-256 over the chain value before it and the hashes of its events. */
export function digestOfBlock(previous: Uint8Array, hashes: Uint8Array): Uint8Array {
	const input = new Uint8Array(previous.length + hashes.length);
	input.set(previous);
	input.set(hashes, previous.length);
	return sha256(input);
}

export class DigestChain {
	#chain: Uint8Array;
	readonly #hashes = new Uint8Array(blockEvents * hashBytes);
	readonly #hashWords = new Int32Array(this.#hashes.buffer);
	#inBlock = 0;
	#events = 0;

	/** @param header what the run is of: versions, lab, seed. Two runs with different headers never agree. */
	constructor(header: string) {
		this.#chain = sha256(asciiBytes(header));
	}

	get eventCount(): number {
		return this.#events;
	}

	/** Events in the block not yet closed. */
	get openCount(): number {
		return this.#inBlock;
	}

	/** Folds one record in. @returns true when it filled the block; the caller then calls `closeBlock` */
	add(words: Int32Array, start: number, length: number): boolean {
		let a = 0x2f0b4c47 ^ length;
		let b = 0x6a09e667;
		const end = start + length;
		for (let i = start; i < end; i++) {
			const word = words[i] as number;
			a = Math.imul(rotate(a ^ Math.imul(word, 0xcc9e2d51), 13), 5) + 0xe6546b64;
			b = Math.imul(rotate(b, 15) ^ word, 0x1b873593);
		}
		a ^= b >>> 16;
		a = Math.imul(a, 0x85ebca6b);
		a ^= a >>> 13;
		b = Math.imul(b ^ a, 0xc2b2ae35);
		b ^= b >>> 16;
		const at = this.#inBlock * 2;
		this.#hashWords[at] = a;
		this.#hashWords[at + 1] = b;
		this.#inBlock++;
		this.#events++;
		return this.#inBlock === blockEvents;
	}

	/** Ends a full block and moves the chain on. @returns the new chain value */
	closeBlock(): Uint8Array {
		assert(this.#inBlock === blockEvents, "only a full block is closed");
		this.#chain = this.value();
		this.#inBlock = 0;
		return this.#chain;
	}

	/** Chain value over everything so far, the open block included. */
	value(): Uint8Array {
		if (this.#inBlock === 0) return this.#chain;
		return digestOfBlock(this.#chain, this.#hashes.subarray(0, this.#inBlock * hashBytes));
	}
}
