/**
 * Finds every way in which a module names another: import and export statements, `import type`,
 * `import("x")` as an expression and as a type, `require`. Type-only ones count like the rest: a
 * room that knows another's types knows that room.
 */
import { parseSync } from "vite";

export interface ModuleImport {
	/** As written; undefined for `import(expression)`. */
	readonly specifier: string | undefined;
	/** From 1. */
	readonly line: number;
	/** Gone after compilation, so that it loads nothing. */
	readonly typeOnly: boolean;
}

export interface SyntaxNode {
	readonly type: string;
	readonly start: number;
	readonly [property: string]: unknown;
}

function isSyntaxNode(value: unknown): value is SyntaxNode {
	return typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";
}

/** Calls back with a node and all that are in it, outermost first. */
export function visit(value: unknown, onNode: (node: SyntaxNode) => void): void {
	if (Array.isArray(value)) {
		for (const item of value) visit(item, onNode);
	} else if (isSyntaxNode(value)) {
		onNode(value);
		for (const child of Object.values(value)) if (typeof child === "object") visit(child, onNode);
	}
}

/** The text of a literal, or of a template without holes. */
function textOf(node: unknown): string | undefined {
	if (!isSyntaxNode(node)) return undefined;
	if (node.type === "Literal" && typeof node.value === "string") return node.value;
	if (node.type === "TemplateLiteral" && (node.expressions as unknown[]).length === 0) {
		return (node.quasis as { value: { cooked: string } }[])[0]?.value.cooked;
	}
	return undefined;
}

function everySpecifierIsType(node: SyntaxNode, kind: "importKind" | "exportKind"): boolean {
	if (node[kind] === "type") return true;
	const specifiers = (node.specifiers ?? []) as readonly SyntaxNode[];
	return specifiers.length > 0 && specifiers.every((specifier) => specifier[kind] === "type");
}

function importAt(node: SyntaxNode): { readonly source: unknown; readonly typeOnly: boolean } | undefined {
	switch (node.type) {
		case "ImportDeclaration":
			return { source: node.source, typeOnly: everySpecifierIsType(node, "importKind") };
		case "ExportNamedDeclaration":
		case "ExportAllDeclaration":
			return node.source ? { source: node.source, typeOnly: everySpecifierIsType(node, "exportKind") } : undefined;
		case "ImportExpression":
			return { source: node.source, typeOnly: false };
		case "TSImportType":
			return { source: node.source, typeOnly: true };
		case "TSExternalModuleReference":
			return { source: node.expression, typeOnly: false };
		case "CallExpression": {
			const callee = node.callee as SyntaxNode;
			return callee.type === "Identifier" && callee.name === "require" ? { source: (node.arguments as unknown[])[0], typeOnly: false } : undefined;
		}
		default:
			return undefined;
	}
}

/**
 * @param path decides the language (ts, tsx, mjs)
 * @throws Error when the file does not parse
 */
export function parsed(path: string, text: string): SyntaxNode {
	const { program, errors } = parseSync(path, text);
	const [error] = errors;
	if (error) throw new Error(`${path} does not parse: ${error.message}`);
	return program as unknown as SyntaxNode;
}

/** @throws Error when the file does not parse */
export function importsOf(path: string, text: string): ModuleImport[] {
	const found: ModuleImport[] = [];
	visit(parsed(path, text), (node) => {
		const match = importAt(node);
		if (match) found.push({ specifier: textOf(match.source), line: text.slice(0, node.start).split("\n").length, typeOnly: match.typeOnly });
	});
	return found;
}
