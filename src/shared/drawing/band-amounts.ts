/** How much of a fault there is, in few words: for bands of faults. Pure. */
import { type LinkProperty, linkProperties } from "../command.ts";
import type { LinkPhysics } from "../plan.ts";
import { formatBitsPerSecond } from "../quantities.ts";
import { shortDuration } from "./time-scale.ts";

export function factorText(factorMilli: number): string {
	return `${factorMilli / 1_000}×`;
}

export function driftText(driftPpm: number): string {
	return `${driftPpm < 0 ? "−" : "+"}${Math.abs(driftPpm)} ppm`;
}

function percent(ratio: number): string {
	return `${Math.round(ratio * 1_000) / 10} %`;
}

export function linkPropertyOf(name: unknown): LinkProperty | undefined {
	return linkProperties.find((property) => property === name);
}

/** A change that sets a link to what it was planned to be ends what was changed before. */
export function isAsPlanned(physics: LinkPhysics, property: LinkProperty, value: number): boolean {
	if (property !== "jitterUs") return physics[property] === value;
	const { jitter } = physics;
	return (jitter.kind === "uniform" && jitter.maxUs === value) || (jitter.kind === "constant" && jitter.us === 0 && value === 0);
}

export function changeText(property: LinkProperty, value: number): string {
	switch (property) {
		case "floorUs":
			return `takes ${shortDuration(value)}`;
		case "jitterUs":
			return `up to ${shortDuration(value)} more`;
		case "lossRatio":
			return `loses ${percent(value)}`;
		case "duplicateRatio":
			return `doubles ${percent(value)}`;
		case "corruptRatio":
			return `damages ${percent(value)}`;
		case "reorderRatio":
			return `reorders ${percent(value)}`;
		case "bitsPerSecond":
			return formatBitsPerSecond(value);
	}
}
