/**
 * Jobs under random faults: three keepers of the shared database and of names, three machines that run jobs and keep
 * their checkpoints on two drives each (or, every fourth seed, no file system: checkpoints in the database), one user
 * at a shell. Faults come from the seed; then everything heals, and what is in the database is the judge.
 */
import type { EventObserver } from "../../src/core/log-sink.ts";
import { effectKey, type JobRecord } from "../../src/os/jobs/records.ts";
import { registry as all } from "../../src/os/registry.ts";
import { decode, type PlainValue } from "../../src/shared/codec.ts";
import { bodyOf, kindId, offsetOf, recordNodeWord } from "../../src/shared/event-record.ts";
import type { Plan } from "../../src/shared/plan.ts";
import { FaultKinds } from "./fault-kinds.ts";
import { filesFaultStory } from "./files-faults.ts";
import { quickFiles, type Story } from "./files-run.ts";
import { judgedRun } from "./judged-run.ts";
import { poorLines } from "./poor-lines.ts";
import { probeDefinition, probed, under } from "./probe.ts";
import { type TinyNode, tinyPlan } from "./tiny-plan.ts";

export interface JobsFaultLab {
	readonly lines: Story;
	readonly story: Story;
	readonly jobs?: { readonly [option: string]: PlainValue };
	readonly hasFiles: boolean;
	readonly untilUs: number;
	readonly lossRatio?: number;
	readonly tornRatio?: number;
	readonly readErrorRatio?: number;
	readonly capacityBytes?: number;
}

export interface JobsFaultRun {
	/** Everything that is wrong, in sentences. */
	readonly problems: readonly string[];
	/** What the user typed, and was told if there was an answer. */
	readonly told: readonly { readonly line: string; readonly answer: string | null }[];
	readonly kinds: FaultKinds;
	readonly takeovers: number;
	/** How often a job was told to do without its checkpoint. */
	readonly lostCheckpoints: number;
}

const registry = new Map([...all, ["probe", probeDefinition]]);

export const machines = ["m1", "m2", "m3"] as const;
const keepers = ["k1", "k2", "k3"] as const;

function planOf(lab: JobsFaultLab): Plan {
	const { hasFiles, lossRatio = 0, tornRatio = 0, readErrorRatio = 0, capacityBytes = 1_000_000 } = lab;
	const disk = { drives: 2, capacityBytes, writeUs: 20, readUs: 50, syncUs: 1_000, bytesPerSecond: 0, readErrorRatio, tornRatio };
	const store = { service: "store", config: quickFiles.store };
	const keeper: TinyNode = {
		services: hasFiles ? [{ service: "files-steward", config: { ...quickFiles.steward, copies: 2 } }, store] : [store],
		disk: { ...disk, drives: 1, capacityBytes: 64_000_000, readErrorRatio: 0 },
		bootDelayUs: 20_000,
	};
	const jobs = { service: "jobs", config: { beat: "100ms", silence: "400ms", sweep: "500ms", ...lab.jobs } };
	const machine: TinyNode = {
		services: hasFiles ? [{ service: "files-blocks", config: quickFiles.blocks }, jobs] : [jobs],
		disk,
		bootDelayUs: 20_000,
	};
	const physics = poorLines(lossRatio);
	const story: Story = [
		...lab.lines.map(([atUs, line]) => [atUs, `ask user ${JSON.stringify(line)}`] as const),
		...lab.story,
		[lab.untilUs - 1_000_000, 'ask probe "job/ effect/ jobs/"'],
	];
	return tinyPlan(
		{
			nodes: {
				...Object.fromEntries(keepers.map((name) => [name, keeper])),
				...Object.fromEntries(machines.map((name) => [name, machine])),
				user: { services: [{ service: "shell", config: {} }] },
				probe: { services: ["probe"] },
			},
			physics,
			story: [...story].sort(([a], [b]) => a - b),
			untilUs: lab.untilUs,
		},
		registry,
	);
}

const askedId = kindId("asked");
const askSequence = offsetOf("asked", "askSequence");
const answeredId = kindId("answered");
const answerSequence = offsetOf("answered", "askSequence");
const crashedId = kindId("nodeCrashed");
const crashReason = offsetOf("nodeCrashed", "reason");
const lineId = kindId("logLine");
const factId = kindId("factStated");
const factName = offsetOf("factStated", "name");

