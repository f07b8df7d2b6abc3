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

export interface Word {
	readonly word: string;
	/** What may follow it, such as `FILE [SIZE]`. */
	readonly usage: string;
	/** A short clause for `help`. */
	readonly means: string;
	/** The most that may follow it. */
	readonly argumentsMax: number;
	/** @param given what follows the word; fewer than there may be */
	run(given: readonly string[]): Answer | Task<Answer>;
}

export const unavailable = "the system did not answer in time; try again";
