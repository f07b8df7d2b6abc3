/** The pair, its database, its witness, its power switch and two customers, on the real kernel, inline. */
import type { EventObserver } from "../../src/core/log-sink.ts";
import { customerDefinition } from "../../src/os/pair/customer.ts";
import { databaseDefinition } from "../../src/os/pair/database.ts";
import { bmcDefinition, powerSupplyDefinition, powerSwitchDefinition } from "../../src/os/pair/power.ts";
import { pairDefinition } from "../../src/os/pair/server.ts";
import { witnessDefinition } from "../../src/os/pair/witness.ts";
import type { DiskPlan } from "../../src/shared/plan.ts";
import { type ClusterRun, type Config, runCluster, type Story } from "./cluster-run.ts";
import { plainDisk, type TinyPlan } from "./tiny-plan.ts";

const definitions = [pairDefinition, databaseDefinition, witnessDefinition, powerSwitchDefinition, powerSupplyDefinition, bmcDefinition, customerDefinition];

export interface PairLab {
	readonly seed?: number;
	readonly pair?: Config;
	readonly database?: Config;
	readonly witness?: Config;
	readonly power?: Config;
	readonly customer?: Config;
	readonly story?: Story;
	readonly untilUs?: number;
	readonly physics?: TinyPlan["physics"];
	readonly disk?: Partial<DiskPlan>;
	readonly observers?: readonly EventObserver[];
}

export interface PairRun extends ClusterRun {
	/** Exceptions that no power switch made. */
	readonly failures: readonly string[];
	/** Orders acknowledged after an instant. */
	acknowledged(fromUs: number): number;
}

/** Nodes s1, s2, db, w, b1, b2, pw, c1, c2; b1 holds the power of s1, b2 of s2; c1 prefers s1, c2 prefers s2. */
export function runPair(lab: PairLab): PairRun {
	const disk = { ...plainDisk, ...lab.disk };
	const customer = (prefers: number): Config => ({ prefers, think: "60ms", timeout: "100ms", ...lab.customer });
	const server = { services: [{ service: "pair", config: { timeout: "300ms", period: "50ms", drain: "60ms", ...lab.pair } }, "power-supply"], disk };
	const nodes = {
		s1: server,
		s2: server,
		db: { services: [{ service: "pair-database", config: lab.database ?? {} }], disk },
		w: { services: [{ service: "pair-witness", config: { lease: "400ms", leader: "350ms", ...lab.witness } }], disk },
		b1: { services: ["bmc"] },
		b2: { services: ["bmc"] },
		pw: { services: [{ service: "power-switch", config: lab.power ?? {} }] },
		c1: { services: [{ service: "pair-customer", config: customer(1) }] },
		c2: { services: [{ service: "pair-customer", config: customer(2) }] },
	};
	const physics = { jitter: { kind: "uniform", maxUs: 1_000 }, fifo: true, ...lab.physics } as const;
	const run = runCluster(definitions, { nodes, physics, story: lab.story ?? [], untilUs: lab.untilUs ?? 6_000_000 }, lab.seed ?? 1, lab.observers);
	return {
		...run,
		failures: run.exceptions.filter((exception) => !exception.includes("power cut by")),
		acknowledged: (fromUs) => run.facts("pair.acknowledged").filter(({ atUs }) => atUs >= fromUs).length,
	};
}
