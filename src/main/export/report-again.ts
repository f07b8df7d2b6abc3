/**
 * The line for a shell that gives a recorded run again. It is only given where it is true: where the lab
 * is the one that this program has, nobody interfered by hand, and compiling what the line asks for gives
 * the session's own plan.
 */
import { registry } from "../../os/registry.ts";
import { canonicalJson } from "../../shared/canonical-json.ts";
import { QuorateError } from "../../shared/errors.ts";
import { compileLab, type LabOverrides } from "../../shared/lab/compile.ts";
import type { Plan, ScheduledCommand } from "../../shared/plan.ts";
import { formatDurationUs } from "../../shared/units.ts";
import { labIds, readLab } from "../app/lab-catalog.ts";
import { shellWords } from "../cli/shell-words.ts";
import type { ExportSource } from "./source.ts";

/** Null where only the session file gives the run again. */
export function lineToRunAgain(source: ExportSource, branch: number): string | null {
	const { plan, header, labText } = source;
	if (labText === undefined || !isTypable(source, branch)) return null;
	return attempt(() => {
		if (!labIds().includes(plan.labId) || readLab(plan.labId).text !== labText) return null;
		const wishes = wishesOf(plan, compiled(labText, { variant: plan.variant }));
		return canonicalJson(compiled(labText, wishes)) === canonicalJson(plan) ? shellWords(wordsOf(plan.labId, header.seed, wishes)) : null;
	});
}

/** What a person did meanwhile is of another origin than a story, and a branch has a past of its own: neither can be typed. */
function isTypable(source: ExportSource, branch: number): boolean {
	const { finished, untilUs } = source.head(branch);
	if (branch !== 0 || !finished || untilUs !== source.plan.untilUs || (source.damage ?? null) !== null) return false;
	for (const { origin } of source.commands(branch)) if (origin !== "lab") return false;
	return true;
}

/** Null for what cannot be compiled: a forged file, or a lab of another version of the program. */
function attempt<Result>(action: () => Result): Result | null {
	try {
		return action();
	} catch (error) {
		if (error instanceof QuorateError) return null;
		throw error;
	}
}

function compiled(labText: string, overrides: LabOverrides): Plan {
	return compileLab({ text: labText, fileName: "lab.yaml", services: registry.values(), overrides }).plan;
}

/** What is not as the lab has it, as one would type it. */
function wishesOf(plan: Plan, own: Plan): LabOverrides {
	const keyOf = ({ atUs, line }: ScheduledCommand): string => `${atUs} ${line}`;
	const told = new Set(own.story.map(keyOf));
	const changed = Object.entries(plan.parameters).filter(([name, value]) => canonicalJson(value) !== canonicalJson(own.parameters[name] ?? null));
	return {
		variant: plan.variant,
		parameters: Object.fromEntries(changed.map(([name, value]) => [name, String(value)])),
		...(plan.untilUs === own.untilUs ? {} : { untilUs: plan.untilUs }),
		story: plan.story.filter((command) => !told.has(keyOf(command))).map(({ atUs, line }) => `${formatDurationUs(atUs)} ${line}`),
		exploreRaces: plan.exploreRaces,
	};
}

function wordsOf(labId: string, seed: number, { variant = "", parameters = {}, untilUs, story = [], exploreRaces = false }: LabOverrides): readonly string[] {
	return [
		"quorate",
		"run",
		labId,
		"--seed",
		String(seed),
		...(variant === "" ? [] : ["--variant", variant]),
		...(untilUs === undefined ? [] : ["--until", formatDurationUs(untilUs)]),
		...Object.entries(parameters).flatMap(([name, value]) => ["--set", `${name}=${value}`]),
		...story.flatMap((line) => ["--at", line]),
		...(exploreRaces ? ["--explore-races"] : []),
	];
}
