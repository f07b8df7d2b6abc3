/**
 * Gets a part from other machines: as it is from one that has a copy, or, of a coded block, from six other
 * shards by arithmetic. What comes is believed only if its sum is the one the block's record says.
 */
import type { NodeContext, Task } from "../../../core/node-api.ts";
import { crc32c } from "../checksum.ts";
import { dataShards, type NumberedShard, restoreShard } from "../erasure/reed-solomon.ts";
import { doubtMessage, type MakeRequest, type ReadReply, readMessage } from "../protocol.ts";
import { parsePart, partName } from "../records.ts";

type Source = MakeRequest["sources"][number];

export interface PullOptions {
	readonly block: string;
	readonly waitUs: number;
	/** False: whatever comes is taken. */
	readonly checksums: boolean;
	/** How an answer, or none, came about: so many microseconds. */
	onAnswer?(machine: string, tookUs: number, isAnswer: boolean): void;
}

/** One shard, from the first machine that gives it right. */
function* pullShard(ctx: NodeContext, { shard, sum, bytes, machines }: Source, options: PullOptions): Task<Uint8Array | null> {
	const part = partName(options.block, shard);
	for (const machine of machines) {
		const startedUs = ctx.monoUs();
		const reply = yield* ctx.call<ReadReply>(machine, readMessage, { part }, { timeoutUs: options.waitUs });
		options.onAnswer?.(machine, ctx.monoUs() - startedUs, reply.ok);
		if (!reply.ok || reply.body.kind !== "bytes" || !(reply.body.bytes instanceof Uint8Array)) continue;
		const given = reply.body;
		if (!options.checksums || (given.bytes.length === bytes && crc32c(given.bytes) === sum)) return given.bytes;
		ctx.send(machine, doubtMessage, { part, copy: given.copy });
	}
	return null;
}

/** Six different shards, begun side by side; where one fails, another is tried. @returns null when there are not enough */
export function* pullShards(ctx: NodeContext, sources: readonly Source[], needed: number, options: PullOptions): Task<readonly NumberedShard[] | null> {
	const found: NumberedShard[] = [];
	const waiting = [...sources];
	while (found.length < needed) {
		const missing = needed - found.length;
		if (waiting.length < missing) return null;
		const done = ctx.signal<null>();
		let open = missing;
		for (const source of waiting.splice(0, missing)) {
			ctx.spawn(
				(function* (): Task {
					const bytes = yield* pullShard(ctx, source, options);
					if (bytes !== null) found.push({ index: source.shard, bytes });
					if (--open === 0) done.fire(null);
				})(),
			);
		}
		yield* done.wait();
	}
	return found.slice(0, needed);
}

/** @returns the part that an order asks for, or null */
export function* makePart(ctx: NodeContext, request: MakeRequest): Task<Uint8Array | null> {
	const address = parsePart(request.part);
	if (address === null) return null;
	const options: PullOptions = { block: address.block, waitUs: request.waitUs, checksums: true };
	const own = request.sources.find(({ shard }) => shard === address.shard);
	if (own !== undefined) {
		const bytes = yield* pullShard(ctx, own, options);
		if (bytes !== null || request.needed === 1) return bytes;
	}
	if (request.needed !== dataShards) return null;
	const others = request.sources.filter(({ shard }) => shard !== address.shard);
	const shards = yield* pullShards(ctx, others, request.needed, options);
	const made = shards === null ? null : restoreShard(shards, address.shard);
	return made !== null && crc32c(made) === request.sum ? made : null;
}
