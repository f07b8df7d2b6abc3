/** What a lab may say about `drives` and `drives-coordinator`. Durations: text with a unit, or microseconds. */
import type { PlainValue } from "../../core/node-api.ts";
import { QuorateError } from "../../shared/errors.ts";
import { ConfigReader } from "../config/reader.ts";
import { type Code, codeNames, codes } from "./code.ts";
import { pieceBytes, pieceBytesMax } from "./piece.ts";
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
	/** Messages in which a unit travels. */
	readonly pieces: number;
	/** Of the unit, what one byte of a message stands for: the scale of the data. */
	readonly megabytesPerByte: number;
	/** The last so many of the machine's drives lie on the shelf until one is needed. */
	readonly spares: number;
	/** From a drive's death until a spare is in its place. */
	readonly replaceAfterUs: number;
	/** Units made anew at a time. */
	readonly streams: number;
}

const spreads = ["region", "rack", "node"] as const;
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
	/** An order to make a unit that its machine has not mentioned for so long is given anew. */
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
		pieces: read.integer("pieces", { from: 1, to: 1_000 }, 4),
		megabytesPerByte: read.number("megabytesPerByte", { from: 0.01, to: 1_000_000 }, 50),
		spares: read.integer("spares", { from: 0, to: 1_000 }, 0),
		replaceAfterUs: read.durationUs("replaceAfter", { from: "1s", to: "1000d" }, "7d"),
		streams: read.integer("streams", { from: 1, to: 64 }, 4),
	};
	if (pieceBytes(node) > pieceBytesMax)
		throw new QuorateError(
			"lab-invalid",
			`${nodeService}: a piece of a unit weighs ${pieceBytes(node)} bytes; more pieces or more megabytesPerByte must make it ${pieceBytesMax} at most`,
		);
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
