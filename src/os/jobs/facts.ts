/**
 * What workers and clients state of jobs, and what is promised of them: no step takes effect twice or out
 * of turn, and nobody is told a wrong answer. Judged from outside, whatever died meanwhile. Pure.
 */
import type { Fact, Invariant, InvariantFold, NodeContext, PlainValue } from "../../core/node-api.ts";
import { formatDurationUs } from "../../shared/units.ts";
import { answerOf, programs } from "./programs.ts";
import type { JobRecord } from "./records.ts";

export const jobFacts = { job: "jobs.job", effect: "jobs.effect", told: "jobs.told", takeover: "jobs.takeover" } as const;

/** One application of one step's effect; `count`: how many the job has had by then, this one among them. */
export type EffectFact = { readonly job: string; readonly step: number; readonly count: number };
/** What a user was told at the end. */
export type ToldFact = { readonly key: string; readonly program: string; readonly argument: number; readonly answer: string };
/** Why and from where a job changed hands. */
export type TakeoverFact = { readonly key: string; readonly from: string; readonly to: string; readonly step: number; readonly why: string };

/** The job as it stands now, for views. */
export function stateJob(ctx: NodeContext, job: JobRecord): void {
	ctx.fact(jobFacts.job, { key: job.id, ...job });
}

export function stateEffect(ctx: NodeContext, fact: EffectFact): void {
	ctx.fact(jobFacts.effect, fact);
}

export function stateTold(ctx: NodeContext, fact: ToldFact): void {
	ctx.fact(jobFacts.told, fact);
}

export function stateTakeover(ctx: NodeContext, fact: TakeoverFact): void {
	ctx.fact(jobFacts.takeover, fact);
}

function effectsOnce(): InvariantFold {
	const applied = new Map<string, { readonly node: string; readonly atUs: number }>();
	return {
		onFact({ node, atUs, value }: Fact): string | null {
			const { job, step, count } = value as EffectFact;
			const place = `${job} ${step}`;
			const before = applied.get(place);
			applied.set(place, { node, atUs });
			if (before !== undefined)
				return `step ${step} of job ${job} took effect at ${before.node} (${formatDurationUs(before.atUs)}) and again at ${node} (${formatDurationUs(atUs)})`;
			// Machines die before they can tell: the count tells of effects that nobody has stated.
			return count === step ? null : `step ${step} of job ${job} took effect at ${node} (${formatDurationUs(atUs)}) as its effect number ${count}`;
		},
	};
}

function rightAnswer(): InvariantFold {
	const known = new Map<string, string>();
	return {
		onFact({ node, value }: Fact): string | null {
			const told = value as PlainValue & ToldFact;
			const program = programs.get(told.program);
			if (program === undefined || !Number.isFinite(program.steps(told.argument))) return null;
			const question = `${told.program} ${told.argument}`;
			const right = known.get(question) ?? answerOf(program, told.argument);
			known.set(question, right);
			return told.answer === right ? null : `${node} was told "${told.answer}" of ${question}, and ${right}`;
		},
	};
}

export const jobInvariants: readonly Invariant[] = [
	{
		name: "jobs.effectsOnce",
		shows: "Each step of a job takes effect once and in its turn, however many machines ran it and died of it.",
		facts: [jobFacts.effect],
		start: effectsOnce,
	},
	{ name: "jobs.rightAnswer", shows: "Nobody is told anything but what the program answers when nothing fails.", facts: [jobFacts.told], start: rightAnswer },
];