class Watch implements EventObserver {
	readonly kindIds = new Set([askedId, answeredId, crashedId, factId, lineId]);
	/** By the question's number. */
	readonly told = new Map<number, { readonly line: string; readonly answer: string | null }>();
	readonly problems: string[] = [];
	table = "";
	takeovers = 0;
	lostCheckpoints = 0;
	readonly #plan: Plan;

	constructor(plan: Plan) {
		this.#plan = plan;
	}

	onEvent(words: Int32Array, start: number): void {
		const body = (): string => String(decode(bodyOf(words, start)));
		const node = this.#plan.nodes[words[start + recordNodeWord] as number]?.name;
		if (words[start] === crashedId && words[start + crashReason] !== 0) this.problems.push(`the program of ${node} failed: ${body()}`);
		if (words[start] === askedId && node === "user") this.told.set(words[start + askSequence] as number, { line: body(), answer: null });
		if (words[start] === answeredId && node === "user") this.#answered(words[start + answerSequence] as number, body());
		if (words[start] === answeredId && node === "probe") this.table = body();
		if (words[start] === factId && this.#plan.names[words[start + factName] as number] === "jobs.takeover") this.takeovers++;
		if (words[start] === lineId && body().includes("cannot be had")) this.lostCheckpoints++;
	}

	#answered(sequence: number, answer: string): void {
		this.told.set(sequence, { line: this.told.get(sequence)?.line ?? "", answer });
	}
}

/** What is not as one undisturbed run would have left it. */
function wrongIn(answer: string): readonly string[] {
	const entries = probed(answer);
	if (entries === null) return [`in the end: ${answer || "nobody answers"}`];
	const left = under(entries, "jobs/").filter(([rest]) => rest !== "last");
	return [
		...left.map(([rest]) => `checkpoint ${rest} was left behind`),
		...under<JobRecord>(entries, "job/").flatMap(([, { id, state, done, steps }]) => {
			const effects = (entries[effectKey(id)] as number | undefined) ?? 0;
			return [
				...(state === "done" || state === "killed" ? [] : [`job ${id} is ${state} with ${done} of ${steps} steps`]),
				...(effects === done ? [] : [`job ${id} has done ${done} steps and had ${effects} effects`]),
				...(state !== "done" || done === steps ? [] : [`job ${id} is done with ${done} of ${steps} steps`]),
			];
		}),
	];
}

export function runJobsFaults(lab: JobsFaultLab, seed: number, ...observers: readonly ((plan: Plan) => EventObserver)[]): JobsFaultRun {
	const plan = planOf(lab);
	const watch = new Watch(plan);
	const kinds = new FaultKinds();
	const { watch: verdicts } = judgedRun({ plan, registry, seed }, watch, kinds, ...observers.map((make) => make(plan)));
	const broken = verdicts.verdicts().flatMap(({ name, breach }) => (breach === null ? [] : [`${name}: ${breach.what}`]));
	const { told, table, takeovers, lostCheckpoints } = watch;
	return { problems: [...watch.problems, ...broken, ...wrongIn(table)], told: [...told.values()], kinds, takeovers, lostCheckpoints };
}

const fromUs = 350_000;
const healUs = 1_900_000;
/** A silence noticed, a writer's lease, a chair's, and some time to work. */
export const jobsBoundUs = 4_000_000;
const untilUs = healUs + jobsBoundUs + 1_000_000;

function linesOf(seed: number): Story {
	const to = machines[seed % machines.length] as string;
	return [
		[300_000, "run primes 400000"],
		[450_000, "run collatz 8000"],
		[900_000, "run primes 300000"],
		...(seed % 5 === 0 ? ([[600_000, `move 1 ${to}`]] as const) : []),
		...(seed % 7 === 0 ? ([[1_100_000, "kill 2"]] as const) : []),
		[untilUs - 1_000_000, "ls"],
	];
}

/** The lab of one seed of the long search. */
export function jobsFaultLab(seed: number): JobsFaultLab {
	return {
		lines: linesOf(seed).filter(([, line]) => seed % 4 !== 0 || line !== "ls"),
		story: filesFaultStory(seed, { machines: machines.length, faults: 3 + (seed % 7), fromUs, healUs }),
		jobs: { checkpointSteps: seed % 4, stragglerFactor: seed % 3 === 0 ? 3 : 6 },
		hasFiles: seed % 4 !== 0,
		untilUs,
		lossRatio: (seed % 4) * 0.01,
		tornRatio: (seed % 3) * 0.3,
		readErrorRatio: (seed % 5) * 0.02,
		capacityBytes: seed % 6 === 1 ? 20_000 : 1_000_000,
	};
}
