/** A run under the name that windows know it by, and how it is told to them. */

import { ContractError, errorViewOf } from "../../shared/contract/errors.ts";
import type { Of } from "../../shared/contract/schema.ts";
import type { runView } from "../../shared/contract/views.ts";
import type { Plan } from "../../shared/plan.ts";
import type { SessionDetail } from "../../shared/session.ts";
import type { LiveRun } from "./live-run.ts";
import type { OpenedBranch } from "./log/questions.ts";

export type RunView = Of<typeof runView>;

/** A run under its name. */
export interface RunEntry {
	readonly run: string;
	readonly session: string;
	readonly branch: number;
	readonly parent: string | null;
	readonly plan: Plan;
	readonly seed: number;
	readonly detail: SessionDetail;
	readonly labText: string;
	readonly salvage: boolean;
	/** Of its session's file, see `makingOf`. */
	readonly making: string;
	/** Null for a recorded one. */
	readonly live: LiveRun | null;
	readonly opened: OpenedBranch | null;
}

/** @throws ContractError `run-not-live` */
export function liveOf({ live }: RunEntry): LiveRun {
	if (live !== null && !live.isOver) return live;
	throw new ContractError("run-not-live", live === null ? "this run is a recording" : "this run has ended", {
		kept: "All of it can be looked at.",
		advice: "Fork it to act on it.",
	});
}

/** It has a present. */
export function goesOn({ live }: RunEntry): boolean {
	return live !== null && !live.isOver;
}

export function viewOfRun({ run, session, branch, parent, plan, seed, detail, live, opened }: RunEntry): RunView {
	const common = { run, session, branch, parent, labId: plan.labId, title: plan.title, variant: plan.variant, seed, detail };
	if (live !== null) {
		return {
			...common,
			kind: live.isOver ? "recorded" : "live",
			mode: live.mode,
			forkUs: live.task.fork?.atUs ?? 0,
			executor: live.task.executor.name,
			virtualUs: live.virtualUs,
			untilUs: live.task.untilUs,
			events: live.events,
			committedEvents: live.committedEvents,
			finished: live.outcome?.finished === true,
			error: live.failure === null ? null : errorViewOf(live.failure),
		};
	}
	const head = opened?.branch.head;
	return {
		...common,
		kind: "recorded",
		mode: "ended",
		forkUs: opened?.branch.forkUs ?? 0,
		executor: opened?.header.executor ?? "inline",
		virtualUs: head?.untilUs ?? 0,
		untilUs: head?.untilUs ?? 0,
		events: head?.eventCount ?? 0,
		committedEvents: head?.eventCount ?? 0,
		finished: head?.finished ?? false,
		error: null,
	};
}
