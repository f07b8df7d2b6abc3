/**
 * Writes the blocks of a file that is being saved, a few side by side, each as copies or as shards, to machines that
 * the file system chooses; and says of each where it stands, or why it does not.
 *
 * Must not know: names, the right to write, whether the file will ever be one.
 */
import type { NodeContext, Task } from "../../../core/node-api.ts";
import { dataShards } from "../erasure/reed-solomon.ts";
import type { Taken } from "../placement.ts";
import { type BlockRecord, blockName, partName, type Settings, type ShardRecord } from "../records.ts";
import { type CutBlock, cutBlocks } from "./blocks.ts";
import type { ClusterView } from "./cluster-view.ts";
import { noAnswer, type Refusal, refuse } from "./refusal.ts";
import { PartWriter, pauseTimer, pauseUs } from "./write-part.ts";

/** Blocks that are written side by side. */
const blocksAtOnce = 4;

export interface ContentToWrite {
	readonly path: string;
	readonly content: Uint8Array;
	/** 0: coded. */
	readonly copies: number;
	readonly id: string;
	readonly deadlineUs: number;
}

export class BlockWriter {
	readonly #ctx: NodeContext;
	readonly #view: ClusterView;
	readonly #settings: Settings;
	readonly #request: ContentToWrite;

	constructor(ctx: NodeContext, view: ClusterView, settings: Settings, request: ContentToWrite) {
		this.#ctx = ctx;
		this.#view = view;
		this.#settings = settings;
		this.#request = request;
	}

	/** @returns a record a block, or why not */
	*write(): Task<readonly BlockRecord[] | Refusal> {
		const blocks = cutBlocks(this.#request.content, this.#settings, this.#request.copies);
		const records: BlockRecord[] = [];
		for (let first = 0; first < blocks.length; first += blocksAtOnce) {
			const batch = blocks.slice(first, first + blocksAtOnce);
			const outcomes: (BlockRecord | Refusal)[] = [];
			const writing = batch.map((block, index) =>
				this.#into(outcomes, index, this.#request.copies === 0 ? this.#writeCoded(block) : this.#writeCopied(block, this.#request.copies)),
			);
			yield* this.#together(writing);
			for (const outcome of outcomes) {
				if ("ok" in outcome) return outcome;
				records.push(outcome);
			}
		}
		return records;
	}

	*#into<Value>(list: Value[], index: number, task: Task<Value>): Task {
		list[index] = yield* task;
	}

	*#together(tasks: readonly Task[]): Task {
		const done = this.#ctx.signal<null>();
		let open = tasks.length;
		if (open === 0) return;
		for (const task of tasks) {
			this.#ctx.spawn(
				(function* (): Task {
					yield* task;
					if (--open === 0) done.fire(null);
				})(),
			);
		}
		yield* done.wait();
	}

	#recordOf(block: CutBlock, wanted: number, needed: number, shards: readonly ShardRecord[]): BlockRecord {
		return { path: this.#request.path, bytes: block.bytes, needed, wanted, chunkBytes: this.#settings.chunkBytes, shards, gone: [] };
	}

	*#writeCopied(block: CutBlock, copies: number): Task<BlockRecord | Refusal> {
		const [shard] = block.shards;
		if (shard === undefined) return refuse("unavailable", noAnswer);
		const least = Math.min(copies, 1 + this.#settings.spare);
		const written = yield* this.#writePart(block, 0, { wanted: copies, least, taken: new Map() });
		if (written.places.length < least) return this.#whyNotWritten(written.error, block, least, written.places.length);
		return this.#recordOf(block, copies, 1, [{ bytes: shard.bytes.length, sum: shard.sum, at: written.places }]);
	}

	*#writeCoded(block: CutBlock): Task<BlockRecord | Refusal> {
		const least = Math.min(block.shards.length, dataShards + this.#settings.spare);
		const taken = new Map<string, Taken>();
		const written: { places: ShardRecord["at"]; error: "full" | "unavailable" | null }[] = block.shards.map(() => ({ places: [], error: null }));
		const standing = (): number => written.filter(({ places }) => places.length > 0).length;
		for (let round = 0; ; round++) {
			// Machines that could take the rest may be back in a moment.
			if (round > 0) yield* this.#ctx.sleep(pauseUs + this.#ctx.random.below(pauseUs), pauseTimer);
			const missing = block.shards.flatMap((_, index) => (written[index]?.places.length === 0 ? [index] : []));
			yield* this.#together(missing.map((index) => this.#into(written, index, this.#writePart(block, index, { wanted: 1, least: 0, taken }))));
			const isHopeless = written.some(({ error }) => error === "full") || this.#ctx.monoUs() >= this.#request.deadlineUs;
			if (standing() >= least || isHopeless) break;
		}
		if (standing() < least) return this.#whyNotWritten(written.some(({ error }) => error === "full") ? "full" : "unavailable", block, least, standing());
		const shards = block.shards.map(({ bytes, sum }, index) => ({ bytes: bytes.length, sum, at: written[index]?.places ?? [] }));
		return this.#recordOf(block, 1, dataShards, shards);
	}

	*#writePart(
		block: CutBlock,
		index: number,
		how: { readonly wanted: number; readonly least: number; readonly taken: Map<string, Taken> },
	): Task<{ places: ShardRecord["at"]; error: "full" | "unavailable" | null }> {
		const shard = block.shards[index] as CutBlock["shards"][number];
		const part = partName(blockName(this.#request.id, block.index), index);
		const writer = new PartWriter(this.#ctx, this.#view, this.#settings, { part, ...shard, ...how, deadlineUs: this.#request.deadlineUs });
		const written = yield* writer.write();
		return { places: written.places, error: written.ok ? null : written.error };
	}

	#whyNotWritten(error: "full" | "unavailable" | null, block: CutBlock, least: number, standing: number): Refusal {
		if (error === "full") return refuse("full", `no drives have room for block ${block.index + 1} of ${this.#request.path}; nothing was changed`);
		const took = `block ${block.index + 1} was on ${standing} ${standing === 1 ? "machine" : "machines"} in time, and ${least} are the least for a yes`;
		return refuse("unavailable", `${took}; nothing was changed`);
	}
}
