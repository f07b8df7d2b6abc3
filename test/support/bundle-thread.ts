/** Bundles a thread's entry into one file, as the build does for the real one: threads start sooner. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { bundled } from "../../scripts/bundled.ts";

export interface BundledThread {
	readonly entry: URL;
	readonly folder: string;
}

/** @param source the entry's TypeScript file; the caller removes the folder */
export async function bundleThread(source: URL): Promise<BundledThread> {
	const [chunk] = await bundled({
		root: fileURLToPath(new URL("../..", import.meta.url)),
		target: "node24",
		input: { thread: fileURLToPath(source) },
		external: builtinModules.flatMap((name) => [name, `node:${name}`]),
		output: { format: "es", codeSplitting: false },
	});
	if (chunk === undefined) throw new Error("nothing was bundled");
	const folder = mkdtempSync(join(tmpdir(), "quorate-thread-"));
	const file = join(folder, "thread.mjs");
	writeFileSync(file, chunk.code);
	return { entry: pathToFileURL(file), folder };
}
