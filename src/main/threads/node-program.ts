/**
 * The code that node threads run, compiled once. Every thread is an isolate of its own, and would
 * read, parse and compile the whole program again; so the keeper does it first and hands out the
 * result. That needs the program as a script: its CommonJS twin, which the build puts beside the
 * entry. Without one (run from sources, as tests do) threads load the entry by themselves.
 */
import { Worker, type WorkerOptions } from "node:worker_threads";

/** What the first lines of a thread need to go on. */
interface CompiledProgram {
	readonly source: string;
	readonly filename: string;
	readonly code: SharedArrayBuffer;
}

/** Given to the entry when the program is only to be loaded, so that its code is there to be kept. */
export interface RehearsalData {
	readonly role: "rehearsal";
}

const firstLines = `
	const { workerData } = require("node:worker_threads");
	const { Script } = require("node:vm");
	const { source, filename, code } = workerData.program;
	new Script(source, { filename, cachedData: new Uint8Array(code) }).runInThisContext()(require);
`;

export class NodeProgram {
	readonly #entry: URL;
	readonly #compiled: CompiledProgram | null;

	constructor(entry: URL) {
		this.#entry = entry;
		this.#compiled = compile(entry);
	}

	start(options: WorkerOptions): Worker {
		if (this.#compiled === null) return new Worker(this.#entry, options);
		return new Worker(firstLines, { ...options, eval: true, workerData: { ...options.workerData, program: this.#compiled } });
	}
}

function compile(entry: URL): CompiledProgram | null {
	// Not imported: the keeper shares its file with the nodes, and these modules would cost each of them a millisecond.
	const { existsSync, readFileSync } = process.getBuiltinModule("node:fs");
	const { createRequire } = process.getBuiltinModule("node:module");
	const { Script } = process.getBuiltinModule("node:vm");
	const filename = process
		.getBuiltinModule("node:url")
		.fileURLToPath(entry)
		.replace(/\.[cm]?[jt]s$/, ".cjs");
	if (!existsSync(filename)) return null;
	const source = `(function (require) {${readFileSync(filename, "utf8")}\n})`;
	const script = new Script(source, { filename });
	const load = createRequire(filename);
	const rehearsal: RehearsalData = { role: "rehearsal" };
	// The program is run up to its entry: what is compiled on the way becomes part of what is kept.
	const program = script.runInThisContext() as (require: (name: string) => unknown) => void;
	program((name) => (name === "node:worker_threads" ? { ...(load(name) as object), workerData: rehearsal } : load(name)));
	const code = script.createCachedData();
	const memory = new SharedArrayBuffer(code.length);
	new Uint8Array(memory).set(code);
	return { source, filename, code: memory };
}
