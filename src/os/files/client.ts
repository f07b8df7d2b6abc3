/**
 * How other services use the file system: `yield* files.save("jobs/7/checkpoint", bytes)`. Names are paths
 * with or without slashes; contents are bytes; machines are nobody's business but `whereis`'s.
 *
 * One client a service. A service that has one adds `filesClientNames` to its names, and its lab has nodes
 * that run `store`, `files-steward` and `files-blocks`.
 */
import type { NodeContext, Task } from "../../core/node-api.ts";
import { StoreClient, storeClientNames } from "../store/client.ts";
import type { FileList, FilesResult, OpenedFile, SavedFile, SaveOptions, Whereabouts } from "./contract.ts";

/** For the `names` of every service that has a client; the store's client's are among them. */
export const filesClientNames: readonly string[] = [...storeClientNames];

export interface FilesClientOptions {
	/** The service's own client of the store, if it has one; otherwise one is made. */
	readonly store?: StoreClient;
	/** How long a request may take altogether. */
	readonly patienceUs?: number;
}

const notBuilt = { ok: false, error: "unavailable", detail: "the file system is being built" } as const;

export class FilesClient {
	/** The largest file there can be; what `save` takes depends on the cluster's block size, and it says so. */
	readonly bytesMax = 16_777_216;
	readonly #store: StoreClient;

	constructor(ctx: NodeContext, { store, patienceUs = 20_000_000 }: FilesClientOptions = {}) {
		this.#store = store ?? new StoreClient(ctx, { patienceUs });
	}

	/** Saves a file, in the place of one of that name. Acknowledged once it stands on synced drives. */
	*save(path: string, _content: Uint8Array, _options: SaveOptions = {}): Task<FilesResult<SavedFile>> {
		yield* this.#store.get(path);
		return notBuilt;
	}

	/** The whole content, from the nearest machines that have it, exactly as it was saved. */
	*open(path: string): Task<FilesResult<OpenedFile>> {
		yield* this.#store.get(path);
		return notBuilt;
	}

	/** Files whose paths begin so, in order. */
	*list(prefix = ""): Task<FilesResult<FileList>> {
		yield* this.#store.get(prefix);
		return notBuilt;
	}

	/** The name is gone at once, the blocks a while later; who is reading meanwhile reads to the end. */
	*remove(path: string): Task<FilesResult<null>> {
		yield* this.#store.get(path);
		return notBuilt;
	}

	/** Which machine, which drive: everything that is known of where the file lies. */
	*whereis(path: string): Task<FilesResult<Whereabouts>> {
		yield* this.#store.get(path);
		return notBuilt;
	}
}
