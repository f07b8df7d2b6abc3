/**
 * The grammar of checks: predicates over the event log, written by teachers.
 *
 *     maxUtilisation of web-* <= 0.8 over 1s
 *     noClientErrors after 2s
 *     errors of visit == 0                       spans that ended in error
 *     p99 of visit <= 250ms                      durations of spans
 *     throughput of visit >= 300                 spans that ended well, a second
 *     highest crowd.waiting of crowd <= 500      numbers that programs report
 *     requests http.request to web-3 == 0 between crash web-3 + 600ms and restart web-3
 *     delivered | dropped [NAME] [to NODES] [from NODES], dropped also [because loss]
 *     count nodeCrashed of web-* <= 1            crashes of web-* <= 1
 *     holds raft.electionSafety                  what a service promises, judged by itself
 *
 * Then `after M`, `before M` or `between M and M`, where a moment M is `6s`, `end`, or an event and what
 * follows it: `crash web-3 + 600ms`. Pure; runs anywhere.
 */
import { dropReasons, type EventKind, eventKinds } from "../event-schema.ts";
import type { Plan } from "../plan.ts";
import { indexOf } from "../plan-index.ts";
import { tryParseRatio } from "../quantities.ts";
import { Cursor, type Token } from "../scanner.ts";
import { tryParseDurationUs, usMax } from "../units.ts";
import {
	type Check,
	type Moment,
	type MomentWord,
	momentEvents,
	type NameFilter,
	type NodeFilter,
	type Operator,
	operators,
	type Subject,
	type Unit,
	type When,
} from "./check.ts";

interface Parsed {
	readonly subject: Subject;
	readonly unit: Unit;
	/** For subjects that are whole predicates. */
	readonly comparison?: { readonly operator: Operator; readonly value: number };
}

interface SubjectRule {
	readonly usage: string;
	parse(cursor: Cursor, plan: Plan): Parsed;
}

/** Words that end a list of nodes. */
const whenWords = ["after", "before", "between"] as const;
const stopWords: readonly string[] = [...whenWords, "over", "and", "to", "from", "because", "at", "of"];

const windowUsDefault = 1_000_000;
/** The window moves in hundredths of itself; see docs/lab-format.md. */
const windowGrainUs = 100;
const windowUsMax = 3_600_000_000;

/** Whether the list of nodes goes on with this token. */
function isTarget(plan: Plan, token: Token): boolean {
	if (token.kind !== "word") return false;
	return indexOf(plan).vertexOf(token.text) !== undefined || !(stopWords.includes(token.text) || /^[+-]/.test(token.text));
}

function matching(plan: Plan, text: string): readonly number[] {
	if (!text.startsWith("role:")) return indexOf(plan).nodesMatching(text);
	const role = text.slice("role:".length);
	return plan.nodes.flatMap((node, index) => (node.role === role ? [index] : []));
}

/** One or more of: a node's name, a glob, `@region`, `role:web`. */
function takeNodes(cursor: Cursor, plan: Plan): readonly number[] {
	const expected = "a node, a glob such as web-*, a @region or a role such as role:web";
	const nodes = new Set<number>();
	do {
		const token = cursor.word(expected, indexOf(plan).nodeNames);
		const found = matching(plan, token.text);
		if (found.length === 0) cursor.fail(token, expected, candidatesFor(plan, token.text));
		for (const node of found) nodes.add(node);
	} while (isTarget(plan, cursor.peek()));
	return [...nodes].sort((a, b) => a - b);
}

function candidatesFor(plan: Plan, text: string): readonly string[] {
	if (text.startsWith("role:")) return [...new Set(plan.nodes.map(({ role }) => `role:${role}`))];
	return text.startsWith("@") ? plan.regions.map((region) => `@${region}`) : indexOf(plan).nodeNames;
}

function takeNodesAfter(cursor: Cursor, plan: Plan, word: string): NodeFilter {
	return cursor.takeWord(word) ? takeNodes(cursor, plan) : null;
}

function takeName(cursor: Cursor, plan: Plan, expected: string): NameFilter {
	const token = cursor.word(expected, plan.names);
	const name = plan.names.indexOf(token.text);
	if (name < 0) cursor.fail(token, expected, plan.names);
	return name;
}

