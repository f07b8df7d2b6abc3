/**
 * The parts that the lines of the command grammar share: targets, links, quantities.
 * Every reader takes its tokens from the cursor or refuses with what was expected. Pure.
 */
import { type LinkDirection, type LinkProperty, linkProperties } from "./command.ts";
import { nearest, someOf } from "./nearest.ts";
import type { Plan } from "./plan.ts";
import { indexOf } from "./plan-index.ts";
import { formatBitsPerSecond, formatRatio, tryParseBitsPerSecond, tryParseRatio } from "./quantities.ts";
import type { Cursor, Token } from "./scanner.ts";
import { formatDurationUs, tryParseDurationUs } from "./units.ts";

const targetExpected = "a node, a glob such as web-* or a @region";

function failTarget(cursor: Cursor, token: Token, plan: Plan): never {
	const { text, at } = token;
	const index = indexOf(plan);
	if (text.startsWith("@")) {
		if (plan.regions.includes(text.slice(1))) cursor.failAt(at, `no node is in the region ${text.slice(1)}`);
		cursor.fail(
			token,
			"@ and the name of a region",
			plan.regions.map((region) => `@${region}`),
		);
	}
	if (text.includes("*")) cursor.failAt(at, `no node's name fits ${text}; there is ${someOf(index.nodeNames)}`);
	if (index.vertexOf(text) !== undefined)
		cursor.failAt(at, `${text} is a switch or a region, not a node${plan.regions.includes(text) ? `; write @${text} for its nodes` : ""}`);
	const near = nearest(text, index.nodeNames);
	cursor.failAt(at, `no node is called "${text}"${near === undefined ? `; there is ${someOf(index.nodeNames)}` : `; did you mean ${near}?`}`);
}

/** One target: the nodes it names, ascending and at least one. */
function takeTarget(cursor: Cursor, plan: Plan): readonly number[] {
	const token = cursor.peek();
	if (token.kind !== "word") cursor.fail(token, targetExpected, indexOf(plan).nodeNames);
	const nodes = indexOf(plan).nodesMatching(token.text);
	if (nodes.length === 0) failTarget(cursor, token, plan);
	cursor.next();
	return nodes;
}

/** One or more targets up to the first token that is no target: ascending, each node once. */
export function takeTargets(cursor: Cursor, plan: Plan, isLast: (token: Token) => boolean = () => false): readonly number[] {
	const nodes = new Set(takeTarget(cursor, plan));
	while (cursor.peek().kind === "word" && !isLast(cursor.peek())) for (const node of takeTarget(cursor, plan)) nodes.add(node);
	return [...nodes].sort((a, b) => a - b);
}

/** Exactly one node, by its name. */
export function takeNode(cursor: Cursor, plan: Plan): number {
	const token = cursor.peek();
	const nodes = takeTarget(cursor, plan);
	if (nodes.length > 1) cursor.failAt(token.at, `expected one node, but ${token.text} names ${nodes.length}`);
	return nodes[0] as number;
}

function takeVertex(cursor: Cursor, plan: Plan): number {
	const index = indexOf(plan);
	const token = cursor.word("the name of a node, switch or region", index.vertexNames);
	const vertex = index.vertexOf(token.text);
	if (vertex !== undefined) return vertex;
	if (token.text.includes("*")) cursor.failAt(token.at, "a link has one name at each end; write a line for each link, or use partition");
	cursor.fail(token, "the name of a node, switch or region", index.vertexNames);
}

/** `a b` for both directions, `a -> b` for the one from a to b. */
export function takeLink(cursor: Cursor, plan: Plan): { readonly link: number; readonly direction: LinkDirection } {
	const index = indexOf(plan);
	const a = takeVertex(cursor, plan);
	const oneWay = cursor.take("arrow") !== undefined;
	const { at } = cursor.peek();
	const b = takeVertex(cursor, plan);
	const link = index.linkBetween(a, b);
	if (link === undefined) {
		const names = index.neighboursOf(a).map((vertex) => index.vertexNames[vertex] as string);
		const has = names.length === 0 ? "has no link" : `has links to ${someOf(names)}`;
		cursor.failAt(at, `there is no link between ${index.vertexNames[a]} and ${index.vertexNames[b]}; ${index.vertexNames[a]} ${has}`);
	}
	return { link, direction: oneWay ? (plan.links[link]?.a === a ? "forward" : "backward") : "both" };
}

