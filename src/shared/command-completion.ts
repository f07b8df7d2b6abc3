/**
 * What may come next on a half-typed command line, for the palette and the shell. Suggests; the
 * grammar alone decides. Pure; runs anywhere.
 */
import { linkProperties } from "./command.ts";
import { commandVerbs } from "./command-grammar.ts";
import type { Plan } from "./plan.ts";
import { indexOf } from "./plan-index.ts";
import { tryParseDurationUs } from "./units.ts";

const suggestionsMax = 100;

/** Globs for families such as web-1, web-2: offered when two nodes or more share a stem. */
function familyGlobs(names: readonly string[]): readonly string[] {
	const sizes = new Map<string, number>();
	for (const name of names) {
		const stem = /^(.*-)\d+$/.exec(name)?.[1];
		if (stem !== undefined) sizes.set(stem, (sizes.get(stem) ?? 0) + 1);
	}
	return [...sizes].filter(([, size]) => size > 1).map(([stem]) => `${stem}*`);
}

function targets(plan: Plan): readonly string[] {
	const { nodeNames } = indexOf(plan);
	return [...familyGlobs(nodeNames), ...nodeNames, ...plan.regions.map((region) => `@${region}`)];
}

function linkEnds(done: readonly string[], plan: Plan): readonly string[] | undefined {
	const index = indexOf(plan);
	const [first, ...rest] = done;
	if (first === undefined) return index.vertexNames.filter((_, vertex) => index.neighboursOf(vertex).length > 0);
	const from = index.vertexOf(first);
	const neighbours = from === undefined ? [] : index.neighboursOf(from).map((vertex) => index.vertexNames[vertex] as string);
	if (rest.length === 0) return [...neighbours, "->"];
	return rest.length === 1 && rest[0] === "->" ? neighbours : undefined;
}

function partitionWords(done: readonly string[], plan: Plan): readonly string[] {
	const text = done.join(" ");
	const isOpen = text.lastIndexOf("{") > text.lastIndexOf("}");
	const used = new Set(text.split(/[\s{}]+/));
	const free = targets(plan).filter((name) => !used.has(name));
	return isOpen ? [...free, "}"] : free.map((name) => `{${name}`);
}

function setWords(done: readonly string[], plan: Plan): readonly string[] {
	if (done.length === 0) return ["link"];
	const ends = linkEnds(done.slice(1), plan);
	if (ends !== undefined) return ends;
	const after = done.slice(done[2] === "->" ? 4 : 3);
	if (after.length === 0) return linkProperties;
	if (after.length > 1) return [];
	if (after[0] === "bitsPerSecond") return ["10Mbit/s", "100Mbit/s", "unlimited"];
	return after[0] === "floorUs" || after[0] === "jitterUs" ? ["1ms", "10ms", "100ms"] : ["0", "0.01", "0.1", "1"];
}

/** Words that may follow `done`, the whole words after the verb. */
function wordsAfter(verb: string, done: readonly string[], plan: Plan): readonly string[] {
	const { nodeNames } = indexOf(plan);
	const unused = targets(plan).filter((name) => !done.includes(name));
	switch (verb) {
		case "slow":
			return done.length === 0 ? unused : ["2x", "4x", "10x", ...unused];
		case "fail":
			if (done.length === 0) return ["drive"];
			return done.length === 1 ? unused : ["0", ...unused];
		case "clock":
			return done.length === 0 ? unused : ["+1s", "-1s", ...unused];
		case "drift":
			return done.length === 0 ? unused : ["200ppm", "-200ppm", ...unused];
		case "cut":
		case "clog":
			return linkEnds(done, plan) ?? [];
		case "heal":
			return [...(done.length === 0 ? ["all"] : []), ...(done[0] === "all" ? [] : (linkEnds(done, plan) ?? []))];
		case "partition":
			return partitionWords(done, plan);
		case "set":
			return setWords(done, plan);
		case "ask":
			return done.length === 0 ? nodeNames : [];
		case "drop":
		case "delay":
			return done.length === 0 ? nodeNames.map((name) => `${name}#`) : [];
		default:
			return commandVerbs.includes(verb) ? unused : [];
	}
}

/**
 * Whole lines that begin with `prefix`, at most 100, in the order of the grammar and the plan. A leading
 * instant (`6s `) is kept as it is.
 */
export function completeCommand(prefix: string, plan: Plan): string[] {
	const words = prefix.split(/\s+/);
	const partial = words.at(-1) ?? "";
	const before = prefix.slice(0, prefix.length - partial.length);
	const done = words.slice(0, -1).filter((word) => word !== "");
	if (done[0] !== undefined && tryParseDurationUs(done[0]) !== undefined) done.shift();
	const [verb, ...rest] = done;
	const candidates = verb === undefined ? commandVerbs : wordsAfter(verb, rest, plan);
	// A brace may be typed up against a name: `{web-1` completes like `web-1` after a brace.
	const brace = verb === "partition" && partial.startsWith("{") ? "{" : "";
	const options = brace === "" ? candidates : targets(plan).map((name) => `{${name}`);
	return options
		.filter((word) => word.startsWith(partial) && word !== partial)
		.slice(0, suggestionsMax)
		.map((word) => before + word);
}
