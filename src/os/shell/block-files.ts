/** The distributed file system, as the shell asks for it. */
import type { NodeContext, Task } from "../../core/node-api.ts";
import { FilesClient } from "../files/client.ts";
import type { FilesResult, PlacedBlock } from "../files/contract.ts";
import type { StoreClient } from "../store/client.ts";
import type { FileContent, FileInfo, FileResult, FileService } from "./file-service.ts";

function resultOf<From, To>(result: FilesResult<From>, value: (from: From) => To): FileResult<To> {
	if (result.ok) return { ok: true, value: value(result.value) };
	const { error, detail } = result;
	switch (error) {
		case "unavailable":
		case "notFound":
		case "full":
			return { ok: false, error };
		case "tooLarge":
		case "busy":
		case "quota":
		case "badName":
		case "lost":
			return { ok: false, error: "refused", detail };
	}
}

function placeText({ block, bytes, needed, wanted, places, gone }: PlacedBlock): string {
	const at = places.map(({ machine, drive, region, state }) => {
		const where = `${machine}${region === "" ? "" : ` (${region})`} drive ${drive}`;
		return state === "live" ? where : `${where}, ${state}`;
	});
	const kind = needed === 1 ? "copies" : `shards, any ${needed} of which will do`;
	return `block ${block}, ${bytes} B, ${at.length} of ${wanted} ${kind}: ${at.length === 0 ? `nowhere any more (${gone.join("; ")})` : at.join("; ")}`;
}

export class BlockFiles implements FileService {
	readonly folders = true;
	readonly #files: FilesClient;

	constructor(ctx: NodeContext, store: StoreClient, patienceUs: number) {
		this.#files = new FilesClient(ctx, { store, patienceUs });
	}

	get bytesMax(): number {
		return this.#files.bytesMax;
	}

	*save(name: string, content: Uint8Array): Task<FileResult<FileInfo>> {
		return resultOf(yield* this.#files.save(name, content), (saved) => saved);
	}

	*open(name: string): Task<FileResult<FileContent>> {
		return resultOf(yield* this.#files.open(name), (opened) => opened);
	}

	*list(prefix: string): Task<FileResult<{ readonly files: readonly FileInfo[]; readonly more: boolean }>> {
		return resultOf(yield* this.#files.list(prefix), (list) => list);
	}

	*remove(name: string): Task<FileResult<void>> {
		return resultOf(yield* this.#files.remove(name), () => undefined);
	}

	*whereis(name: string): Task<FileResult<readonly string[]>> {
		return resultOf(yield* this.#files.whereis(name), ({ blocks }) => blocks.map(placeText));
	}
}
