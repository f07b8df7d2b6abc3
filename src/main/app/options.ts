/**
 * From what a user wishes for to the task of a run: defaults, limits and the header of the session.
 * Reads the lab; starts nothing. Shared by every host.
 */
import { randomInt } from "node:crypto";
import { digestHeader, engineVersion } from "../../core/event-log.ts";
import type { ServiceRegistry } from "../../core/node-api.ts";
import { canonicalJson } from "../../shared/canonical-json.ts";
import { QuorateError } from "../../shared/errors.ts";
import { eventSchemaVersion } from "../../shared/event-schema.ts";
import type { LabDescription } from "../../shared/lab/describe.ts";
import type { Plan } from "../../shared/plan.ts";
import { type SessionDetail, type SessionHeader, sessionFormatVersion } from "../../shared/session.ts";
import type { NewSession } from "../store/recording.ts";
import { compile, type LabText, readLab } from "./lab-catalog.ts";
import { type ExecutorName, type ExecutorOptions, type RunTask, type Speed, speedMax, speedMin } from "./run-task.ts";

export const seedDefault = 1;
/** Seeds drawn for a user are short enough to be read out in class. */
const randomSeedBelow = 1_000_000_000;
export const watchdogMsDefault = 5_000;
export const heapMbDefault: { readonly [name in ExecutorName]: number } = { threads: 64, inline: 512 };

export interface LabWishes {
	/** Id or path. */
	readonly lab: string;
	readonly variant?: string | undefined;
	readonly parameters?: { readonly [name: string]: string } | undefined;
	readonly untilUs?: number | undefined;
	/** `6s crash web-3` */
	readonly story?: readonly string[] | undefined;
	readonly exploreRaces?: boolean | undefined;
}

export interface PreparedLab {
	readonly lab: LabText;
	readonly plan: Plan;
	readonly description: LabDescription;
}

/** @throws QuorateError `lab-not-found`, `lab-invalid`, `usage`, `command-invalid`, `check-invalid` */
export function prepareLab({ lab: name, variant, parameters, untilUs, story, exploreRaces }: LabWishes, registry: ServiceRegistry): PreparedLab {
	const lab = readLab(name);
	return { lab, ...compile(lab, registry, { variant, parameters, untilUs, story, exploreRaces }) };
}

/** Reads `7` or `random`. @throws QuorateError `usage` */
export function readSeed(text: string | undefined): number {
	if (text === undefined) return seedDefault;
	if (text === "random") return randomInt(1, randomSeedBelow);
	const seed = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
	if (Number.isSafeInteger(seed)) return seed;
	throw new QuorateError("usage", `"${text}" is no seed; write a whole number from 0 to ${Number.MAX_SAFE_INTEGER}, or random`);
}

/** Reads `1x`, `0.5x`, `10` or `max`. @throws QuorateError `usage` */
export function readSpeed(text: string): Speed {
	if (text === "max") return "max";
	const speed = /^\d+(\.\d+)?x?$/.test(text) ? Number.parseFloat(text) : Number.NaN;
	if (speed >= speedMin && speed <= speedMax) return speed;
	throw new QuorateError("usage", `"${text}" is no speed; write ${speedMin}x to ${speedMax}x, or max for as fast as it can`);
}

export interface TaskWishes {
	readonly plan: Plan;
	readonly seed: number;
	readonly executor: ExecutorOptions;
	readonly speed?: Speed;
}

/** A task with nothing out of the ordinary; callers lay over it what they want otherwise. */
export function plainTask({ plan, seed, executor, speed = "max" }: TaskWishes): RunTask {
	return {
		plan,
		seed,
		executor,
		commands: [],
		untilUs: plan.untilUs,
		speed,
		startPaused: false,
		catchUpUs: 0,
		linesFromIndex: 0,
		fork: null,
		wishes: [],
		pauseWhen: null,
		recording: null,
		statusEveryMs: 0,
		tellLines: false,
	};
}

export interface SessionWishes {
	readonly plan: Plan;
	readonly seed: number;
	readonly labText: string;
	readonly detail: SessionDetail;
	readonly executor: ExecutorName;
	/** Wall time, milliseconds since 1970. */
	readonly createdMs: number;
}

export function newSession({ plan, seed, labText, detail, executor, createdMs }: SessionWishes): NewSession {
	const { labId, labVersion } = plan;
	const header: SessionHeader = {
		formatVersion: sessionFormatVersion,
		engineVersion,
		eventSchemaVersion,
		labId,
		labVersion,
		seed,
		detail,
		executor,
		digestHeader: digestHeader({ labId, labVersion, seed }),
		createdMs,
	};
	return { header, labText, planText: canonicalJson(plan) };
}
