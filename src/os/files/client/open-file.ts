/**
 * Opening: the blocks of a file, each from the nearest machine that gives it right. What fails is tried
 * elsewhere, then the record is read again, because copies move; what cannot be had is either out of reach for
 * now or lost for good, and the answer says which.
 */
import type { NodeContext, Task } from "../../../core/node-api.ts";
import type { StoreClient } from "../../store/client.ts";
import { pullShards } from "../blocks/make.ts";
import type { FilesResult, LostBlock } from "../contract.ts";
import type { NumberedShard } from "../erasure/reed-solomon.ts";
import { afterPrefix, type BlockRecord, blockPrefix, blocksMax, type FileRecord, keys, type Settings } from "../records.ts";
import { joinShards } from "./blocks.ts";
import type { ClusterView } from "./cluster-view.ts";
import { noAnswer, refuse } from "./refusal.ts";
import { pauseTimer } from "./write-part.ts";

const blocksAtOnce = 4;
const pauseUs = 100_000;

interface NamedBlock {
	readonly block: string;
	readonly record: BlockRecord;
}

export type BlocksRead = { readonly ok: true; readonly blocks: readonly NamedBlock[] } | { readonly ok: false; readonly isGone: boolean };

/** The records of a file's blocks, in order. Not all of them there: the file is gone. */
export function* readBlocks(store: StoreClient, file: FileRecord): Task<BlocksRead> {
	const prefix = blockPrefix(file.id);
	const read = yield* store.range(prefix, afterPrefix(prefix), blocksMax);
	if (!read.ok) return { ok: false, isGone: false };
	if (read.value.length !== file.blocks) return { ok: false, isGone: true };
	return { ok: true, blocks: read.value.map(({ key, value }) => ({ block: key.slice(keys.blocks.length), record: value as unknown as BlockRecord })) };
}

/** Different shards that are listed anywhere. */
function listedShards({ shards }: BlockRecord): number {
	return shards.filter(({ at }) => at.length > 0).length;
}

/** Blocks of which too little is left to ever read them again. */
function lostBlocks(blocks: readonly NamedBlock[]): readonly LostBlock[] {
	let from = 0;
	return blocks.flatMap(({ block, record }) => {
		const at = from;
		from += record.bytes;
		if (listedShards(record) >= record.needed) return [];
		const why = `${listedShards(record)} of ${record.needed} needed are left; ${record.gone.join("; ") || "no copy was ever found again"}`;
		return [{ block, from: at, to: from, why }];
	});
}

export class FileReader {
	readonly #ctx: NodeContext;
	readonly #store: StoreClient;
	readonly #view: ClusterView;
	readonly #settings: Settings;
	readonly #deadlineUs: number;

	constructor(ctx: NodeContext, store: StoreClient, view: ClusterView, settings: Settings, deadlineUs: number) {
		this.#ctx = ctx;
		this.#store = store;
		this.#view = view;
		this.#settings = settings;
		this.#deadlineUs = deadlineUs;
	}

	/** @returns null inside when the file was deleted or replaced meanwhile */
	*read(file: FileRecord): Task<FilesResult<Uint8Array | null>> {
		const content = new Uint8Array(file.bytes);
		const done = new Set<string>();
		let silentCount = 0;
		for (;;) {
			const read = yield* readBlocks(this.#store, file);
			if (!read.ok) return read.isGone ? { ok: true, value: null } : refuse("unavailable", noAnswer);
			const lost = lostBlocks(read.blocks);
			if (lost.length > 0) return { ...refuse("lost", `${lost.length} of ${read.blocks.length} blocks are lost`), blocks: lost };
			silentCount = yield* this.#readMissing(read.blocks, content, done);
			if (done.size === read.blocks.length) return { ok: true, value: content };
			if (this.#ctx.monoUs() >= this.#deadlineUs) break;
			yield* this.#ctx.sleep(pauseUs + this.#ctx.random.below(pauseUs), pauseTimer);
		}
		return refuse("unavailable", `what is missing lies on ${silentCount > 0 ? silentCount : "some"} machines that do not answer just now; it is not lost`);
	}

	/** @returns how many machines were asked in vain */
	*#readMissing(blocks: readonly NamedBlock[], content: Uint8Array, done: Set<string>): Task<number> {
		const silent = new Set<string>();
		let start = 0;
		const placed = blocks.map((named) => {
			const from = start;
			start += named.record.bytes;
			return { ...named, from };
		});
		const waiting = placed.filter(({ block }) => !done.has(block));
		while (waiting.length > 0) {
			const batch = waiting.splice(0, blocksAtOnce);
			const finished = this.#ctx.signal<null>();
			let open = batch.length;
			for (const { block, record, from } of batch) {
				const reading = this.#readBlock(block, record, silent);
				this.#ctx.spawn(
					(function* (): Task {
						const shards = yield* reading;
						if (shards !== null) {
							content.set(joinShards(shards, record.bytes, record.needed).subarray(0, record.bytes), from);
							done.add(block);
						}
						if (--open === 0) finished.fire(null);
					})(),
				);
			}
			yield* finished.wait();
		}
		return silent.size;
	}

	*#readBlock(block: string, record: BlockRecord, silent: Set<string>): Task<readonly NumberedShard[] | null> {
		const view = yield* this.#view.get();
		const machines = view.ok && view.value !== null ? view.value.machines : [];
		const regionOf = new Map(machines.map(({ name, region }) => [name, region]));
		const distance = (name: string): number => {
			const isSilent = machines.some((machine) => machine.name === name && machine.state === "silent");
			return this.#view.nearness({ name, region: regionOf.get(name) ?? "" }) + (isSilent ? 1_000_000_000 : 0);
		};
		const sources = record.shards
			.map(({ bytes, sum, at }, shard) => {
				const near = at.map(([machine]) => machine).sort((a, b) => distance(a) - distance(b));
				return { shard, bytes, sum, machines: near };
			})
			.filter((source) => source.machines.length > 0)
			.sort((a, b) => distance(a.machines[0] as string) - distance(b.machines[0] as string) || a.shard - b.shard);
		return yield* pullShards(this.#ctx, sources, record.needed, {
			block,
			waitUs: 2 * this.#settings.hopUs,
			checksums: this.#settings.checksums,
			onAnswer: (machine, tookUs, isAnswer) => {
				this.#view.heard(machine, tookUs, isAnswer);
				if (!isAnswer) silent.add(machine);
			},
		});
	}
}
