/** A database, workers and a laptop on the real kernel, for tests of jobs. */
import type { PlainValue } from "../../src/core/node-api.ts";
import { registry } from "../../src/os/registry.ts";
import { EventList } from "./event-list.ts";
import { judgedRun } from "./judged-run.ts";
import { tinyPlan } from "./tiny-plan.ts";

export interface JobsLab {
	/** Lines typed at the laptop. */
	readonly lines: readonly (readonly [atUs: number, line: string])[];
	readonly story?: readonly (readonly [atUs: number, line: string])[];
	readonly workers?: number;
	readonly cores?: number;
	readonly jobs?: { readonly [option: string]: PlainValue };
	readonly untilUs?: number;
	readonly seed?: number;
}

export interface JobsRun {
	readonly list: EventList;
	readonly answers: readonly unknown[];
	/** Facts of one name, decoded. */
	facts(name: string): readonly { readonly node: string; readonly atUs: number; readonly value: { readonly [field: string]: PlainValue } }[];
	/** What is broken, in sentences. */
	readonly broken: readonly string[];
}

export function runJobs(lab: JobsLab): JobsRun {
	const { workers = 3, cores = 1, jobs = {}, untilUs = 20_000_000, seed = 1 } = lab;
	const store = { services: [{ service: "store", config: {} }] };
	const worker = { cores, services: [{ service: "jobs", config: jobs }] };
	const plan = tinyPlan(
		{
			nodes: {
				s1: store,
				s2: store,
				s3: store,
				...Object.fromEntries(Array.from({ length: workers }, (_, index) => [`w${index + 1}`, worker])),
				laptop: { services: [{ service: "shell", config: {} }] },
			},
			story: [...lab.lines.map(([atUs, line]) => [atUs, `ask laptop ${JSON.stringify(line)}`] as const), ...(lab.story ?? [])].sort(([a], [b]) => a - b),
			untilUs,
		},
		registry,
	);
	const list = new EventList(plan);
	const { watch } = judgedRun({ plan, registry, seed }, list);
	const crashes = list.of("nodeCrashed").filter(({ fields }) => fields.reason !== "command");
	return {
		list,
		answers: list.of("answered", "laptop").map(({ body }) => body),
		facts: (name) =>
			list
				.of("factStated")
				.flatMap(({ node, atUs, fields, body }) => (fields.name === name ? [{ node, atUs, value: body as { readonly [field: string]: PlainValue } }] : [])),
		broken: [
			...crashes.map(({ node, body }) => `the program of ${node} failed: ${String(body)}`),
			...watch.verdicts().flatMap(({ breach }) => (breach === null ? [] : [breach.what])),
		],
	};
}
