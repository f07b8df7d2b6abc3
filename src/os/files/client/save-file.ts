/**
 * Saving: the path is taken (an open record, for one writer at a time), blocks are written, and one transaction
 * makes them the file. Whatever goes wrong before it, the file of that name stays what it was; a writer that
 * dies leaves an open record that the steward ends, and blocks that belong to nobody.
 */
import type { NodeContext, Signal, Task } from "../../../core/node-api.ts";
import { contentSum } from "../../content.ts";
import { sizeText } from "../../sizes.ts";
import type { StoreClient } from "../../store/client.ts";
import type { Operation, Versioned } from "../../store/contract.ts";
import type { FilesResult, SavedFile } from "../contract.ts";
import type { ChangedFact } from "../facts.ts";
import { folderOf } from "../names.ts";
import {
	type BlockRecord,
	blockName,
	type FileRecord,
	keys,
	layoutOf,
	type OpenRecord,
	partName,
	plain,
	type QuotaRecord,
	type Settings,
	type UsageRecord,
} from "../records.ts";
import { fileBytesMax } from "./blocks.ts";
import type { ClusterView } from "./cluster-view.ts";
import { noAnswer, type Refusal, refuse } from "./refusal.ts";
import { BlockWriter, type ContentToWrite } from "./write-blocks.ts";

export const leaseTimer = "files.writeLease";
/** Somebody else used the folder at the same moment: again, so often. */
const commitsMax = 30;

export type SaveOutcome = { readonly result: FilesResult<SavedFile>; readonly told: Pick<ChangedFact, "outcome" | "blocks" | "spare"> };

function notDone(refusal: Refusal): SaveOutcome {
	return { result: refusal, told: { outcome: refusal.error === "unavailable" ? "unknown" : "not", blocks: [], spare: 0 } };
}

interface Current {
	readonly open: Versioned | undefined;
	readonly name: Versioned | undefined;
	readonly usage: Versioned | undefined;
	readonly quota: Versioned | undefined;
}

export class FileSaver {
	readonly #ctx: NodeContext;
	readonly #store: StoreClient;
	readonly #view: ClusterView;
	readonly #settings: Settings;
	readonly #request: ContentToWrite;
	readonly #checksum: number;
	#openVersion = 0;
	#beats = 0;
	/** A renewal under way. */
	#renewing: Signal<null> | null = null;

	constructor(ctx: NodeContext, store: StoreClient, view: ClusterView, settings: Settings, request: ContentToWrite) {
		this.#ctx = ctx;
		this.#store = store;
		this.#view = view;
		this.#settings = settings;
		this.#request = request;
		this.#checksum = contentSum(request.content);
	}