/** `[NAME] [to NODES] [from NODES]`, the parts after the name in any order. */
function takeRoute(cursor: Cursor, plan: Plan): { readonly name: NameFilter; readonly to: NodeFilter; readonly from: NodeFilter } {
	const token = cursor.peek();
	const hasName = token.kind === "word" && !["to", "from", "because", ...whenWords].includes(token.text);
	const name = hasName ? takeName(cursor, plan, "the name of a message, to or from") : -1;
	let to: NodeFilter = null;
	let from: NodeFilter = null;
	for (;;) {
		if (to === null && cursor.takeWord("to")) to = takeNodes(cursor, plan);
		else if (from === null && cursor.takeWord("from")) from = takeNodes(cursor, plan);
		else return { name, to, from };
	}
}

/** `of SPAN [at NODES]` */
function takeSpan(cursor: Cursor, plan: Plan): { readonly name: NameFilter; readonly nodes: NodeFilter } {
	if (!cursor.takeWord("of")) cursor.fail(cursor.peek(), "of and the name of a span");
	const name = takeName(cursor, plan, "the name of a span");
	return { name, nodes: takeNodesAfter(cursor, plan, "at") };
}

/** `[of SPAN] [at NODES]` */
function takeOptionalSpan(cursor: Cursor, plan: Plan): { readonly name: NameFilter; readonly nodes: NodeFilter } {
	if (cursor.peek().text === "of") return takeSpan(cursor, plan);
	return { name: -1, nodes: takeNodesAfter(cursor, plan, "at") };
}

function takeEventKind(cursor: Cursor): EventKind {
	const token = cursor.word("a kind of event", eventKinds);
	const kind = eventKinds.find((known) => known === token.text);
	if (kind === undefined) cursor.fail(token, "a kind of event", eventKinds);
	return kind;
}

function measuredRule(extreme: "highest" | "lowest"): SubjectRule {
	return {
		usage: `${extreme} crowd.waiting of crowd <= 500`,
		parse(cursor: Cursor, plan: Plan): Parsed {
			const name = takeName(cursor, plan, "the name of a measure");
			return { subject: { kind: "measured", extreme, name, nodes: takeNodesAfter(cursor, plan, "of") }, unit: "number" };
		},
	};
}

const countRule = (event: EventKind, usage: string): SubjectRule => ({
	usage,
	parse: (cursor, plan) => ({ subject: { kind: "count", event, nodes: takeNodesAfter(cursor, plan, "of") }, unit: "count" }),
});

const nothing = { operator: "==", value: 0 } as const;

