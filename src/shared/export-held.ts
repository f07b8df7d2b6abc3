/**
 * What an exported file says of itself: of which run it is, and how much of it. One record for every
 * format, so that nothing is left out in silence and a file that has lost its name is still known. Pure.
 */
import type { Plan } from "./plan.ts";
import { formatInstant } from "./projection/event-text.ts";
import { oneLine } from "./projection/preview.ts";

/** Of the formats' layouts as docs/exports.md tells them; raised when a reader of an older file would misread a newer one. */
const exportFormatVersion = 1;

const namesMax = 40;
const nameCharsMax = 200;
const wordsCharsMax = 2_000;

/** Names of JSON, for programs; docs/exports.md explains each. */
export interface Held {
	readonly program: "Quorate";
	readonly format: string;
	readonly formatVersion: number;
	readonly lab: string;
	readonly labVersion?: number;
	readonly title: string;
	/** Left out for the lab as it is. */
	readonly variant?: string;
	readonly seed: number;
	/** The session's name: its file's, without the ending. Left out where there is no file. */
	readonly session?: string;
	readonly branch: number;
	/** Of the whole branch, stored or not. */
	readonly sessionEvents?: number;
	readonly sessionUntilUs: number;
	readonly sessionFinished?: boolean;
	/** Of the whole branch. */
	readonly digest?: string;
	readonly engineVersion?: number;
	/** The stretch of virtual time that the file is of, both ends included. */
	readonly fromUs: number;
	readonly toUs: number;
	/** Nothing of the branch was left out by choice. */
	readonly whole: boolean;
	/** The same in words: `everything`, or what of it. */
	readonly holds: string;
	readonly nodes?: readonly string[];
	readonly kinds?: readonly string[];
	readonly search?: string;
}

export interface HeldPart {
	readonly fromUs?: number;
	readonly toUs?: number;
	readonly nodes?: Iterable<number>;
	readonly kinds?: Iterable<string>;
	/** The line of the search. */
	readonly search?: string;
	/** Of a picture of one instant, and of nothing before or after. */
	readonly atUs?: number;
	/** Further reasons for which something may be missing, in words. */
	readonly because?: readonly string[];
}

export type HeldRun = Omit<
	Held,
	"program" | "formatVersion" | "fromUs" | "toUs" | "whole" | "holds" | "nodes" | "kinds" | "search" | "lab" | "title" | "variant"
>;

/** A sentence's part for each way in which a file holds less than its session. */
export function narrowings({ nodes }: Plan, untilUs: number, part: HeldPart): readonly string[] {
	const { fromUs = 0, toUs = Number.POSITIVE_INFINITY, kinds, search, atUs, because = [] } = part;
	const isPart = fromUs > 0 || toUs < untilUs;
	const range = isPart ? [`from ${formatInstant(fromUs)} to ${formatInstant(Math.max(fromUs, Math.min(toUs, untilUs)))}`] : [];
	return [
		...(atUs === undefined ? range : [`the cluster at ${formatInstant(atUs)}`]),
		...(part.nodes === undefined ? [] : [`of nodes ${listedNames(namesOf(nodes, part.nodes))}`]),
		...(kinds === undefined ? [] : [`of kinds ${listedNames([...kinds])}`]),
		...(search === undefined ? [] : [`what the search “${oneLine(search, wordsCharsMax)}” finds`]),
		...because,
	];
}

function namesOf(nodes: Plan["nodes"], wanted: Iterable<number>): readonly string[] {
	return [...wanted].map((node) => nodes[node]?.name ?? `#${node}`);
}

function listedNames(names: readonly string[]): string {
	if (names.length === 0) return "none";
	const more = names.length > namesMax ? ` and ${names.length - namesMax} more` : "";
	return oneLine(names.slice(0, namesMax).join(", "), wordsCharsMax) + more;
}

export function heldOf(plan: Plan, run: HeldRun, part: HeldPart): Held {
	const { format, ...facts } = run;
	const narrowed = narrowings(plan, run.sessionUntilUs, part);
	const fromUs = part.atUs ?? part.fromUs ?? 0;
	const { search } = part;
	return {
		program: "Quorate",
		format,
		formatVersion: exportFormatVersion,
		lab: plan.labId,
		title: plan.title,
		...(plan.variant === "" ? {} : { variant: plan.variant }),
		...facts,
		fromUs,
		toUs: part.atUs ?? Math.max(fromUs, Math.min(part.toUs ?? run.sessionUntilUs, run.sessionUntilUs)),
		whole: narrowed.length === 0,
		holds: narrowed.length === 0 ? "everything" : narrowed.join("; "),
		...(part.nodes === undefined ? {} : { nodes: namesOf(plan.nodes, part.nodes) }),
		...(part.kinds === undefined ? {} : { kinds: [...part.kinds] }),
		...(search === undefined ? {} : { search }),
	};
}

/** In one line, for people. */
export function heldLine({ lab, variant, seed, session, branch, holds, sessionUntilUs, sessionFinished }: Held): string {
	const short = (name: string): string => oneLine(name, nameCharsMax);
	const ofVariant = variant === undefined ? [] : [`variant ${short(variant)}`];
	const run = [short(lab), ...ofVariant, `seed ${seed}`, ...(session === undefined ? [] : [`session ${short(session)}`])];
	const open = sessionFinished === false ? ", not finished" : "";
	const length = `${formatInstant(sessionUntilUs)} long${open}`;
	const line = `${[...run, ...(branch === 0 ? [] : [`branch ${branch}`]), length].join(", ")}; holds ${holds}`;
	// What ends a line anywhere must not end this one.
	return oneLine(line, wordsCharsMax * 2).replace(/[\n\r\u0085\u2028\u2029]/g, " ");
}

function ascii(held: Held): string {
	return JSON.stringify({ quorate: held }).replace(/[^\x20-\x7e]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** As JSON in letters that every encoding has; where there is room for so many letters only, without lists and with short texts. */
export function heldAscii(held: Held, charsMax = Number.POSITIVE_INFINITY): string {
	const whole = ascii(held);
	if (whole.length <= charsMax) return whole;
	const { nodes: _, kinds: __, search: ___, ...rest } = held;
	const textCharsMax = Math.floor((charsMax - 1_000) / 5 / 6); // five texts, of six letters a character
	const short = Object.entries(rest).map(([name, value]) => [name, typeof value === "string" ? oneLine(value, textCharsMax) : value]);
	return ascii(Object.fromEntries(short) as unknown as Held);
}
