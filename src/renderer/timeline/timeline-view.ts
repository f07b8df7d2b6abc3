/** What the painters of the diagram are given, and the measures they share. Types and a few numbers. */
import type { PagedEvent } from "../../shared/contract/event-page.ts";
import type { BandStrip } from "../../shared/drawing/band-strip.ts";
import type { Plan } from "../../shared/plan.ts";
import type { LaneLayout } from "../maths/lanes.ts";
import type { TimeScale } from "../maths/time-scale.ts";
import type { Causality, FaultMark, RunState, TimeBase } from "../state/run-state.ts";
import type { InSight } from "./timeline-model.ts";

export const namesPx = 104;
export const axisPx = 24;
export interface TimelineView {
	readonly plan: Plan;
	readonly scale: TimeScale;
	readonly lanes: LaneLayout;
	readonly inSight: InSight | null;
	/** Above the lanes: faults that are no single node's. */
	readonly strip: BandStrip;
	readonly timeBase: TimeBase;
	readonly shownUs: number;
	readonly headUs: number;
	readonly selected: number | null;
	readonly selectedNode: number | null;
	readonly causality: Causality | null;
	readonly marks: readonly FaultMark[];
	readonly divergence: RunState["divergence"];
	readonly matched: ReadonlySet<number> | null;
	readonly widthPx: number;
	readonly heightPx: number;
}

/** Where an event was drawn, for the pointer. */
export interface Spot {
	readonly x: number;
	readonly y: number;
	readonly index: number;
	readonly count: number;
}

/** The horizontal place of an event by the time that is chosen. */
export type Placing = (event: { readonly node: number; readonly atUs: number; readonly lamport: number }) => number;

/** Places by order have no measure of time: bands and the instant cannot be drawn in them. */
export function isByOrder(timeBase: TimeBase): boolean {
	return timeBase === "causal" || timeBase === "vector";
}

/** Events of nodes that are in sight: the kernel's own carry no stamp of a node. */
export function stampedIn({ events }: InSight, { fromUs, toUs }: TimeScale): readonly PagedEvent[] {
	return events.filter(({ atUs, lamport }) => lamport > 0 && atUs >= fromUs && atUs <= toUs);
}
