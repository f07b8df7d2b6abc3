/** What a run came to: as one object for programs, and as a few lines for people. */

import type { CheckVerdict } from "../../core/checks/check-fold.ts";
import { drawingWords } from "../../shared/drawing/words.ts";
import { formatInstant } from "../../shared/projection/event-text.ts";
import type { MessageCounts, NodeStatusView } from "../../shared/projection/snapshot.ts";
import { formatDurationUs } from "../../shared/units.ts";
import type { RunOutcome } from "../app/run-task.ts";
import { counted, grouped, pace, wallTime } from "./format.ts";
import type { Terminal } from "./terminal.ts";

export interface RunIdentity {
	readonly lab: string;
	readonly variant: string;
	readonly seed: number;
	readonly executor: string;
	/** The file, if one was kept. */
	readonly saved: string | null;
	/** What to type to see the same run again. */
	readonly again: string;
}

/** The object of `--json`; its fields are documented and only ever added to. */
export function reportObject(run: RunIdentity, outcome: RunOutcome): object {
	const { view } = outcome;
	return {
		lab: run.lab,
		variant: run.variant,
		seed: run.seed,
		executor: run.executor,
		finished: outcome.finished,
		virtualUs: outcome.virtualUs,
		wallMs: Math.round(outcome.wallMs),
		events: outcome.events,
		messages: view.messages,
		digest: outcome.digest,
		checks: outcome.verdicts,
		nodes: view.nodes.map(({ name, role, status, incarnation, crashes, messagesIn, messagesOut, lastError }) => ({
			name,
			role,
			status,
			incarnation,
			crashes,
			messagesIn,
			messagesOut,
			lastError,
		})),
		saved: run.saved,
	};
}

function messagesLine({ sent, delivered, dropped, duplicated }: MessageCounts): string {
	const lost = Object.entries(dropped).filter(([, count]) => count > 0);
	const total = lost.reduce((sum, [, count]) => sum + count, 0);
	const reasons = lost.map(([reason, count]) => `${reason} ${grouped(count)}`).join(", ");
	const parts = [`${grouped(sent)} sent`, `${grouped(delivered)} delivered`, `${grouped(total)} lost${total > 0 ? ` (${reasons})` : ""}`];
	if (duplicated > 0) parts.push(`${grouped(duplicated)} doubled`);
	return parts.join(", ");
}

function nodesLine(outcome: RunOutcome): string {
	const counts = new Map<NodeStatusView, number>();
	for (const { status } of outcome.view.nodes) counts.set(status, (counts.get(status) ?? 0) + 1);
	const parts = [...counts].map(([status, count]) => `${grouped(count)} ${drawingWords.nodeStates[status]}`);
	const crashes = outcome.view.nodes.reduce((sum, node) => sum + node.crashes, 0);
	return `${parts.join(", ")}${crashes > 0 ? `; ${counted(crashes, "crash", "crashes")}` : ""}`;
}

function checkLines(terminal: Terminal, verdicts: readonly CheckVerdict[]): string[] {
	return verdicts.flatMap(({ id, ok, expression, observed, evidence }) => {
		const mark = ok ? terminal.style("ok  ", "green") : terminal.style("FAIL", "red", "bold");
		const proof = ok ? [] : evidence.map(({ index, atUs, text }) => `            ${formatInstant(atUs)}  ${text} (event ${index})`);
		return [`    ${mark}  ${id}: ${expression}; seen: ${observed}`, ...proof];
	});
}

export function reportLines(terminal: Terminal, run: RunIdentity, outcome: RunOutcome): string[] {
	const { verdicts, virtualUs, wallMs } = outcome;
	const holding = verdicts.filter(({ ok }) => ok).length;
	const name = `${run.lab}${run.variant === "" ? "" : ` (${run.variant})`}`;
	const how = outcome.finished ? "" : ", broken off";
	const ratio = wallMs > 0 ? ` (${pace(virtualUs / 1_000 / wallMs)})` : "";
	const checks =
		verdicts.length === 0 ? "none" : holding === verdicts.length ? `all ${verdicts.length} hold` : `${verdicts.length - holding} of ${verdicts.length} failed`;
	const soFar = outcome.finished ? "" : " so far";
	const head = terminal.style(`${name}, seed ${run.seed}, ${run.executor}: ${formatDurationUs(virtualUs)} in ${wallTime(wallMs)}${ratio}${how}`, "bold");
	return [
		head,
		`  events    ${grouped(outcome.events)}`,
		`  messages  ${messagesLine(outcome.view.messages)}`,
		`  nodes     ${nodesLine(outcome)}`,
		`  checks    ${checks}${soFar}`,
		...checkLines(terminal, verdicts),
		`  digest    ${outcome.digest}`,
		...(run.saved === null
			? []
			: [`  saved     ${run.saved}${outcome.recordingFailure === null ? "" : `, in part: its first ${counted(outcome.committedEvents, "event")}`}`]),
		`  again     ${run.again}`,
	];
}
