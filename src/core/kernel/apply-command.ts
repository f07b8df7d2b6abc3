/**
 * Carries out one command at its instant: refused with a reason and no effect, or logged and done.
 * A command for several nodes acts on those for which it makes sense, and is refused only when that
 * is none.
 */
import type { Command } from "../../shared/command.ts";
import { unreachable } from "../../shared/errors.ts";
import type { Network } from "../network/network.ts";
import { isNetworkCommand, type NetworkCommand } from "../network/network-command.ts";
import type { Cluster } from "./cluster.ts";
import type { KernelEvents } from "./kernel-events.ts";

type NodesCommand = Exclude<Command, NetworkCommand | { kind: "ask" | "halt" }>;

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
		case "failDrive":
		case "slow":
		case "clockStep":
		case "clockDrift": {
			const reasons = command.nodes.map((node) => refusalOf(command, node, cluster));
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
	if (isNetworkCommand(command)) {
		announce(command, atUs, targets.events);
		targets.network.apply(command, atUs);
	} else applyToNodes(command, atUs, targets.cluster);
}

function applyToNodes(command: Exclude<Command, NetworkCommand>, atUs: number, cluster: Cluster): void {
	switch (command.kind) {
		case "ask":
			cluster.ask(atUs, command.node, command.line);
			break;
		case "halt":
			break;
		default:
			for (const node of command.nodes) if (refusalOf(command, node, cluster) === null) applyToNode(command, node, atUs, cluster);
	}
}

function refusalOf(command: NodesCommand, node: number, cluster: Cluster): string | null {
	return command.kind === "failDrive" ? cluster.whyDriveRefuses(node, command.drive) : cluster.whyRefused(command.kind, node);
}

function applyToNode(command: NodesCommand, node: number, atUs: number, cluster: Cluster): void {
	switch (command.kind) {
		case "crash":
			cluster.crash(atUs, node, "command", "");
			break;
		case "failDrive":
			cluster.failDrive(atUs, node, command.drive, "command");
			break;
		case "slow":
			cluster.slow(atUs, node, command.factorMilli);
			break;
		case "clockStep":
			cluster.clockStep(atUs, node, command.deltaUs);
			break;
		case "clockDrift":
			cluster.clockDrift(atUs, node, command.driftPpm);
			break;
		case "restart":
		case "pause":
		case "resume":
		case "wipe":
			cluster[command.kind](atUs, node);
			break;
		default:
			unreachable(command);
	}
}

/** What the log says of a network command; what becomes of messages, the network says itself. */
function announce(command: NetworkCommand, atUs: number, events: KernelEvents): void {
	switch (command.kind) {
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
			break;
		default:
			unreachable(command);
	}
}
