/**
 * Reed-Solomon (6,3): six shards of data, three of parity, and any six of the nine give the data back. The code
 * is systematic (the first six are the data as it is), its parity rows a Cauchy matrix, of which every square
 * part can be inverted. Pure.
 *
 * @source Blomer et al., An XOR-Based Erasure-Resilient Coding Scheme (1995), for the Cauchy matrix
 */
import { assert } from "../../../shared/errors.ts";
import { addMultiple, inverse, multiply } from "./gf256.ts";

export const dataShards = 6;
const parityShards = 3;
export const allShards = dataShards + parityShards;

type Matrix = readonly (readonly number[])[];

/** How each shard is made of the data: the unit matrix, and below it one row for each parity shard. */
const rows: Matrix = Array.from({ length: allShards }, (_, row) =>
	Array.from({ length: dataShards }, (_unused, column) => {
		if (row < dataShards) return row === column ? 1 : 0;
		return inverse(row ^ column);
	}),
);

/** Gauss and Jordan's way, in the field. */
function invert(matrix: Matrix): Matrix {
	const size = matrix.length;
	const work = matrix.map((row, index) => [...row, ...Array.from({ length: size }, (_, column) => (column === index ? 1 : 0))]);
	for (let column = 0; column < size; column++) {
		const pivot = work.findIndex((row, index) => index >= column && row[column] !== 0);
		assert(pivot >= 0, "any six rows of the code's matrix are independent");
		const [from, to] = [work[pivot] as number[], work[column] as number[]];
		work[pivot] = to;
		const scale = inverse(from[column] as number);
		work[column] = from.map((value) => multiply(value, scale));
		for (let row = 0; row < size; row++) {
			const factor = work[row]?.[column] as number;
			if (row !== column && factor !== 0) work[row] = (work[row] as number[]).map((value, at) => value ^ multiply(factor, work[column]?.[at] as number));
		}
	}
	return work.map((row) => row.slice(size));
}

function combine(row: readonly number[], shards: readonly Uint8Array[], bytes: number): Uint8Array {
	const sum = new Uint8Array(bytes);
	for (const [index, shard] of shards.entries()) addMultiple(sum, shard, row[index] as number);
	return sum;
}

/** Bytes of each shard of a content. */
export function shardBytesOf(bytes: number): number {
	return Math.ceil(bytes / dataShards);
}

/** @returns nine shards of equal length; the last of data is filled up with zeros */
export function encodeShards(content: Uint8Array): Uint8Array[] {
	const bytes = shardBytesOf(content.length);
	const data = Array.from({ length: dataShards }, (_, index) => {
		const shard = new Uint8Array(bytes);
		shard.set(content.subarray(index * bytes, (index + 1) * bytes));
		return shard;
	});
	return [...data, ...rows.slice(dataShards).map((row) => combine(row, data, bytes))];
}

export interface NumberedShard {
	/** 0 to 8. */
	readonly index: number;
	readonly bytes: Uint8Array;
}

/** The six shards of data, from any six different shards. */
function restoreData(shards: readonly NumberedShard[]): Uint8Array[] {
	assert(shards.length === dataShards, "six shards are needed");
	const bytes = shards[0]?.bytes.length ?? 0;
	const inverted = invert(shards.map(({ index }) => rows[index] as readonly number[]));
	const given = shards.map((shard) => shard.bytes);
	return inverted.map((row, index) => shards.find((shard) => shard.index === index)?.bytes ?? combine(row, given, bytes));
}

/** The content of `bytes` length, from any six different shards. */
export function restoreContent(shards: readonly NumberedShard[], bytes: number): Uint8Array {
	const content = new Uint8Array(bytes);
	const shardBytes = shardBytesOf(bytes);
	for (const [index, data] of restoreData(shards).entries()) {
		const from = Math.min(bytes, index * shardBytes);
		content.set(data.subarray(0, Math.min(shardBytes, bytes - from)), from);
	}
	return content;
}

/** One shard anew, from any six different others. */
export function restoreShard(shards: readonly NumberedShard[], index: number): Uint8Array {
	return combine(rows[index] as readonly number[], restoreData(shards), shards[0]?.bytes.length ?? 0);
}
