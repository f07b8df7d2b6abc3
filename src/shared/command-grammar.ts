/**
 * The one grammar of commands: the story of a lab, the command line and the window all read lines
 * with `parseCommand`, and only what `formatCommand` writes is recorded.
 *
 *     crash | restart | pause | resume | wipe TARGET...      slow TARGET... 4x
 *     cut | clog | heal A B        one way: A -> B           heal all
 *     partition {TARGET...} {TARGET...}                      set link A B PROPERTY VALUE
 *     clock TARGET... +2s          drift TARGET... 200ppm    ask NODE "LINE"
 *     drop NODE#SEQUENCE           delay NODE#SEQUENCE 5ms   fail drive TARGET... 17
 *
 * A TARGET is a node's name, a glob such as `web-*`, or `@region`. Pure; runs anywhere.
 */
import type { Command } from "./command.ts";
import { checkRange, delayUsMax, formatLink, formatLinkProperty, takeLink, takeLinkProperty, takeNode, takeQuantity, takeTargets } from "./command-targets.ts";
import { unreachable } from "./errors.ts";
import type { Plan, ScheduledCommand } from "./plan.ts";
import { indexOf } from "./plan-index.ts";
import { driftPpmMax, driftPpmMin, formatFactorMilli, tryParseFactorMilli, tryParsePpm } from "./quantities.ts";
import { Cursor, type Token } from "./scanner.ts";
import { formatDurationUs, tryParseDurationUs, usMax } from "./units.ts";

interface Verb {
	readonly usage: string;
	parse(cursor: Cursor, plan: Plan): Command;
}

const wordMax = 2_147_483_647;
const factorMilliMax = 1_000_000_000;
/** Fifty years: further than any lab's clock errs, near enough for exact texts. */
const clockStepUsMax = 18_250 * 86_400_000_000;

const simpleVerb = (kind: "crash" | "restart" | "pause" | "resume" | "wipe"): Verb => ({
	usage: `${kind} web-3`,
	parse: (cursor, plan) => ({ kind, nodes: takeTargets(cursor, plan) }),
});

const linkVerb = (kind: "cut" | "clog"): Verb => ({
	usage: `${kind} a b, or ${kind} a -> b for one way`,
	parse: (cursor, plan) => ({ kind, ...takeLink(cursor, plan) }),
});

function parsePartition(cursor: Cursor, plan: Plan): Command {
	const groups: (readonly number[])[] = [];
	const groupOf = new Map<number, number>();
	while (groups.length === 0 || cursor.peek().kind !== "end") {
		const open = cursor.peek();
		if (cursor.take("open") === undefined) cursor.fail(open, "{ and the nodes of a group");
		const nodes = takeTargets(cursor, plan);
		if (cursor.take("close") === undefined) cursor.fail(cursor.peek(), "another node or }");
		for (const node of nodes) {
			if (groupOf.has(node)) cursor.failAt(open.at, `${plan.nodes[node]?.name} is in two groups`);
			groupOf.set(node, groups.length);
		}
		groups.push(nodes);
	}
	if (groups.length < 2) cursor.fail(cursor.peek(), "a second group in braces: nodes in no group reach everybody");
	return { kind: "partition", groups };
}