	*save(): Task<SaveOutcome> {
		const { content, copies } = this.#request;
		const bytesMax = fileBytesMax(this.#settings, copies);
		if (content.length > bytesMax) {
			const sizes = `the file would have ${sizeText(content.length)}; ${sizeText(bytesMax)} is the most for one file here`;
			return notDone(refuse("tooLarge", `${sizes}; nothing was changed`));
		}
		const opened = yield* this.#open();
		if (opened !== null) return notDone(opened);
		const renewals = this.#ctx.every(Math.ceil(this.#settings.writeLeaseUs / 3), leaseTimer, () => this.#renew());
		const blocks = yield* new BlockWriter(this.#ctx, this.#view, this.#settings, this.#request).write();
		// A renewal must not change the version under the last transaction.
		renewals.cancel();
		if (this.#renewing !== null) yield* this.#renewing.wait();
		if (!Array.isArray(blocks)) {
			yield* this.#abandon();
			// Certain: without the last transaction there is no file.
			return { result: blocks as Refusal, told: { outcome: "not", blocks: [], spare: 0 } };
		}
		return yield* this.#commit(blocks as readonly BlockRecord[]);
	}

	// --- the right to write

	#openRecord(): OpenRecord {
		return { id: this.#request.id, writer: this.#ctx.self.name, beats: this.#beats };
	}

	get #openKey(): string {
		return keys.opens + this.#request.path;
	}

	#reads(): readonly Operation[] {
		const { path } = this.#request;
		const folder = folderOf(path);
		return [this.#openKey, keys.names + path, keys.usages + folder, keys.quotas + folder].map((key) => ({ do: "get", key }));
	}

	#current(results: readonly (readonly Versioned[])[]): Current {
		const [open, name, usage, quota] = results.map(([found]) => found);
		return { open, name, usage, quota };
	}

	*#open(): Task<Refusal | null> {
		const { path } = this.#request;
		const result = yield* this.#store.transact({
			when: [{ key: this.#openKey, is: "absent" }],
			run: [{ do: "put", key: this.#openKey, value: plain(this.#openRecord()) }, ...this.#reads().slice(1)],
			otherwise: this.#reads(),
		});
		if (!result.ok) return refuse("unavailable", noAnswer);
		const current = this.#current(result.value.results);
		if (!result.value.held)
			return refuse(
				"busy",
				`${path} is being written by ${(current.open?.value as OpenRecord | undefined)?.writer ?? "somebody else"} just now; nothing was changed`,
			);
		this.#openVersion = result.value.version;
		const refusal = this.#whyOverQuota(current);
		if (refusal !== null) yield* this.#abandon();
		return refusal;
	}

	#growth({ name }: Current): number {
		return this.#request.content.length - ((name?.value as FileRecord | undefined)?.bytes ?? 0);
	}

	#whyOverQuota(current: Current): Refusal | null {
		const quota = current.quota?.value as QuotaRecord | undefined;
		const used = (current.usage?.value as UsageRecord | undefined)?.bytes ?? 0;
		if (quota === undefined || used + this.#growth(current) <= quota.bytes) return null;
		const folder = folderOf(this.#request.path);
		return refuse(
			"quota",
			`${folder === "" ? "files outside folders" : `the folder ${folder}`} may have ${sizeText(quota.bytes)} and has ${sizeText(used)}; nothing was changed`,
		);
	}

	/** Shows now and then that the writer lives. */
	*#renew(): Task {
		if (this.#renewing !== null) return;
		const renewing = this.#ctx.signal<null>();
		this.#renewing = renewing;
		this.#beats++;
		const result = yield* this.#store.transact({
			when: [{ key: this.#openKey, is: "version", version: this.#openVersion }],
			run: [{ do: "put", key: this.#openKey, value: plain(this.#openRecord()) }],
			otherwise: [],
		});
		if (result.ok && result.value.held) this.#openVersion = result.value.version;
		this.#renewing = null;
		renewing.fire(null);
	}

	*#abandon(): Task {
		yield* this.#store.transact({
			when: [{ key: this.#openKey, is: "version", version: this.#openVersion }],
			run: [{ do: "delete", key: this.#openKey }],
			otherwise: [],
		});
	}

	// --- the file

	*#commit(blocks: readonly BlockRecord[]): Task<SaveOutcome> {
		const { path } = this.#request;
		let current = yield* this.#readCurrent();
		for (let commits = 0; commits < commitsMax && current !== null; commits++) {
			const refusal = this.#whyNotCommit(current);
			if (refusal !== null) return yield* this.#giveUp(refusal);
			const file = this.#fileRecord(blocks);
			const result = yield* this.#store.transact({ when: this.#conditions(current), run: this.#changes(current, file, blocks), otherwise: this.#reads() });
			if (!result.ok) {
				if (result.error !== "unavailable") return yield* this.#giveUp(refuse("full", "there is no room for another name; nothing was changed"));
				break;
			}
			if (result.value.held) return this.#saved(file, blocks);
			current = this.#current(result.value.results);
		}
		if (current === null) return yield* this.#giveUp(refuse("unavailable", `${noAnswer}; nothing was changed`));
		return notDone(refuse("unavailable", `${noAnswer}; whether ${path} was saved is not known`));
	}

	*#giveUp(refusal: Refusal): Task<SaveOutcome> {
		yield* this.#abandon();
		return { result: refusal, told: { outcome: "not", blocks: [], spare: 0 } };
	}

	*#readCurrent(): Task<Current | null> {
		const { path } = this.#request;
		const folder = folderOf(path);
		const read = yield* this.#store.read([this.#openKey, keys.names + path, keys.usages + folder, keys.quotas + folder].map((key) => ({ do: "get", key })));
		return read.ok ? this.#current(read.value) : null;
	}

	#whyNotCommit(current: Current): Refusal | null {
		if (current.open?.version === this.#openVersion) return this.#whyOverQuota(current);
		return refuse("busy", `the right to write ${this.#request.path} was lost: nobody heard of this writer for too long; nothing was changed`);
	}

	#fileRecord(blocks: readonly BlockRecord[]): FileRecord {
		const { id, content, copies } = this.#request;
		return { id, bytes: content.length, savedUs: this.#ctx.wallUs(), checksum: this.#checksum, copies, blocks: blocks.length };
	}

	#conditions({ name, usage }: Current): Parameters<StoreClient["transact"]>[0]["when"] {
		const { path } = this.#request;
		const unchanged = (key: string, found: Versioned | undefined) =>
			found === undefined ? ({ key, is: "absent" } as const) : ({ key, is: "version", version: found.version } as const);
		return [
			{ key: this.#openKey, is: "version", version: this.#openVersion },
			unchanged(keys.names + path, name),
			unchanged(keys.usages + folderOf(path), usage),
		];
	}

	#changes(current: Current, file: FileRecord, blocks: readonly BlockRecord[]): readonly Operation[] {
		const { path } = this.#request;
		const used = (current.usage?.value as UsageRecord | undefined)?.bytes ?? 0;
		const before = current.name?.value as FileRecord | undefined;
		return [
			{ do: "put", key: keys.names + path, value: plain(file) },
			...blocks.map((block, index): Operation => ({ do: "put", key: keys.blocks + blockName(file.id, index), value: plain(block) })),
			{ do: "put", key: keys.usages + folderOf(path), value: { bytes: used + this.#growth(current) } },
			...(before === undefined ? [] : [{ do: "put", key: keys.trash + before.id, value: { path, blocks: before.blocks } } as const]),
			{ do: "delete", key: this.#openKey },
		];
	}

	#saved(file: FileRecord, blocks: readonly BlockRecord[]): SaveOutcome {
		const copiesOf = ({ shards }: BlockRecord): number => shards.reduce((sum, { at }) => sum + at.length, 0);
		const wantedOf = ({ wanted, shards }: BlockRecord): number => wanted * shards.length;
		const told = blocks.map((block, index) => {
			const name = blockName(file.id, index);
			const copies = block.shards.flatMap(({ at }, shard) => at.map(([machine, , copy]) => [machine, partName(name, shard), copy] as const));
			return { block: name, needed: block.needed, wanted: wantedOf(block), copies };
		});
		const info = { name: this.#request.path, id: file.id, bytes: file.bytes, savedUs: file.savedUs, checksum: file.checksum, layout: layoutOf(file) };
		const layoutWanted = this.#request.copies === 0 ? 9 : this.#request.copies;
		const saved: SavedFile = { ...info, standing: Math.min(layoutWanted, ...blocks.map(copiesOf)), wanted: layoutWanted };
		return { result: { ok: true, value: saved }, told: { outcome: "done", blocks: told, spare: this.#settings.spare } };
	}
}
