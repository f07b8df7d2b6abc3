/** What a lab may say about `crowd`. Durations: text with a unit, or microseconds. */
import type { PlainValue } from "../../shared/codec.ts";
import { ConfigReader } from "../config/reader.ts";
import { type WorkModel, workShapes } from "../http/work.ts";
import { type ArrivalModel, arrivalShapes } from "./arrivals.ts";

export interface CrowdConfig {
	/** Node that every visitor turns to. */
	readonly target: string;
	readonly visitors: number;
	readonly arrivals: ArrivalModel;
	/** Nobody comes before this much time has passed since boot. */
	readonly startUs: number;
	/** A visitor's patience, for each try. */
	readonly timeoutUs: number;
	/** Further tries: after a 503 when its Retry-After has passed, after no answer if the request is idempotent. */
	readonly retries: number;
	/** Relative frequencies; at least one. */
	readonly paths: readonly (readonly [path: string, weight: number])[];
	/** Part of the requests that are GET; the others are POST. */
	readonly idempotentRatio: number;
	/** Undefined: the server decides how much work a request is. */
	readonly work: WorkModel | undefined;
}

/** @throws QuorateError `lab-invalid` naming the key and what was expected */
export function readCrowdConfig(config: PlainValue): CrowdConfig {
	const read = new ConfigReader("crowd", config);
	const crowd: CrowdConfig = {
		target: read.text("target"),
		visitors: read.integer("visitors", { from: 1, to: 1_000_000 }, 1_000),
		arrivals: readArrivals(read),
		startUs: read.durationUs("start", { from: "0us" }, "0us"),
		timeoutUs: read.durationUs("timeout", { from: "1us" }, "2s"),
		retries: read.integer("retries", { from: 0, to: 100 }, 0),
		paths: readPaths(read),
		idempotentRatio: read.number("idempotentRatio", { from: 0, to: 1 }, 1),
		work: readWork(read),
	};
	read.end();
	return crowd;
}

function readArrivals(read: ConfigReader): ArrivalModel {
	const arrivals: ArrivalModel = {
		shape: read.oneOf("shape", arrivalShapes, "poisson"),
		ratePerSecond: read.number("ratePerSecond", { from: 0.001, to: 1_000_000 }, 100),
		wavePeriodUs: read.durationUs("wavePeriod", { from: "1ms" }, "10s"),
		waveDepth: read.number("waveDepth", { from: 0, to: 1 }, 0.8),
		burstPeriodUs: read.durationUs("burstPeriod", { from: "1ms" }, "10s"),
		burstLengthUs: read.durationUs("burstLength", { from: "1us" }, "1s"),
		burstFactor: read.number("burstFactor", { from: 1, to: 1_000 }, 5),
	};
	if (arrivals.burstLengthUs >= arrivals.burstPeriodUs) read.refuse("burstLength", "shorter than burstPeriod");
	return arrivals;
}

function readPaths(read: ConfigReader): CrowdConfig["paths"] {
	const paths = read.weights("paths");
	return paths.length === 0 ? [["/", 1]] : paths;
}

function readWork(read: ConfigReader): WorkModel | undefined {
	const given = read.has("meanWork");
	const meanUs = read.durationUs("meanWork", { from: "1us", to: "1h" }, "4ms");
	const shape = read.oneOf("workShape", workShapes, "constant");
	if (!given && read.has("workShape")) read.refuse("workShape", "given together with meanWork");
	return given ? { meanUs, shape } : undefined;
}