/** `client-1#42` */
function takeMessage(cursor: Cursor, plan: Plan): { readonly from: number; readonly sequence: number } {
	const expected = "a message as its sender and number, such as client-1#42";
	const token = cursor.word(expected);
	const match = /^([^#]+)#([1-9]\d{0,9})$/.exec(token.text);
	const name = match?.[1];
	const sequence = Number(match?.[2]);
	if (name === undefined || !(sequence <= wordMax)) cursor.fail(token, expected);
	const from = indexOf(plan).nodesMatching(name);
	if (from.length !== 1) cursor.fail({ ...token, text: name }, "the sender's name before #", indexOf(plan).nodeNames);
	return { from: from[0] as number, sequence };
}

function tryParseWhole(text: string): number | undefined {
	return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function takeWhole(cursor: Cursor, expected: string): number {
	return takeQuantity(cursor, (text) => (/^\d{1,10}$/.test(text) && Number(text) <= wordMax ? Number(text) : undefined), expected);
}

function parseAsk(cursor: Cursor, plan: Plan): Command {
	const node = takeNode(cursor, plan);
	const token = cursor.peek();
	if (token.kind === "end") cursor.fail(token, 'what to ask, such as "save budget.pdf"');
	if (token.kind === "text" && cursor.peek(1).kind === "end") {
		cursor.next();
		return { kind: "ask", node, line: token.text };
	}
	// Without quotes the rest of the line is the question, as a person types it in a shell.
	while (cursor.peek().kind !== "end") cursor.next();
	return { kind: "ask", node, line: cursor.line.slice(token.at).trim() };
}

function takeSized(cursor: Cursor, plan: Plan, read: (text: string) => number | undefined, expected: string) {
	const nodes = takeTargets(cursor, plan, (token) => read(token.text) !== undefined || cursor.peek(1).kind === "end");
	const token: Token = cursor.peek();
	return { nodes, token, value: takeQuantity(cursor, read, expected) };
}

const halt: Verb = {
	usage: "halt web-3 incarnation 1 step 17 hung",
	parse(cursor: Cursor, plan: Plan): Command {
		const node = takeNode(cursor, plan);
		if (!cursor.takeWord("incarnation")) cursor.fail(cursor.peek(), "incarnation");
		const incarnation = takeWhole(cursor, "a number");
		if (!cursor.takeWord("step")) cursor.fail(cursor.peek(), "step");
		const step = takeWhole(cursor, "a number");
		const token = cursor.word("hung or outOfMemory");
		const reason = token.text;
		if (reason !== "hung" && reason !== "outOfMemory") cursor.fail(token, "hung or outOfMemory");
		return { kind: "halt", node, incarnation, step, reason };
	},
};

const verbs: { readonly [verb: string]: Verb } = {
	crash: simpleVerb("crash"),
	restart: simpleVerb("restart"),
	pause: simpleVerb("pause"),
	resume: simpleVerb("resume"),
	wipe: simpleVerb("wipe"),
	fail: {
		usage: "fail drive web-3 0",
		parse(cursor: Cursor, plan: Plan): Command {
			if (!cursor.takeWord("drive")) cursor.fail(cursor.peek(), "drive", ["drive"]);
			const { nodes, token, value } = takeSized(cursor, plan, tryParseWhole, "the number of a drive, from 0");
			const last = Math.min(...nodes.map((node) => (plan.nodes[node]?.disk.drives ?? 0) - 1));
			if (last < 0) cursor.failAt(token.at, "there is a machine without drives among these");
			checkRange(cursor, token, value, { min: 0, max: last, shown: last === 0 ? "0, the only drive" : `0 to ${last}` });
			return { kind: "failDrive", nodes, drive: value };
		},
	},
	slow: {
		usage: "slow web-3 4x",
		parse(cursor: Cursor, plan: Plan): Command {
			const { nodes, token, value } = takeSized(cursor, plan, tryParseFactorMilli, "a factor such as 4x");
			checkRange(cursor, token, value, { min: 1, max: factorMilliMax, shown: "0.001x to 1000000x" });
			return { kind: "slow", nodes, factorMilli: value };
		},
	},
	cut: linkVerb("cut"),
	clog: linkVerb("clog"),
	heal: {
		usage: "heal a b, heal a -> b, or heal all",
		parse(cursor: Cursor, plan: Plan): Command {
			const isName = cursor.peek(1).kind !== "end" && indexOf(plan).vertexOf("all") !== undefined;
			if (!isName && cursor.takeWord("all")) return { kind: "healAll" };
			return { kind: "heal", ...takeLink(cursor, plan) };
		},
	},
	partition: { usage: "partition {a b} {c d e}", parse: parsePartition },
	set: {
		usage: "set link a b lossRatio 0.1, or set link a -> b lossRatio 0.1 for one way",
		parse(cursor: Cursor, plan: Plan): Command {
			if (!cursor.takeWord("link")) cursor.fail(cursor.peek(), "link", ["link"]);
			const link = takeLink(cursor, plan);
			return { kind: "setLink", ...link, ...takeLinkProperty(cursor) };
		},
	},
	clock: {
		usage: "clock web-3 +2s",
		parse(cursor: Cursor, plan: Plan): Command {
			const { nodes, token, value } = takeSized(cursor, plan, tryParseDurationUs, "a step of the clock such as +2s or -500ms");
			checkRange(cursor, token, value, { min: -clockStepUsMax, max: clockStepUsMax, shown: "at most 50 years either way" });
			return { kind: "clockStep", nodes, deltaUs: value };
		},
	},
	drift: {
		usage: "drift web-3 200ppm",
		parse(cursor: Cursor, plan: Plan): Command {
			const { nodes, token, value } = takeSized(cursor, plan, tryParsePpm, "a drift such as 200ppm or -50ppm");
			checkRange(cursor, token, value, {
				min: driftPpmMin,
				max: driftPpmMax,
				shown: "more than -1000000ppm, at which a clock stands still, and at most 1000000ppm",
			});
			return { kind: "clockDrift", nodes, driftPpm: value };
		},
	},
	ask: { usage: 'ask client-1 "save budget.pdf"', parse: parseAsk },
	drop: { usage: "drop client-1#42", parse: (cursor, plan) => ({ kind: "drop", ...takeMessage(cursor, plan) }) },
	delay: {
		usage: "delay client-1#42 5ms",
		parse(cursor: Cursor, plan: Plan): Command {
			const message = takeMessage(cursor, plan);
			const token = cursor.peek();
			const byUs = takeQuantity(cursor, tryParseDurationUs, "a duration such as 5ms");
			checkRange(cursor, token, byUs, { min: 1, max: delayUsMax, shown: "at least 1us and at most a day" });
			return { kind: "delay", ...message, byUs };
		},
	},
	halt,
};

/** Verbs that people use, in the order of the docs. */
export const commandVerbs: readonly string[] = Object.keys(verbs).filter((verb) => verb !== "halt");

/** How a line of this verb looks, for help and menus. */
export function commandUsage(verb: string): string | undefined {
	return Object.hasOwn(verbs, verb) ? verbs[verb]?.usage : undefined;
}

function parseFrom(cursor: Cursor, plan: Plan): Command {
	const token = cursor.word("a command", commandVerbs);
	const verb = Object.hasOwn(verbs, token.text) ? verbs[token.text] : undefined;
	if (verb === undefined) cursor.fail(token, "a command", commandVerbs);
	cursor.usage = verb.usage;
	const command = verb.parse(cursor, plan);
	cursor.end();
	return command;
}

/**
 * Reads one line.
 * @throws GrammarError `command-invalid`: where, what was expected and what is near
 */
export function parseCommand(line: string, plan: Plan): Command {
	return parseFrom(new Cursor(line, "command-invalid"), plan);
}

/**
 * Reads `6s crash web-3`: an instant and a command.
 * @throws GrammarError `command-invalid`
 */
export function parseScheduled(line: string, plan: Plan): ScheduledCommand {
	const cursor = new Cursor(line, "command-invalid");
	cursor.usage = "6s crash web-3";
	const token = cursor.peek();
	const atUs = takeQuantity(cursor, tryParseDurationUs, "an instant such as 6s or 250ms");
	checkRange(cursor, token, atUs, { min: 0, max: usMax, shown: "an instant from 0s on" });
	const verb = cursor.peek();
	// The watchdog's verdict belongs to a recorded run; in a story it would name a step nobody knows.
	if (verb.kind === "word" && verb.text === "halt") cursor.fail(verb, "a command", commandVerbs);
	return { atUs, line: formatCommand(parseFrom(cursor, plan), plan) };
}

/** The canonical line: names in plan order, quantities in their largest exact unit. */
export function formatCommand(command: Command, plan: Plan): string {
	const name = (node: number): string => plan.nodes[node]?.name ?? `node ${node}`;
	const list = (nodes: readonly number[]): string => nodes.map(name).join(" ");
	switch (command.kind) {
		case "crash":
		case "restart":
		case "pause":
		case "resume":
		case "wipe":
			return `${command.kind} ${list(command.nodes)}`;
		case "failDrive":
			return `fail drive ${list(command.nodes)} ${command.drive}`;
		case "slow":
			return `slow ${list(command.nodes)} ${formatFactorMilli(command.factorMilli)}`;
		case "cut":
		case "clog":
		case "heal":
			return `${command.kind} ${formatLink(plan, command.link, command.direction)}`;
		case "healAll":
			return "heal all";
		case "partition":
			return `partition ${command.groups.map((group) => `{${list(group)}}`).join(" ")}`;
		case "setLink":
			return `set link ${formatLink(plan, command.link, command.direction)} ${formatLinkProperty(command.property, command.value)}`;
		case "clockStep":
			return `clock ${list(command.nodes)} ${command.deltaUs < 0 ? "" : "+"}${formatDurationUs(command.deltaUs)}`;
		case "clockDrift":
			return `drift ${list(command.nodes)} ${command.driftPpm}ppm`;
		case "ask":
			return `ask ${name(command.node)} ${JSON.stringify(command.line)}`;
		case "drop":
			return `drop ${name(command.from)}#${command.sequence}`;
		case "delay":
			return `delay ${name(command.from)}#${command.sequence} ${formatDurationUs(command.byUs)}`;
		case "halt":
			return `halt ${name(command.node)} incarnation ${command.incarnation} step ${command.step} ${command.reason}`;
		default:
			return unreachable(command);
	}
}
