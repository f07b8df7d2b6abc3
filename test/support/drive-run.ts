/** A cluster of machines with drives and its coordinator on the real kernel, and what the drives really hold. */
import type { InvariantWatch } from "../../src/core/invariants.ts";
import type { Kernel } from "../../src/core/kernel.ts";
import type { PlainValue } from "../../src/core/node-api.ts";
import { type CodeName, codes } from "../../src/os/drives/code.ts";
import { coordinatorDefinition } from "../../src/os/drives/coordinator.ts";
import { driveNodeDefinition } from "../../src/os/drives/drive-node.ts";
import { EventList } from "./event-list.ts";
import { judgedRun } from "./judged-run.ts";
import { plainDisk, registryOf, type TinyNode, tinyPlan } from "./tiny-plan.ts";

export const dayUs = 86_400_000_000;
const registry = registryOf(coordinatorDefinition, driveNodeDefinition);

export interface Year {
	readonly machines?: number;
	readonly drives?: number;
	readonly copies?: CodeName;
	readonly annualFailures?: number;
	readonly startFailureRatio?: number;
	readonly untilUs?: number;
	readonly seed?: number;
	readonly coordinator?: { readonly [key: string]: PlainValue };
	readonly node?: { readonly [key: string]: PlainValue };
	readonly story?: readonly (readonly [atUs: number, line: string])[];
	readonly physics?: { readonly lossRatio?: number; readonly bitsPerSecond?: number; readonly queueBytes?: number };
	/** Keeps every event, for questions about them. */
	readonly listed?: boolean;
}

/** A machine a region, all joined to the coordinator and to each other. */
export class DriveRun {
	readonly kernel: Kernel;
	readonly list: EventList;
	readonly #copies: CodeName;
	readonly #watch: InvariantWatch;

	constructor({ machines = 5, drives = 4, copies = "3", annualFailures, startFailureRatio, untilUs = 20 * dayUs, seed = 1, listed = false, ...more }: Year) {
		this.#copies = copies;
		const disk = {
			...plainDisk,
			drives,
			...(annualFailures === undefined ? {} : { annualFailures }),
			...(startFailureRatio === undefined ? {} : { startFailureRatio }),
		};
		const nodes: { [name: string]: TinyNode } = {
			boss: { services: [{ service: "drives-coordinator", config: { copies, unitsPerDrive: 6, spread: "node", ...more.coordinator } }] },
		};
		for (let i = 1; i <= machines; i++) {
			const config = { coordinator: "boss", heartbeat: "6h", unitGigabytes: 36, pieces: 1, repairMegabytesPerSecond: 10, ...more.node };
			nodes[`m${i}`] = { services: [{ service: "drives", config }], disk };
		}
		const plan = tinyPlan({ nodes, untilUs, story: more.story ?? [], physics: more.physics ?? {} }, registry);
		this.list = new EventList(plan);
		const { kernel, watch } = judgedRun({ plan, registry, seed }, ...(listed ? [this.list] : []));
		this.kernel = kernel;
		this.#watch = watch;
	}

	get view(): { readonly [field: string]: PlainValue } {
		return this.kernel.inspect(0)?.["drives-coordinator"] as { readonly [field: string]: PlainValue };
	}

	get holds(): boolean {
		return this.#watch.verdicts().every(({ breach }) => breach === null);
	}

	/** Units by machine and drive, as the synced catalogues say, and nothing else. */
	catalogues(): { readonly machine: string; readonly drive: number; readonly units: ReadonlySet<number> }[] {
		return this.kernel.plan.nodes.flatMap(({ name }, node) => {
			if (node === 0) return [];
			const drives = this.kernel.inspectDisks(node) as unknown as {
				drive: number;
				files: { path: string; records: { put?: number[]; drop?: number[] }[] }[];
			}[];
			return drives.flatMap(({ drive, files }) =>
				files
					.filter(({ path }) => path === "units")
					.map(({ records }) => {
						const units = new Set<number>();
						for (const { put = [], drop = [] } of records) {
							for (const unit of put) units.add(unit);
							for (const unit of drop) units.delete(unit);
						}
						return { machine: name, drive, units };
					}),
			);
		});
	}

	/** What the drives really hold: stripes that nobody can read any more, stripes short of units, units held twice. */
	truth(): { readonly lost: number; readonly missing: number; readonly twice: number } {
		const { units, needed } = codes[this.#copies];
		const held = this.catalogues().flatMap((drive) => [...drive.units]);
		const present = new Map<number, number>();
		for (const unit of new Set(held)) present.set(Math.floor(unit / units), (present.get(Math.floor(unit / units)) ?? 0) + 1);
		const stripes = this.view.stripes as number;
		const counts = Array.from({ length: stripes }, (_, stripe) => present.get(stripe) ?? 0);
		return {
			lost: counts.filter((count) => count < needed).length,
			missing: counts.filter((count) => count < units).length,
			twice: held.length - new Set(held).size,
		};
	}

	/** Crashes of programs: none, if they are right. */
	get exceptions(): PlainValue[] {
		return this.list.of("nodeCrashed").flatMap(({ fields, body }) => (fields.reason === "exception" ? [body] : []));
	}
}
