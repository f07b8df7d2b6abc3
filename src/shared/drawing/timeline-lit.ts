/**
 * What stands out on the diagram: the selected event, what led to it and what came of it, and what a search finds.
 * The past is dashed and the future whole, as on the topology: told apart by form as well as colour. Pure.
 */
import type { DrawingPalette } from "./palette.ts";
import type { Look, Surface } from "./surface.ts";
import type { TimelineScene } from "./timeline-scene.ts";

export type Lit = "past" | "future" | "self" | "dim" | "plain";

export const pastDash: readonly number[] = [7, 4];
const pastRingDash: readonly number[] = [3, 2.6];
/** What stands back behind what is lit. */
const faintRatio = 0.2;
const ringPx = 7.5;
const selfRingPx = 10.5;

type LitScene = Pick<TimelineScene, "cone" | "selected" | "matched">;

export function litOf({ cone, selected, matched }: LitScene, index: number): Lit {
	if (index === selected) return "self";
	if (cone !== null) return cone.past.has(index) ? "past" : cone.future.has(index) ? "future" : "dim";
	return matched !== null && !matched.has(index) ? "dim" : "plain";
}

/** A message lies in the past when its arrival does, and in the future when its sending does. */
export function litOfArrow({ cone, selected, matched }: LitScene, { sentIndex, endIndex }: { readonly sentIndex: number; readonly endIndex: number }): Lit {
	if (cone === null) return matched !== null && !matched.has(sentIndex) && !matched.has(endIndex) ? "dim" : "plain";
	const self = selected ?? cone.index;
	if (cone.past.has(sentIndex) && (cone.past.has(endIndex) || endIndex === self)) return "past";
	return (cone.future.has(sentIndex) || sentIndex === self) && (endIndex < 0 || cone.future.has(endIndex)) ? "future" : "dim";
}

/** Of several events in one mark. */
export function litOfAll(scene: LitScene, indices: readonly number[]): Lit {
	const all = indices.map((index) => litOf(scene, index));
	return (["self", "past", "future", "plain"] as const).find((lit) => all.includes(lit)) ?? all[0] ?? "plain";
}

export function toneOf(lit: Lit, plain: string, palette: DrawingPalette): { readonly colour: string; readonly opacity: number } {
	switch (lit) {
		case "past":
			return { colour: palette.past, opacity: 1 };
		case "future":
			return { colour: palette.future, opacity: 1 };
		case "self":
			return { colour: palette.select, opacity: 1 };
		case "dim":
			return { colour: plain, opacity: faintRatio };
		case "plain":
			return { colour: plain, opacity: 1 };
	}
}

/** Around a mark: dashed for what led here, whole for what came of it, wide for the event itself. */
export function ring(surface: Surface, x: number, y: number, lit: Lit, palette: DrawingPalette, radiusPx = 0): void {
	const around: { readonly [lit in Lit]?: Look } = {
		past: { stroke: palette.past, widthPx: 1.8, dash: pastRingDash },
		future: { stroke: palette.future, widthPx: 1.8 },
		self: { stroke: palette.select, widthPx: 3 },
	};
	const look = around[lit];
	if (look !== undefined) surface.circle(x, y, Math.max(radiusPx + 3, lit === "self" ? selfRingPx : ringPx), look);
}
