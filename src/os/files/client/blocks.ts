/** A content cut into blocks and shards, and put together again. Pure. */
import { crc32c } from "../checksum.ts";
import { dataShards, encodeShards, type NumberedShard, restoreContent } from "../erasure/reed-solomon.ts";
import { blocksMax, type Settings } from "../records.ts";

export interface CutBlock {
	readonly index: number;
	readonly bytes: number;
	/** One of a copied block, nine of a coded one. */
	readonly shards: readonly { readonly bytes: Uint8Array; readonly sum: number }[];
}

/** The largest file: of a coded one, six data shards make a block of six times the size. */
export function fileBytesMax({ blockBytes }: Settings, copies: number): number {
	return blocksMax * blockBytes * (copies === 0 ? dataShards : 1);
}

/** An empty file has no blocks. */
export function cutBlocks(content: Uint8Array, { blockBytes }: Settings, copies: number): readonly CutBlock[] {
	const groupBytes = blockBytes * (copies === 0 ? dataShards : 1);
	return Array.from({ length: Math.ceil(content.length / groupBytes) }, (_, index) => {
		const own = content.slice(index * groupBytes, (index + 1) * groupBytes);
		const shards = copies === 0 ? encodeShards(own) : [own];
		return { index, bytes: own.length, shards: shards.map((bytes) => ({ bytes, sum: crc32c(bytes) })) };
	});
}

export function joinShards(shards: readonly NumberedShard[], bytes: number, needed: number): Uint8Array {
	return needed === 1 ? (shards[0]?.bytes ?? new Uint8Array(bytes)) : restoreContent(shards, bytes);
}
