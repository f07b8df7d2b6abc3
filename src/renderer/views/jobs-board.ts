/**
 * What the view of jobs draws, read out of what workers and clients stated: how far each job is, who did which
 * stretch of it, and where it changed hands. Pure.
 */
import type { BoardEntry } from "../../shared/projection/fact-board.ts";
import { entriesOf } from "./parts/members.ts";
import { fieldOf, numberIn, textIn } from "./parts/values.ts";
import type { ViewProps } from "./view.ts";

export const jobFacts = ["jobs.job", "jobs.takeover", "jobs.told"] as const;

/** Steps that one machine did, as far as they were kept. */
export interface Stretch {
	readonly machine: string;
	readonly fromStep: number;
	readonly toStep: number;
}

export interface Takeover {
	readonly job: string;
	readonly from: string;
	readonly to: string;
	/** The checkpoint that it went on from. */
	readonly step: number;
	readonly why: string;
	readonly atUs: number;
	readonly index: number;
}

export interface JobRow {
	readonly id: string;
	readonly program: string;
	readonly argument: number;
	readonly state: string;
	readonly done: number;
	readonly steps: number;
	/** Steps of the last checkpoint; null: none was made. */
	readonly saved: number | null;
	/** Empty: nobody's yet. */
	readonly owner: string;
	readonly helper: string;
	readonly wanted: string;
	readonly stretches: readonly Stretch[];
	/** Oldest first. */
	readonly takeovers: readonly Takeover[];
	/** What its user was told; null: nothing yet. */
	readonly answer: string | null;
	/** Event that told it; -1: none. */
	readonly answerIndex: number;
	readonly index: number;
}

type Parts = Pick<ViewProps, "board" | "nameOf">;

/** Whoever changed a job stated it: of each job the latest statement counts, whoever made it. */
function latestByKey(entries: readonly BoardEntry[]): readonly BoardEntry[] {
	const latest = new Map<string, BoardEntry>();
	for (const entry of entries) if ((latest.get(entry.key)?.index ?? -1) < entry.index) latest.set(entry.key, entry);
	return [...latest.values()].sort((a, b) => Number(b.key) - Number(a.key) || b.index - a.index);
}

/** Newest job first. */
export function readJobs(parts: Parts): readonly JobRow[] {
	const takeovers = takeoversOf(parts);
	const told = new Map(entriesOf(parts, "jobs.told").map((entry) => [entry.key, entry]));
	return latestByKey(entriesOf(parts, "jobs.job")).map(({ key, value, index }) => {
		const own = takeovers.filter(({ job }) => job === key);
		const answer = told.get(key);
		const [done, owner, saved] = [numberIn(value, "done"), textIn(value, "owner"), fieldOf(value, "saved")];
		return {
			id: key,
			program: textIn(value, "program"),
			argument: numberIn(value, "argument"),
			state: textIn(value, "state"),
			done,
			steps: Math.max(1, numberIn(value, "steps", 1)),
			saved: saved === null || saved === undefined ? null : numberIn(saved, "done"),
			owner,
			helper: textIn(value, "helper"),
			wanted: textIn(value, "wanted"),
			stretches: stretchesOf(own, owner, done),
			takeovers: own,
			answer: answer === undefined ? null : textIn(answer.value, "answer"),
			answerIndex: answer?.index ?? -1,
			index,
		};
	});
}

/** All of them, oldest first. The same change may be stated by several. */
export function takeoversOf(parts: Parts): readonly Takeover[] {
	return latestByKey(entriesOf(parts, "jobs.takeover"))
		.map(({ key, value, atUs, index }) => ({
			job: key.split(".")[0] ?? "",
			from: textIn(value, "from"),
			to: textIn(value, "to"),
			step: numberIn(value, "step"),
			why: textIn(value, "why"),
			atUs,
			index,
		}))
		.sort((a, b) => a.index - b.index);
}

/** Each machine until the checkpoint that the next one went on from; the last one until now. */
function stretchesOf(takeovers: readonly Takeover[], owner: string, done: number): readonly Stretch[] {
	let fromStep = 0;
	const before = takeovers.map(({ from, step }) => {
		const stretch = { machine: from, fromStep, toStep: Math.max(fromStep, step) };
		fromStep = stretch.toStep;
		return stretch;
	});
	const last = owner === "" ? (takeovers.at(-1)?.to ?? "") : owner;
	return [...before, { machine: last, fromStep, toStep: Math.max(fromStep, done) }].filter((stretch) => stretch.toStep > stretch.fromStep);
}
