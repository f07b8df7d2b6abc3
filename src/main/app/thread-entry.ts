/**
 * Finds the file a thread begins in: beside the built program (out/main), or among the sources when
 * they are run as they are, as tests do.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { assert } from "../../shared/errors.ts";

export function threadEntry(name: "cluster-thread" | "node-thread"): URL {
	const here = import.meta.dirname;
	const candidates = [join(here, `${name}.js`), join(here, "..", `${name}.js`), join(here, "..", "threads", `${name}.ts`)];
	const path = candidates.find((candidate) => existsSync(candidate));
	assert(path !== undefined, `the entry of the ${name} is part of the program`);
	return pathToFileURL(path);
}
