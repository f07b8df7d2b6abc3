/**
 * Bundles programs of Node's with all of ours that they need, and leaves them in memory: for what a thread runs, which
 * is no entry of the build.
 */
import { build, type Rolldown } from "vite";

export interface Bundling {
	readonly root: string;
	/** The Node that runs it, such as `node24`. */
	readonly target: string;
	/** Files by the names of their programs. */
	readonly input: { readonly [name: string]: string };
	/** Modules that are there when it runs. */
	readonly external: readonly string[];
	readonly output: Rolldown.OutputOptions;
}

export async function bundled({ root, target, input, external, output }: Bundling): Promise<readonly Rolldown.OutputChunk[]> {
	const result = (await build({
		root,
		configFile: false,
		logLevel: "warn",
		ssr: { noExternal: true },
		build: { ssr: true, write: false, target, minify: false, rolldownOptions: { input: { ...input }, external: [...external], output } },
	})) as Rolldown.RolldownOutput;
	return result.output.filter((file) => file.type === "chunk");
}
