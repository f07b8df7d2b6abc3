/**
 * All that the coordinator knows of one cluster, from its founding on. RAM: after a crash the machines are asked again.
 */
import type { NodeContext } from "../../core/node-api.ts";
import type { CoordinatorConfig } from "./config.ts";
import { Fleet, type Member } from "./fleet.ts";
import { Ledger } from "./ledger.ts";
import { copysetPlacement, type Placement, randomPlacement } from "./placement.ts";

/** What the coordinator keeps on its own drive. */
export type Kept = { readonly members: readonly Member[]; readonly stripes: number };

/** A drive may hold so many times the mean before nothing more is put on it. */
const roomFactor = 4;

export interface Books {
	readonly fleet: Fleet;
	readonly ledger: Ledger;
	readonly placement: Placement;
	/** When each machine was last heard, on the own clock. */
	readonly heardUs: number[];
	/** Boots of each machine, as it told last. */
	readonly lives: number[];
	/** Machines whose reports are awaited before anything is judged. */
	readonly awaited: Set<number>;
	/** Units that a report in pieces should still mention, by machine and drive. */
	readonly expected: Map<number, Map<number, Set<number>>>;
	readonly memberIndex: ReadonlyMap<string, number>;
}

/** Nothing is anywhere yet. */
export function openBooks(ctx: NodeContext, config: CoordinatorConfig, { members, stripes }: Kept): Books {
	const { code, placement, permutations, unitsPerDrive, spread } = config;
	const fleet = new Fleet(members, { spread, roomUnits: Math.ceil(unitsPerDrive * roomFactor) });
	return {
		fleet,
		ledger: new Ledger(fleet, code, stripes),
		placement: placement === "random" ? randomPlacement(fleet, code.units, ctx.random) : copysetPlacement(fleet, code.units, permutations, ctx.random),
		heardUs: members.map(() => ctx.monoUs()),
		lives: members.map(() => 1),
		awaited: new Set(),
		expected: new Map(),
		memberIndex: new Map(members.map(({ name }, member) => [name, member])),
	};
}

export function memberAt({ fleet }: Books, member: number): Member {
	return fleet.members[member] as Member;
}
