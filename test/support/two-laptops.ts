/**
 * Two laptops, Anna's and Ben's, of one system with files and jobs: what they type, and what they are told. A precious
 * file is saved before everything and opened after it; whatever is done in between, it is there to the byte.
 */
import { expect } from "vitest";
import { registry as all } from "../../src/os/registry.ts";
import { EventList } from "./event-list.ts";
import { quickFiles, type Story } from "./files-run.ts";
import { judgedRun } from "./judged-run.ts";
import { type Probed, probeDefinition, probed } from "./probe.ts";
import { type TinyNode, tinyPlan } from "./tiny-plan.ts";

const second = 1_000_000;
const precious = "precious.txt";
const registry = new Map([...all, ["probe", probeDefinition]]);

export interface Typed {
	readonly story?: Story;
	readonly capacityBytes?: number;
	readonly untilUs?: number;
	readonly seed?: number;
	readonly machines?: number;
}

export interface TypedRun {
	/** Answers, in the order of the lines. */
	readonly told: readonly string[];
	/** All names, blocks and rooms in the end. */
	readonly entries: Probed;
	/** Copies on all drives in the end. */
	readonly copies: number;
}

/** Lines are typed by Anna, or by Ben when they begin with `ben: `. Everything that a run promises is asserted. */
export function typeAtLaptops(lines: Story, { story = [], capacityBytes = 1_000_000, untilUs = 9 * second, seed = 3, machines = 3 }: Typed = {}): TypedRun {
	const disk = { drives: 1, capacityBytes, writeUs: 20, readUs: 50, syncUs: 1_000, bytesPerSecond: 0, readErrorRatio: 0, tornRatio: 0 };
	const keeper: TinyNode = {
		services: [
			{ service: "files-steward", config: quickFiles.steward },
			{ service: "store", config: quickFiles.store },
		],
	};
	const machine: TinyNode = {
		services: [
			{ service: "files-blocks", config: quickFiles.blocks },
			{ service: "jobs", config: {} },
		],
		disk,
	};
	const laptop: TinyNode = { services: [{ service: "shell", config: quickFiles.shell }] };
	const names = Array.from({ length: machines }, (_, index) => `m${index + 1}`);
	const typed = lines.map(([atUs, line]) => {
		const isBens = line.startsWith("ben: ");
		return [atUs, `ask ${isBens ? "ben" : "anna"} ${JSON.stringify(isBens ? line.slice(5) : line)}`] as const;
	});
	const before = [1.5 * second, `ask anna "save ${precious} 6KB"`] as const;
	const after = [
		[untilUs - second, `ask anna "open ${precious}"`],
		[untilUs - second, 'ask probe "files/"'],
	] as const;
	const plan = tinyPlan(
		{
			nodes: {
				...{ k1: keeper, k2: keeper, k3: keeper },
				...Object.fromEntries(names.map((name) => [name, machine])),
				...{ anna: laptop, ben: laptop, probe: { services: ["probe"] } },
			},
			story: [before, ...typed, ...story, ...after].sort(([a], [b]) => a - b),
			untilUs,
		},
		registry,
	);
	const list = new EventList(plan);
	const { kernel, watch } = judgedRun({ plan, registry, seed }, list);
	const answered = new Map(list.of("answered").map(({ node, fields, body }) => [`${node} ${fields.askSequence}`, String(body)]));
	const asked = list.of("asked").filter(({ node }) => node === "anna" || node === "ben");
	const told = asked.map(({ node, fields }) => answered.get(`${node} ${fields.askSequence}`) ?? "(no answer)");
	expect(list.of("nodeCrashed").filter(({ fields }) => fields.reason !== "command")).toEqual([]);
	expect(watch.verdicts().flatMap(({ breach }) => (breach === null ? [] : [breach.what]))).toEqual([]);
	expect(told.at(-1)).toBe(told[0]?.replace(/ is saved \((.*), 3 of 3 copies, checksum (.*)\)/, ": $1, exactly as it was saved (checksum $2)"));
	const held = names.map((name) => {
		const blocks = kernel.inspect(plan.nodes.findIndex((node) => node.name === name))?.["files-blocks"] as { readonly copies?: readonly unknown[] } | undefined;
		return blocks?.copies?.length ?? 0;
	});
	const entries = probed(list.of("answered", "probe").map(({ body }) => String(body))[0] ?? "");
	return { told: told.slice(1, -1), entries: entries ?? {}, copies: held.reduce((sum, count) => sum + count, 0) };
}
