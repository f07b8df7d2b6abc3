/** What the view of membership draws, read out of what members stated of each other. Pure. */
import { numberIn, textIn } from "./parts/values.ts";
import type { ViewProps } from "./view.ts";

export const membershipFacts = ["membership.state"] as const;
const service = "membership";

export interface Opinion {
	readonly state: string;
	readonly life: number;
	readonly incarnation: number;
	/** Event that stated it. */
	readonly index: number;
}

export interface Member {
	readonly node: number;
	readonly name: string;
	readonly status: ReturnType<ViewProps["statusOf"]>;
	/** By the node it is about; none is stated by whoever is down, as it has no opinions. */
	readonly opinions: ReadonlyMap<number, Opinion>;
}

type Parts = Pick<ViewProps, "plan" | "board" | "statusOf">;

/** In the plan's order. */
export function readMembers({ plan, board, statusOf }: Parts): readonly Member[] {
	const nodes = plan.nodes.flatMap(({ name, services }, node) => (services.some((used) => used.service === service) ? [{ name, node }] : []));
	const nodeOf = new Map(nodes.map(({ name, node }) => [name, node]));
	const opinions = new Map<number, Map<number, Opinion>>();
	for (const { node, key, value, index } of board) {
		const about = nodeOf.get(key);
		if (about === undefined) continue;
		const own = opinions.get(node) ?? new Map<number, Opinion>();
		opinions.set(node, own);
		own.set(about, { state: textIn(value, "state", "alive"), life: numberIn(value, "life"), incarnation: numberIn(value, "incarnation"), index });
	}
	return nodes.map(({ name, node }) => {
		const status = statusOf(node);
		const isThere = status === "up" || status === "paused";
		return { node, name, status, opinions: isThere ? (opinions.get(node) ?? new Map()) : new Map() };
	});
}

export interface Summary {
	/** Opinions "suspected" of those that are up. */
	readonly suspicions: number;
	/** Held dead by somebody, and up. */
	readonly buried: readonly string[];
	/** Down, and held alive by so many that are up. */
	readonly unnoticed: readonly { readonly name: string; readonly by: number }[];
}

export function summaryOf(members: readonly Member[]): Summary {
	const watchers = members.filter(({ status }) => status === "up");
	const held = ({ node }: Member, state: string): number => watchers.filter(({ opinions }) => opinions.get(node)?.state === state).length;
	const down = members.filter(({ status }) => status === "down").map((member) => ({ name: member.name, by: held(member, "alive") }));
	return {
		suspicions: members.reduce((sum, member) => sum + held(member, "suspected"), 0),
		buried: watchers.filter((member) => held(member, "dead") > 0).map(({ name }) => name),
		unnoticed: down.filter(({ by }) => by > 0),
	};
}
