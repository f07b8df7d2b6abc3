/**
 * What the watchdog decided about a handler that did not end. Its clock is no part of a run, so its verdict
 * has to be: it is recorded as a command, and stops the node at the same handler when the run is repeated.
 */
import { formatCommand, parseCommand } from "../../shared/command-grammar.ts";
import { assert } from "../../shared/errors.ts";
import type { Plan } from "../../shared/plan.ts";

/** This node stops instead of running this handler. */
export interface Verdict {
	readonly node: number;
	readonly incarnation: number;
	/** Number of the handler: those of all the node's incarnations count from 1. */
	readonly step: number;
	readonly reason: "hung" | "outOfMemory";
}

export function formatVerdict(verdict: Verdict, plan: Plan): string {
	return formatCommand({ kind: "halt", ...verdict }, plan);
}

/** @throws QuorateError `command-invalid` when the line does not parse */
export function parseVerdict(line: string, plan: Plan): Verdict {
	const command = parseCommand(line, plan);
	assert(command.kind === "halt", `a watchdog's verdict is a halt, not ${command.kind}`);
	return { node: command.node, incarnation: command.incarnation, step: command.step, reason: command.reason };
}
