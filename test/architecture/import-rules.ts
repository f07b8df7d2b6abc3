/**
 * The house's rules of who may import whom, each with its reason. The plan of the rooms is in
 * docs/architecture.md; this is the same plan as data.
 */
import { isTestFile } from "./files.ts";
import { chainTo, cyclesIn, type Edge, type ImportGraph } from "./import-graph.ts";

interface Room {
	readonly name: string;
	/** Rooms and single files that its modules may import, besides their own room. */
	readonly mayImport: readonly string[];
	readonly because: string;
	/** No Node around its modules: neither in the deterministic core nor in the window. */
	readonly hostless: boolean;
	/** npm packages it may use; undefined: all that are declared. */
	readonly packages?: readonly string[];
}

/** Pure computation: no clock, no input or output, no code compiled from text at run time. */
const purePackages = ["msgpackr", "@noble/hashes", "yaml", "zod"];

const rooms: readonly Room[] = [
	{ name: "src/shared", mayImport: [], because: "every side uses its words, so it can lean on no side", hostless: true, packages: purePackages },
	{
		name: "src/core",
		mayImport: ["src/shared"],
		because: "the kernel knows no service by name (entries inject the registry) and no host",
		hostless: true,
		packages: purePackages,
	},
	{
		name: "src/os",
		mayImport: ["src/shared", "src/core/node-api.ts"],
		because: "a program meets the kernel only through the node API",
		hostless: true,
		packages: [],
	},
	{ name: "src/main", mayImport: ["src/os", "src/core", "src/shared"], because: "the window and its preload script run in other processes", hostless: false },
	{ name: "src/preload", mayImport: ["src/shared"], because: "it exposes the transport and nothing else", hostless: true, packages: ["electron"] },
	{
		name: "src/renderer",
		mayImport: ["src/shared"],
		because: "the window draws folds over the log, whatever kernel or host made it",
		hostless: true,
	},
];

interface Reserved {
	readonly name: string;
	readonly kind: "package" | "builtin";
	readonly allowedIn: RegExp;
	readonly because: string;
}

const reservedImports: readonly Reserved[] = [
	{
		name: "better-sqlite3",
		kind: "package",
		allowedIn: /^src\/main\/store\/database(-[a-z-]+)?\.ts$/,
		because: "one file owns the session's database and its errors",
	},
	{
		name: "worker_threads",
		kind: "builtin",
		allowedIn: /^src\/main\/threads\//,
		because: "threads are one way of running a node, and results must not depend on it",
	},
	{
		name: "electron",
		kind: "package",
		allowedIn: /^src\/(main\/electron\.ts|main\/window\/|main\/transport\/electron[a-z-]*\.ts|preload\/)/,
		because: "the same house runs without Electron, in a browser and on the command line",
	},
];

/** What an entry must never load, however far down. Type-only imports load nothing. */
const unreachables: readonly { readonly entry: string; readonly name: string; readonly because: string }[] = [
	{ entry: "src/main/cli.ts", name: "electron", because: "the command line runs where Electron cannot be had" },
	{ entry: "src/main/threads/node-thread.ts", name: "better-sqlite3", because: "hundreds of node threads boot at once and own no file" },
	{ entry: "src/main/web.ts", name: "electron", because: "the web host runs where Electron cannot be had" },
	{ entry: "src/main/threads/cluster-thread.ts", name: "better-sqlite3", because: "the recorder thread writes; the kernel must not wait for a disk" },
];

/** Programs are started here; chains in messages begin at one of them. */
export const entries = [
	"src/main/cli.ts",
	"src/main/electron.ts",
	"src/main/web.ts",
	"src/main/threads/cluster-thread.ts",
	"src/main/threads/keeper-thread.ts",
	"src/main/threads/node-thread.ts",
	"src/main/threads/recorder-thread.ts",
	"src/main/threads/reader-thread.ts",
	"src/preload/index.ts",
	"src/renderer/main.tsx",
];

/** Belongs to the packager at run time, so it is declared among the development packages. */
const providedPackages = new Set(["electron"]);

export interface Manifest {
	readonly dependencies: Readonly<Record<string, string>>;
	readonly devDependencies: Readonly<Record<string, string>>;
}

export interface Violation {
	/** How a program comes to load the module, or the cycle itself. */
	readonly chain: readonly string[];
	/** `path:line`, or the path alone. */
	readonly where: string;
	readonly what: string;
	readonly because: string;
}

function roomOf(path: string): Room | undefined {
	return rooms.find(({ name }) => path.startsWith(`${name}/`));
}

function isUnder(path: string, roomOrFile: string): boolean {
	return path === roomOrFile || path.startsWith(`${roomOrFile}/`);
}

