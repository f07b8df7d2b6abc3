/**
 * Asks every server at a steady beat whether it is well. The beats of different servers are spread over
 * the period, so that health checks never come in a volley.
 *
 * A crashed server is taken out within `healthFailures * healthPeriod + healthTimeout`: its last good
 * answer may have been given just before the crash, and then that many checks have to fail.
 */
import type { NodeContext, Task } from "../../core/node-api.ts";
import { type HealthReport, healthMessage } from "../http/contract.ts";
import type { Backend } from "./backend.ts";
import type { BalancerConfig } from "./config.ts";
import type { HealthState } from "./health.ts";

export const healthTimer = "balancer.health";

/** What the rest of the balancer wants to hear. */
export interface HealthListener {
	/** A server's verdict changed. */
	changed(backend: Backend, before: HealthState): void;
}

export class HealthChecks {
	readonly #ctx: NodeContext;
	readonly #config: BalancerConfig;
	readonly #listener: HealthListener;

	constructor(ctx: NodeContext, config: BalancerConfig, listener: HealthListener) {
		this.#ctx = ctx;
		this.#config = config;
		this.#listener = listener;
	}

	/** Checks all at once, to know the cluster soon, then each at its own beat. */
	begin(backends: readonly Backend[]): void {
		const periodUs = this.#config.healthPeriodUs;
		backends.forEach((backend, index) => {
			const check = () => this.#check(backend);
			this.#ctx.spawn(check());
			const phaseUs = Math.floor((periodUs * (index + 1)) / backends.length);
			this.#ctx.after(phaseUs, healthTimer, () => {
				this.#ctx.every(periodUs, healthTimer, check);
				return check();
			});
		});
	}

	*#check(backend: Backend): Task {
		const result = yield* this.#ctx.call<HealthReport>(backend.name, healthMessage, null, { timeoutUs: this.#config.healthTimeoutUs });
		const report = result.ok ? result.body : undefined;
		if (report !== undefined) this.#learn(backend, report);
		const before = backend.health.report(report?.status === 200);
		if (before !== undefined) this.#listener.changed(backend, before);
	}

	/** A check is work too, and says how large the server is. */
	#learn({ budget, health }: Backend, report: HealthReport): void {
		const nowUs = this.#ctx.monoUs();
		if (health.state === "unknown" || budget.cores !== report.cores) budget.open(nowUs, report.cores);
		budget.charge(nowUs, report.cpuUs);
	}
}
