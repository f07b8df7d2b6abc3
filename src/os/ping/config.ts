/** What a lab may say about `ping`. Durations: text with a unit, or microseconds. */
import type { PlainValue } from "../../shared/codec.ts";
import { ConfigReader } from "../config/reader.ts";

export interface PingConfig {
	/** Nodes to ping, in turn each period; none: the node only answers. */
	readonly peers: readonly string[];
	readonly periodUs: number;
	/** A ping not answered by then counts as lost. */
	readonly timeoutUs: number;
	/** Pings to each peer; 0: for ever. */
	readonly count: number;
}

/** @throws QuorateError `lab-invalid` naming the key and what was expected */
export function readPingConfig(config: PlainValue): PingConfig {
	const read = new ConfigReader("ping", config);
	if (read.has("peer") && read.has("peers")) read.refuse("peer", "left out where peers is given");
	const ping: PingConfig = {
		peers: [...read.texts("peer", []), ...read.texts("peers", [])],
		periodUs: read.durationUs("period", { from: "1us" }, "1s"),
		timeoutUs: read.durationUs("timeout", { from: "1us" }, "1s"),
		count: read.integer("count", { from: 0, to: 1_000_000_000 }, 0),
	};
	read.end();
	return ping;
}

/** @throws QuorateError `lab-invalid` when there is anything to read */
export function readEchoConfig(config: PlainValue): null {
	new ConfigReader("echo", config).end();
	return null;
}
