/**
 * The graph of the project's modules: who imports whom, how a module is reached, and where the
 * graph bites its own tail. Knows no rule about who may.
 */
import { builtinModules } from "node:module";
import { posix } from "node:path";
import type { FileTree } from "./files.ts";
import { importsOf } from "./imports.ts";

export interface Edge {
	readonly from: string;
	readonly line: number;
	readonly typeOnly: boolean;
	readonly to:
		| { readonly kind: "file"; readonly path: string }
		| { readonly kind: "missing"; readonly path: string }
		| { readonly kind: "builtin"; readonly name: string }
		| { readonly kind: "package"; readonly name: string; readonly specifier: string }
		| { readonly kind: "computed" };
}

export interface ImportGraph {
	readonly files: readonly string[];
	readonly edgesOf: ReadonlyMap<string, readonly Edge[]>;
}

const builtins = new Set(builtinModules);

function targetOf(from: string, specifier: string | undefined, tree: FileTree, assets: ReadonlySet<string>): Edge["to"] {
	if (specifier === undefined) return { kind: "computed" };
	if (specifier.startsWith(".")) {
		const path = posix.join(posix.dirname(from), specifier.replace(/\?.*$/, ""));
		return { kind: tree.has(path) || assets.has(path) ? "file" : "missing", path };
	}
	const bare = specifier.replace(/^node:/, "");
	if (specifier.startsWith("node:") || builtins.has(bare)) return { kind: "builtin", name: bare };
	const name = specifier
		.split("/")
		.slice(0, specifier.startsWith("@") ? 2 : 1)
		.join("/");
	return { kind: "package", name, specifier };
}

/** @param assets paths that are imported but are no modules (style sheets, pictures) */
export function buildImportGraph(tree: FileTree, assets: ReadonlySet<string> = new Set()): ImportGraph {
	const edgesOf = new Map<string, readonly Edge[]>();
	for (const [from, text] of tree) {
		edgesOf.set(
			from,
			importsOf(from, text).map(({ specifier, line, typeOnly }) => ({ from, line, typeOnly, to: targetOf(from, specifier, tree, assets) })),
		);
	}
	return { files: [...tree.keys()], edgesOf };
}

/**
 * The shortest chain of imports from one of the starts to the goal, both included.
 * @param follows edges to walk along; all of them by default
 */
export function chainTo(
	graph: ImportGraph,
	starts: readonly string[],
	goal: (path: string) => boolean,
	follows: (edge: Edge) => boolean = () => true,
): readonly string[] | undefined {
	const cameFrom = new Map<string, string | undefined>(starts.map((start) => [start, undefined]));
	for (const path of cameFrom.keys()) {
		if (goal(path)) return trail(cameFrom, path);
		for (const edge of graph.edgesOf.get(path) ?? []) {
			if (edge.to.kind === "file" && follows(edge) && !cameFrom.has(edge.to.path)) cameFrom.set(edge.to.path, path);
		}
	}
	return undefined;
}

function trail(cameFrom: ReadonlyMap<string, string | undefined>, last: string): readonly string[] {
	const chain: string[] = [];
	for (let path: string | undefined = last; path !== undefined; path = cameFrom.get(path)) chain.unshift(path);
	return chain;
}

/** The shortest cycle through each module that has one, each cycle once, its first module repeated at its end. */
export function cyclesIn(graph: ImportGraph): readonly (readonly string[])[] {
	const cycles = new Map<string, readonly string[]>();
	for (const file of graph.files) {
		const next = (graph.edgesOf.get(file) ?? []).flatMap((edge) => (edge.to.kind === "file" ? [edge.to.path] : []));
		const back = chainTo(graph, next, (path) => path === file);
		const members = [...(back ?? [])].sort().join(" ");
		if (back && !cycles.has(members)) cycles.set(members, [file, ...back]);
	}
	return [...cycles.values()];
}
