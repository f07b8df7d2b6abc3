/** The distributed file system, as the shell asks for it. */
import type { NodeContext, Task } from "../../core/node-api.ts";
import { FilesClient } from "../files/client.ts";
import type { FilesResult, LostBlock, PlacedBlock, SavedFile, SaveOptions, Whereabouts } from "../files/contract.ts";
import type { StoreClient } from "../store/client.ts";
import type { FileContent, FileInfo, FileResult, FileService, SavedInfo } from "./file-service.ts";
import { keepersText } from "./store-files.ts";

const again = "try again";
const lostShownMax = 20;
/** Of the copies that a block had before. */
const goneShownMax = 3;

function resultOf<From, To>(name: string, result: FilesResult<From>, value: (from: From) => To): FileResult<To> {
	if (result.ok) return { ok: true, value: value(result.value) };
	const { error, detail } = result;
	switch (error) {
		case "unavailable":
			return { ok: false, error, detail: `${detail}; ${again}` };
		case "notFound":
		case "full":
		case "tooLarge":
		case "busy":
		case "quota":
		case "badName":
			return { ok: false, error: "refused", detail };
		case "lost":
			return { ok: false, error: "refused", detail: [`${name} cannot be opened: ${detail} for good`, ...lostTexts(result.blocks ?? [])].join("\n") };
	}
}

/** Which bytes, where their copies were, and what became of each. */
function lostTexts(blocks: readonly LostBlock[]): readonly string[] {
	const more = blocks.length > lostShownMax ? [`  ... and ${blocks.length - lostShownMax} more`] : [];
	return [...blocks.slice(0, lostShownMax).map(({ block, from, to, why }) => `  bytes ${from} to ${to - 1} (block ${block}): ${why}`), ...more];
}

function savedInfo(saved: SavedFile): SavedInfo {
	const { standing, wanted, layout } = saved;
	return { ...saved, kept: `${standing} of ${wanted} ${layout.kind === "code" ? "shards" : wanted === 1 ? "copy" : "copies"}` };
}

/** What a file's blocks are on, at this moment. */
function placesText({ blocks, layout }: Pick<Whereabouts, "blocks" | "layout">): readonly string[] {
	if (blocks.length === 0) return ["in no block at all: it is empty, and its name is all there is"];
	const kind =
		layout.kind === "code" ? "nine shards of each, any six of which restore it" : `${layout.copies} ${layout.copies === 1 ? "copy" : "copies"} of each`;
	let from = 0;
	return [
		`in ${blocks.length} ${blocks.length === 1 ? "block" : "blocks"}, ${kind}:`,
		...blocks.flatMap((block) => {
			const start = from;
			from += block.bytes;
			return blockTexts(block, start);
		}),
	];
}

function blockTexts({ block, bytes, wanted, needed, places, gone }: PlacedBlock, start: number): readonly string[] {
	const at = places.map(({ machine, drive, region, shard, state }) => {
		const what = needed > 1 ? `shard ${shard} at ` : "";
		const where = `${what}${machine} drive ${drive}${region === "" ? "" : ` (${region})`}`;
		return state === "live" ? where : `${where}, which is ${state === "silent" ? "silent just now" : "being emptied"}`;
	});
	const missing = wanted - places.length;
	const lack = missing <= 0 ? "" : `; ${missing} of ${wanted} missing${places.length >= needed ? ", made anew as soon as can be" : ""}`;
	const text = `  bytes ${start} to ${start + bytes - 1} (block ${block}): ${at.join("; ") || "nowhere any more"}${lack}`;
	return [text, ...gone.slice(-goneShownMax).map((what) => `    gone: ${what}`)];
}

export class BlockFiles implements FileService {
	readonly folders = true;
	readonly layouts = true;
	readonly #ctx: NodeContext;
	readonly #files: FilesClient;

	constructor(ctx: NodeContext, store: StoreClient, patienceUs: number) {
		this.#ctx = ctx;
		this.#files = new FilesClient(ctx, { store, patienceUs });
	}

	get bytesMax(): number {
		return this.#files.bytesMax;
	}

	*save(name: string, content: Uint8Array, layout: SaveOptions): Task<FileResult<SavedInfo>> {
		return resultOf(name, yield* this.#files.save(name, content, layout), savedInfo);
	}

	*open(name: string): Task<FileResult<FileContent>> {
		return resultOf(name, yield* this.#files.open(name), (opened) => opened);
	}

	*list(prefix: string): Task<FileResult<{ readonly files: readonly FileInfo[]; readonly more: boolean }>> {
		return resultOf("the list", yield* this.#files.list(prefix), (list) => list);
	}

	*remove(name: string): Task<FileResult<void>> {
		return resultOf(name, yield* this.#files.remove(name), () => undefined);
	}

	*whereis(name: string): Task<FileResult<readonly string[]>> {
		return resultOf(name, yield* this.#files.whereis(name), (found) => [...placesText(found), `its name: in the shared database, ${keepersText(this.#ctx)}`]);
	}
}
