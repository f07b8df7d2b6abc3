/** Options of a worker. */
import type { PlainValue } from "../../core/node-api.ts";
import { ConfigReader } from "../config/reader.ts";

export interface WorkerConfig {
	/** Between two signs of life, and between two looks at the table of jobs. */
	readonly beatUs: number;
	/** So long without a sign of life, by the watcher's own clock, and a worker's jobs are taken over. */
	readonly silenceUs: number;
	/** Jobs at a time; 0: one a core. */
	readonly atOnce: number;
	/** How often checkpoints that nobody can go on from are looked for. */
	readonly sweepUs: number;
	/** Steps between two checkpoints; 0: none, a job that changes hands begins anew. */
	readonly checkpointSteps: number;
	/** A job that makes no step for so many times as long as one takes is run a second time; 0: never. */
	readonly stragglerFactor: number;
	/** Busy workers hand jobs to idle ones. */
	readonly balances: boolean;
	/** Jobs of the silent are taken over, and own ones from before a restart gone on with. */
	readonly takesOver: boolean;
	/** Changes are conditional on the record being unchanged. Off, to show what that is for. */
	readonly fences: boolean;
	/** A step's effect and the note that it was done are one transaction. Off, to show what that is for. */
	readonly effectsWithRecord: boolean;
}

export function readWorkerConfig(config: PlainValue): WorkerConfig {
	const read = new ConfigReader("jobs", config);
	const onOff = (key: string): boolean => read.oneOf(key, ["on", "off"], "on") === "on";
	const worker: WorkerConfig = {
		beatUs: read.durationUs("beat", { from: "1ms", to: "1h" }, "200ms"),
		silenceUs: read.durationUs("silence", { from: "1ms", to: "1h" }, "1s"),
		atOnce: read.integer("atOnce", { from: 0, to: 64 }, 0),
		sweepUs: read.durationUs("sweep", { from: "1ms", to: "100h" }, "10s"),
		checkpointSteps: read.integer("checkpointSteps", { from: 0, to: 1_000 }, 5),
		stragglerFactor: read.number("stragglerFactor", { from: 0, to: 1_000 }, 6),
		balances: onOff("balance"),
		takesOver: onOff("takeOver"),
		fences: onOff("fencing"),
		effectsWithRecord: onOff("atomicEffects"),
	};
	read.end();
	if (worker.silenceUs <= worker.beatUs) throw new Error("jobs: silence must be longer than beat");
	return worker;
}
