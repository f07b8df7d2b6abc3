/** What a lab may say about `web-server`. Durations: text with a unit, or microseconds. */
import type { PlainValue } from "../../shared/codec.ts";
import { ConfigReader } from "../config/reader.ts";
import { type WorkModel, workShapes } from "../http/work.ts";

export interface WebServerConfig {
	/** CPU time of a request that does not say itself how much it needs. */
	readonly work: WorkModel;
	/** Requests worked on at a time; 0: one a core. */
	readonly concurrency: number;
	/** Requests that may wait for their turn; beyond them, 503. */
	readonly queueLimit: number;
	/** CPU time of a health check's answer. */
	readonly healthWorkUs: number;
}

/** @throws QuorateError `lab-invalid` naming the key and what was expected */
export function readWebServerConfig(config: PlainValue): WebServerConfig {
	const read = new ConfigReader("web-server", config);
	const server: WebServerConfig = {
		work: { meanUs: read.durationUs("meanWork", { from: "1us", to: "1h" }, "4ms"), shape: read.oneOf("shape", workShapes, "exponential") },
		concurrency: read.integer("concurrency", { from: 0, to: 10_000 }, 0),
		queueLimit: read.integer("queueLimit", { from: 0, to: 1_000_000 }, 1_000),
		healthWorkUs: read.durationUs("healthWork", { from: "1us", to: "1s" }, "50us"),
	};
	read.end();
	return server;
}
