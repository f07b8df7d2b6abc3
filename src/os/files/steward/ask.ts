/** What a user may ask of a steward. Any of them will do: what is asked for is kept in the store. */
import type { Task } from "../../../core/node-api.ts";
import { hint } from "../../../shared/nearest.ts";
import { notASize, parseSize, sizeText } from "../../sizes.ts";
import type { StoreClient, StoreResult } from "../../store/client.ts";
import { afterPrefix, keys } from "../records.ts";

const words = ["drain", "undrain", "drains", "rebalance", "quota", "quotas", "chair"] as const;
const unavailable = "the store did not answer in time; try again";

export interface AskHost {
	readonly store: StoreClient;
	readonly machines: ReadonlySet<string>;
	/** 0: another one has the chair. */
	readonly term: number;
}

function told(result: StoreResult<unknown>, sentence: string): string {
	return result.ok ? sentence : unavailable;
}

function* listed({ store }: AskHost, prefix: string, none: string): Task<string> {
	const found = yield* store.range(prefix, afterPrefix(prefix));
	if (!found.ok) return unavailable;
	return found.value.map(({ key, value }) => `${key.slice(prefix.length) || "/"} ${JSON.stringify(value)}`).join("\n") || none;
}

function* quota({ store }: AskHost, folder: string, size: string): Task<string> {
	const key = keys.quotas + (folder === "/" ? "" : folder);
	if (folder === "" || folder.length > 255 || (folder !== "/" && folder.includes("/")))
		return "quota FOLDER SIZE, such as quota photos 10MB; / for files in no folder";
	if (size === "off") return told(yield* store.delete(key), `${folder} may grow as it likes`);
	const bytes = parseSize(size);
	return bytes === undefined ? `${notASize}, or off` : told(yield* store.put(key, { bytes }), `${folder} may have ${sizeText(bytes)}`);
}

export function* askSteward(line: string, host: AskHost): Task<string> {
	const [word = "", first = "", second = ""] = line.slice(0, 1_000).trim().split(/\s+/);
	const { store, machines, term } = host;
	switch (word) {
		case "drain":
		case "undrain": {
			if (!machines.has(first)) return `there is no machine with blocks called ${JSON.stringify(first.slice(0, 40))}${hint(first.slice(0, 40), [...machines])}`;
			if (word === "undrain") return told(yield* store.delete(keys.drains + first), `${first} is given copies again`);
			return told(yield* store.put(keys.drains + first, { asked: true }), `${first} is being emptied; drains tells how far`);
		}
		case "drains":
			return yield* listed(host, keys.drains, "no machine is being emptied");
		case "rebalance":
			return told(yield* store.put(keys.rebalance, { asked: true }), "copies move from the fullest machines to the emptiest");
		case "quota":
			return yield* quota(host, first, second);
		case "quotas":
			return yield* listed(host, keys.quotas, "no folder has a quota");
		case "chair":
			return term > 0 ? `this steward has the chair, term ${term}` : "another steward has the chair";
		default:
			return `no question is called ${JSON.stringify(word.slice(0, 40))}${hint(word.slice(0, 40), words)}`;
	}
}
