/** The words about the shared database: put and get. */
import type { Task } from "../../core/node-api.ts";
import type { StoreClient, StoreResult } from "../store/client.ts";
import { type Answer, bad, good, unavailable, type Word } from "./word.ts";

function failed(result: Extract<StoreResult<unknown>, { ok: false }>): Answer {
	return bad(result.error === "unavailable" ? unavailable : result.detail);
}

function* put(store: StoreClient, key: string, value: string): Task<Answer> {
	const result = yield* store.put(`word/${key}`, value);
	return result.ok ? good("kept") : failed(result);
}

function* get(store: StoreClient, key: string): Task<Answer> {
	const result = yield* store.get(`word/${key}`);
	if (!result.ok) return failed(result);
	return result.value === null ? bad(`there is nothing under ${key}`) : good(String(result.value.value));
}

export function databaseWords(store: StoreClient): readonly Word[] {
	return [
		{
			word: "put",
			usage: "KEY VALUE",
			means: "keep a word in the database",
			argumentsMax: 2,
			run: ([key, value]) => (key === undefined || value === undefined ? bad("put KEY VALUE") : put(store, key, value)),
		},
		{ word: "get", usage: "KEY", means: "read it back", argumentsMax: 1, run: ([key]) => (key === undefined ? bad("get KEY") : get(store, key)) },
	];
}
