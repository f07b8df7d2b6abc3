/**
 * How other services use the file system: `yield* files.save("jobs/7/checkpoint", bytes)`. Names are paths
 * with or without slashes; contents are bytes; machines are nobody's business but `whereis`'s.
 *
 * One client a service. A service that has one adds `filesClientNames` to its names, and its lab has nodes
 * that run `store`, `files-steward` and `files-blocks`. The client speaks to the store and to block servers
 * itself; there is no server of names whose death it would notice.
 */
import type { NodeContext, Task } from "../../core/node-api.ts";
import { contentSum } from "../content.ts";
import { StoreClient, storeClientNames } from "../store/client.ts";
import { rangeLimitMax } from "../store/contract.ts";
import { type Cluster, ClusterView } from "./client/cluster-view.ts";
import { FileReader, readBlocks } from "./client/open-file.ts";
import { noAnswer, refuse } from "./client/refusal.ts";
import { FileSaver, leaseTimer } from "./client/save-file.ts";
import { pauseTimer } from "./client/write-part.ts";
import type { FileInfo, FileList, FilesResult, OpenedFile, PlacedBlock, SavedFile, SaveOptions, Whereabouts } from "./contract.ts";
import { facts, type OpenedFact, state } from "./facts.ts";
import { folderOf, whyNotPath } from "./names.ts";
import { doubtMessage, haveMessage, readMessage, writeMessage } from "./protocol.ts";
import { type BlockRecord, type FileRecord, keys, layoutOf, type MachineState, type UsageRecord } from "./records.ts";

const spans = { save: "files.save", open: "files.open", list: "files.list", remove: "files.remove", whereis: "files.whereis" } as const;

/** For the `names` of every service that has a client; the store's client's are among them. */
export const filesClientNames: readonly string[] = [
	...storeClientNames,
	...Object.values(spans),
	...[writeMessage, haveMessage, readMessage, doubtMessage, leaseTimer, pauseTimer],
	...[facts.changing, facts.changed, facts.opening, facts.opened],
];

export interface FilesClientOptions {
	/** The service's own client of the store, if it has one; otherwise one is made. */
	readonly store?: StoreClient;
	/** How long a request may take, about: an answer of the store that is under way is waited for. */
	readonly patienceUs?: number;
}

const listMax = 200;
/** A file that is replaced again and again while it is being read: so often, then the reader gives up. */
const replacedMax = 5;
const removalsMax = 30;
const callLabels = 2_147_483_647;

export class FilesClient {
	/** The largest file there can be; what `save` takes depends on the cluster's block size, and it says so. */
	readonly bytesMax = 16_777_216;
	readonly #ctx: NodeContext;
	readonly #store: StoreClient;
	readonly #view: ClusterView;
	readonly #patienceUs: number;
	/** Tells this client's calls from those of another on the same node, in its account only. */
	readonly #label: string;
	#calls = 0;
	/** Given by the store at the first save; no two clients ever have the same. */
	#number = 0;
	#files = 0;

	constructor(ctx: NodeContext, { store, patienceUs = 20_000_000 }: FilesClientOptions = {}) {
		this.#ctx = ctx;
		this.#store = store ?? new StoreClient(ctx, { patienceUs });
		this.#view = new ClusterView(ctx, this.#store);
		this.#patienceUs = patienceUs;
		this.#label = `${ctx.incarnation}.${ctx.random.below(callLabels)}`;
	}

	/** Saves a file, in the place of one of that name. Acknowledged once it stands on synced drives. */
	save(path: string, content: Uint8Array, options: SaveOptions = {}): Task<FilesResult<SavedFile>> {
		return this.#traced(spans.save, path, () => this.#save(path, content, options));
	}

	/** The whole content, from the nearest machines that have it, exactly as it was saved. */
	open(path: string): Task<FilesResult<OpenedFile>> {
		return this.#traced(spans.open, path, () => this.#open(path));
	}

	/** Files whose paths begin so, in order, up to 200. */
	list(prefix = ""): Task<FilesResult<FileList>> {
		return this.#traced(spans.list, null, () => this.#list(prefix));
	}

	/** The name is gone at once, the blocks a while later; who is reading meanwhile reads to the end. */
	remove(path: string): Task<FilesResult<null>> {
		return this.#traced(spans.remove, path, () => this.#remove(path));
	}

	/** Which machine, which drive: everything that is known of where the file lies. */
	whereis(path: string): Task<FilesResult<Whereabouts>> {
		return this.#traced(spans.whereis, path, () => this.#whereis(path));
	}

