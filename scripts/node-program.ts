/**
 * Builds the program of a node's thread in parts: `main.cjs` runs nodes, and every service of the
 * registry is a part of its own, with shared parts between them. `parts.json` says which service lies
 * where and which part needs which others. The keeper puts those of a lab together
 * (src/main/threads/node-program.ts): two hundred threads should not be handed what none of them runs.
 *
 * Services are found in src/os/registry.ts, the one list of them.
 */
import { readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Plugin, parseSync, type Rolldown } from "vite";
import type { ServiceRegistry } from "../src/core/node-api.ts";
import type { PartsOfProgram } from "../src/main/threads/node-program.ts";
import { bundled } from "./bundled.ts";

export interface NodeProgramOptions {
	readonly root: string;
	readonly target: string;
	readonly external: readonly string[];
	/** Under the main process's own folder. */
	readonly folder: string;
}

interface ServiceModule {
	/** Of the part, without its ending. */
	readonly part: string;
	readonly path: string;
	/** What the module exports for each of its services. */
	readonly exportOf: { readonly [service: string]: string };
}

/** The modules that the registry imports services from. */
async function serviceModules(root: string): Promise<readonly ServiceModule[]> {
	const path = resolve(root, "src/os/registry.ts");
	const { registry } = (await import(pathToFileURL(path).href)) as { readonly registry: ServiceRegistry };
	const serviceOf = new Map<unknown, string>([...registry].map(([name, definition]) => [definition, name]));
	const modules: ServiceModule[] = [];
	for (const { moduleRequest } of parseSync(path, readFileSync(path, "utf8")).module.staticImports) {
		const modulePath = resolve(dirname(path), moduleRequest.value);
		const exported = (await import(pathToFileURL(modulePath).href)) as { readonly [name: string]: unknown };
		const found = Object.entries(exported).flatMap(([name, value]) => (serviceOf.has(value) ? [[serviceOf.get(value), name]] : []));
		if (found.length === 0) continue;
		const part = relative(dirname(path), modulePath).replace(/\.ts$/, "").replaceAll(/[\\/]/g, "-");
		modules.push({ part, path: modulePath, exportOf: Object.fromEntries(found) });
	}
	return modules;
}

function partsOf(chunks: readonly Rolldown.OutputChunk[], modules: readonly ServiceModule[]): PartsOfProgram {
	const names = new Set(chunks.map(({ fileName }) => fileName));
	return {
		needs: Object.fromEntries(chunks.map(({ fileName, imports }) => [fileName, [...new Set(imports)].filter((name) => names.has(name))])),
		services: Object.fromEntries(
			modules.flatMap(({ part, exportOf }) => Object.entries(exportOf).map(([service, name]) => [service, { part: `${part}.cjs`, name }])),
		),
	};
}

export function nodeProgram({ root, target, external, folder }: NodeProgramOptions): Plugin {
	return {
		name: "quorate:node-program",
		apply: "build",
		async buildStart() {
			const modules = await serviceModules(root);
			const inputs = [["main", resolve(root, "src/main/threads/enter-thread.ts")], ...modules.map(({ part, path }) => [part, path])];
			const chunks = await bundled({
				root,
				target,
				input: Object.fromEntries(inputs),
				external,
				output: {
					format: "cjs",
					entryFileNames: "[name].cjs",
					chunkFileNames: "shared-[name]-[hash].cjs",
					minifyInternalExports: false,
					// What nodes are made of stays together: calls within a part are plain calls.
					codeSplitting: { groups: [{ name: "core", test: /[\\/](src[\\/](core|shared|main)|node_modules)[\\/]/ }] },
					// Nothing but spaces and comments goes: every thread is handed its own copy of the text.
					minify: { mangle: false, compress: false, codegen: { removeWhitespace: true } },
				},
			});
			for (const { fileName, code } of chunks) this.emitFile({ type: "asset", fileName: `${folder}/${fileName}`, source: code });
			this.emitFile({ type: "asset", fileName: `${folder}/parts.json`, source: `${JSON.stringify(partsOf(chunks, modules), null, "\t")}\n` });
		},
	};
}
