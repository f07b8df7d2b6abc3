/**
 * Sessions that are given another name while a run of ours records them: nobody of ours reads the file meanwhile, whoever
 * wants to know of it waits, and nobody is told that it had gone. Knows no window.
 */
import type { ReaderClient } from "../threads/reader-client.ts";
import type { FileWatch } from "./file-watch.ts";
import type { LiveRun } from "./live-run.ts";

export interface RenamesParts {
	/** All that read files of sessions. */
	readonly readers: readonly ReaderClient[];
}

interface Move {
	readonly session: string;
	readonly path: string;
	readonly target: string;
	readonly live: LiveRun;
	readonly watch: FileWatch | undefined;
}

export class Renames {
	readonly #parts: RenamesParts;
	readonly #moving = new Map<string, Promise<unknown>>();

	constructor(parts: RenamesParts) {
		this.#parts = parts;
	}

	isMoving(session: string): boolean {
		return this.#moving.has(session);
	}

	/** @param sessionOf asked again after every wait: its name is another then */
	async settled(sessionOf: () => string): Promise<void> {
		for (let moving = this.#moving.get(sessionOf()); moving !== undefined; moving = this.#moving.get(sessionOf())) await moving;
	}

	/**
	 * @param arrived called when the file has its name, before anybody asks for it by that
	 * @throws ContractError: it has the name it had
	 */
	async move({ session, path, target, live, watch }: Move, arrived: () => void): Promise<void> {
		watch?.follow(null);
		const moved = this.#alone(path, () => live.moveFile(target));
		this.#moving.set(
			session,
			moved.catch(() => {}),
		);
		try {
			await moved;
			arrived();
			watch?.follow(target);
		} catch (error) {
			watch?.follow(path);
			throw error;
		} finally {
			this.#moving.delete(session);
		}
	}

	/** None of them reads the file meanwhile. */
	#alone(path: string, work: () => Promise<void>): Promise<void> {
		return this.#parts.readers.reduceRight((within, reader) => () => reader.without(path, within), work)();
	}
}
