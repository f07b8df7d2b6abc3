/** Reads what others sent as hostile: only what has the shape of a request comes further. Pure. */
import type { DoubtRequest, HaveRequest, LastPacket, ReadRequest, WriteRequest } from "./protocol.ts";
import { parsePart } from "./records.ts";

type Fields = { readonly [field: string]: unknown };

const partBytesMax = 524_288;
const packetsMax = 65_536;
const machinesMax = 9;
const hopUsMax = 60_000_000;

function isFields(value: unknown): value is Fields {
	return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

function isCount(value: unknown, max: number): value is number {
	return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= max;
}

function isPart(value: unknown): value is string {
	return typeof value === "string" && parsePart(value) !== null;
}

function isLast(value: unknown): value is LastPacket {
	return isFields(value) && isCount(value.packets, packetsMax) && isCount(value.bytes, partBytesMax) && isCount(value.sum, 0xffffffff);
}

/** @param known every node of the cluster */
export function asWrite(body: unknown, known: ReadonlySet<string>): WriteRequest | null {
	if (!isFields(body) || !isPart(body.part) || !isCount(body.packet, packetsMax) || !(body.bytes instanceof Uint8Array)) return null;
	const { bytes, sums, last, rest } = body;
	if (!isCount(body.chunkBytes, partBytesMax) || body.chunkBytes === 0 || !isCount(body.hopUs, hopUsMax)) return null;
	if (!Array.isArray(sums) || sums.length !== Math.ceil(bytes.length / body.chunkBytes) || !sums.every((sum) => isCount(sum, 0xffffffff))) return null;
	if (last !== null && (!isLast(last) || last.packets !== body.packet + 1)) return null;
	if (!Array.isArray(rest) || rest.length > machinesMax || !rest.every((machine) => known.has(machine as string))) return null;
	return body as unknown as WriteRequest;
}

export function asPart(body: unknown): HaveRequest | ReadRequest | null {
	return isFields(body) && isPart(body.part) ? { part: body.part } : null;
}

export function asDoubt(body: unknown): DoubtRequest | null {
	return isFields(body) && isPart(body.part) && isCount(body.copy, Number.MAX_SAFE_INTEGER) ? { part: body.part, copy: body.copy } : null;
}
