/** What can be done to clocks, of one node or of many. Pure. */
import { formatCommand } from "../../shared/command-grammar.ts";
import type { Plan } from "../../shared/plan.ts";
import type { Action } from "../actions.ts";
import { strings } from "../strings.ts";

const says = strings.actions;

/** @param targets the nodes as a person would write them */
export function clockActions(plan: Plan, nodes: readonly number[], targets: string): readonly Action[] {
	const step = (deltaUs: number): string => formatCommand({ kind: "clockStep", nodes, deltaUs }, plan);
	const drift = (driftPpm: number): string => formatCommand({ kind: "clockDrift", nodes, driftPpm }, plan);
	return [
		{ id: "clock", label: says.clock, icon: "clock", line: step(2_000_000) },
		{ id: "clockBack", label: says.clockBack, icon: "clock", line: step(-2_000_000) },
		{ id: "clockBy", label: says.clockBy, icon: "command", stem: `clock ${targets} ` },
		{ id: "drift", label: says.drift, icon: "clock", line: drift(200), isApart: true },
		{ id: "driftBack", label: says.driftBack, icon: "clock", line: drift(-200) },
		{ id: "steady", label: says.steady, icon: "clock", line: drift(0) },
		{ id: "driftBy", label: says.driftBy, icon: "command", stem: `drift ${targets} ` },
	];
}

/** The usual slowness first: the key stands for it. */
export function slowActions(plan: Plan, nodes: readonly number[], targets: string): readonly Action[] {
	const slow = (factorMilli: number): string => formatCommand({ kind: "slow", nodes, factorMilli }, plan);
	return [
		{ id: "slow", label: says.slowBy("4×"), icon: "turtle", key: "s", line: slow(4_000) },
		{ id: "slow2", label: says.slowBy("2×"), icon: "turtle", line: slow(2_000) },
		{ id: "slow10", label: says.slowBy("10×"), icon: "turtle", line: slow(10_000) },
		{ id: "slowBy", label: says.slowMore, icon: "command", stem: `slow ${targets} ` },
	];
}