const subjects: { readonly [word: string]: SubjectRule } = {
	maxUtilisation: {
		usage: "maxUtilisation of web-* <= 0.8 over 1s",
		parse: (cursor, plan) => ({ subject: { kind: "utilisation", nodes: takeNodesAfter(cursor, plan, "of"), overUs: windowUsDefault }, unit: "ratio" }),
	},
	noClientErrors: {
		usage: "noClientErrors after 2s",
		parse(cursor: Cursor, plan: Plan): Parsed {
			const nodes = matching(plan, "role:client");
			if (nodes.length === 0) cursor.failAt(0, "noClientErrors looks at nodes of the role client, and there are none");
			return { subject: { kind: "errors", name: -1, nodes }, unit: "count", comparison: nothing };
		},
	},
	errors: {
		usage: "errors of visit == 0, or errors at role:client == 0",
		parse: (cursor, plan) => ({ subject: { kind: "errors", ...takeOptionalSpan(cursor, plan) }, unit: "count" }),
	},
	spanErrors: {
		usage: "spanErrors visit == 0",
		parse: (cursor, plan) => ({
			subject: { kind: "errors", name: takeName(cursor, plan, "the name of a span"), nodes: takeNodesAfter(cursor, plan, "at") },
			unit: "count",
		}),
	},
	throughput: {
		usage: "throughput of visit >= 300",
		parse: (cursor, plan) => ({ subject: { kind: "throughput", ...takeSpan(cursor, plan) }, unit: "perSecond" }),
	},
	highest: measuredRule("highest"),
	lowest: measuredRule("lowest"),
	requests: {
		usage: "requests http.request to web-3 == 0",
		parse: (cursor, plan) => ({ subject: { kind: "requests", ...takeRoute(cursor, plan) }, unit: "count" }),
	},
	requestsTo: {
		usage: "requestsTo web-3 == 0",
		parse: (cursor, plan) => ({ subject: { kind: "requests", name: -1, to: takeNodes(cursor, plan), from: null }, unit: "count" }),
	},
	delivered: {
		usage: "delivered http.request to web-3 >= 1",
		parse: (cursor, plan) => ({ subject: { kind: "delivered", ...takeRoute(cursor, plan) }, unit: "count" }),
	},
	dropped: {
		usage: "dropped http.request to web-3 because loss == 0",
		parse(cursor: Cursor, plan: Plan): Parsed {
			const route = takeRoute(cursor, plan);
			if (!cursor.takeWord("because")) return { subject: { kind: "dropped", ...route, reason: null }, unit: "count" };
			const token = cursor.word("the reason of a drop", dropReasons);
			const reason = dropReasons.find((known) => known === token.text);
			if (reason === undefined) cursor.fail(token, "the reason of a drop", dropReasons);
			return { subject: { kind: "dropped", ...route, reason }, unit: "count" };
		},
	},
	holds: {
		usage: "holds raft.electionSafety",
		parse: (cursor, plan) => ({ subject: { kind: "invariant", name: takeName(cursor, plan, "the name of an invariant") }, unit: "count", comparison: nothing }),
	},
	crashes: countRule("nodeCrashed", "crashes of web-* <= 1"),
	count: {
		usage: "count nodeCrashed of web-* <= 1",
		parse(cursor: Cursor, plan: Plan): Parsed {
			const event = takeEventKind(cursor);
			return { subject: { kind: "count", event, nodes: takeNodesAfter(cursor, plan, "of") }, unit: "count" };
		},
	},
};

/** Words a check may begin with, for help and completion; `p99` stands for every percentile. */
export const checkSubjects: readonly string[] = [...Object.keys(subjects), "p50", "p99"];

/** `p99`, `p99.9`: thousandths of a percent. */
function rankMilliOf(word: string): number | undefined {
	const match = /^p(\d{1,3}(?:\.\d{1,3})?)$/.exec(word);
	const milli = match === null ? 0 : Math.round(Number(match[1]) * 1_000);
	return milli > 0 && milli <= 100_000 ? milli : undefined;
}

function ruleFor(word: string): SubjectRule | undefined {
	if (Object.hasOwn(subjects, word)) return subjects[word];
	const rankMilli = rankMilliOf(word);
	if (rankMilli === undefined) return undefined;
	return {
		usage: `${word} of visit <= 250ms`,
		parse: (cursor, plan) => ({ subject: { kind: "percentile", rankMilli, ...takeSpan(cursor, plan) }, unit: "us" }),
	};
}

const readers: { readonly [unit in Unit]: { readonly expected: string; readonly read: (text: string) => number | undefined } } = {
	count: { expected: "a whole number", read: (text) => (/^\d{1,15}$/.test(text) ? Number(text) : undefined) },
	ratio: { expected: "a ratio from 0 to 1, such as 0.8 or 80%", read: tryParseRatio },
	us: { expected: "a duration such as 250ms", read: tryParseDurationUs },
	perSecond: { expected: "a number a second", read: (text) => (/^\d{1,15}(\.\d{1,6})?$/.test(text) ? Number(text) : undefined) },
	number: { expected: "a number", read: (text) => (/^[+-]?\d{1,15}$/.test(text) ? Number(text) : undefined) },
};

function takeComparison(cursor: Cursor, unit: Unit): { readonly operator: Operator; readonly value: number } {
	const sign = cursor.peek();
	const operator = operators.find((known) => known === sign.text);
	if (sign.kind !== "compare" || operator === undefined) cursor.fail(sign, `a comparison (${operators.join(", ")})`);
	cursor.next();
	const { expected, read } = readers[unit];
	const token = cursor.word(expected);
	const value = read(token.text);
	if (value === undefined) cursor.fail(token, expected);
	return { operator, value };
}

