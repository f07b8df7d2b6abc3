/**
 * How nodes stand with each other, as programs stated it: who says that it leads, and who is held
 * suspect or dead by how many. Pure; the statements come from the board.
 */
import type { Plan } from "../plan.ts";
import type { BoardEntry } from "./fact-board.ts";
import type { ProjectionSnapshot } from "./snapshot.ts";

/** Names of facts by which a node says that it leads from now on: the latest one counts. */
const electedFact = /(^|\.)(leader|leads|won|elected)$/;
/** Facts by which a node says what it is; a `role` of `leader` leads until it says otherwise. */
const roleFact = /(^|\.)server$/;
const memberFact = "membership.state";

export interface Standing {
	readonly leaders: ReadonlySet<number>;
	/** How many hold a node suspect or dead. */
	readonly suspectedBy: ReadonlyMap<number, number>;
}

export const noStanding: Standing = { leaders: new Set(), suspectedBy: new Map() };

/** Indexes of the names to ask the board for. */
export function standingNames(plan: Plan): readonly number[] {
	return plan.names.flatMap((name, index) => (electedFact.test(name) || roleFact.test(name) || name === memberFact ? [index] : []));
}

/** Those by which a node says that it leads. */
export function leadershipNames(plan: Plan): readonly number[] {
	return standingNames(plan).filter((index) => plan.names[index] !== memberFact);
}

export function standingOf(plan: Plan, entries: readonly BoardEntry[], nodes: ProjectionSnapshot["nodes"]): Standing {
	const nameOf = ({ name }: BoardEntry): string => plan.names[name] ?? "";
	const isThere = (node: number): boolean => nodes[node]?.status === "up" || nodes[node]?.status === "paused";
	return { leaders: leadersOf(entries, nameOf, isThere), suspectedBy: suspicionsOf(plan, entries, nameOf, isThere) };
}

function leadersOf(entries: readonly BoardEntry[], nameOf: (entry: BoardEntry) => string, isThere: (node: number) => boolean): ReadonlySet<number> {
	const roles = entries.filter((entry) => roleFact.test(nameOf(entry)));
	const leads = roles.filter(({ value, node }) => fieldOf(value, "role") === "leader" && isThere(node)).map(({ node }) => node);
	if (roles.length > 0) return new Set(leads);
	const latest = entries.filter((entry) => electedFact.test(nameOf(entry))).sort((a, b) => b.index - a.index)[0];
	return new Set(latest !== undefined && isThere(latest.node) ? [latest.node] : []);
}

/** How a node's statement bears on who leads: it leads from now on, it says that it does not, or neither. */
export function leadershipIn(name: string, value: BoardEntry["value"]): "elected" | "leads" | "follows" | null {
	if (electedFact.test(name)) return "elected";
	if (!roleFact.test(name)) return null;
	return fieldOf(value, "role") === "leader" ? "leads" : "follows";
}

/** A node that is down has no opinion any more. */
function suspicionsOf(
	plan: Plan,
	entries: readonly BoardEntry[],
	nameOf: (entry: BoardEntry) => string,
	isThere: (node: number) => boolean,
): ReadonlyMap<number, number> {
	const indexes = new Map(plan.nodes.map(({ name }, index) => [name, index]));
	const found = new Map<number, number>();
	for (const entry of entries) {
		if (nameOf(entry) !== memberFact || !isThere(entry.node)) continue;
		const state = fieldOf(entry.value, "state");
		const peer = indexes.get(entry.key);
		if (peer === undefined || peer === entry.node || (state !== "suspected" && state !== "dead")) continue;
		found.set(peer, (found.get(peer) ?? 0) + 1);
	}
	return found;
}

function fieldOf(value: BoardEntry["value"], name: string): unknown {
	return typeof value === "object" && value !== null ? (value as { readonly [name: string]: unknown })[name] : undefined;
}
