/** Bundles a thread's entry into one file, as the build does for the real one: threads start sooner. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, type Rolldown } from "vite";

export interface BundledThread {
	readonly entry: URL;
	readonly folder: string;
}

/** @param source the entry's TypeScript file; the caller removes the folder */
export async function bundleThread(source: URL): Promise<BundledThread> {
	const result = (await build({
		root: fileURLToPath(new URL("../..", import.meta.url)),
		configFile: false,
		logLevel: "warn",
		ssr: { noExternal: true },
		build: {
			ssr: true,
			write: false,
			target: "node24",
			rolldownOptions: {
				input: { thread: fileURLToPath(source) },
				external: builtinModules.flatMap((name) => [name, `node:${name}`]),
				output: { format: "es", codeSplitting: false },
			},
		},
	})) as Rolldown.RolldownOutput;
	const folder = mkdtempSync(join(tmpdir(), "quorate-thread-"));
	const file = join(folder, "thread.mjs");
	writeFileSync(file, result.output[0].code);
	return { entry: pathToFileURL(file), folder };
}
