/**
 * Finds the files that threads begin in: beside the built program (out/main), or among the sources
 * when they are run as they are, as tests do.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { assert } from "../../shared/errors.ts";

export function threadEntry(name: "cluster-thread" | "keeper-thread"): URL {
	return placeOf(`${name}.js`, `${name}.ts`);
}

/** Where the threads executor finds the code of its threads. */
export function nodeThreadFiles(): { readonly keeper: URL; readonly program: URL } {
	return { keeper: threadEntry("keeper-thread"), program: placeOf("node-program/parts.json", "node-thread.ts") };
}

function placeOf(built: string, source: string): URL {
	const here = import.meta.dirname;
	const candidates = [join(here, built), join(here, "..", built), join(here, "..", "threads", source)];
	const path = candidates.find((candidate) => existsSync(candidate));
	assert(path !== undefined, `${built} is part of the program`);
	return pathToFileURL(path);
}
