/**
 * Runs of the file system on a few machines: three that keep the store and the stewards, block servers in three
 * regions, one or more users. Faults come from the seed; then everything heals.
 */
import type { InvariantVerdict } from "../../src/core/invariants.ts";
import type { Kernel } from "../../src/core/kernel.ts";
import type { EventObserver } from "../../src/core/log-sink.ts";
import type { ServiceDefinition } from "../../src/core/node-api.ts";
import { blocksDefinition } from "../../src/os/files/blocks/block-server.ts";
import { stewardDefinition } from "../../src/os/files/steward/steward.ts";
import { filesUserDefinition } from "../../src/os/files/user.ts";
import { shellDefinition } from "../../src/os/shell/shell.ts";
import { storeDefinition } from "../../src/os/store/store.ts";
import type { PlainValue } from "../../src/shared/codec.ts";
import type { Plan } from "../../src/shared/plan.ts";
import { judgedRun } from "./judged-run.ts";
import { poorLines } from "./poor-lines.ts";
import { probeDefinition } from "./probe.ts";
import { registryOf, type TinyNode, tinyPlan } from "./tiny-plan.ts";

type Config = { readonly [key: string]: PlainValue };
export type Story = readonly (readonly [atUs: number, line: string])[];

export interface FilesLab {
	/** Block servers, dealt out over three regions. */
	readonly machines?: number;
	readonly drives?: number;
	readonly capacityBytes?: number;
	readonly blocks?: Config;
	readonly steward?: Config;
	/** Of users who work by themselves; none when left out. */
	readonly user?: Config;
	readonly story?: Story;
	readonly untilUs?: number;
	readonly lossRatio?: number;
	readonly tornRatio?: number;
	readonly readErrorRatio?: number;
	/** In the place of the shell and the users: a program of the test's own, on the node `user`. */
	readonly program?: ServiceDefinition;
	/** Besides: a node that reads the database for the test. */
	readonly hasProbe?: boolean;
}

const regions = ["texas", "ireland", "tokyo"] as const;

/** Quick enough for small tests; every one of them can be told otherwise. */
export const quickFiles = {
	blocks: { beat: "150ms", report: "600ms", scrub: "150ms", idle: "1s" },
	steward: {
		round: "150ms",
		chair: "600ms",
		silent: "400ms",
		dead: "900ms",
		hop: "100ms",
		writeLease: "1500ms",
		trash: "500ms",
		blockBytes: 4_096,
		packetBytes: 2_048,
	},
	shell: { patience: "5s" },
	store: { electionTimeout: "240ms", heartbeat: "80ms", compactEntries: 200 },
} as const;

function filesPlan(lab: FilesLab): { readonly plan: Plan; readonly registry: ReturnType<typeof registryOf> } {
	const { machines = 6, drives = 2, capacityBytes = 1_000_000, lossRatio = 0, tornRatio = 0, readErrorRatio = 0 } = lab;
	const registry = registryOf(
		storeDefinition,
		stewardDefinition,
		blocksDefinition,
		filesUserDefinition,
		shellDefinition,
		probeDefinition,
		...(lab.program === undefined ? [] : [lab.program]),
	);
	const disk = { drives, capacityBytes, writeUs: 20, readUs: 50, syncUs: 1_000, bytesPerSecond: 0, readErrorRatio, tornRatio };
	const keeper = (region: number): TinyNode => ({
		region,
		services: [
			{ service: "files-steward", config: { ...quickFiles.steward, ...lab.steward } },
			{ service: "store", config: quickFiles.store },
		],
		disk: { ...disk, drives: 1, capacityBytes: 64_000_000, readErrorRatio: 0 },
		bootDelayUs: 20_000,
	});
	const blockServer = (index: number): TinyNode => ({
		region: index % 3,
		services: [{ service: "files-blocks", config: { ...quickFiles.blocks, rack: `rack-${index % 2}`, ...lab.blocks } }],
		disk,
		bootDelayUs: 20_000,
	});
	const nodes = Object.fromEntries<TinyNode>([
		...[0, 1, 2].map((region) => [`k${region + 1}`, keeper(region)] as const),
		...Array.from({ length: machines }, (_, index) => [`m${index + 1}`, blockServer(index)] as const),
		["user", { region: 0, services: lab.program === undefined ? userServices(lab) : [lab.program.name] }],
		...(lab.hasProbe === true ? [["probe", { region: 0, services: ["probe"] }] as const] : []),
	]);
	const physics = poorLines(lossRatio);
	return { plan: tinyPlan({ nodes, physics, regions, story: lab.story ?? [], untilUs: lab.untilUs ?? 5_000_000 }, registry), registry };
}

function userServices({ user }: FilesLab): TinyNode["services"] {
	const shell = { service: "shell", config: quickFiles.shell };
	return user === undefined ? [shell] : [shell, { service: "files-user", config: user }];
}

export interface FilesRun {
	readonly kernel: Kernel;
	readonly plan: Plan;
	readonly verdicts: readonly InvariantVerdict[];
	/** What a service shows of itself. */
	view(node: string, service: string): { readonly [field: string]: PlainValue };
}

export function runFiles(lab: FilesLab, seed: number, ...observers: readonly ((plan: Plan) => EventObserver)[]): FilesRun {
	const { plan, registry } = filesPlan(lab);
	const { kernel, watch } = judgedRun({ plan, registry, seed }, ...observers.map((make) => make(plan)));
	return {
		kernel,
		plan,
		verdicts: watch.verdicts(),
		view: (node, service) => (kernel.inspect(plan.nodes.findIndex(({ name }) => name === node))?.[service] ?? {}) as { readonly [field: string]: PlainValue },
	};
}

export function brokenIn({ verdicts }: FilesRun): readonly string[] {
	return verdicts.flatMap(({ name, breach }) => (breach === null ? [] : [`${name}: ${breach.what}`]));
}
