/** What the commands that read a session share: opening it, and the words that pick events of it. */
import { QuorateError } from "../../shared/errors.ts";
import { type EventKind, eventKinds, eventSchema } from "../../shared/event-schema.ts";
import { hint } from "../../shared/nearest.ts";
import type { Plan } from "../../shared/plan.ts";
import { indexOf } from "../../shared/plan-index.ts";
import { parseDurationUs } from "../../shared/units.ts";
import { openSession, type Session } from "../store/reader.ts";
import type { Terminal } from "./terminal.ts";

export interface ReadFlags {
	readonly salvage?: boolean;
	readonly branch?: string;
}

/** Opens, hands over, and closes again whatever happens. */
export async function withSession<Result>(
	path: string,
	flags: ReadFlags,
	terminal: Terminal,
	use: (session: Session) => Promise<Result> | Result,
): Promise<Result> {
	const session = openSession(path, { damaged: flags.salvage === true ? "prefix" : "refuse" });
	try {
		for (const reason of session.damage?.reasons ?? []) terminal.note(`quorate: ${path} is damaged (${reason}); only what is provably intact is read`);
		if (session.remark !== "") terminal.note(`quorate: ${session.remark}`);
		return await use(session);
	} finally {
		session.close();
	}
}

/** @throws QuorateError `usage` for a branch the file does not have */
export function branchOf(session: Session, text: string | undefined): number {
	if (text === undefined) return 0;
	const branch = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
	if (session.branches.some((candidate) => candidate.branch === branch)) return branch;
	throw new QuorateError("usage", `there is no branch "${text}" in ${session.path}; there is ${session.branches.map((known) => known.branch).join(", ")}`);
}

export interface PickFlags {
	readonly from?: string;
	readonly to?: string;
	readonly node?: readonly string[];
	readonly kind?: readonly string[];
}

/** Which events are wanted. Undefined sets mean all. */
export interface EventPick {
	readonly fromUs?: number;
	readonly toUs?: number;
	readonly nodes?: ReadonlySet<number>;
	readonly kinds?: ReadonlySet<EventKind>;
}

const classes = ["control", "network", "node"] as const;

function kindsNamed(word: string): readonly EventKind[] {
	if (classes.some((name) => name === word)) return eventKinds.filter((kind) => eventSchema[kind].class === word);
	const kind = eventKinds.find((candidate) => candidate.toLowerCase() === word.toLowerCase());
	if (kind === undefined) throw new QuorateError("usage", `no kind of event is called "${word}"${hint(word, [...eventKinds, ...classes])}`);
	return [kind];
}

function nodesNamed(target: string, plan: Plan): readonly number[] {
	const nodes = indexOf(plan).nodesMatching(target);
	if (nodes.length === 0) throw new QuorateError("usage", `no node is called "${target}"${hint(target, indexOf(plan).nodeNames)}`);
	return nodes;
}

function listed(words: readonly string[]): readonly string[] {
	return words.flatMap((word) => word.split(",")).filter((word) => word !== "");
}

/** @throws QuorateError `usage` */
export function readPick({ from, to, node = [], kind = [] }: PickFlags, plan: Plan): EventPick {
	const fromUs = from === undefined ? undefined : parseDurationUs(from);
	const toUs = to === undefined ? undefined : parseDurationUs(to);
	if (fromUs !== undefined && toUs !== undefined && toUs < fromUs) throw new QuorateError("usage", `--to ${to} lies before --from ${from}`);
	return {
		...(fromUs === undefined ? {} : { fromUs }),
		...(toUs === undefined ? {} : { toUs }),
		...(node.length === 0 ? {} : { nodes: new Set(listed(node).flatMap((target) => nodesNamed(target, plan))) }),
		...(kind.length === 0 ? {} : { kinds: new Set(listed(kind).flatMap(kindsNamed)) }),
	};
}
