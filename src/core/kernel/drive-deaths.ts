/**
 * When drives wear out: drawn for each drive from the seed alone, before anything happens, so that nothing
 * that is done to a cluster shifts the death of a drive. Pure; runs on the kernel's thread.
 *
 * A constant rate, as the models of storage systems assume; the bathtub of real drives is left out.
 * @source Patterson, Gibson, Katz: A Case for Redundant Arrays of Inexpensive Disks (SIGMOD 1988), section 6
 */
import type { Plan } from "../../shared/plan.ts";
import { usMax } from "../../shared/units.ts";
import { sampleExponential } from "../distributions/samplers.ts";
import { type Philox, purposes } from "../random.ts";

const yearUs = 365 * 86_400_000_000;

export interface DriveDeath {
	readonly atUs: number;
	readonly node: number;
	readonly drive: number;
}

/** Ascending. */
export function driveDeaths(plan: Plan, philox: Philox): readonly DriveDeath[] {
	const deaths: DriveDeath[] = [];
	for (const [node, { disk }] of plan.nodes.entries()) {
		const { drives, annualFailures = 0 } = disk;
		for (let drive = 0; annualFailures > 0 && drive < drives; drive++) {
			philox.draw(purposes.disk, (node << 12) | drive, 0, 2);
			const atUs = sampleExponential(yearUs / annualFailures, philox.w0);
			if (atUs < usMax) deaths.push({ atUs, node, drive });
		}
	}
	return deaths.sort((a, b) => a.atUs - b.atUs || a.node - b.node || a.drive - b.drive);
}
