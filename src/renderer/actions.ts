/**
 * What an act is: a line of the command grammar, the beginning of one, or a look. The lists of acts of a node,
 * a link, a message and a group are under acting/; menus, buttons and keys are made from them. Pure.
 */
import { formatCommand } from "../shared/command-grammar.ts";
import type { Plan } from "../shared/plan.ts";

const actionIcons = [
	"power",
	"powerOff",
	"pause",
	"play",
	"turtle",
	"wipe",
	"drive",
	"clock",
	"cut",
	"oneWay",
	"heal",
	"clog",
	"loss",
	"delay",
	"physics",
	"isolate",
	"ask",
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
	/** Why it makes no sense as things are; left out when it does. */
	readonly why?: string | undefined;
	/** What the palette opens with, for an act that is not whole yet. */
	readonly stem?: string;
	/** A menu of its own; the first is the usual one. */
	readonly items?: readonly Action[];
	/** Begins a group of its own. */
	readonly isApart?: boolean;
}

/** With those of the menus within. */
export function allActions(actions: readonly Action[]): readonly Action[] {
	return actions.flatMap((action) => (action.items === undefined ? [action] : action.items));
}

/** The picked nodes against all others; undefined when that cuts nothing. */
export function partitionLine(plan: Plan, picked: ReadonlySet<number>): string | undefined {
	const inside = plan.nodes.map((_, node) => node).filter((node) => picked.has(node));
	const outside = plan.nodes.map((_, node) => node).filter((node) => !picked.has(node));
	if (inside.length === 0 || outside.length === 0) return undefined;
	return formatCommand({ kind: "partition", groups: [inside, outside] }, plan);
}