	/** @param path null when the request has none to be refused for */
	*#traced<Value>(spanName: string, path: string | null, act: () => Task<FilesResult<Value>>): Task<FilesResult<Value>> {
		const whyNot = path === null ? null : whyNotPath(path);
		if (whyNot !== null) return refuse("badName", whyNot);
		const span = this.#ctx.startSpan(spanName);
		const result = yield* act();
		span.finish(result.ok ? "ok" : "error", result.ok ? { path: path ?? "" } : { path: path ?? "", error: result.error });
		return result;
	}

	#newCall(): string {
		return `${this.#label}.${++this.#calls}`;
	}

	#deadlineUs(): number {
		return this.#ctx.monoUs() + this.#patienceUs;
	}

	/** Waits for a steward to have said how the cluster is to be used. */
	*#cluster(deadlineUs: number): Task<Cluster | null> {
		for (;;) {
			const view = yield* this.#view.get();
			if (!view.ok) return null;
			if (view.value !== null) {
				yield* this.#view.measure(view.value);
				return view.value;
			}
			if (this.#ctx.monoUs() >= deadlineUs) return null;
			yield* this.#ctx.sleep(100_000 + this.#ctx.random.below(100_000), pauseTimer);
		}
	}

	// --- save

	*#save(path: string, content: Uint8Array, { replication, code = false }: SaveOptions): Task<FilesResult<SavedFile>> {
		if (replication !== undefined && !(Number.isInteger(replication) && replication >= 1 && replication <= 9 && !code)) {
			return refuse("tooLarge", "a file has 1 to 9 copies, or is coded");
		}
		const deadlineUs = this.#deadlineUs();
		const cluster = yield* this.#cluster(deadlineUs);
		const id = cluster === null ? null : yield* this.#newId();
		if (cluster === null || id === null) return refuse("unavailable", `${noAnswer}; nothing was changed`);
		const copies = code ? 0 : (replication ?? cluster.settings.copies);
		const call = this.#newCall();
		state(this.#ctx, facts.changing, { call, path, id, checksum: contentSum(content) });
		const saver = new FileSaver(this.#ctx, this.#store, this.#view, cluster.settings, { path, content, copies, id, deadlineUs });
		const { result, told } = yield* saver.save();
		state(this.#ctx, facts.changed, { call, ...told });
		return result;
	}

	*#newId(): Task<string | null> {
		if (this.#number === 0) {
			const put = yield* this.#store.put(keys.client, this.#ctx.self.name);
			if (!put.ok) return null;
			this.#number = put.value;
		}
		return `${this.#number}-${++this.#files}`;
	}

	// --- open

	*#open(path: string): Task<FilesResult<OpenedFile>> {
		const call = this.#newCall();
		state(this.#ctx, facts.opening, { call, path });
		const result = yield* this.#openUntold(path);
		const told: OpenedFact = {
			call,
			outcome: result.ok ? "content" : result.error === "notFound" || result.error === "lost" ? result.error : "unavailable",
			id: result.ok ? result.value.id : null,
			checksum: result.ok ? contentSum(result.value.content) : 0,
			lost: result.ok ? [] : (result.blocks ?? []).map(({ block }) => block),
		};
		state(this.#ctx, facts.opened, told);
		return result;
	}

	*#openUntold(path: string): Task<FilesResult<OpenedFile>> {
		const deadlineUs = this.#deadlineUs();
		const cluster = yield* this.#cluster(deadlineUs);
		if (cluster === null) return refuse("unavailable", noAnswer);
		const reader = new FileReader(this.#ctx, this.#store, this.#view, cluster.settings, deadlineUs);
		for (let replaced = 0; replaced <= replacedMax; replaced++) {
			const found = yield* this.#find(path);
			if (!found.ok) return replaced > 0 && found.error === "notFound" ? refuse("notFound", `${path} was deleted while it was being read`) : found;
			const content = yield* reader.read(found.value);
			if (!content.ok) return content;
			if (content.value !== null) return { ok: true, value: { ...infoOf(path, found.value), content: content.value } };
		}
		return refuse("unavailable", `${path} is replaced faster than it can be read`);
	}

	*#find(path: string): Task<FilesResult<FileRecord>> {
		const found = yield* this.#store.get(keys.names + path);
		if (!found.ok) return refuse("unavailable", noAnswer);
		return found.value === null ? refuse("notFound", `there is no file called ${path}`) : { ok: true, value: found.value.value as FileRecord };
	}

	// --- names

	*#list(prefix: string): Task<FilesResult<FileList>> {
		if (typeof prefix !== "string" || prefix.length > 255) return refuse("badName", "a name has at most 255 characters");
		const from = keys.names + prefix;
		const found = yield* this.#store.range(from, `${from}\uffff`, Math.min(listMax + 1, rangeLimitMax));
		if (!found.ok) return refuse("unavailable", noAnswer);
		const files = found.value.slice(0, listMax).map(({ key, value }) => infoOf(key.slice(keys.names.length), value as FileRecord));
		return { ok: true, value: { files, more: found.value.length > listMax } };
	}

	*#remove(path: string): Task<FilesResult<null>> {
		const call = this.#newCall();
		state(this.#ctx, facts.changing, { call, path, id: null, checksum: 0 });
		const result = yield* this.#removeUntold(path);
		const outcome = result.ok ? "done" : result.error === "unavailable" ? "unknown" : "not";
		state(this.#ctx, facts.changed, { call, outcome, blocks: [], spare: 0 });
		return result;
	}

	*#removeUntold(path: string): Task<FilesResult<null>> {
		const usageKey = keys.usages + folderOf(path);
		for (let removals = 0; removals < removalsMax; removals++) {
			const read = yield* this.#store.read([
				{ do: "get", key: keys.names + path },
				{ do: "get", key: usageKey },
			]);
			if (!read.ok) return refuse("unavailable", noAnswer);
			const [[name] = [], [usage] = []] = read.value;
			if (name === undefined) return refuse("notFound", `there is no file called ${path}`);
			const file = name.value as FileRecord;
			const used = (usage?.value as UsageRecord | undefined)?.bytes ?? file.bytes;
			const result = yield* this.#store.transact({
				when: [
					{ key: name.key, is: "version", version: name.version },
					usage === undefined ? { key: usageKey, is: "absent" } : { key: usageKey, is: "version", version: usage.version },
				],
				run: [
					{ do: "delete", key: name.key },
					{ do: "put", key: usageKey, value: { bytes: used - file.bytes } },
					{ do: "put", key: keys.trash + file.id, value: { path, blocks: file.blocks } },
				],
				otherwise: [],
			});
			if (!result.ok) return refuse("unavailable", `${noAnswer}; whether ${path} was deleted is not known`);
			if (result.value.held) return { ok: true, value: null };
		}
		return refuse("unavailable", `too many others change this folder at the same moment; ${path} was not deleted`);
	}

	// --- whereabouts

	*#whereis(path: string): Task<FilesResult<Whereabouts>> {
		const found = yield* this.#find(path);
		if (!found.ok) return found.error === "notFound" ? yield* this.#whyNowhere(path) : found;
		const view = yield* this.#view.get(true);
		const blocks = yield* readBlocks(this.#store, found.value);
		if (!view.ok || !blocks.ok) return refuse("unavailable", noAnswer);
		const machines = new Map((view.value?.machines ?? []).map((machine) => [machine.name, machine]));
		const placed = blocks.blocks.map(({ block, record }): PlacedBlock => {
			const places = record.shards.flatMap(({ at }, shard) =>
				at.map(([machine, drive]) => {
					const { region = "", rack = "", state: machineState = "silent" as MachineState } = machines.get(machine) ?? {};
					return { machine, drive, region, rack, shard, state: machineState };
				}),
			);
			return { block, bytes: record.bytes, needed: record.needed, wanted: wantedOf(record), places, gone: record.gone };
		});
		return { ok: true, value: { ...infoOf(path, found.value), blocks: placed } };
	}

	/** A file lies nowhere while it is being saved for the first time. */
	*#whyNowhere(path: string): Task<FilesResult<never>> {
		const open = yield* this.#store.get(keys.opens + path);
		if (!open.ok) return refuse("unavailable", noAnswer);
		return refuse(
			"notFound",
			open.value === null ? `there is no file called ${path}` : `${path} is being saved just now: it is nowhere before all of it is safe`,
		);
	}
}

function wantedOf({ wanted, shards }: BlockRecord): number {
	return wanted * shards.length;
}

function infoOf(path: string, file: FileRecord): FileInfo {
	const { id, bytes, savedUs, checksum } = file;
	return { name: path, id, bytes, savedUs, checksum, layout: layoutOf(file) };
}