function takeOver(cursor: Cursor, subject: Subject): Subject {
	if (subject.kind !== "utilisation" || !cursor.takeWord("over")) return subject;
	const token = cursor.word("a duration such as 1s");
	const overUs = tryParseDurationUs(token.text);
	const fits = overUs !== undefined && overUs >= windowGrainUs && overUs <= windowUsMax && overUs % windowGrainUs === 0;
	if (!fits) cursor.fail(token, "a duration from 100us to 1h, in whole steps of 100us");
	return { ...subject, overUs };
}

/** What follows an event: `+ 600ms`, `+600ms` or nothing. */
function takeOffset(cursor: Cursor): number {
	const token = cursor.peek();
	if (token.kind !== "word" || !/^[+-]/.test(token.text)) return 0;
	cursor.next();
	if (token.text.startsWith("-")) cursor.fail(token, "+ and a duration: a moment can follow an event, not precede it");
	const text = token.text === "+" ? cursor.word("a duration such as 600ms").text : token.text;
	const us = tryParseDurationUs(text);
	if (us === undefined || us < 0) cursor.fail(token, "+ and a duration such as + 600ms");
	return us;
}

function takeMoment(cursor: Cursor, plan: Plan): Moment {
	const words = Object.keys(momentEvents) as readonly MomentWord[];
	const expected = "a moment such as 6s, end, or crash web-3 + 600ms";
	const token = cursor.word(expected);
	if (token.text === "end") return { kind: "end" };
	const us = tryParseDurationUs(token.text);
	if (us !== undefined) {
		if (us < 0 || us > usMax) cursor.fail(token, expected);
		return { kind: "at", us };
	}
	const word = words.find((known) => known === token.text);
	if (word === undefined) cursor.fail(token, expected, [...words, "end"]);
	cursor.takeWord("of");
	const isOfNodes = word !== "cut" && word !== "partition" && word !== "heal";
	const nodes = isOfNodes ? takeNodes(cursor, plan) : null;
	return { kind: "event", word, nodes, offsetUs: takeOffset(cursor) };
}

const start: Moment = { kind: "at", us: 0 };
const end: Moment = { kind: "end" };

function takeWhen(cursor: Cursor, plan: Plan): When {
	if (cursor.takeWord("after")) return { from: takeMoment(cursor, plan), to: end };
	if (cursor.takeWord("before")) return { from: start, to: takeMoment(cursor, plan) };
	if (!cursor.takeWord("between")) {
		if (cursor.peek().kind !== "end") cursor.fail(cursor.peek(), "after, before, between or the end of the line", whenWords);
		return { from: start, to: end };
	}
	const { at } = cursor.peek();
	const from = takeMoment(cursor, plan);
	if (!cursor.takeWord("and")) cursor.fail(cursor.peek(), "and, and the second moment");
	const to = takeMoment(cursor, plan);
	const isSameWord = from.kind === "event" && to.kind === "event" && from.word === to.word && String(from.nodes) === String(to.nodes);
	const isBackwards = from.kind === "end" || (from.kind === "at" && to.kind === "at" && to.us < from.us) || (isSameWord && to.offsetUs < from.offsetUs);
	if (isBackwards) cursor.failAt(at, "the first moment is later than the second");
	return { from, to };
}

/**
 * Reads a check against the nodes and names of a plan.
 * @throws GrammarError `check-invalid`: where, what was expected and what is near
 */
export function parseCheck(expression: string, plan: Plan): Check {
	const cursor: Cursor = new Cursor(expression, "check-invalid");
	cursor.usage = "maxUtilisation of web-* <= 0.8, errors of visit == 0, p99 of visit <= 250ms, requests to web-3 == 0 after 6s";
	const token = cursor.word("what to check", checkSubjects);
	const rule = ruleFor(token.text);
	if (rule === undefined) cursor.fail(token, "what to check", checkSubjects);
	cursor.usage = rule.usage;
	const parsed = rule.parse(cursor, plan);
	const comparison = parsed.comparison ?? takeComparison(cursor, parsed.unit);
	const subject = takeOver(cursor, parsed.subject);
	// An invariant is judged over the whole run: what went before decides what may follow.
	const when = subject.kind === "invariant" ? { from: start, to: end } : takeWhen(cursor, plan);
	cursor.end();
	return { subject, ...comparison, unit: parsed.unit, when };
}
