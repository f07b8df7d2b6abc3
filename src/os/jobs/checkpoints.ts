/** Where jobs keep their checkpoints: the distributed file system, or in a lab without one the shared database. */
import type { NodeContext, PlainValue, Task } from "../../core/node-api.ts";
import { decode, encode } from "../../shared/codec.ts";
import { blocksServiceName } from "../files/blocks/block-server.ts";
import { FilesClient, filesClientNames } from "../files/client.ts";
import type { StoreClient } from "../store/client.ts";

/** For the `names` of whoever has checkpoints. */
export const checkpointNames: readonly string[] = filesClientNames;

export interface Checkpoints {
	/** @returns whether it is kept, whatever dies now */
	save(path: string, state: PlainValue): Task<boolean>;
	/** @returns undefined when it cannot be had at the moment */
	load(path: string): Task<PlainValue | undefined>;
	remove(path: string): Task;
}

class FileCheckpoints implements Checkpoints {
	readonly #files: FilesClient;

	constructor(ctx: NodeContext, store: StoreClient) {
		this.#files = new FilesClient(ctx, { store });
	}

	*save(path: string, state: PlainValue): Task<boolean> {
		return (yield* this.#files.save(path, encode(state))).ok;
	}

	*load(path: string): Task<PlainValue | undefined> {
		const opened = yield* this.#files.open(path);
		return opened.ok ? decode(opened.value.content) : undefined;
	}

	*remove(path: string): Task {
		yield* this.#files.remove(path);
	}
}

class StoreCheckpoints implements Checkpoints {
	readonly #store: StoreClient;

	constructor(store: StoreClient) {
		this.#store = store;
	}

	*save(path: string, state: PlainValue): Task<boolean> {
		return (yield* this.#store.put(path, state)).ok;
	}

	*load(path: string): Task<PlainValue | undefined> {
		const found = yield* this.#store.get(path);
		return found.ok && found.value !== null ? found.value.value : undefined;
	}

	*remove(path: string): Task {
		yield* this.#store.delete(path);
	}
}

export function checkpointsOf(ctx: NodeContext, store: StoreClient): Checkpoints {
	return ctx.nodes.some(({ services }) => services.includes(blocksServiceName)) ? new FileCheckpoints(ctx, store) : new StoreCheckpoints(store);
}
