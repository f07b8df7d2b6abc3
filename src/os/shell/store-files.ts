/** Files kept whole in the shared database: `file/NAME` holds the content, `info/NAME` what `ls` tells. */
import type { NodeContext, PlainValue, Task } from "../../core/node-api.ts";
import { contentSum } from "../content.ts";
import type { SaveOptions } from "../files/contract.ts";
import type { StoreClient, StoreResult } from "../store/client.ts";
import type { FileContent, FileInfo, FileResult, FileService, SavedInfo } from "./file-service.ts";

const contentPrefix = "file/";
const infoPrefix = "info/";
const listMax = 200;

function failed(result: Extract<StoreResult<unknown>, { ok: false }>): FileResult<never> {
	return { ok: false, error: result.error === "full" ? "full" : result.error === "refused" ? "tooLarge" : "unavailable" };
}

function infoOf(value: PlainValue): FileInfo {
	return value as unknown as FileInfo;
}

export class StoreFiles implements FileService {
	readonly bytesMax = 262_144;
	readonly folders = false;
	readonly layouts = false;
	readonly #ctx: NodeContext;
	readonly #store: StoreClient;

	constructor(ctx: NodeContext, store: StoreClient) {
		this.#ctx = ctx;
		this.#store = store;
	}

	*save(name: string, content: Uint8Array, _layout: SaveOptions): Task<FileResult<SavedInfo>> {
		if (content.length > this.bytesMax) return { ok: false, error: "tooLarge" };
		const info = { name, bytes: content.length, savedUs: this.#ctx.wallUs(), checksum: contentSum(content) };
		const result = yield* this.#store.transact({
			when: [],
			run: [
				{ do: "put", key: contentPrefix + name, value: content },
				{ do: "put", key: infoPrefix + name, value: info },
			],
			otherwise: [],
		});
		return result.ok ? { ok: true, value: { ...info, kept: "" } } : failed(result);
	}

	*open(name: string): Task<FileResult<FileContent>> {
		const result = yield* this.#store.read([
			{ do: "get", key: contentPrefix + name },
			{ do: "get", key: infoPrefix + name },
		]);
		if (!result.ok) return failed(result);
		const [content, info] = result.value.map(([found]) => found?.value);
		if (!(content instanceof Uint8Array) || info === undefined) return { ok: false, error: "notFound" };
		if (contentSum(content) !== infoOf(info).checksum) return { ok: false, error: "damaged" };
		return { ok: true, value: { ...infoOf(info), content } };
	}

	*list(prefix: string): Task<FileResult<{ readonly files: readonly FileInfo[]; readonly more: boolean }>> {
		const from = infoPrefix + prefix;
		const result = yield* this.#store.range(from, `${from}\uffff`, listMax + 1);
		if (!result.ok) return failed(result);
		return { ok: true, value: { files: result.value.slice(0, listMax).map(({ value }) => infoOf(value)), more: result.value.length > listMax } };
	}

	*remove(name: string): Task<FileResult<void>> {
		const result = yield* this.#store.transact({
			when: [],
			run: [
				{ do: "delete", key: contentPrefix + name },
				{ do: "delete", key: infoPrefix + name },
			],
			otherwise: [],
		});
		if (!result.ok) return failed(result);
		return (result.value.results[0] ?? []).length > 0 ? { ok: true, value: undefined } : { ok: false, error: "notFound" };
	}

	*whereis(name: string): Task<FileResult<readonly string[]>> {
		const found = yield* this.#store.get(infoPrefix + name);
		if (!found.ok) return failed(found);
		if (found.value === null) return { ok: false, error: "notFound" };
		return { ok: true, value: [`whole, in the shared database: ${keepersText(this.#ctx)}`] };
	}
}

/** Who keeps what is in the shared database. */
export function keepersText({ nodes }: Pick<NodeContext, "nodes">): string {
	const servers = nodes.filter(({ services }) => services.includes("store")).map(({ name }) => name);
	return `on the first drive of at least ${Math.floor(servers.length / 2) + 1} of ${servers.join(", ")}`;
}
