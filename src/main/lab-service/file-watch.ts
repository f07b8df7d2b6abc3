/**
 * Notices that the file of a run is no longer where it was put: moved, removed or replaced from outside while
 * it is written. What is written then goes on, to nowhere that anybody will find. Looks now and then, and never
 * waits for the disk.
 */
import { stat } from "node:fs/promises";

const everyMs = 2_000;

async function identityOf(path: string): Promise<string | null> {
	try {
		const { dev, ino } = await stat(path, { bigint: true });
		return `${dev}:${ino}`;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
		throw error;
	}
}

export class FileWatch {
	/** Null: it is being moved. */
	#path: string | null;
	readonly #onGone: () => void;
	readonly #nowMs: () => number;
	#identity: string | null = null;
	#lookedMs = Number.NEGATIVE_INFINITY;
	#isBusy = false;
	#isGone = false;

	/** @param onGone called once each time it has gone; a file that comes back is watched anew */
	constructor(path: string, onGone: () => void, nowMs: () => number) {
		this.#path = path;
		this.#onGone = onGone;
		this.#nowMs = nowMs;
	}

	/** Looks, if it has not for a while. */
	look(): void {
		const nowMs = this.#nowMs();
		const path = this.#path;
		if (path === null || this.#isBusy || nowMs - this.#lookedMs < everyMs) return;
		this.#lookedMs = nowMs;
		this.#isBusy = true;
		identityOf(path)
			.then((identity) => (path === this.#path ? this.#see(identity) : undefined))
			.catch(() => {}) // a folder that cannot be looked into for a moment says nothing about the file
			.finally(() => {
				this.#isBusy = false;
			});
	}

	/** What is said of it from now on is said of another path; null: of none, until it has arrived. */
	follow(path: string | null): void {
		this.#path = path;
	}

	#see(identity: string | null): void {
		this.#identity ??= identity;
		const isGone = identity === null || identity !== this.#identity;
		if (isGone && !this.#isGone) this.#onGone();
		this.#isGone = isGone;
	}
}
