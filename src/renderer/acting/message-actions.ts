/** What can be done to a message under way. Pure. */
import { formatCommand } from "../../shared/command-grammar.ts";
import type { Plan } from "../../shared/plan.ts";
import type { Action } from "../actions.ts";
import type { FlightView } from "../state/contract-types.ts";
import { strings } from "../strings.ts";

const says = strings.actions;

/** A message that is no more can only be looked at. */
export function messageActions(plan: Plan, { from, sequence, fate }: Pick<FlightView, "from" | "sequence" | "fate">): readonly Action[] {
	const sender = plan.nodes[from]?.name ?? "";
	const delay = (byUs: number): string => formatCommand({ kind: "delay", from, sequence, byUs }, plan);
	const acts: readonly Action[] = [
		{ id: "drop", label: says.drop, icon: "cut", key: "x", line: formatCommand({ kind: "drop", from, sequence }, plan) },
		{ id: "delay", label: says.delayOf("200 ms"), icon: "delay", key: "z", line: delay(200_000) },
		{ id: "delay2s", label: says.delayOf("2 s"), icon: "delay", line: delay(2_000_000) },
		{ id: "delayBy", label: says.delayBy, icon: "command", stem: `delay ${sender}#${sequence} ` },
	];
	return [
		...(fate === "lost" ? [] : acts),
		{ id: "inspect", label: says.inspect, icon: "inspect", key: "Enter", isApart: fate !== "lost" },
		{ id: "trace", label: says.traceMessage, icon: "events" },
	];
}
