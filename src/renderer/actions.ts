/**
 * What can be done to a node, a link, a message under way or a group: the one list behind the menus, the table's buttons
 * and the keys. Each act is a line of the command grammar. Pure.
 */
import type { Command, LinkDirection } from "../shared/command.ts";
import { formatCommand } from "../shared/command-grammar.ts";
import type { Plan } from "../shared/plan.ts";
import { indexOf } from "../shared/plan-index.ts";
import type { LinkView, NodeView } from "../shared/projection/snapshot.ts";
import { linkStateOf } from "./maths/node-state.ts";
import type { FlightView } from "./state/contract-types.ts";
import { strings } from "./strings.ts";

export const actionIcons = [
	"power",
	"powerOff",
	"pause",
	"play",
	"turtle",
	"wipe",
	"clock",
	"cut",
	"heal",
	"clog",
	"loss",
	"delay",
	"isolate",
	"inspect",
	"events",
	"pick",
	"command",
] as const;
export type ActionIcon = (typeof actionIcons)[number];

export interface Action {
	readonly id: string;
	readonly label: string;
	readonly icon: ActionIcon;
	readonly key?: string;
	/** A command to give, or undefined for what only looks. */
	readonly line?: string;
	/** What the palette opens with, for an act that is not whole yet. */
	readonly stem?: string;
	/** Begins a group of its own. */
	readonly isApart?: boolean;
}

const says = strings.actions;

/** The default act comes first: crash what runs, restart what does not. */
export function nodeActions(plan: Plan, node: number, view: NodeView | undefined, isPicked: boolean): readonly Action[] {
	const line = (command: Command): string => formatCommand(command, plan);
	const nodes = [node];
	const isDown = view?.status === "down";
	const isPaused = view?.status === "paused";
	const isSlow = (view?.factorMilli ?? 1_000) !== 1_000;
	const others = plan.nodes.map((_, other) => other).filter((other) => other !== node);
	return [
		isDown
			? { id: "restart", label: says.restart, icon: "power", key: "x", line: line({ kind: "restart", nodes }) }
			: { id: "crash", label: says.crash, icon: "powerOff", key: "x", line: line({ kind: "crash", nodes }) },
		isPaused
			? { id: "resume", label: says.resume, icon: "play", key: "z", line: line({ kind: "resume", nodes }) }
			: { id: "pause", label: says.pause, icon: "pause", key: "z", line: line({ kind: "pause", nodes }) },
		isSlow
			? { id: "fast", label: says.fast, icon: "turtle", key: "s", line: line({ kind: "slow", nodes, factorMilli: 1_000 }) }
			: { id: "slow", label: says.slow, icon: "turtle", key: "s", line: line({ kind: "slow", nodes, factorMilli: 4_000 }) },
		{ id: "wipe", label: says.wipe, icon: "wipe", line: line({ kind: "wipe", nodes }) },
		...(others.length === 0
			? []
			: [{ id: "isolate", label: says.isolate, icon: "isolate" as const, line: line({ kind: "partition", groups: [nodes, others] }) }]),
		{ id: "clock", label: says.clock, icon: "clock", line: line({ kind: "clockStep", nodes, deltaUs: 2_000_000 }), isApart: true },
		{ id: "clockBack", label: says.clockBack, icon: "clock", line: line({ kind: "clockStep", nodes, deltaUs: -2_000_000 }) },
		{ id: "drift", label: says.drift, icon: "clock", line: line({ kind: "clockDrift", nodes, driftPpm: 200 }) },
		{ id: "inspect", label: says.inspect, icon: "inspect", key: "Enter", isApart: true },
		{ id: "trace", label: says.trace, icon: "events" },
		{ id: "pick", label: isPicked ? says.unpick : says.pick, icon: "pick", key: "p" },
		{ id: "more", label: says.more, icon: "command", key: "/" },
	];
}

export function linkActions(plan: Plan, link: number, view: LinkView | undefined): readonly Action[] {
	const names = indexOf(plan).vertexNames;
	const { a, b } = plan.links[link] as Plan["links"][number];
	const [from, to] = [names[a] ?? "", names[b] ?? ""];
	const line = (command: Command): string => formatCommand(command, plan);
	const way = (kind: "cut" | "clog" | "heal", direction: LinkDirection = "both"): string => line({ kind, link, direction });
	const isWhole = view === undefined || linkStateOf(view) === "up" || linkStateOf(view) === "changed";
	const set = (property: "lossRatio" | "floorUs", value: number): string => line({ kind: "setLink", link, direction: "both", property, value });
	return [
		isWhole
			? { id: "cut", label: says.cut, icon: "cut", key: "x", line: way("cut") }
			: { id: "heal", label: says.heal, icon: "heal", key: "x", line: way("heal") },
		{ id: "cutForward", label: says.cutForward(from, to), icon: "cut", line: way("cut", "forward") },
		{ id: "cutBackward", label: says.cutForward(to, from), icon: "cut", line: way("cut", "backward") },
		{ id: "clog", label: says.clog, icon: "clog", line: way("clog") },
		{ id: "loss", label: says.loss, icon: "loss", line: set("lossRatio", 0.1), isApart: true },
		{ id: "noLoss", label: says.noLoss, icon: "loss", line: set("lossRatio", 0) },
		{ id: "latency", label: says.latency, icon: "delay", line: set("floorUs", 100_000) },
		{ id: "inspect", label: says.inspect, icon: "inspect", key: "Enter", isApart: true },
		{ id: "more", label: says.more, icon: "command", key: "/" },
	];
}

/** The picked nodes against all others; undefined when that cuts nothing. */
export function partitionLine(plan: Plan, picked: ReadonlySet<number>): string | undefined {
	const inside = plan.nodes.map((_, node) => node).filter((node) => picked.has(node));
	const outside = plan.nodes.map((_, node) => node).filter((node) => !picked.has(node));
	if (inside.length === 0 || outside.length === 0) return undefined;
	return formatCommand({ kind: "partition", groups: [inside, outside] }, plan);
}

const delayByUs = 200_000;

/** A message that is no more can only be looked at. */
export function messageActions(plan: Plan, { from, sequence, fate }: Pick<FlightView, "from" | "sequence" | "fate">): readonly Action[] {
	const sender = plan.nodes[from]?.name ?? "";
	const acts: readonly Action[] = [
		{ id: "drop", label: says.drop, icon: "cut", key: "x", line: formatCommand({ kind: "drop", from, sequence }, plan) },
		{ id: "delay", label: says.delay, icon: "delay", key: "z", line: formatCommand({ kind: "delay", from, sequence, byUs: delayByUs }, plan) },
		{ id: "delayBy", label: says.delayBy, icon: "command", stem: `delay ${sender}#${sequence} ` },
	];
	return [...(fate === "lost" ? [] : acts), { id: "inspect", label: says.inspect, icon: "inspect", key: "Enter", isApart: fate !== "lost" }];
}
