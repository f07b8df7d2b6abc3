/**
 * How many runs there may be at once, and which one ends when there is no room for another: the one that has
 * stood still, with nobody watching, for longest. Its file is kept. Runs that go on, and runs that somebody
 * looks at, are never ended here.
 */
import { ContractError } from "../../shared/contract/errors.ts";
import { goesOn, type RunEntry } from "./run-entry.ts";

export const liveMax = 8;
export const runsMax = 64;

export interface RoomParts {
	all(): readonly RunEntry[];
	/** Runs that are about to be live. */
	starting(): number;
	isWatched(run: string): boolean;
	/** Ends a live run; its recording is closed. */
	end(entry: RunEntry): Promise<void>;
	/** It is over, and can be opened again from its file. */
	forget(entry: RunEntry): void;
	/** A run was ended to make room. */
	onEnded(entry: RunEntry): void;
}

export class Room {
	readonly #parts: RoomParts;
	/** Runs in the order in which something was last done with them. */
	readonly #quiet = new Set<string>();

	constructor(parts: RoomParts) {
		this.#parts = parts;
	}

	/** Runs of which it is known when something was last done with them. */
	get remembered(): number {
		return this.#quiet.size;
	}

	/** Something was done with it, or it was looked at until now. What there is not, or not any more, is not remembered. */
	touch(run: string): void {
		this.#quiet.delete(run);
		if (this.#parts.all().some((entry) => entry.run === run)) this.#quiet.add(run);
	}

	/**
	 * Sees that there is room for one more live run.
	 * @param replaced a session whose live runs end for it anyway
	 * @param isBegun it counts among those that are starting already
	 * @throws ContractError `too-busy` when all go on or are watched
	 */
	async make({ replaced = null, isBegun = false }: { readonly replaced?: string | null; readonly isBegun?: boolean } = {}): Promise<void> {
		this.makeKnown();
		while (this.#liveCount(replaced) - (isBegun ? 1 : 0) >= liveMax) {
			const entry = this.#longestQuiet((one) => goesOn(one) && one.session !== replaced && one.live?.mode === "paused");
			if (entry === undefined) throw tooMany("runs are live", "End one of them: the first screen lists what is running.");
			await this.#parts.end(entry);
			this.#parts.onEnded(entry);
		}
	}

	/** Sees that one more run can be known. @throws ContractError `too-busy` */
	makeKnown(): void {
		while (this.#parts.all().length >= runsMax) {
			const entry = this.#longestQuiet((one) => !goesOn(one));
			if (entry === undefined) throw tooMany("runs are open", "Close a window that shows one.");
			this.#parts.forget(entry);
			this.#quiet.delete(entry.run);
		}
	}

	#liveCount(replaced: string | null): number {
		return this.#parts.all().filter((entry) => goesOn(entry) && entry.session !== replaced).length + this.#parts.starting();
	}

	#longestQuiet(isWanted: (entry: RunEntry) => boolean): RunEntry | undefined {
		const entries = this.#parts.all().filter((entry) => isWanted(entry) && !this.#parts.isWatched(entry.run));
		const names = [...this.#quiet];
		return entries.sort((a, b) => names.indexOf(a.run) - names.indexOf(b.run))[0];
	}
}

export function tooMany(what: string, advice = "Close some of them first."): ContractError {
	return new ContractError("too-busy", `too many ${what}`, { kept: "They all go on.", advice });
}
