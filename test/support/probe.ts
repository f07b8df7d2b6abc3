/** A node that reads the shared database for a test: `ask probe "job/ effect/"` gives all keys that begin so. */
import type { ServiceDefinition, Task } from "../../src/core/node-api.ts";
import { StoreClient, storeClientNames } from "../../src/os/store/client.ts";
import type { PlainValue } from "../../src/shared/codec.ts";
import { service } from "./tiny-plan.ts";

export const probeDefinition: ServiceDefinition = service("probe", storeClientNames, (ctx) => {
	const store = new StoreClient(ctx);
	function* read(prefixes: readonly string[]): Task<string> {
		const found = yield* store.read(prefixes.map((prefix) => ({ do: "range", from: prefix, to: `${prefix}\uffff`, limit: 1_000 })));
		if (!found.ok) return "the database does not answer";
		return JSON.stringify(Object.fromEntries(found.value.flat().map(({ key, value }) => [key, value])));
	}
	return { ask: (line) => read(line.split(" ")) };
});

export type Probed = { readonly [key: string]: PlainValue };

/** @returns null when nobody answered */
export function probed(answer: string): Probed | null {
	return answer.startsWith("{") ? (JSON.parse(answer) as Probed) : null;
}

/** Entries whose keys begin so, without that beginning. */
export function under<Value>(entries: Probed, prefix: string): readonly (readonly [rest: string, value: Value])[] {
	return Object.entries(entries).flatMap(([key, value]) => (key.startsWith(prefix) ? [[key.slice(prefix.length), value as Value] as const] : []));
}
