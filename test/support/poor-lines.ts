/** Lines that lose, double and reorder, for searches under faults. */
import type { LinkPhysics } from "../../src/shared/plan.ts";

/** @param lossRatio 0..1; half as many messages come twice, and as many come out of order */
export function poorLines(lossRatio: number): Partial<LinkPhysics> {
	return {
		floorUs: 1_000,
		jitter: { kind: "uniform", maxUs: 1_000 },
		lossRatio,
		duplicateRatio: lossRatio / 2,
		reorderRatio: lossRatio,
		reorderUs: 5_000,
	};
}