function nameOf({ to }: Edge): string {
	switch (to.kind) {
		case "builtin":
			return `node:${to.name}`;
		case "package":
			return to.specifier;
		case "computed":
			return "a module that is only known when it runs";
		default:
			return to.path;
	}
}

type Complaint = Pick<Violation, "what" | "because">;

function complaintAboutFile(edge: Edge & { to: { kind: "file" | "missing" } }, room: Room | undefined): Complaint | undefined {
	const { from, to } = edge;
	if (to.kind === "missing") return { what: `imports ${to.path}, which does not exist`, because: "relative imports name a file, extension included" };
	if (isTestFile(from)) return undefined;
	// Benches and pictures of the window drive it as its tests do, with the same hands.
	const isShared = !from.startsWith("src/") && !to.path.includes(".test.");
	if (isTestFile(to.path) && !isShared) return { what: `imports the test ${to.path}`, because: "tests depend on the product, never the other way round" };
	if (!room || isUnder(to.path, room.name)) return undefined;
	if (room.mayImport.some((allowed) => isUnder(to.path, allowed))) return undefined;
	const allowed = room.mayImport.length > 0 ? `only ${room.mayImport.join(" and ")}` : "nothing outside itself";
	return { what: `imports ${to.path}`, because: `${room.name} may import ${allowed}: ${room.because}` };
}

function complaintAboutPackage(edge: Edge & { to: { kind: "package" } }, room: Room | undefined, manifest: Manifest): Complaint | undefined {
	const { from, to, typeOnly } = edge;
	const what = `imports ${to.specifier}`;
	const inProduct = from.startsWith("src/") && !isTestFile(from);
	const isShipped = to.name in manifest.dependencies || providedPackages.has(to.name);
	const isDeclared = to.name in manifest.dependencies || to.name in manifest.devDependencies;
	if (!isDeclared) return { what, because: "package.json does not declare it" };
	if (!inProduct) return undefined;
	if (!isShipped && !typeOnly) return { what, because: "package.json declares it for development only, and this module is part of the product" };
	if (room?.packages && !room.packages.includes(to.name)) {
		return { what, because: `${room.name} may use ${room.packages.length > 0 ? `only the packages ${room.packages.join(", ")}` : "no package"}` };
	}
	return undefined;
}

function complaintAbout(edge: Edge, manifest: Manifest): Complaint | undefined {
	const { from, to } = edge;
	const room = roomOf(from);
	const inProduct = room !== undefined && !isTestFile(from);
	const reserved = reservedImports.find(({ kind, name }) => to.kind === kind && to.name === name);
	if (reserved && inProduct && !reserved.allowedIn.test(from)) return { what: `imports ${nameOf(edge)}`, because: reserved.because };
	switch (to.kind) {
		case "computed":
			return inProduct ? { what: `imports ${nameOf(edge)}`, because: "the graph must be known without running the program" } : undefined;
		case "builtin":
			return inProduct && room.hostless ? { what: `imports ${nameOf(edge)}`, because: `${room.name} runs without Node around it` } : undefined;
		case "package":
			return complaintAboutPackage({ ...edge, to }, room, manifest);
		default:
			return complaintAboutFile({ ...edge, to }, room);
	}
}

function forbiddenLoads(graph: ImportGraph): Violation[] {
	const loads = (name: string) => (path: string) =>
		(graph.edgesOf.get(path) ?? []).some(({ to, typeOnly }) => !typeOnly && to.kind === "package" && to.name === name);
	return unreachables.flatMap(({ entry, name, because }) => {
		if (!graph.edgesOf.has(entry)) return [];
		const chain = chainTo(graph, [entry], loads(name), ({ typeOnly }) => !typeOnly);
		return chain ? [{ chain: [...chain, name], where: entry, what: `comes to load ${name}`, because }] : [];
	});
}

/** Everything in the graph that the house does not allow, in the order of the files. */
export function violationsIn(graph: ImportGraph, manifest: Manifest): readonly Violation[] {
	const starts = entries.filter((entry) => graph.edgesOf.has(entry));
	const direct = graph.files.flatMap((file) =>
		(graph.edgesOf.get(file) ?? []).flatMap((edge) => {
			const complaint = complaintAbout(edge, manifest);
			if (!complaint) return [];
			const chain = chainTo(graph, starts, (path) => path === file) ?? [file];
			return [{ chain: [...chain, nameOf(edge)], where: `${file}:${edge.line}`, ...complaint }];
		}),
	);
	const cycles = cyclesIn(graph).map((chain) => ({
		chain,
		where: chain[0] ?? "",
		what: "imports itself by a detour",
		because: "modules in a cycle can only be understood, tested and loaded together",
	}));
	return [...direct, ...forbiddenLoads(graph), ...cycles];
}

export function describeViolation({ chain, where, what, because }: Violation): string {
	return `${where} ${what}\n    because  ${because}\n    chain    ${chain.join("\n          -> ")}`;
}
