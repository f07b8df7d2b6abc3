/**
 * The code that node threads run, compiled once. Every thread is an isolate of its own, and would
 * read, parse and compile the whole program again; so the keeper does it first and hands out the
 * result. The build leaves the program in parts, one a service (scripts/node-program.ts): here those
 * that a lab boots become one script. What is run from sources is not in parts: then the place is that
 * of a module, and threads load it by themselves.
 */
import { Worker, type WorkerOptions } from "node:worker_threads";
import { assert } from "../../shared/errors.ts";

/** What parts.json says, beside the parts. */
export interface PartsOfProgram {
	/** Parts by file name, each with the others that it requires. */
	readonly needs: { readonly [part: string]: readonly string[] };
	/** The part that a service lies in, and what that exports it as. */
	readonly services: { readonly [service: string]: { readonly part: string; readonly name: string } };
}

/** What the first lines of a thread need to go on. */
interface CompiledProgram {
	readonly source: string;
	readonly filename: string;
	readonly code: SharedArrayBuffer;
}

/** Exports `enterThread`. */
const mainPart = "main.cjs";

const firstLines = `
	const { workerData } = require("node:worker_threads");
	const { Script } = require("node:vm");
	const { source, filename, code } = workerData.program;
	const { main, services } = new Script(source, { filename, cachedData: new Uint8Array(code) }).runInThisContext()(require);
	main.enterThread(services);
`;

/** Around the parts: each is run when it is required first, which for a service is when a node boots it. */
const loader = {
	head: "(function (outside) { const parts = {",
	tail: `};
		const made = {};
		function load(name) {
			if (!Object.hasOwn(parts, name)) return outside(name);
			if (!Object.hasOwn(made, name)) parts[name](load, (made[name] = {}));
			return made[name];
		}`,
} as const;

export class NodeProgram {
	readonly #place: URL;
	readonly #compiled: CompiledProgram | null;

	/**
	 * @param place parts.json of the built program, or the module that threads begin in
	 * @param services those that will be booted, by name
	 */
	constructor(place: URL, services: readonly string[]) {
		this.#place = place;
		this.#compiled = place.pathname.endsWith(".json") ? compile(place, services) : null;
	}

	start(options: WorkerOptions): Worker {
		if (this.#compiled === null) return new Worker(this.#place, options);
		return new Worker(firstLines, { ...options, eval: true, workerData: { ...options.workerData, program: this.#compiled } });
	}
}

/** The script of a program: a function of `require` that gives the main part and where services are found. */
export function programText(place: URL, services: readonly string[]): string {
	const { readFileSync } = process.getBuiltinModule("node:fs");
	const parts = JSON.parse(readFileSync(place, "utf8")) as PartsOfProgram;
	const used = services.map((service) => {
		const found = parts.services[service];
		assert(found !== undefined, `the service ${service} is part of the program`);
		return { service, ...found };
	});
	const files = closureOf([mainPart, ...used.map(({ part }) => part)], parts.needs);
	return [
		loader.head,
		...files.map((file) => `${JSON.stringify(`./${file}`)}: function (require, exports) {${readFileSync(new URL(file, place), "utf8")}\n},`),
		loader.tail,
		`const services = { ${used.map(({ service, part, name }) => `${JSON.stringify(service)}: () => load(${JSON.stringify(`./${part}`)}).${name}`).join(", ")} };`,
		`return { main: load("./${mainPart}"), services: { get: (service) => Object.hasOwn(services, service) ? services[service]() : undefined } };`,
		"})",
	].join("\n");
}

/** These parts and all that they need, each once. */
function closureOf(first: readonly string[], needs: PartsOfProgram["needs"]): readonly string[] {
	const found = new Set(first);
	for (const part of found) for (const needed of needs[part] ?? []) found.add(needed);
	return [...found];
}

function compile(place: URL, services: readonly string[]): CompiledProgram {
	const { createRequire } = process.getBuiltinModule("node:module");
	const { Script } = process.getBuiltinModule("node:vm");
	const filename = process.getBuiltinModule("node:url").fileURLToPath(new URL(mainPart, place));
	const source = programText(place, services);
	const script = new Script(source, { filename });
	// Everything is loaded and nothing is entered: what is compiled on the way becomes part of what is kept.
	const program = script.runInThisContext()(createRequire(filename)) as { readonly services: ReadonlyMap<string, unknown> };
	for (const service of services) program.services.get(service);
	const code = script.createCachedData();
	const memory = new SharedArrayBuffer(code.length);
	new Uint8Array(memory).set(code);
	return { source, filename, code: memory };
}
