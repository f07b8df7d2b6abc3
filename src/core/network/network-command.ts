/**
 * Which commands are the network's, what a property of a link may be set to, and setting it. Must
 * not know of messages. Runs on the kernel's thread.
 */
import type { Command, LinkProperty } from "../../shared/command.ts";
import { unreachable } from "../../shared/errors.ts";
import type { Plan } from "../../shared/plan.ts";
import type { LinkDirection } from "./link-direction.ts";

export type NetworkCommand = Extract<Command, { kind: "cut" | "clog" | "heal" | "healAll" | "partition" | "setLink" | "drop" | "delay" }>;

export function isNetworkCommand(command: Command): command is NetworkCommand {
	switch (command.kind) {
		case "cut":
		case "clog":
		case "heal":
		case "healAll":
		case "partition":
		case "setLink":
		case "drop":
		case "delay":
			return true;
		default:
			return false;
	}
}

/** @returns why the property cannot have this value, or null */
export function whyLinkRefuses(plan: Plan, command: Extract<Command, { kind: "setLink" }>): string | null {
	const { property, value } = command;
	const link = plan.links[command.link];
	if (link === undefined) return `there is no link ${command.link}`;
	switch (property) {
		case "floorUs":
			return Number.isSafeInteger(value) && value >= 1 ? null : `floorUs is ${value}; it must be a whole number of microseconds, 1 at least`;
		case "jitterUs":
		case "bitsPerSecond":
			return Number.isSafeInteger(value) && value >= 0 ? null : `${property} is ${value}; it must be a whole number, 0 at least`;
		case "reorderRatio":
		case "lossRatio":
		case "duplicateRatio":
		case "corruptRatio":
			return whyNoRatio(property, value);
		default:
			return unreachable(property);
	}
}

function whyNoRatio(property: string, value: number): string | null {
	return value >= 0 && value <= 1 ? null : `${property} is ${value}; it must lie between 0 and 1`;
}

/** From now on: what is on the link already keeps what it was given. */
export function setProperty(direction: LinkDirection, property: LinkProperty, value: number): void {
	switch (property) {
		case "floorUs":
			direction.floorUs = value;
			break;
		case "jitterUs":
			direction.setJitter({ kind: "uniform", maxUs: value });
			break;
		case "bitsPerSecond":
			direction.setBitsPerSecond(value);
			break;
		default:
			direction.setRatio(property, value);
	}
}
