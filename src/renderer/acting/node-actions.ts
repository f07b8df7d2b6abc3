/** What can be done to a node: everything that the command grammar knows of one. Pure. */
import type { Command } from "../../shared/command.ts";
import { formatCommand } from "../../shared/command-grammar.ts";
import type { Plan } from "../../shared/plan.ts";
import type { NodeView } from "../../shared/projection/snapshot.ts";
import type { Action } from "../actions.ts";
import { strings } from "../strings.ts";
import { clockActions, slowActions } from "./clock-actions.ts";
import { type LifeAct, whyNotLife } from "./why-not.ts";

const says = strings.actions;
/** More drives than these are named by command. */
const drivesShownMax = 6;

/** The default act comes first: crash what runs, restart what does not. */
export function nodeActions(plan: Plan, node: number, view: NodeView | undefined, isPicked: boolean): readonly Action[] {
	const line = (command: Command): string => formatCommand(command, plan);
	const nodes = [node];
	const name = plan.nodes[node]?.name ?? "";
	const isDown = view?.status === "down";
	const isPaused = view?.status === "paused";
	const isSlow = (view?.factorMilli ?? 1_000) !== 1_000;
	const why = (act: LifeAct): string | undefined => (view === undefined ? undefined : whyNotLife(act, nodes, { plan, nodes: { [node]: view } }));
	const others = plan.nodes.map((_, other) => other).filter((other) => other !== node);
	const isolate: Action = { id: "isolate", label: says.isolate, icon: "isolate", line: line({ kind: "partition", groups: [nodes, others] }) };
	return [
		isDown
			? { id: "restart", label: says.restart, icon: "power", key: "x", line: line({ kind: "restart", nodes }) }
			: { id: "crash", label: says.crash, icon: "powerOff", key: "x", line: line({ kind: "crash", nodes }) },
		isPaused
			? { id: "resume", label: says.resume, icon: "play", key: "z", line: line({ kind: "resume", nodes }) }
			: { id: "pause", label: says.pause, icon: "pause", key: "z", line: line({ kind: "pause", nodes }), why: why("pause") },
		isSlow
			? { id: "fast", label: says.fast, icon: "turtle", key: "s", line: line({ kind: "slow", nodes, factorMilli: 1_000 }) }
			: { id: "slowMenu", label: says.slow, icon: "turtle", items: slowActions(plan, nodes, name) },
		...(others.length === 0 ? [] : [isolate]),
		{ id: "diskMenu", label: says.disk, icon: "drive", items: driveActions(plan, node), isApart: true },
		{ id: "clockMenu", label: says.clocks, icon: "clock", items: clockActions(plan, nodes, name) },
		{ id: "ask", label: says.ask, icon: "ask", stem: `ask ${name} `, why: why("ask") },
		{ id: "inspect", label: says.inspect, icon: "inspect", key: "Enter", isApart: true },
		{ id: "trace", label: says.trace, icon: "events" },
		{ id: "pick", label: isPicked ? says.unpick : says.pick, icon: "pick", key: "p" },
		{ id: "more", label: says.more, icon: "command", key: "/" },
	];
}

function driveActions(plan: Plan, node: number): readonly Action[] {
	const name = plan.nodes[node]?.name ?? "";
	const drives = plan.nodes[node]?.disk.drives ?? 0;
	const fail = (drive: number): Action => ({
		id: `failDrive${drive}`,
		label: drives === 1 ? says.failDrive : says.failDriveOf(drive),
		icon: "drive",
		line: formatCommand({ kind: "failDrive", nodes: [node], drive }, plan),
	});
	return [
		{ id: "wipe", label: says.wipe, icon: "wipe", line: formatCommand({ kind: "wipe", nodes: [node] }, plan) },
		...Array.from({ length: Math.min(drives, drivesShownMax) }, (_, drive) => fail(drive)),
		...(drives > drivesShownMax ? [{ id: "failDriveBy", label: says.failDriveBy(drives), icon: "command" as const, stem: `fail drive ${name} ` }] : []),
	];
}
