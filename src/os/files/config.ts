/** What a lab may say about `files-blocks` and `files-steward`. Durations: text with a unit, or microseconds. */
import type { PlainValue } from "../../shared/codec.ts";
import { ConfigReader } from "../config/reader.ts";
import { type Settings, spreads } from "./records.ts";

export interface BlocksConfig {
	readonly rack: string;
	readonly beatUs: number;
	/** A whole report at least this often, besides one after every change. */
	readonly reportUs: number;
	/** One copy is looked at each time. */
	readonly scrubUs: number;
	/** Off: a bit flips somewhere on the drives this often, in the mean. */
	readonly rotUs: number;
	/** A part that nobody goes on with is given up after this. */
	readonly idleUs: number;
	/** False: answers before the drive has it. */
	readonly sync: boolean;
	readonly checksums: boolean;
	/** CPU time of one packet or question. */
	readonly workUs: number;
}

export function readBlocksConfig(config: PlainValue): BlocksConfig {
	const read = new ConfigReader("files-blocks", config);
	const blocks: BlocksConfig = {
		rack: read.text("rack", "rack-1"),
		beatUs: read.durationUs("beat", { from: "1ms", to: "1h" }, "500ms"),
		reportUs: read.durationUs("report", { from: "1ms", to: "1000h" }, "5s"),
		scrubUs: read.durationUs("scrub", { from: "1ms", to: "1000h" }, "1s"),
		rotUs: read.durationUs("rot", { from: "0us", to: "100000h" }, "0us"),
		idleUs: read.durationUs("idle", { from: "1ms", to: "1h" }, "5s"),
		sync: read.oneOf("sync", ["on", "off"], "on") === "on",
		checksums: read.oneOf("checksums", ["on", "off"], "on") === "on",
		workUs: read.durationUs("work", { from: "0us", to: "1h" }, "50us"),
	};
	read.end();
	return blocks;
}

export interface StewardConfig {
	readonly settings: Settings;
	/** How often the holder of the chair shows that it lives, and looks at everything. */
	readonly roundUs: number;
	/** A chair that shows no life for this long, on another steward's clock, is taken over. */
	readonly chairUs: number;
	/** A machine that was not heard of for this long gets no new copies. */
	readonly silentUs: number;
	/** ... and for this long, is made up for by new copies elsewhere. */
	readonly deadUs: number;
	readonly repairs: boolean;
	/** Copies under way at once; of them, to or from one machine. */
	readonly repairsMax: number;
	readonly repairsEach: number;
	/** Of each copy under way; 0: no limit. */
	readonly bytesPerSecond: number;
	/** Blocks of deleted files stay readable for this long. */
	readonly trashUs: number;
	/** Copies move by themselves when the fullest machine is fuller than the emptiest by more than this part of it; 1: never. */
	readonly rebalanceAbove: number;
}

export function readStewardConfig(config: PlainValue): StewardConfig {
	const read = new ConfigReader("files-steward", config);
	const bytes = { from: 16, to: 524_288 };
	const isCoded = read.oneOf("layout", ["copies", "code"], "copies") === "code";
	const copies = read.integer("copies", { from: 1, to: 9 }, 3);
	const settings: Settings = {
		blockBytes: read.integer("blockBytes", bytes, 16_384),
		chunkBytes: read.integer("chunkBytes", bytes, 1_024),
		packetBytes: read.integer("packetBytes", bytes, 8_192),
		copies: isCoded ? 0 : copies,
		spare: read.integer("spare", { from: 0, to: 8 }, 1),
		spread: read.oneOf("spread", spreads, "regions"),
		checksums: read.oneOf("checksums", ["on", "off"], "on") === "on",
		hopUs: read.durationUs("hop", { from: "1ms", to: "1min" }, "500ms"),
		writeLeaseUs: read.durationUs("writeLease", { from: "10ms", to: "1h" }, "6s"),
	};
	if (settings.chunkBytes > settings.packetBytes) read.refuse("chunkBytes", "at most packetBytes");
	const steward: StewardConfig = {
		settings,
		roundUs: read.durationUs("round", { from: "1ms", to: "1h" }, "1s"),
		chairUs: read.durationUs("chair", { from: "1ms", to: "1h" }, "4s"),
		silentUs: read.durationUs("silent", { from: "1ms", to: "1h" }, "2s"),
		deadUs: read.durationUs("dead", { from: "1ms", to: "1000h" }, "6s"),
		repairs: read.oneOf("repairs", ["on", "off"], "on") === "on",
		repairsMax: read.integer("repairsMax", { from: 1, to: 1_000 }, 8),
		repairsEach: read.integer("repairsEach", { from: 1, to: 100 }, 2),
		bytesPerSecond: read.integer("repairBytesPerSecond", { from: 0, to: 1_000_000_000 }, 0),
		trashUs: read.durationUs("trash", { from: "1ms", to: "1000h" }, "10s"),
		rebalanceAbove: read.number("rebalanceAbove", { from: 0, to: 1 }, 1),
	};
	read.end();
	return steward;
}
