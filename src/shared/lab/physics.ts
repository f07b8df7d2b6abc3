/**
 * From the words of a lab file to the numbers of a plan: links, clocks, disks. Each turns a value
 * that has the right shape into its complete plan, defaults filled in. Pure.
 */
import type { ClockModel, DiskPlan, JitterModel, LinkPhysics } from "../plan.ts";
import { parseDurationUs } from "../units.ts";
import type { ClockFile, DiskFile, PhysicsFile } from "./schema.ts";

type JitterFile = Exclude<PhysicsFile["jitter"], undefined>;

function jitterOf(file: JitterFile): JitterModel {
	if (typeof file === "string") {
		const [kind, amount] = file.split(" ");
		const us = amount === undefined ? 0 : parseDurationUs(amount);
		if (kind === "uniform") return { kind, maxUs: us };
		if (kind === "exponential") return { kind, meanUs: us };
		return { kind: "constant", us };
	}
	if ("constant" in file) return { kind: "constant", us: file.constant };
	if ("uniform" in file) return { kind: "uniform", maxUs: file.uniform };
	if ("exponential" in file) return { kind: "exponential", meanUs: file.exponential };
	if ("normal" in file) return { kind: "normal", meanUs: file.normal.mean, deviationUs: file.normal.deviation };
	if ("lognormal" in file) return { kind: "lognormal", medianUs: file.lognormal.median, sigma: file.lognormal.sigma };
	return { kind: "empirical", quantilesUs: file.empirical };
}

const queueBytesDefault = 262_144;

/** What is wrong with properties that are each right by themselves, or undefined. */
export function physicsConflict(file: PhysicsFile): { readonly key: keyof PhysicsFile; readonly message: string } | undefined {
	if (file.fifo === true && file.reorder !== undefined) return { key: "fifo", message: "a link is either fifo or has reorder, not both" };
	if (file.jitter !== undefined && typeof file.jitter === "object" && "empirical" in file.jitter) {
		const { empirical } = file.jitter;
		const isAscending = empirical.every((us, index) => index === 0 || us >= (empirical[index - 1] as number));
		if (!isAscending) return { key: "jitter", message: "expected the quantiles of an empirical jitter in ascending order" };
	}
	return undefined;
}

/** One direction; `undefined` when no latency is given. */
export function physicsOf(file: PhysicsFile): LinkPhysics | undefined {
	if (file.latency === undefined) return undefined;
	return {
		floorUs: file.latency,
		jitter: jitterOf(file.jitter ?? "none"),
		lossRatio: file.loss ?? 0,
		duplicateRatio: file.duplicate ?? 0,
		corruptRatio: file.corrupt ?? 0,
		reorderRatio: file.reorder?.ratio ?? 0,
		reorderUs: file.reorder?.by ?? 0,
		fifo: file.fifo ?? file.reorder === undefined,
		bitsPerSecond: file.bandwidth ?? 0,
		queueBytes: file.queue ?? queueBytesDefault,
	};
}

/** Lays the properties that are given over a direction that is there. */
export function overlayPhysics(physics: LinkPhysics, file: PhysicsFile): LinkPhysics {
	return {
		floorUs: file.latency ?? physics.floorUs,
		jitter: file.jitter === undefined ? physics.jitter : jitterOf(file.jitter),
		lossRatio: file.loss ?? physics.lossRatio,
		duplicateRatio: file.duplicate ?? physics.duplicateRatio,
		corruptRatio: file.corrupt ?? physics.corruptRatio,
		reorderRatio: file.reorder?.ratio ?? physics.reorderRatio,
		reorderUs: file.reorder?.by ?? physics.reorderUs,
		fifo: file.fifo ?? (file.reorder === undefined ? physics.fifo : false),
		bitsPerSecond: file.bandwidth ?? physics.bitsPerSecond,
		queueBytes: file.queue ?? physics.queueBytes,
	};
}

const clockKinds = ["drift", "swing", "jump", "walk", "strobe"] as const;

/** The model, or the sentence that says why the file's words are none. */
export function clockOf(file: ClockFile | undefined): ClockModel | string {
	const offsetUs = file?.offset ?? 0;
	if (file === undefined) return { kind: "perfect", offsetUs };
	const given = clockKinds.filter((kind) => file[kind] !== undefined);
	if (given.length > 1) return `a clock errs in one way; found ${given.join(" and ")}`;
	if (file.drift !== undefined) return { kind: "linear", offsetUs, driftPpm: file.drift };
	if (file.swing !== undefined) return { kind: "periodic", offsetUs, amplitudePpm: file.swing.amplitude, periodUs: file.swing.period };
	if (file.jump !== undefined) return { kind: "step", offsetUs, stepUs: file.jump.by, atUs: file.jump.at };
	if (file.walk !== undefined) return { kind: "randomWalk", offsetUs, stepPpm: file.walk.step, limitPpm: file.walk.limit, periodUs: file.walk.every };
	if (file.strobe !== undefined) return { kind: "strobe", offsetUs, amplitudeUs: file.strobe.amplitude, periodUs: file.strobe.every };
	return { kind: "perfect", offsetUs };
}

export function diskOf(file: DiskFile | undefined): DiskPlan {
	return {
		drives: file?.drives ?? 1,
		capacityBytes: file?.capacity ?? 67_108_864,
		writeUs: file?.write ?? 20,
		readUs: file?.read ?? 100,
		syncUs: file?.sync ?? 2_000,
		bytesPerSecond: file?.bandwidth ?? 0,
		readErrorRatio: file?.readErrors ?? 0,
		tornRatio: file?.torn ?? 0,
		...(file?.annualFailures === undefined ? {} : { annualFailures: file.annualFailures }),
		...(file?.startFailures === undefined ? {} : { startFailureRatio: file.startFailures }),
	};
}
