/** Runs the built command line as a child process, as people and scripts do. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const program = join(import.meta.dirname, "../../out/main/cli.js");

export interface Finished {
	readonly code: number | null;
	readonly signal: NodeJS.Signals | null;
	readonly out: string;
	readonly err: string;
}

export interface RunOptions {
	readonly cwd?: string;
	readonly env?: { readonly [name: string]: string };
	/** No file may grow beyond so many kibibytes. */
	readonly fileKbMax?: number;
}

function environment(extra: RunOptions["env"]): NodeJS.ProcessEnv {
	const { NO_COLOR: _, FORCE_COLOR: __, ...rest } = process.env;
	return { ...rest, ...extra };
}

/** A child that is still going on. */
export class Running {
	readonly child: ChildProcess;
	readonly finished: Promise<Finished>;
	#out = "";
	#err = "";
	readonly #waits = new Set<() => void>();

	constructor(words: readonly string[], { cwd = tmpdir(), env, fileKbMax }: RunOptions = {}) {
		const command = [process.execPath, program, ...words];
		const [file = "", ...rest] = fileKbMax === undefined ? command : ["bash", "-c", `ulimit -f ${fileKbMax}; exec "$0" "$@"`, ...command];
		this.child = spawn(file, rest, { cwd, env: environment(env), stdio: ["ignore", "pipe", "pipe"] });
		this.child.stdout?.setEncoding("utf8").on("data", (text: string) => {
			this.#out += text;
			this.#look();
		});
		this.child.stderr?.setEncoding("utf8").on("data", (text: string) => {
			this.#err += text;
			this.#look();
		});
		this.finished = new Promise((resolve, reject) => {
			this.child.once("error", reject);
			this.child.once("close", (code, signal) => {
				resolve({ code, signal, out: this.#out, err: this.#err });
				this.#look();
			});
		});
	}

	/** Resolves once the output has this in it; rejects when the child ends without. */
	async said(pattern: RegExp): Promise<void> {
		let over: Finished | undefined;
		void this.finished.then((finished) => {
			over = finished;
		});
		while (!pattern.test(this.#out) && !pattern.test(this.#err)) {
			if (over !== undefined) throw new Error(`ended with ${over.code} and never said ${pattern}:\n${over.out}\n${over.err}`);
			await new Promise<void>((resolve) => this.#waits.add(resolve));
		}
	}

	#look(): void {
		for (const wake of this.#waits) wake();
		this.#waits.clear();
	}
}

export function quorate(words: readonly string[], options: RunOptions = {}): Promise<Finished> {
	return new Running(words, options).finished;
}

/** Records a run into a file. What is left of it after an instant may well fail checks, which are those of a whole run. */
export async function record(path: string, words: readonly string[]): Promise<void> {
	const { code, err } = await quorate(["run", ...words, "--executor", "inline", "--save", path]);
	if (code === null || code > 1) throw new Error(`${words.join(" ")}: ${code} ${err}`);
}

/** The object that `--json` prints last. */
export function lastObject<Shape>({ out, err }: Finished): Shape {
	const line = out.trimEnd().split("\n").at(-1) ?? "";
	try {
		return JSON.parse(line) as Shape;
	} catch {
		throw new Error(`no object at the end of:\n${out}\n${err}`);
	}
}

/** A folder for the files of one test. */
export class Folder {
	readonly path = mkdtempSync(join(tmpdir(), "quorate-cli-"));

	file(name: string): string {
		return join(this.path, name);
	}

	remove(): void {
		rmSync(this.path, { recursive: true, force: true });
	}
}

export interface RunObject {
	readonly lab: string;
	readonly variant: string;
	readonly seed: number;
	readonly executor: string;
	readonly finished: boolean;
	readonly virtualUs: number;
	readonly wallMs: number;
	readonly events: number;
	readonly messages: { readonly sent: number; readonly delivered: number; readonly dropped: { readonly [reason: string]: number } };
	readonly digest: string;
	readonly checks: readonly { readonly id: string; readonly ok: boolean; readonly evidence: readonly unknown[] }[];
	readonly nodes: readonly { readonly name: string; readonly status: string; readonly incarnation: number; readonly lastError: string }[];
	readonly saved: string | null;
}
