/**
 * One word, one tone and one icon for what a node or a link is like: state is never told by colour
 * alone, so the three are decided together. Pure; knows the projection's views.
 */
import type { LinkView, NodeView } from "../projection/snapshot.ts";

export type Tone = "good" | "bad" | "warning" | "quiet" | "accent";

/** Each has its own icon, colour and word. */
export const nodeStates = ["up", "leader", "slow", "paused", "suspected", "booting", "down"] as const;
export type NodeState = (typeof nodeStates)[number];

export const nodeTones: { readonly [state in NodeState]: Tone } = {
	up: "good",
	leader: "accent",
	slow: "warning",
	paused: "quiet",
	suspected: "warning",
	booting: "quiet",
	down: "bad",
};

export interface Roles {
	readonly isLeader: boolean;
	readonly isSuspected: boolean;
}

/** What matters most wins: a node that is down is not also slow. */
export function nodeStateOf(node: NodeView, { isLeader, isSuspected }: Roles): NodeState {
	switch (node.status) {
		case "down":
			return "down";
		case "booting":
			return "booting";
		case "paused":
			return "paused";
		case "up":
			if (isSuspected) return "suspected";
			if (node.factorMilli > 1_000) return "slow";
			return isLeader ? "leader" : "up";
	}
}

export type LinkState = "up" | "changed" | "oneWay" | "clogged" | "cut";

export const linkTones: { readonly [state in LinkState]: Tone } = { up: "good", changed: "warning", oneWay: "bad", clogged: "warning", cut: "bad" };

export function linkStateOf({ forward, backward, changes }: LinkView): LinkState {
	if (forward === "cut" && backward === "cut") return "cut";
	if (forward === "cut" || backward === "cut") return "oneWay";
	if (forward === "clogged" || backward === "clogged") return "clogged";
	return changes.length > 0 ? "changed" : "up";
}

/** A load above this is in the red: the line on every bar. */
export const loadLimitRatio = 0.8;

export function loadTone(utilisationRatio: number): Tone {
	return utilisationRatio > loadLimitRatio ? "bad" : utilisationRatio > loadLimitRatio * 0.75 ? "warning" : "good";
}

/** A shorter wait is none. */
const waitWorthUs = 1_000;

/** About how many messages wait: as many as come in while one waits. @source Little (1961) */
export function queueOf({ cpuWaitUs, messagesInPerSecond }: NodeView): number {
	return cpuWaitUs < waitWorthUs ? 0 : Math.max(1, Math.round((messagesInPerSecond * cpuWaitUs) / 1_000_000));
}

export type NodeShape = "circle" | "diamond" | "square" | "hexagon" | "cylinder" | "octagon";

/** A node's outline by its role; a role nobody knows is a square like the servers. */
export function shapeOf(role: string): NodeShape {
	if (/client|crowd|user|load/.test(role)) return "circle";
	if (/balancer|proxy|gateway|front/.test(role)) return "diamond";
	if (/store|disk|database|replica|raft|voter/.test(role)) return "cylinder";
	if (/switch|router/.test(role)) return "octagon";
	if (/monitor|watch|name|dns|coordinator/.test(role)) return "hexagon";
	return "square";
}
