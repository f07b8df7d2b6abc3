/**
 * What the shared database holds of jobs. A job's record is its truth: who has it, how many of its steps
 * have taken effect, where its last checkpoint lies. Whoever changes it does so on condition that nobody
 * has meanwhile, so a machine that was given up and comes back changes nothing. Pure.
 */
import type { Condition, Operation, Versioned } from "../store/contract.ts";

export type JobState = "queued" | "running" | "done" | "failed" | "killed";

export type JobRecord = {
	readonly id: string;
	readonly program: string;
	readonly argument: number;
	readonly state: JobState;
	/** Whose it is; null while it waits for somebody. */
	readonly owner: string | null;
	/** A second machine that runs it because the first is slow. */
	readonly helper: string | null;
	/** The machine it is to go on at, once its owner has saved it. */
	readonly wanted: string | null;
	/** How often it has changed hands. */
	readonly moves: number;
	/** Steps that have taken effect. */
	readonly done: number;
	/** Steps there are; for one that never ends, as many as it may have. */
	readonly steps: number;
	/** The last checkpoint: the state after so many steps. */
	readonly saved: { readonly path: string; readonly done: number } | null;
	/** What the user is told, once it is done or failed. */
	readonly answer: string | null;
};

/** A job's record and the version that a change of it is conditional on. */
export interface HeldJob {
	readonly job: JobRecord;
	readonly version: number;
}

/** What a worker says of itself, again and again. */
export type WorkerRecord = { readonly beat: number; readonly running: number };

const jobPrefix = "job/";
const workerPrefix = "worker/";
export const jobRange = { from: jobPrefix, to: "job0" } as const;
export const workerRange = { from: workerPrefix, to: "worker0" } as const;
/** The number of the last job. */
export const lastJobKey = "jobs/last";

/** Jobs kept in all; and those not at an end. */
export const jobsMax = 400;
export const unfinishedMax = 64;
/** A job of more steps is ended: nothing may run for ever. */
export const stepsMax = 1_000;

export function jobKey(id: string): string {
	return jobPrefix + id.padStart(6, "0");
}

export function workerKey(name: string): string {
	return workerPrefix + name;
}

/** How often the effect of a job was applied. */
export function effectKey(id: string): string {
	return `effect/${id.padStart(6, "0")}`;
}

export function workerOf(key: string): string {
	return key.slice(workerPrefix.length);
}

export function heldOf({ value, version }: Versioned): HeldJob {
	return { job: value as JobRecord, version };
}

export function isOver({ state }: JobRecord): boolean {
	return state !== "queued" && state !== "running";
}

/** On condition that the record is still the one that was read. */
export function unchanged({ job, version }: HeldJob): Condition {
	return { key: jobKey(job.id), is: "version", version };
}

export function putJob(job: JobRecord): Operation {
	return { do: "put", key: jobKey(job.id), value: job };
}
