/** What a lab may say about `coupling-box`, `coupling-lead` and `coupling-worker`. Durations: text with a unit, or microseconds. */
import type { PlainValue } from "../../core/node-api.ts";
import { ConfigReader } from "../config/reader.ts";
import { boxService, leadService, workerService } from "./protocol.ts";
import type { Sizes } from "./works.ts";

interface WorkConfig {
	readonly sizes: Sizes;
	/** Of one part on one core. */
	readonly partUs: number;
}

export interface BoxConfig extends WorkConfig {
	/** Threads that share the memory. */
	readonly threads: number;
	/** From reading the shared number to writing it back. */
	readonly accessUs: number;
	readonly atomics: boolean;
	/** What reading and writing as one step costs more. */
	readonly atomicUs: number;
}

export interface LeadConfig extends WorkConfig {
	/** A part that is not answered for so long is given to another. */
	readonly patienceUs: number;
	/** What becomes of the work when a worker is silent. */
	readonly onSilence: "give-again" | "start-over" | "wait";
	/** Whether an increment that is asked for twice is made once. */
	readonly steps: "counted-once" | "counted-each-time";
}

export interface WorkerConfig {
	readonly lead: string;
	/** An increment that is not confirmed for so long is asked for again. */
	readonly patienceUs: number;
}

function readWork(read: ConfigReader): WorkConfig {
	return {
		sizes: {
			increments: read.integer("increments", { from: 1, to: 100_000 }, 400),
			items: read.integer("items", { from: 1, to: 100_000 }, 1_600),
			order: read.integer("order", { from: 1, to: 128 }, 16),
			parts: read.integer("parts", { from: 1, to: 1_000 }, 16),
		},
		partUs: read.durationUs("partWork", { from: "1us", to: "1h" }, "100ms"),
	};
}

/** @throws QuorateError `lab-invalid` naming the key and what was expected */
export function readBoxConfig(config: PlainValue): BoxConfig {
	const read = new ConfigReader(boxService, config);
	const box: BoxConfig = {
		...readWork(read),
		threads: read.integer("threads", { from: 1, to: 64 }, 4),
		accessUs: read.durationUs("access", { from: "1us", to: "1s" }, "1us"),
		atomics: read.oneOf("atomics", ["on", "off"], "on") === "on",
		atomicUs: read.durationUs("atomic", { from: "0us", to: "1s" }, "1us"),
	};
	read.end();
	return box;
}

/** @throws QuorateError `lab-invalid` naming the key and what was expected */
export function readLeadConfig(config: PlainValue): LeadConfig {
	const read = new ConfigReader(leadService, config);
	const lead: LeadConfig = {
		...readWork(read),
		patienceUs: read.durationUs("patience", { from: "1ms", to: "1h" }, "400ms"),
		onSilence: read.oneOf("onSilence", ["give-again", "start-over", "wait"], "give-again"),
		steps: read.oneOf("steps", ["counted-once", "counted-each-time"], "counted-once"),
	};
	read.end();
	return lead;
}

/** @throws QuorateError `lab-invalid` naming the key and what was expected */
export function readWorkerConfig(config: PlainValue): WorkerConfig {
	const read = new ConfigReader(workerService, config);
	const worker: WorkerConfig = { lead: read.text("lead"), patienceUs: read.durationUs("patience", { from: "1ms", to: "1h" }, "50ms") };
	read.end();
	return worker;
}
