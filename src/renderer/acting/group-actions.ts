/** What can be done to several nodes at once: a region, what was picked, or the whole cluster. Pure. */
import { formatCommand } from "../../shared/command-grammar.ts";
import type { Plan } from "../../shared/plan.ts";
import { type Action, partitionLine } from "../actions.ts";
import { strings } from "../strings.ts";
import { clockActions, slowActions } from "./clock-actions.ts";
import { type LifeAct, type ShownNodes, whyNotLife } from "./why-not.ts";

const says = strings.actions;

/** What makes no sense for one of them is not done to that one. */
export function groupActions(plan: Plan, nodes: readonly number[], views: ShownNodes["nodes"]): readonly Action[] {
	const why = (act: LifeAct): string | undefined => whyNotLife(act, nodes, { plan, nodes: views });
	const simple = (kind: "crash" | "restart" | "pause" | "resume" | "wipe"): string => formatCommand({ kind, nodes }, plan);
	const names = nodes.map((node) => plan.nodes[node]?.name ?? "").join(" ");
	const apart = partitionLine(plan, new Set(nodes));
	return [
		{ id: "crash", label: says.crash, icon: "powerOff", line: simple("crash"), why: why("crash") },
		{ id: "restart", label: says.restart, icon: "power", line: simple("restart"), why: why("restart") },
		{ id: "pause", label: says.pause, icon: "pause", line: simple("pause"), why: why("pause") },
		{ id: "resume", label: says.resume, icon: "play", line: simple("resume"), why: why("resume") },
		...(apart === undefined ? [] : [{ id: "partition", label: says.partition, icon: "isolate" as const, line: apart, isApart: true }]),
		{ id: "healAll", label: says.healAll, icon: "heal", line: formatCommand({ kind: "healAll" }, plan), isApart: apart === undefined },
		{
			id: "slowMenu",
			label: says.slow,
			icon: "turtle",
			isApart: true,
			items: [
				...slowActions(plan, nodes, names).map(({ key: _, ...action }) => action),
				{ id: "fast", label: says.fast, icon: "turtle", line: formatCommand({ kind: "slow", nodes, factorMilli: 1_000 }, plan) },
			],
		},
		{ id: "clockMenu", label: says.clocks, icon: "clock", items: clockActions(plan, nodes, names) },
		{ id: "wipe", label: says.wipeAll, icon: "wipe", line: simple("wipe") },
		{ id: "pickAll", label: says.pickAll, icon: "pick", isApart: true },
	];
}
