/** The pair, its database, its witness, its power switch and two customers, on the real kernel, inline. */
import { InlineExecutor } from "../../src/core/inline-executor.ts";
import { InvariantWatch, invariantsOf } from "../../src/core/invariants.ts";
import { Kernel } from "../../src/core/kernel.ts";
import { customerDefinition } from "../../src/os/pair/customer.ts";
import { databaseDefinition } from "../../src/os/pair/database.ts";
import { bmcDefinition, powerSwitchDefinition } from "../../src/os/pair/power.ts";
import { pairDefinition } from "../../src/os/pair/server.ts";
import { witnessDefinition } from "../../src/os/pair/witness.ts";
import type { PlainValue } from "../../src/shared/codec.ts";
import type { DiskPlan } from "../../src/shared/plan.ts";
import { EventList, type ListedEvent } from "./event-list.ts";
import { plainDisk, registryOf, type TinyPlan, tinyPlan } from "./tiny-plan.ts";

const registry = registryOf(pairDefinition, databaseDefinition, witnessDefinition, powerSwitchDefinition, bmcDefinition, customerDefinition);
type Config = { readonly [key: string]: PlainValue };

export interface PairLab {
	readonly seed?: number;
	readonly pair?: Config;
	readonly database?: Config;
	readonly witness?: Config;
	readonly power?: Config;
	readonly customer?: Config;
	readonly story?: readonly (readonly [atUs: number, line: string])[];
	readonly untilUs?: number;
	readonly physics?: TinyPlan["physics"];
	readonly disk?: Partial<DiskPlan>;
}

export interface PairRun {
	readonly list: EventList;
	/** Broken invariants, each as "name: sentence". */
	readonly broken: readonly string[];
	/** Crashes that no story asked for and no power switch made. */
	readonly failures: readonly PlainValue[];
	facts(name: string, node?: string): ListedEvent[];
	/** Orders acknowledged after an instant. */
	acknowledged(fromUs: number, toUs?: number): number;
}

/** Nodes s1, s2, db, w, pw, c1, c2; c1 prefers s1, c2 prefers s2. */
export function runPair(lab: PairLab): PairRun {
	const disk = { ...plainDisk, ...lab.disk };
	const customer = (prefers: number): Config => ({ prefers, think: "60ms", timeout: "100ms", ...lab.customer });
	const server = { services: [{ service: "pair", config: { timeout: "300ms", period: "50ms", drain: "60ms", ...lab.pair } }, "bmc"], disk };
	const nodes = {
		s1: server,
		s2: server,
		db: { services: [{ service: "pair-database", config: lab.database ?? {} }], disk },
		w: { services: [{ service: "pair-witness", config: { lease: "400ms", leader: "350ms", ...lab.witness } }], disk },
		pw: { services: [{ service: "power-switch", config: lab.power ?? {} }] },
		c1: { services: [{ service: "pair-customer", config: customer(1) }] },
		c2: { services: [{ service: "pair-customer", config: customer(2) }] },
	};
	const physics = { jitter: { kind: "uniform", maxUs: 1_000 }, fifo: true, ...lab.physics } as const;
	const plan = tinyPlan({ nodes, physics, story: lab.story ?? [], untilUs: lab.untilUs ?? 6_000_000 }, registry);
	const kernel = new Kernel({ plan, seed: lab.seed ?? 1, executor: new InlineExecutor(registry) });
	const watch = new InvariantWatch(plan, invariantsOf(plan, registry));
	const list = new EventList(plan);
	kernel.log.observe(watch);
	kernel.log.observe(list);
	kernel.advance({ untilUs: plan.untilUs });
	const facts = (name: string, node?: string): ListedEvent[] => list.of("factStated", node).filter(({ fields }) => fields.name === name);
	return {
		list,
		broken: watch.verdicts().flatMap(({ name, breach }) => (breach === null ? [] : [`${name}: ${breach.what}`])),
		failures: list.of("nodeCrashed").flatMap(({ fields, body }) => (fields.reason === "exception" && !String(body).includes("power cut by") ? [body] : [])),
		facts,
		acknowledged: (fromUs, toUs = plan.untilUs) => facts("pair.acknowledged").filter(({ atUs }) => atUs >= fromUs && atUs <= toUs).length,
	};
}
