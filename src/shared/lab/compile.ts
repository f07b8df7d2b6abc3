/**
 * A lab file becomes a plan. Everything that is wrong with the file is told at once, each with its
 * line and column and what was expected there. The same text and the same wishes give the same plan,
 * value for value. Knows services only by what the caller says of them. Pure.
 */

import { parseCheck } from "../check/check-grammar.ts";
import type { PlainValue } from "../codec.ts";
import { parseScheduled } from "../command-grammar.ts";
import { QuorateError } from "../errors.ts";
import { hint } from "../nearest.ts";
import type { CheckPlan, NodePlan, Plan, ScheduledCommand } from "../plan.ts";
import { GrammarError } from "../scanner.ts";
import { describeSections, type LabDescription } from "./describe.ts";
import { overrideValues, type ParameterValue, type ParameterValues, substitute, variantValues } from "./parameters.ts";
import { entriesWithin, isData, type LabHead, type LabSections, readHead, readSections, storyOf } from "./sections.ts";
import { ServiceBinder, type ServiceInfo } from "./services.ts";
import type { Entry } from "./shape.ts";
import { type LabSource, readSource } from "./source.ts";
import { buildTopology, type Topology } from "./topology.ts";

/** What a user may wish for, beyond what the file says. */
export interface LabOverrides {
	/** Id of a variant; empty or left out: the lab as it is. */
	readonly variant?: string | undefined;
	/** Texts by name of parameter, as typed. */
	readonly parameters?: { readonly [name: string]: string } | undefined;
	readonly untilUs?: number | undefined;
	/** Lines such as `6s crash web-3`, added to the story. */
	readonly story?: readonly string[] | undefined;
	readonly exploreRaces?: boolean | undefined;
}

export interface LabInput {
	readonly text: string;
	/** For messages only. */
	readonly fileName: string;
	readonly services: Iterable<ServiceInfo>;
	readonly overrides?: LabOverrides | undefined;
}

export interface CompiledLab {
	readonly plan: Plan;
	readonly description: LabDescription;
}

/**
 * @throws QuorateError `lab-invalid` (the file), `usage` (a wished variant or parameter) or
 * `command-invalid` (a wished line of the story)
 */
export function compileLab({ text, fileName, services, overrides = {} }: LabInput): CompiledLab {
	const source = readSource(text, fileName);
	source.problems.throwIfAny();
	const head = readHead(source);
	const values = valuesOf(source, head, overrides);
	const sections = readSections(source, putIn(source, values));
	const variant = sections.variants.entries.find(({ value }) => value.id === overrides.variant);
	const topology = buildTopology(source, { ...sections, overlays: entriesWithin(variant?.value.links, [...(variant?.path ?? []), "links"]) });
	const binder = new ServiceBinder(source, services, entriesWithin(variant?.value.services, [...(variant?.path ?? []), "services"]));
	const nodes = binder.bind(topology);
	const draft = draftPlan({ sections, topology, nodes, names: binder.namesOf(nodes), values, overrides });
	const story = topology.complete ? readStory(source, storyOf(sections, variant), draft) : [];
	const checks = topology.complete ? readChecks(source, sections, draft) : [];
	source.problems.throwIfAny();
	const wished = (overrides.story ?? []).map((line) => readWish(line, draft));
	return { plan: { ...draft, story: inOrder([...story, ...wished]), checks }, description: describeSections(sections, head.parameters.entries) };
}

/**
 * Reads what a lab offers, with every parameter at its default.
 * @throws QuorateError `lab-invalid` when a section has not the right shape; a lab that is described may still not compile
 */
export function describeLab(text: string, fileName = "lab.yaml"): LabDescription {
	const source = readSource(text, fileName);
	source.problems.throwIfAny();
	const head = readHead(source);
	const sections = readSections(source, putIn(source, valuesOf(source, head, {})));
	source.problems.throwIfAny();
	return describeSections(sections, head.parameters.entries);
}

