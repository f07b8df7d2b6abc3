/**
 * What modules offer that nobody takes. A value that only its own file uses needs no `export`, and one that nobody
 * uses at all needs no line. A type may be offered for what its own file offers: a caller can want to name it.
 */
import { posix } from "node:path";
import type { FileTree } from "./files.ts";
import { parsed, type SyntaxNode, visit } from "./imports.ts";

/** Names that are taken from each module; `every`: by a way that does not say which. */
type Taken = ReadonlyMap<string, ReadonlySet<string>>;
const every = "*";

interface Offer {
	readonly name: string;
	readonly isType: boolean;
}

const nameOf = (node: unknown): string => {
	const { name, value } = node as { readonly name?: string; readonly value?: string };
	return name ?? value ?? "";
};

const listOf = (node: unknown): readonly SyntaxNode[] => (Array.isArray(node) ? (node as SyntaxNode[]) : []);

function namesIn(pattern: SyntaxNode): readonly string[] {
	if (pattern.type === "Identifier") return [nameOf(pattern)];
	if (pattern.type === "ObjectPattern") return listOf(pattern.properties).flatMap(({ value }) => namesIn(value as SyntaxNode));
	return listOf(pattern.elements).flatMap((element) => (element === null ? [] : namesIn(element)));
}

function offersAt(statement: SyntaxNode): readonly Offer[] {
	if (statement.type !== "ExportNamedDeclaration") return [];
	const declaration = statement.declaration as SyntaxNode | null;
	if (declaration === null) return listOf(statement.specifiers).map(({ exported, exportKind }) => ({ name: nameOf(exported), isType: exportKind === "type" }));
	const names =
		declaration.type === "VariableDeclaration" ? listOf(declaration.declarations).flatMap(({ id }) => namesIn(id as SyntaxNode)) : [nameOf(declaration.id)];
	return names.map((name) => ({ name, isType: declaration.type.startsWith("TS") }));
}

/** By which names a node takes something from which module. */
function takenAt(node: SyntaxNode): { readonly source: SyntaxNode; readonly names: readonly string[] } | undefined {
	const source = node.source as SyntaxNode | null | undefined;
	if (source === null || source === undefined) return undefined;
	if (node.type === "ImportDeclaration")
		return { source, names: listOf(node.specifiers).map(({ imported }) => (imported === undefined ? every : nameOf(imported))) };
	if (node.type === "ExportNamedDeclaration") return { source, names: listOf(node.specifiers).map(({ local }) => nameOf(local)) };
	const takesAll = node.type === "ImportExpression" || node.type === "TSImportType" || node.type === "ExportAllDeclaration";
	return takesAll ? { source, names: [every] } : undefined;
}

function takenIn(programs: ReadonlyMap<string, SyntaxNode>): Taken {
	const taken = new Map<string, Set<string>>();
	for (const [from, program] of programs) {
		visit(program, (node) => {
			const found = takenAt(node);
			if (typeof found?.source.value !== "string") return;
			const path = posix.join(posix.dirname(from), found.source.value);
			const known = taken.get(path) ?? new Set();
			taken.set(path, known);
			for (const name of found.names) known.add(name);
		});
	}
	return taken;
}

function mentions(text: string, name: string): number {
	const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
	return code.split(/[^\w$]+/).filter((word) => word === name).length;
}

/**
 * Every needless export as `path name`, in the order of the files.
 * @param isFound whether a name is taken by others than modules of the tree
 */
export function needlessExports(tree: FileTree, isFound: (path: string, name: string) => boolean = () => false): readonly string[] {
	const programs = new Map([...tree].map(([path, text]) => [path, parsed(path, text)]));
	const taken = takenIn(programs);
	return [...programs].flatMap(([path, program]) => {
		const names = taken.get(path);
		const isNeeded = ({ name, isType }: Offer): boolean =>
			names?.has(every) || names?.has(name) || isFound(path, name) || (isType && mentions(tree.get(path) ?? "", name) > 1);
		return listOf(program.body)
			.flatMap(offersAt)
			.filter((offer) => !isNeeded(offer))
			.map(({ name }) => `${path} ${name}`);
	});
}
