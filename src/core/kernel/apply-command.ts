/**
 * Carries out one command at its instant: refused with a reason and no effect, or logged and done.
 * A command for several nodes acts on those for which it makes sense, and is refused only when that
 * is none.
 */
import type { Command } from "../../shared/command.ts";
import { unreachable } from "../../shared/errors.ts";
import type { Network } from "../network/network.ts";
import type { Cluster } from "./cluster.ts";
import type { KernelEvents } from "./kernel-events.ts";

export interface CommandTargets {
	readonly cluster: Cluster;
	readonly network: Network;
	readonly events: KernelEvents;
}

/** @returns why the command makes no sense now, or null; changes nothing */
export function whyRefused(command: Command, { cluster, network }: CommandTargets): string | null {
	switch (command.kind) {
		case "crash":
		case "restart":
		case "pause":
		case "resume":
		case "wipe":
		case "slow":
		case "clockStep":
		case "clockDrift": {
			const reasons = command.nodes.map((node) => cluster.whyRefused(command.kind, node));
			return reasons.every((reason) => reason !== null) ? reasons.join("; ") : null;
		}
		case "ask":
			return cluster.whyRefused("ask", command.node);
		case "halt":
			return "a verdict of the watchdog takes effect at its handler, not at an instant";
		default:
			return network.whyRefused(command);
	}
}

export function applyCommand(command: Command, atUs: number, targets: CommandTargets): void {
	const { cluster, network, events } = targets;
	const eachNode = (nodes: readonly number[], act: (node: number) => void): void => {
		for (const node of nodes) if (cluster.whyRefused(command.kind as "crash", node) === null) act(node);
	};
	switch (command.kind) {
		case "crash":
			return eachNode(command.nodes, (node) => cluster.crash(atUs, node, "command", ""));
		case "restart":
			return eachNode(command.nodes, (node) => cluster.restart(atUs, node));
		case "pause":
			return eachNode(command.nodes, (node) => cluster.pause(atUs, node));
		case "resume":
			return eachNode(command.nodes, (node) => cluster.resume(atUs, node));
		case "wipe":
			return eachNode(command.nodes, (node) => cluster.wipe(atUs, node));
		case "slow":
			return eachNode(command.nodes, (node) => cluster.slow(atUs, node, command.factorMilli));
		case "clockStep":
			return eachNode(command.nodes, (node) => cluster.clockStep(atUs, node, command.deltaUs));
		case "clockDrift":
			return eachNode(command.nodes, (node) => cluster.clockDrift(atUs, node, command.driftPpm));
		case "ask":
			return cluster.ask(atUs, command.node, command.line);
		case "cut":
			events.linkMarked("linkCut", atUs, command.link, command.direction);
			break;
		case "clog":
			events.linkMarked("linkClogged", atUs, command.link, command.direction);
			break;
		case "heal":
			events.linkMarked("linkHealed", atUs, command.link, command.direction);
			break;
		case "healAll":
			events.networkHealed(atUs);
			break;
		case "partition":
			events.networkPartitioned(atUs, command.groups);
			break;
		case "setLink":
			events.linkChanged(atUs, command.link, command.direction, { property: command.property, value: command.value });
			break;
		case "drop":
		case "delay":
		case "halt":
			break;
		default:
			unreachable(command);
	}
	network.apply(command, atUs);
}