/** Defaults, then the variant's, then the user's. Every variant's values are checked, wished for or not. */
function valuesOf(source: LabSource, { parameters, variants }: LabHead, overrides: LabOverrides): ReadonlyMap<string, ParameterValue> {
	let values = variantValues(source, parameters.entries, {}, []);
	const wished = overrides.variant ?? "";
	let isFound = wished === "";
	for (const variant of variants) {
		const laid = variantValues(source, parameters.entries, variant.parameters as ParameterValues, [...variant.path, "parameters"]);
		if (variant.id !== wished) continue;
		values = laid;
		isFound = true;
	}
	// A wish that does not fit is the user's mistake only if the file itself is right.
	if (source.problems.count > 0) return values;
	if (!isFound)
		throw unknownVariant(
			wished,
			variants.flatMap(({ id }) => (typeof id === "string" ? [id] : [])),
		);
	overrideValues(parameters.entries, values, overrides.parameters ?? {});
	return values;
}

function unknownVariant(wanted: string, known: readonly string[]): QuorateError {
	return new QuorateError("usage", `the lab has no variant called ${wanted}${known.length === 0 ? "; it has none" : hint(wanted, known)}`);
}

/** The whole file with every `${name}` replaced, but for the parameters themselves. */
function putIn(source: LabSource, values: ReadonlyMap<string, ParameterValue>): PlainValue {
	const { data } = source;
	if (!isData(data)) return data;
	const entries = Object.entries(data as { readonly [key: string]: PlainValue });
	return Object.fromEntries(entries.map(([key, value]) => [key, key === "parameters" ? value : substitute(source, value, [key], values)]));
}

interface DraftInput {
	readonly sections: LabSections;
	readonly topology: Topology;
	readonly nodes: readonly NodePlan[];
	readonly names: readonly string[];
	readonly values: ReadonlyMap<string, ParameterValue>;
	readonly overrides: LabOverrides;
}

/** The plan but for its story and checks, which are read against it. */
function draftPlan({ sections: { head }, topology, nodes, names, values, overrides }: DraftInput): Plan {
	return {
		labId: head.id,
		labVersion: head.version ?? 1,
		title: head.title,
		variant: overrides.variant ?? "",
		parameters: Object.fromEntries(values),
		untilUs: overrides.untilUs ?? head.duration,
		exploreRaces: overrides.exploreRaces ?? head.exploreRaces ?? false,
		regions: topology.regions,
		nodes,
		switches: topology.switches,
		links: topology.links,
		story: [],
		checks: [],
		names,
	};
}

/** Runs `read`; a refusal becomes a problem at its place in the file. */
function reading<Result>(source: LabSource, { value: text, path }: Entry<string>, read: () => Result): Result | undefined {
	try {
		return read();
	} catch (error) {
		if (!(error instanceof GrammarError)) throw error;
		source.reportWithin(path, text, error.position, error.complaint);
		return undefined;
	}
}

/** Of several wished lines the message must say which. */
function readWish(line: string, plan: Plan): ScheduledCommand {
	try {
		return parseScheduled(line, plan);
	} catch (error) {
		if (!(error instanceof GrammarError)) throw error;
		throw new GrammarError(error.code, `in "${line}": ${error.complaint}`, error.position, error.usage);
	}
}

function readStory(source: LabSource, story: readonly Entry<string>[], plan: Plan): readonly ScheduledCommand[] {
	return story.flatMap((entry) => reading(source, entry, () => parseScheduled(entry.value, plan)) ?? []);
}

function readChecks(source: LabSource, { checks }: LabSections, plan: Plan): readonly CheckPlan[] {
	for (const { value, path } of checks.entries) {
		const entry = { value: value.expression, path: [...path, "expression"] };
		reading(source, entry, () => parseCheck(value.expression, plan));
	}
	return checks.entries.map(({ value: { id, expression, shows } }) => ({ id, expression, shows }));
}

/** By instant; lines of one instant keep the order of the file. */
function inOrder(story: readonly ScheduledCommand[]): readonly ScheduledCommand[] {
	return [...story].sort((a, b) => a.atUs - b.atUs);
}
