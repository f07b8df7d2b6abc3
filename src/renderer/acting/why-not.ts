/**
 * Why an act makes no sense for nodes as they are, so that a menu, a key or the palette can say it before anybody tries.
 * The lab has the last word: what is shown may be a moment old. Pure.
 */
import type { Command } from "../../shared/command.ts";
import type { Plan } from "../../shared/plan.ts";
import type { NodeStatusView, NodeView } from "../../shared/projection/snapshot.ts";
import { strings } from "../strings.ts";

const says = strings.actions.whyNot;

/** Acts that a node refuses in some states. */
export type LifeAct = "crash" | "restart" | "pause" | "resume" | "ask";

const makesSense: { readonly [act in LifeAct]: readonly NodeStatusView[] } = {
	crash: ["booting", "up", "paused"],
	restart: ["down", "up", "paused"],
	pause: ["up"],
	resume: ["paused"],
	ask: ["up", "paused"],
};

/** Nodes by their index, as they are shown; of what is not known nothing is said against. */
export interface ShownNodes {
	readonly plan: Plan;
	readonly nodes: { readonly [node: number]: NodeView | undefined };
}

export function whyNotLife(act: LifeAct, targets: readonly number[], { plan, nodes }: ShownNodes): string | undefined {
	const [first] = targets;
	if (first === undefined) return undefined;
	const refuses = (node: number): boolean => {
		const status = nodes[node]?.status;
		return status !== undefined && !makesSense[act].includes(status);
	};
	// Of several, those do it that can.
	if (!targets.every(refuses)) return undefined;
	if (targets.length > 1) return says.many[act];
	return says.one[act](plan.nodes[first]?.name ?? "", strings.nodeStates[nodes[first]?.status ?? "down"]);
}

export function whyNot(command: Command, shown: ShownNodes): string | undefined {
	switch (command.kind) {
		case "crash":
		case "restart":
		case "pause":
		case "resume":
			return whyNotLife(command.kind, command.nodes, shown);
		case "ask":
			return whyNotLife("ask", [command.node], shown);
		default:
			return undefined;
	}
}
