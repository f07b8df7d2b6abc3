/**
 * Where jobs keep their checkpoints: the distributed file system, or in a lab without one the shared database. And
 * which of them nobody will ever go on from: a machine may die after it has left one and before the job's record
 * says so, or before it has removed the one before. Those are told by name, so that anybody may remove them.
 */
import type { NodeContext, PlainValue, Task } from "../../core/node-api.ts";
import { decode, encode } from "../../shared/codec.ts";
import { blocksServiceName } from "../files/blocks/block-server.ts";
import { FilesClient, filesClientNames } from "../files/client.ts";
import type { StoreClient } from "../store/client.ts";
import { isOver, type JobRecord } from "./records.ts";

/** For the `names` of whoever has checkpoints. */
export const checkpointNames: readonly string[] = filesClientNames;

/** Longer than this a job does not stand still for a checkpoint: it is taken to do without it. */
const patienceUs = 3_000_000;
export const checkpointFolder = "jobs/";
const listMax = 200;

/** `gone`: there is none of that name, or it is lost for good. `later`: it cannot be had at the moment. */
export type Loaded = { readonly kind: "state"; readonly state: PlainValue } | { readonly kind: "gone" | "later" };

export interface Checkpoints {
	/** @returns whether it is kept, whatever dies now */
	save(path: string, state: PlainValue): Task<boolean>;
	load(path: string): Task<Loaded>;
	remove(path: string): Task;
	/** Paths that begin so, not necessarily all of them; none when nobody answers. */
	list(prefix: string): Task<readonly string[]>;
}

export function checkpointPath(id: string, done: number, worker: string): string {
	return `${folderOf(id)}${done}-${worker}`;
}

function folderOf(id: string): string {
	return `${checkpointFolder}${id}/`;
}

/** @returns null for what is no checkpoint's path */
function parseCheckpoint(path: string): { readonly id: string; readonly done: number } | null {
	const match = /^jobs\/(\d{1,6})\/(\d{1,6})-./.exec(path);
	return match === null ? null : { id: match[1] as string, done: Number(match[2]) };
}

/**
 * Whether nobody can go on from it any more. Once that is so it remains so: a job that is at an end stays there, and
 * the place where a job goes on from only moves forward.
 * @param job as it stood after the path was seen; null: there is no such job any more
 */
export function isStale(path: string, job: JobRecord | null): boolean {
	const checkpoint = parseCheckpoint(path);
	if (checkpoint === null) return false;
	if (job === null || isOver(job)) return true;
	return job.saved !== null && job.saved.path !== path && checkpoint.done <= job.saved.done;
}

/**
 * Removes what nobody can go on from. The paths are read before the jobs, so that a job that is not there has been.
 * @param id of one job; all jobs' when left out
 */
export function* sweepCheckpoints(checkpoints: Checkpoints, read: (id: string) => Task<JobRecord | null | undefined>, id?: string): Task {
	const paths = yield* checkpoints.list(id === undefined ? checkpointFolder : folderOf(id));
	const known = new Map<string, JobRecord | null | undefined>();
	for (const path of paths) {
		const owner = parseCheckpoint(path)?.id;
		if (owner === undefined) continue;
		if (!known.has(owner)) known.set(owner, yield* read(owner));
		const job = known.get(owner);
		if (job !== undefined && isStale(path, job)) yield* checkpoints.remove(path);
	}
}

class FileCheckpoints implements Checkpoints {
	readonly #files: FilesClient;

	constructor(ctx: NodeContext, store: StoreClient) {
		this.#files = new FilesClient(ctx, { store, patienceUs });
	}

	*save(path: string, state: PlainValue): Task<boolean> {
		return (yield* this.#files.save(path, encode(state))).ok;
	}

	*load(path: string): Task<Loaded> {
		const opened = yield* this.#files.open(path);
		if (opened.ok) return { kind: "state", state: decode(opened.value.content) };
		return { kind: opened.error === "notFound" || opened.error === "lost" ? "gone" : "later" };
	}

	*remove(path: string): Task {
		yield* this.#files.remove(path);
	}

	*list(prefix: string): Task<readonly string[]> {
		const found = yield* this.#files.list(prefix);
		return found.ok ? found.value.files.map(({ name }) => name) : [];
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

	*load(path: string): Task<Loaded> {
		const found = yield* this.#store.get(path);
		if (!found.ok) return { kind: "later" };
		return found.value === null ? { kind: "gone" } : { kind: "state", state: found.value.value };
	}

	*remove(path: string): Task {
		yield* this.#store.delete(path);
	}

	*list(prefix: string): Task<readonly string[]> {
		const found = yield* this.#store.range(prefix, `${prefix}\uffff`, listMax);
		return found.ok ? found.value.map(({ key }) => key) : [];
	}
}

export function checkpointsOf(ctx: NodeContext, store: StoreClient): Checkpoints {
	return ctx.nodes.some(({ services }) => services.includes(blocksServiceName)) ? new FileCheckpoints(ctx, store) : new StoreCheckpoints(store);
}
