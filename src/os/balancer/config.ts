/** What a lab may say about `balancer`. Durations: text with a unit, or microseconds. */
import type { PlainValue } from "../../shared/codec.ts";
import { ConfigReader } from "../config/reader.ts";
import type { CpuBudgetOptions } from "./cpu-budget.ts";
import type { HealthRule } from "./health.ts";
import { type Algorithm, algorithms } from "./strategies/index.ts";

export interface BalancerConfig {
	/** Node names, patterns such as `web-*`, or roles as `role:web`. */
	readonly servers: readonly string[];
	readonly algorithm: Algorithm;
	/** Of servers by name; 1 where not given. */
	readonly weights: readonly (readonly [server: string, weight: number])[];
	/** `cookie`: a visitor keeps the server that the balancer's cookie names. */
	readonly sticky: "off" | "cookie";
	/** What consistent hashing keeps together. */
	readonly hashBy: "visitor" | "path";
	/** Most that consistent hashing lets a server hold, in averages; undefined: no bound. */
	readonly loadFactor: number | undefined;
	readonly healthPeriodUs: number;
	readonly healthTimeoutUs: number;
	readonly healthRule: HealthRule;
	/** How long one server may take. */
	readonly tryTimeoutUs: number;
	/** Further tries on other servers. */
	readonly retries: number;
	/** Retries a request, over ten seconds. */
	readonly retryRatio: number;
	readonly budget: CpuBudgetOptions;
	/** Requests that may wait for room at a server. */
	readonly queueLimit: number;
	/** How long one may wait. */
	readonly queueTimeoutUs: number;
	/** 0: a recovered server gets its full share at once. */
	readonly slowStartUs: number;
	readonly slowStartFromRatio: number;
}

/** @throws QuorateError `lab-invalid` naming the key and what was expected */
export function readBalancerConfig(config: PlainValue): BalancerConfig {
	const read = new ConfigReader("balancer", config);
	const balancer: BalancerConfig = {
		servers: read.texts("servers", ["role:web"]),
		algorithm: read.oneOf("algorithm", algorithms, "round-robin"),
		weights: read.weights("weights"),
		sticky: read.oneOf("sticky", ["off", "cookie"], "off"),
		hashBy: read.oneOf("hashBy", ["visitor", "path"], "visitor"),
		loadFactor: read.numberOrOff("loadFactor", { from: 1.01, to: 1_000 }, 1.25),
		healthPeriodUs: read.durationUs("healthPeriod", { from: "1ms", to: "1h" }, "500ms"),
		healthTimeoutUs: read.durationUs("healthTimeout", { from: "1us", to: "1h" }, "200ms"),
		healthRule: {
			failures: read.integer("healthFailures", { from: 1, to: 1_000 }, 3),
			successes: read.integer("healthSuccesses", { from: 1, to: 1_000 }, 2),
		},
		tryTimeoutUs: read.durationUs("tryTimeout", { from: "1us", to: "1h" }, "500ms"),
		retries: read.integer("retries", { from: 0, to: 100 }, 2),
		retryRatio: read.number("retryRatio", { from: 0, to: 100 }, 0.2),
		budget: readBudget(read),
		queueLimit: read.integer("queueLimit", { from: 0, to: 1_000_000 }, 1_000),
		queueTimeoutUs: read.durationUs("queueTimeout", { from: "1us", to: "1h" }, "500ms"),
		slowStartUs: read.durationUs("slowStart", { from: "0us", to: "1d" }, "5s"),
		slowStartFromRatio: read.number("slowStartFrom", { from: 0.01, to: 1 }, 0.1),
	};
	read.end();
	return balancer;
}

function readBudget(read: ConfigReader): CpuBudgetOptions {
	return {
		maxUtilisation: read.numberOrOff("maxUtilisation", { from: 0.05, to: 1 }, 0.8),
		burstUs: read.durationUs("burst", { from: "100us", to: "500ms" }, "20ms"),
		jitterUs: read.durationUs("jitterAllowance", { from: "0us", to: "1min" }, "10ms"),
		inFlightUs: read.durationUs("outstandingWork", { from: "1ms", to: "1h" }, "250ms"),
		expectedWorkUs: read.durationUs("expectedWork", { from: "1us", to: "1h" }, "5ms"),
	};
}
