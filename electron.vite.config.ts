/**
 * What is built into out/: the main process and its threads (ECMAScript modules), the preload
 * script (one CommonJS file, as a sandboxed renderer demands) and the window's page.
 */
import { builtinModules } from "node:module";
import { resolve } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "electron-vite";
import type { Plugin } from "vite";
import { bundled } from "./scripts/bundled.ts";
import { nodeProgram } from "./scripts/node-program.ts";

const root = import.meta.dirname;
const nodeTarget = "node24";
/** Everything else is bundled. The database is native code, Electron brings itself, and the sockets do without their two accelerators. */
const external = ["electron", "better-sqlite3", "bufferutil", "utf-8-validate", ...builtinModules.flatMap((name) => [name, `node:${name}`])];

/** Programs that share their common parts as chunks. */
const mainEntries = {
	electron: resolve(root, "src/main/electron.ts"),
	cli: resolve(root, "src/main/cli.ts"),
	"cluster-thread": resolve(root, "src/main/threads/cluster-thread.ts"),
	web: resolve(root, "src/main/web.ts"),
	"recorder-thread": resolve(root, "src/main/threads/recorder-thread.ts"),
	"reader-thread": resolve(root, "src/main/threads/reader-thread.ts"),
	"coupling-thread": resolve(root, "src/main/threads/coupling-thread.ts"),
};

/** Bundles one entry into a single file without chunks: a thread that starts resolves, reads and parses every file it imports. */
function standaloneEntry(name: string, path: string): Plugin {
	return {
		name: `quorate:standalone-${name}`,
		apply: "build",
		async buildStart() {
			const chunks = await bundled({
				root,
				target: nodeTarget,
				input: { [name]: resolve(root, path) },
				external,
				output: { format: "es", codeSplitting: false, entryFileNames: "[name].js" },
			});
			for (const { fileName, code } of chunks) this.emitFile({ type: "asset", fileName, source: code });
		},
	};
}

/** The page may load its own files and nothing else: no inline script, no eval, no network. */
const contentSecurityPolicy = [
	"default-src 'none'",
	"script-src 'self'",
	"style-src 'self'",
	"img-src 'self' data:",
	"font-src 'self'",
	"connect-src 'self'",
	"base-uri 'none'",
	"form-action 'none'",
].join("; ");

/** At build only: the development server injects a script of its own into the page. */
function contentSecurity(): Plugin {
	return {
		name: "quorate:content-security",
		apply: "build",
		transformIndexHtml: () => [{ tag: "meta", attrs: { "http-equiv": "Content-Security-Policy", content: contentSecurityPolicy }, injectTo: "head-prepend" }],
	};
}

export default defineConfig({
	main: {
		plugins: [
			standaloneEntry("keeper-thread", "src/main/threads/keeper-thread.ts"),
			nodeProgram({ root, target: nodeTarget, external, folder: "node-program" }),
		],
		build: {
			externalizeDeps: false,
			target: nodeTarget,
			rolldownOptions: {
				input: mainEntries,
				external,
				output: { format: "es", entryFileNames: "[name].js", chunkFileNames: "chunks/[name]-[hash].js" },
			},
		},
	},
	preload: {
		build: {
			externalizeDeps: false,
			target: nodeTarget,
			rolldownOptions: {
				input: { index: resolve(root, "src/preload/index.ts") },
				output: { format: "cjs", entryFileNames: "[name].cjs", codeSplitting: false },
			},
		},
	},
	renderer: {
		plugins: [react(), contentSecurity()],
		// The codec's default build may compile functions from text, which the policy above forbids.
		resolve: { alias: { "msgpackr/pack": "msgpackr/index-no-eval", "msgpackr/unpack": "msgpackr/index-no-eval" } },
		// The page comes from the same machine: one chunk of a megabyte is nothing to warn of.
		build: { minify: true, chunkSizeWarningLimit: 2_048 },
	},
});
