/**
 * What is wrong with a lab file: collected while it is read, so that a teacher sees every mistake at
 * once and not one a try. Pure.
 */
import { QuorateError } from "../errors.ts";

const shownMax = 50;

/** Steps from the top of the file to a value: keys and list positions. */
export type Path = readonly (string | number)[];

export interface Problem {
	/** Characters before it in the file. */
	readonly offset: number;
	readonly message: string;
}

/** Counts lines from 1, and columns from 1 in characters. */
export interface Place {
	readonly line: number;
	readonly column: number;
}

export class Problems {
	readonly #found = new Map<string, Problem>();
	readonly #fileName: string;
	readonly #placeOf: (offset: number) => Place;

	constructor(fileName: string, placeOf: (offset: number) => Place) {
		this.#fileName = fileName;
		this.#placeOf = placeOf;
	}

	get count(): number {
		return this.#found.size;
	}

	/** The same problem at the same place is told once. */
	add(offset: number, message: string): void {
		this.#found.set(`${offset} ${message}`, { offset, message });
	}

	/** @throws QuorateError `lab-invalid` listing what was found, if anything was */
	throwIfAny(): void {
		if (this.#found.size === 0) return;
		const sorted = [...this.#found.values()].sort((a, b) => a.offset - b.offset);
		const lines = sorted.slice(0, shownMax).map(({ offset, message }) => {
			const { line, column } = this.#placeOf(offset);
			return `${this.#fileName}:${line}:${column}: ${message}`;
		});
		if (sorted.length > shownMax) lines.push(`and ${sorted.length - shownMax} more`);
		const advice = `Correct ${sorted.length === 1 ? "it" : "them"} and try again; docs/lab-format.md describes the file.`;
		throw new QuorateError("lab-invalid", lines.join("\n"), { advice });
	}
}
