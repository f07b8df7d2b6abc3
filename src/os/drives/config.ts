/** What a lab may say about `drives` and `drives-coordinator`. Durations: text with a unit, or microseconds. */
import type { PlainValue } from "../../core/node-api.ts";
import { ConfigReader } from "../config/reader.ts";
import { type Code, codeNames, codes } from "./code.ts";
import { coordinatorService, nodeService } from "./protocol.ts";

export interface DriveNodeConfig {
	readonly coordinator: string;
	/** What burns and loses its power together within a region; empty: the machine stands alone. */
	readonly rack: string;
	readonly heartbeatUs: number;
	/** Between two readings of every catalogue, which are told in full. */
	readonly reportUs: number;
	/** Of what a machine sends, and again of what it takes, for repairs. */
	readonly repairMegabytesPerSecond: number;
	readonly unitGigabytes: number;
	/** Units made anew at a time. */
	readonly streams: number;
}

export const spreads = ["region", "rack", "node"] as const;
/** What no two units of a stripe should share. */
export type Spread = (typeof spreads)[number];

export interface CoordinatorConfig {
	readonly code: Code;
	readonly unitsPerDrive: number;
	readonly placement: "random" | "copysets";
	/** Of copysets: how many sets a drive is in. */
	readonly permutations: number;
	readonly spread: Spread;
	readonly repair: boolean;
	/** Silence of a machine until it is taken for dead. */
	readonly patienceUs: number;
	/** An order to make a unit that was not answered for so long is given anew. */
	readonly repairTimeoutUs: number;
	readonly streams: number;
	readonly sampleUs: number;
}

/** @throws QuorateError `lab-invalid` naming the key and what was expected */
export function readDriveNodeConfig(config: PlainValue): DriveNodeConfig {
	const read = new ConfigReader(nodeService, config);
	const node: DriveNodeConfig = {
		coordinator: read.text("coordinator"),
		rack: read.has("rack") ? read.text("rack") : "",
		heartbeatUs: read.durationUs("heartbeat", { from: "1s", to: "100d" }, "12h"),
		reportUs: read.durationUs("report", { from: "1min", to: "1000d" }, "90d"),
		repairMegabytesPerSecond: read.number("repairMegabytesPerSecond", { from: 0.001, to: 100_000 }, 50),
		unitGigabytes: read.number("unitGigabytes", { from: 0.001, to: 10_000 }, 20),
		streams: read.integer("streams", { from: 1, to: 64 }, 4),
	};
	read.end();
	return node;
}

/** @throws QuorateError `lab-invalid` naming the key and what was expected */
export function readCoordinatorConfig(config: PlainValue): CoordinatorConfig {
	const read = new ConfigReader(coordinatorService, config);
	const coordinator: CoordinatorConfig = {
		code: codes[read.oneOf("copies", codeNames, "3")],
		unitsPerDrive: read.number("unitsPerDrive", { from: 0.1, to: 500 }, 10),
		placement: read.oneOf("placement", ["random", "copysets"], "random"),
		permutations: read.integer("permutations", { from: 1, to: 100 }, 2),
		spread: read.oneOf("spread", spreads, "region"),
		repair: read.oneOf("repair", ["on", "off"], "on") === "on",
		patienceUs: read.durationUs("patience", { from: "1s", to: "365d" }, "36h"),
		repairTimeoutUs: read.durationUs("repairTimeout", { from: "1s", to: "365d" }, "7d"),
		streams: read.integer("streams", { from: 1, to: 64 }, 4),
		sampleUs: read.durationUs("sample", { from: "1s", to: "365d" }, "1d"),
	};
	read.end();
	return coordinator;
}
