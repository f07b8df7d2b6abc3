/**
 * The search line of the timeline and the event list: `node=web-3 kind=message text~/503/`. Terms are
 * joined by "and"; a bare word is looked for in the text. Reads, explains mistakes, and matches. Pure.
 */
import { type EventKind, eventKinds, eventSchema } from "./event-schema.ts";
import type { Plan } from "./plan.ts";
import { indexOf } from "./plan-index.ts";
import { tryParseDurationUs } from "./units.ts";

export interface SearchQuery {
	/** Empty: all. */
	readonly nodes: readonly number[];
	/** Empty: all. */
	readonly kinds: readonly EventKind[];
	readonly texts: readonly RegExp[];
	/** Plain words of the text terms, lower case: for hosts that search without patterns. */
	readonly words: readonly string[];
	readonly fromUs: number | undefined;
	readonly toUs: number | undefined;
	readonly isEmpty: boolean;
}

export interface SearchMistake {
	readonly at: number;
	readonly said: string;
}

/** Families of kinds, by the words people use. */
const kindGroups: { readonly [word: string]: readonly EventKind[] } = {
	message: eventKinds.filter((kind) => kind.startsWith("message")),
	fault: eventKinds.filter((kind) => eventSchema[kind].class === "control" && !kind.startsWith("command") && kind !== "asked"),
	command: ["commandApplied", "commandRefused"],
	disk: eventKinds.filter((kind) => kind.startsWith("disk")),
	span: ["spanStarted", "spanFinished"],
	timer: ["timerFired"],
	compute: ["computeFinished"],
	log: ["logLine"],
	ask: ["asked", "answered"],
	drop: ["messageDropped"],
	fact: ["factStated"],
};

const patternCharsMax = 200;
const termPattern = /\s*(?:&&\s*)?(?:(\w+)(=|~|>=|<=|>|<)(?:\/((?:\\.|[^/\\])*)\/|"([^"]*)"|([^\s]+))|"([^"]*)"|([^\s]+))/y;

interface Draft {
	nodes: number[];
	kinds: EventKind[];
	texts: RegExp[];
	words: string[];
	fromUs: number | undefined;
	toUs: number | undefined;
}

function escaped(text: string): string {
	return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function wordTerm(draft: Draft, word: string): undefined {
	draft.words.push(word.toLowerCase());
	draft.texts.push(new RegExp(escaped(word), "i"));
}

function kindsOf(value: string): readonly EventKind[] {
	if (Object.hasOwn(kindGroups, value)) return kindGroups[value] ?? [];
	const exact = eventKinds.find((kind) => kind.toLowerCase() === value.toLowerCase());
	if (exact !== undefined) return [exact];
	return value.length < 3 ? [] : eventKinds.filter((kind) => kind.toLowerCase().includes(value.toLowerCase()));
}

function patternTerm(draft: Draft, source: string): string | undefined {
	if (source.length > patternCharsMax) return `a pattern has at most ${patternCharsMax} characters`;
	try {
		draft.texts.push(new RegExp(source, "i"));
		return undefined;
	} catch {
		return `/${source}/ is no pattern`;
	}
}

/** @returns what is wrong with the term, or undefined */
function fieldTerm(draft: Draft, plan: Plan, term: { readonly field: string; readonly operator: string; readonly value: string; readonly isPattern: boolean }) {
	const { field, operator, value, isPattern } = term;
	switch (field) {
		case "node": {
			const nodes = value.split(",").flatMap((part) => indexOf(plan).nodesMatching(part));
			if (nodes.length === 0) return `no node is called ${value}`;
			draft.nodes.push(...nodes);
			return undefined;
		}
		case "kind": {
			const kinds = value.split(",").flatMap(kindsOf);
			if (kinds.length === 0) return `no kind of event is called ${value}; try ${Object.keys(kindGroups).slice(0, 6).join(", ")}`;
			draft.kinds.push(...kinds);
			return undefined;
		}
		case "text":
			return isPattern ? patternTerm(draft, value) : wordTerm(draft, value);
		case "at": {
			const us = tryParseDurationUs(value);
			if (us === undefined) return `${value} is no instant; write it with a unit, such as 6s`;
			if (operator.startsWith(">")) draft.fromUs = us;
			else if (operator.startsWith("<")) draft.toUs = us;
			else [draft.fromUs, draft.toUs] = [us, us];
			return undefined;
		}
		default:
			return `${field} is not searched by; node, kind, text and at are`;
	}
}

/** Reads a whole line. */
export function parseSearch(line: string, plan: Plan): SearchQuery | SearchMistake {
	const draft: Draft = { nodes: [], kinds: [], texts: [], words: [], fromUs: undefined, toUs: undefined };
	let at = 0;
	while (line.slice(at).trim() !== "") {
		termPattern.lastIndex = at;
		const match = termPattern.exec(line);
		if (match === null) return { at, said: "this term cannot be read" };
		const [, field, operator, pattern, quoted, plain, quotedWord, word] = match;
		const mistake =
			field === undefined || operator === undefined
				? wordTerm(draft, quotedWord ?? word ?? "")
				: fieldTerm(draft, plan, { field, operator, value: pattern ?? quoted ?? plain ?? "", isPattern: pattern !== undefined });
		if (mistake !== undefined) return { at: at + (/^\s*/.exec(line.slice(at))?.[0].length ?? 0), said: mistake };
		at = termPattern.lastIndex;
	}
	return { ...draft, isEmpty: line.trim() === "" };
}

export function isMistake(query: SearchQuery | SearchMistake): query is SearchMistake {
	return "said" in query;
}

/** What may come next at the end of the line, as whole lines. */
export function completeSearch(line: string, plan: Plan): readonly string[] {
	const partial = /\S*$/.exec(line)?.[0] ?? "";
	const before = line.slice(0, line.length - partial.length);
	const [field, value] = partial.split("=", 2) as [string, string | undefined];
	const options =
		value === undefined
			? ["node=", "kind=", "text~/", "at>="]
			: field === "node"
				? indexOf(plan).nodeNames.map((name) => `node=${name}`)
				: field === "kind"
					? [...Object.keys(kindGroups), ...eventKinds].map((kind) => `kind=${kind}`)
					: [];
	return options
		.filter((option) => option.startsWith(partial) && option !== partial)
		.slice(0, 12)
		.map((option) => before + option);
}

export interface SearchableEvent {
	readonly kind: EventKind;
	readonly node: number;
	/** The other node of a message, or -1. */
	readonly peer: number;
	readonly atUs: number;
	readonly text: string;
}

export function matches(query: SearchQuery, event: SearchableEvent): boolean {
	if (query.nodes.length > 0 && !query.nodes.includes(event.node) && !query.nodes.includes(event.peer)) return false;
	if (query.kinds.length > 0 && !query.kinds.includes(event.kind)) return false;
	if (query.fromUs !== undefined && event.atUs < query.fromUs) return false;
	if (query.toUs !== undefined && event.atUs > query.toUs) return false;
	return query.texts.every((pattern) => pattern.test(event.text));
}
