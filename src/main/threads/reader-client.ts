/**
 * The service's end of a reader thread: questions as promises. Starts the thread when it is first asked,
 * and again when it has died; ends it wherever it is when a job is called off. Never blocks.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { ContractError, errorFromView } from "../../shared/contract/errors.ts";
import { assert } from "../../shared/errors.ts";
import type { Answer, Asked, FromReader, Progress, QuestionName, ToReader } from "../lab-service/log/questions.ts";

interface Waiting {
	resolve(answer: never): void;
	reject(error: ContractError): void;
	readonly onProgress: Progress | undefined;
	/** The file it is about, if it is about one. */
	readonly path: string | undefined;
	readonly over: Promise<unknown>;
}

function pathOf(asked: unknown): string | undefined {
	const { path, place } = (asked ?? {}) as { readonly path?: string; readonly place?: { readonly path?: string } };
	return place?.path ?? path;
}

export interface AskingWishes {
	readonly onProgress?: Progress;
	/** Nobody wants the answer any more: the reader stops where it is, or does not begin. */
	readonly signal?: AbortSignal;
}

/** Asked and not yet answered; more are refused. */
const waitingMax = 256;
const heapMb = 1_024;

function readerEntry(): URL {
	const here = import.meta.dirname;
	const candidates = [join(here, "reader-thread.js"), join(here, "..", "reader-thread.js"), join(here, "reader-thread.ts")];
	const path = candidates.find((candidate) => existsSync(candidate));
	assert(path !== undefined, "the entry of the reader is part of the program");
	return pathToFileURL(path);
}

export class ReaderClient {
	readonly #waiting = new Map<number, Waiting>();
	/** Files that somebody has to himself for a moment. */
	readonly #shut = new Map<string, Promise<unknown>>();
	#worker: Worker | null = null;
	#questions = 0;
	#closing: Promise<unknown> | null = null;

	/** Asked and not answered, and files that somebody has to himself. */
	get underWay(): number {
		return this.#waiting.size + this.#shut.size;
	}

	/** @throws ContractError as the reader refuses; `cancelled` when it is ended or called off meanwhile, `too-busy` */
	ask<Name extends QuestionName>(question: Name, asked: Asked<Name>, wishes: AskingWishes = {}): Promise<Answer<Name>> {
		const { onProgress, signal } = wishes;
		if (signal?.aborted === true) return Promise.reject(new ContractError("cancelled", "it was called off"));
		if (this.#closing !== null) return Promise.reject(new ContractError("cancelled", "the lab is closing"));
		const path = pathOf(asked);
		const shut = path === undefined || question === "forget" ? undefined : this.#shut.get(path);
		if (shut !== undefined) return shut.then(() => this.ask(question, asked, wishes));
		if (this.#waiting.size >= waitingMax)
			return Promise.reject(new ContractError("too-busy", "too many questions wait for an answer", { advice: "Ask again in a moment." }));
		const id = ++this.#questions;
		const { promise, resolve, reject } = Promise.withResolvers<Answer<Name>>();
		const callOff = (): void => this.#worker?.postMessage({ kind: "callOff", id } satisfies ToReader);
		const over = promise.catch(() => {}).finally(() => signal?.removeEventListener("abort", callOff));
		this.#waiting.set(id, { resolve: resolve as Waiting["resolve"], reject, onProgress, path, over });
		this.#thread().postMessage({ kind: "question", id, question, asked } satisfies ToReader);
		signal?.addEventListener("abort", callOff);
		return promise;
	}

	/**
	 * Has a file let go of while something is done that nobody may read beside: a writer that opens it changes the way it is
	 * written. What is being asked about it is waited for, what is asked meanwhile waits. `work` asks this reader nothing.
	 */
	async without<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
		for (let shut = this.#shut.get(path); shut !== undefined; shut = this.#shut.get(path)) await shut;
		const { promise, resolve } = Promise.withResolvers<void>();
		this.#shut.set(path, promise);
		try {
			await Promise.all([...this.#waiting.values()].flatMap((waiting) => (waiting.path === path ? [waiting.over] : [])));
			await this.ask("forget", { path });
			return await work();
		} finally {
			this.#shut.delete(path);
			resolve();
		}
	}

	/** Ends the thread wherever it is; resolves when it has gone, for whoever asks. */
	async close(): Promise<void> {
		this.#closing ??= this.#end();
		await this.#closing;
	}

	#end(): Promise<unknown> {
		const worker = this.#worker;
		this.#worker = null;
		const ended = worker?.terminate() ?? Promise.resolve();
		this.#abandon(new ContractError("cancelled", "it was called off"));
		return ended;
	}

	#thread(): Worker {
		if (this.#worker !== null) return this.#worker;
		const worker = new Worker(readerEntry(), { name: "reader", resourceLimits: { maxOldGenerationSizeMb: heapMb } });
		this.#worker = worker;
		worker.on("message", (message: FromReader) => this.#hear(message));
		worker.on("error", () => {}); // its end is told below
		worker.on("exit", () => {
			if (this.#worker !== worker) return;
			this.#worker = null;
			this.#abandon(
				new ContractError("internal", "the reader of recorded runs died", { kept: "No file was changed.", advice: "Ask again, perhaps for less." }),
			);
		});
		return worker;
	}

	#abandon(error: ContractError): void {
		const waiting = [...this.#waiting.values()];
		this.#waiting.clear();
		for (const { reject } of waiting) reject(error);
	}

	#hear(message: FromReader): void {
		const waiting = this.#waiting.get(message.id);
		if (waiting === undefined) return;
		if (message.kind === "progress") {
			waiting.onProgress?.(message.done, message.total);
			return;
		}
		this.#waiting.delete(message.id);
		if (message.kind === "answer") waiting.resolve(message.answer as never);
		else waiting.reject(errorFromView(message.error));
	}
}
