/** What can be done to a link: everything that the command grammar knows of one. Pure. */
import type { LinkDirection, LinkProperty } from "../../shared/command.ts";
import { formatCommand } from "../../shared/command-grammar.ts";
import type { Plan } from "../../shared/plan.ts";
import { indexOf } from "../../shared/plan-index.ts";
import type { LinkView } from "../../shared/projection/snapshot.ts";
import type { Action } from "../actions.ts";
import { linkStateOf } from "../maths/node-state.ts";
import { strings } from "../strings.ts";

const says = strings.actions;

export function linkActions(plan: Plan, link: number, view: LinkView | undefined): readonly Action[] {
	const names = indexOf(plan).vertexNames;
	const { a, b, forward } = plan.links[link] as Plan["links"][number];
	const [from, to] = [names[a] ?? "", names[b] ?? ""];
	const way = (kind: "cut" | "clog" | "heal", direction: LinkDirection = "both"): string => formatCommand({ kind, link, direction }, plan);
	const set = (property: LinkProperty, value: number): string => formatCommand({ kind: "setLink", link, direction: "both", property, value }, plan);
	const stem = (property: LinkProperty): string => `set link ${from} ${to} ${property} `;
	const isWhole = view === undefined || linkStateOf(view) === "up" || linkStateOf(view) === "changed";
	const isClogged = view?.forward === "clogged" && view.backward === "clogged";
	const isChanged = (property: LinkProperty): boolean => view?.changes.some((change) => change.startsWith(`${property} `)) ?? false;
	const asMade = (property: "floorUs" | "lossRatio"): readonly Action[] =>
		isChanged(property) ? [{ id: `${property}AsMade`, label: says.asMade, icon: "heal", line: set(property, forward[property]) }] : [];
	return [
		isWhole
			? { id: "cut", label: says.cut, icon: "cut", key: "x", line: way("cut") }
			: { id: "heal", label: says.heal, icon: "heal", key: "x", line: way("heal") },
		{ id: "clog", label: says.clog, icon: "clog", key: "z", line: way("clog"), why: isClogged ? says.whyNot.clog : undefined },
		{ id: "oneWayMenu", label: says.oneWay, icon: "oneWay", items: oneWayActions({ from, to, view, way }) },
		{
			id: "lossMenu",
			label: says.losses,
			icon: "loss",
			isApart: true,
			items: [
				{ id: "loss", label: says.lossOf("10 %"), icon: "loss", line: set("lossRatio", 0.1) },
				{ id: "loss50", label: says.lossOf("50 %"), icon: "loss", line: set("lossRatio", 0.5) },
				{ id: "noLoss", label: says.noLoss, icon: "loss", line: set("lossRatio", 0) },
				...asMade("lossRatio"),
				{ id: "lossBy", label: says.byCommand, icon: "command", stem: stem("lossRatio") },
			],
		},
		{
			id: "latencyMenu",
			label: says.latencies,
			icon: "delay",
			items: [
				{ id: "latency", label: says.latencyOf("100 ms"), icon: "delay", line: set("floorUs", 100_000) },
				{ id: "latency1s", label: says.latencyOf("1 s"), icon: "delay", line: set("floorUs", 1_000_000) },
				...asMade("floorUs"),
				{ id: "latencyBy", label: says.byCommand, icon: "command", stem: stem("floorUs") },
				{ id: "jitterBy", label: says.jitter, icon: "command", stem: stem("jitterUs") },
			],
		},
		{
			id: "physicsMenu",
			label: says.physics,
			icon: "physics",
			items: (["duplicateRatio", "corruptRatio", "reorderRatio", "bitsPerSecond"] as const).map((property) => ({
				id: property,
				label: says.properties[property],
				icon: "command",
				stem: stem(property),
			})),
		},
		{ id: "inspect", label: says.inspect, icon: "inspect", key: "Enter", isApart: true },
		{ id: "more", label: says.more, icon: "command", key: "/" },
	];
}

interface Ends {
	readonly from: string;
	readonly to: string;
	readonly view: LinkView | undefined;
	way(kind: "cut" | "clog" | "heal", direction: LinkDirection): string;
}

/** Either way by itself: cut or clog what carries, heal what does not. */
function oneWayActions({ from, to, view, way }: Ends): readonly Action[] {
	const ends = [
		["forward", from, to],
		["backward", to, from],
	] as const;
	return ends.flatMap(([direction, a, b], place): readonly Action[] => {
		const isApart = place > 0;
		if ((view?.[direction] ?? "up") !== "up")
			return [{ id: `heal ${direction}`, label: says.healOneWay(a, b), icon: "heal", line: way("heal", direction), isApart }];
		return [
			{ id: `cut ${direction}`, label: says.cutOneWay(a, b), icon: "cut", line: way("cut", direction), isApart },
			{ id: `clog ${direction}`, label: says.clogOneWay(a, b), icon: "clog", line: way("clog", direction) },
		];
	});
}
