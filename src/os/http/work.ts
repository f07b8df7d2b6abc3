/**
 * How much CPU time requests take: a mean and a shape around it. Exactly one draw a request, so that
 * a change of shape shifts nobody else's randomness. Pure; the randomness is injected.
 */
import type { Random } from "../../core/node-api.ts";

/**
 * - `constant`: all alike.
 * - `uniform`: anything from 0 to twice the mean.
 * - `exponential`: many short, few long; cut off at ten means, as servers do with runaway requests.
 * - `heavy`: nine in ten take half the mean, one in ten eleven times as long as those.
 */
export const workShapes = ["constant", "uniform", "exponential", "heavy"] as const;
export type WorkShape = (typeof workShapes)[number];

export interface WorkModel {
	readonly meanUs: number;
	readonly shape: WorkShape;
}

/** 0.9 * 1/2 + 0.1 * 11/2 = 1: the mean stays what it is called. */
const heavyRatio = 0.1;
const heavyFactor = 5.5;
const lightFactor = 0.5;
const exponentialCutFactor = 10;

/** @returns whole microseconds, at least 1 */
export function drawWorkUs(model: WorkModel, random: Random): number {
	return Math.max(1, draw(model, random));
}

function draw({ meanUs, shape }: WorkModel, random: Random): number {
	switch (shape) {
		case "constant":
			return meanUs;
		case "uniform":
			return random.below(2 * meanUs + 1);
		case "exponential":
			return Math.min(random.exponential(meanUs), exponentialCutFactor * meanUs);
		case "heavy":
			return Math.round(meanUs * (random.chance(heavyRatio) ? heavyFactor : lightFactor));
	}
}
