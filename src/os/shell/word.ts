/**
 * A word that a user may type, and what answers it. The shell is a table of them; what a lab has no servers
 * for has no words. Pure.
 */
import type { Task } from "../../core/node-api.ts";

export interface Answer {
	/** False: what was asked for was not done. */
	readonly ok: boolean;
	readonly text: string;
}

export const good = (text: string): Answer => ({ ok: true, text });
export const bad = (text: string): Answer => ({ ok: false, text });

/** `--copies 3`, after a word and in any place. */
export interface Option {
	/** Without the dashes. */
	readonly name: string;
	/** What follows it, such as `N`. */
	readonly value: string;
	readonly means: string;
	/** Some of what may follow it, for completion. */
	readonly values: readonly string[];
}

/** What was given, by name. */
export type Options = ReadonlyMap<string, string>;

export interface Word {
	readonly word: string;
	/** What may follow it, such as `FILE [SIZE]`; its options are told by themselves. */
	readonly usage: string;
	/** A short clause for `help`. */
	readonly means: string;
	/** The most that may follow it, options not counted. */
	readonly argumentsMax: number;
	readonly options?: readonly Option[];
	/** @param given what follows the word; fewer than there may be */
	run(given: readonly string[], options: Options): Answer | Task<Answer>;
}

export const unavailable = "the system did not answer in time; try again";