export function formatLink(plan: Plan, link: number, direction: LinkDirection): string {
	const names = indexOf(plan).vertexNames;
	const { a, b } = plan.links[link] as Plan["links"][number];
	if (direction === "both") return `${names[a]} ${names[b]}`;
	return direction === "forward" ? `${names[a]} -> ${names[b]}` : `${names[b]} -> ${names[a]}`;
}

/** Reads a word with `read`, or refuses with what was expected. */
export function takeQuantity(cursor: Cursor, read: (text: string) => number | undefined, expected: string): number {
	const token = cursor.word(expected);
	const value = read(token.text);
	if (value === undefined) cursor.fail(token, expected);
	return value;
}

/** Refuses a quantity that lies outside the range told; `shown` is how a person would write the range. */
export function checkRange(cursor: Cursor, token: Token, value: number, { min, max, shown }: { min: number; max: number; shown: string }): void {
	if (value < min || value > max) cursor.failAt(token.at, `${token.text} is out of range; expected ${shown}`);
}

interface PropertyRule {
	readonly read: (text: string) => number | undefined;
	readonly write: (value: number) => string;
	readonly expected: string;
	readonly min: number;
	readonly max: number;
	readonly shown: string;
}

/** No message is on its way for longer than this. */
export const delayUsMax = 86_400_000_000;
/** As fast as a link may be: 1,000 Gbit/s. */
const bitsPerSecondMax = 1_000_000_000_000;

const ratioRule: PropertyRule = {
	read: tryParseRatio,
	write: formatRatio,
	expected: "a ratio from 0 to 1, such as 0.1 or 10%",
	min: 0,
	max: 1,
	shown: "0 to 1",
};
const duration = { read: tryParseDurationUs, write: formatDurationUs, max: delayUsMax };
const propertyRules: { readonly [property in LinkProperty]: PropertyRule } = {
	floorUs: { ...duration, expected: "a duration such as 5ms", min: 1, shown: "at least 1us and at most a day" },
	jitterUs: { ...duration, expected: "a duration such as 5ms", min: 0, shown: "0us to a day" },
	lossRatio: ratioRule,
	duplicateRatio: ratioRule,
	corruptRatio: ratioRule,
	reorderRatio: ratioRule,
	bitsPerSecond: {
		read: tryParseBitsPerSecond,
		write: formatBitsPerSecond,
		expected: "a rate such as 100Mbit/s, or unlimited",
		min: 0,
		max: bitsPerSecondMax,
		shown: "at most 1000Gbit/s",
	},
};

/** The words of lab files are understood as well. */
const propertyAliases: { readonly [alias: string]: LinkProperty } = {
	latency: "floorUs",
	jitter: "jitterUs",
	loss: "lossRatio",
	duplicate: "duplicateRatio",
	corrupt: "corruptRatio",
	reorder: "reorderRatio",
	bandwidth: "bitsPerSecond",
};

export function takeLinkProperty(cursor: Cursor): { readonly property: LinkProperty; readonly value: number } {
	const token = cursor.word("a property of the link", linkProperties);
	const property = linkProperties.find((name) => name === token.text) ?? (Object.hasOwn(propertyAliases, token.text) ? propertyAliases[token.text] : undefined);
	if (property === undefined) cursor.fail(token, "a property of the link", linkProperties);
	const rule = propertyRules[property];
	const valueToken = cursor.peek();
	const value = takeQuantity(cursor, rule.read, rule.expected);
	checkRange(cursor, valueToken, value, rule);
	return { property, value };
}

export function formatLinkProperty(property: LinkProperty, value: number): string {
	return `${property} ${propertyRules[property].write(value)}`;
}
