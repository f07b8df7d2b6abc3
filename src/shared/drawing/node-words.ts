/**
 * What is written beside a node, and in which type: its name, its state in a word with what is remarkable,
 * its own clock. Less of it where there is no room. Pure; the window's canvas and the files of drawings
 * write the same.
 */
import { type NodeState, nodeTones, type Tone } from "./node-state.ts";
import { shortDuration } from "./time-scale.ts";
import { drawingWords as words } from "./words.ts";

/** How many lines there is room for at most. */
export type LabelLevel = 0 | 1 | 2 | 3;

export interface WordRun {
	readonly text: string;
	readonly tone: Tone | "ink" | "soft";
}

export interface WordLine {
	readonly face: "name" | "word" | "digits";
	readonly runs: readonly WordRun[];
}

export interface NodeSaying {
	readonly name: string;
	readonly state: NodeState;
	/** Messages that wait for its processor, about. */
	readonly queue: number;
	/** How many others hold it suspect or dead. */
	readonly suspectedBy: number;
	/** Empty: not known. */
	readonly clockText: string;
	/** How far its clock is off. */
	readonly skewUs: number;
}

/** A clock that is off by less is not worth a word. */
const skewShownUs = 500;

export function skewText(skewUs: number): string {
	return Math.abs(skewUs) < skewShownUs ? "" : `${skewUs > 0 ? "+" : "−"}${shortDuration(Math.abs(skewUs))}`;
}

/**
 * With room for one line alone, a state that is not plainly up colours the name, which its icon explains;
 * with room to spare it is told in a word.
 */
export function nodeLines({ name, state, queue, suspectedBy, clockText, skewUs }: NodeSaying, level: LabelLevel, hasSpare = true): readonly WordLine[] {
	if (level <= 1 && !hasSpare) return [{ face: "name", runs: [{ text: name, tone: state === "up" ? "ink" : nodeTones[state] }] }];
	const remarks: WordRun[] = [];
	if (suspectedBy > 0) remarks.push({ text: words.suspectedBy(suspectedBy), tone: "warning" });
	if (level >= 2 && queue > 0) remarks.push({ text: words.queue(queue), tone: "warning" });
	const isSaid = state !== "suspected" && (level >= 2 || state !== "up");
	const said: readonly WordRun[] = isSaid ? [{ text: words.nodeStates[state], tone: nodeTones[state] }, ...remarks] : remarks;
	const skew = skewText(skewUs);
	const digits: WordRun[] = [];
	if (level >= 3 && clockText !== "" && state !== "down") digits.push({ text: clockText, tone: "soft" });
	// With one line to spare, a clock that is off is worth it where there is nothing else to tell.
	if ((level >= 2 || said.length === 0) && skew !== "" && state !== "down") digits.push({ text: skew, tone: "warning" });
	// Two short lines rather than one that is wider than its place, where the clock leaves the third.
	const isLong = level >= 3 && digits.length === 0 && isSaid && remarks.length > 0;
	const spoken = isLong ? [said.slice(0, 1), remarks] : said.length === 0 ? [] : [said];
	return [
		{ face: "name", runs: [{ text: name, tone: "ink" }] },
		...spoken.map((runs) => ({ face: "word", runs }) as const),
		...(digits.length === 0 ? [] : [{ face: "digits", runs: digits } as const]),
	];
}

export interface LabelType {
	readonly name: number;
	readonly word: number;
	readonly digits: number;
	readonly lineHeight: number;
}

/** Sizes of letters beside a node of this radius. */
export function labelTypeOf(radius: number): LabelType {
	const name = Math.min(16, Math.max(11.5, radius * 0.5));
	return { name, word: Math.max(11.5, name * 0.84), digits: Math.max(11, name * 0.76), lineHeight: name * 1.16 };
}

/** Between the parts of a line, as a part of the size of its letters. */
export const runGapRatio = 0.5;
