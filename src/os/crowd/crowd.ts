/**
 * A crowd: one node that stands for up to a million visitors, each of whom asks once and waits.
 *
 * A visit is a span. It ends `ok` with the status of a good answer; or `error`, and then `outcome`
 * says how the visitor fared: `rejected` (503: turned away, told when to come back), `failed` (any
 * other bad status) or `timeout` (no answer; status 0). Users are unaffected when every visit is ok.
 *
 * Cost: one arrival timer at a time; a visitor is a task while it waits, and nothing afterwards.
 */
import type { NodeContext, Service, ServiceDefinition, Task } from "../../core/node-api.ts";
import { type HttpRequest, type HttpResponse, isHttpResponse, isIdempotent, requestMessage } from "../http/contract.ts";
import { drawWorkUs } from "../http/work.ts";
import { Arrivals } from "./arrivals.ts";
import { type CrowdConfig, readCrowdConfig } from "./config.ts";

const arrivalTimer = "crowd.arrival";
const retryTimer = "crowd.retry";
const reportTimer = "crowd.report";
const visitSpan = "visit";
/** Visitors waiting for an answer, once a second. */
const waitingMeasure = "crowd.waiting";

const reportPeriodUs = 1_000_000;
/** An arrival this late means that the node stood still; the crowd then goes on from now. */
const stoodStillUs = 100_000;
/** Where a 503 does not say when to come back. */
const retryAfterDefaultUs = 1_000_000;
const retryAfterNoAnswerUs = 10_000;

class Crowd {
	readonly #ctx: NodeContext;
	readonly #config: CrowdConfig;
	readonly #arrivals: Arrivals;
	readonly #pathWeightSum: number;
	readonly #callOptions: { readonly timeoutUs: number };
	/** Instant on the node's clock that arrivals are counted from. */
	#originUs = 0;
	#come = 0;
	#tally = { ok: 0, rejected: 0, failed: 0, timedOut: 0, retried: 0 };

	constructor(ctx: NodeContext, config: CrowdConfig) {
		if (!ctx.peers.some(({ name }) => name === config.target)) throw new Error(`crowd: target ${JSON.stringify(config.target)} is no other node of this lab`);
		this.#ctx = ctx;
		this.#config = config;
		this.#arrivals = new Arrivals(config.arrivals, ctx.random);
		this.#pathWeightSum = config.paths.reduce((sum, [, weight]) => sum + weight, 0);
		this.#callOptions = { timeoutUs: config.timeoutUs };
	}

	get #waiting(): number {
		return this.#come - this.#tally.ok - this.#tally.rejected - this.#tally.failed - this.#tally.timedOut;
	}

	boot(): void {
		const ctx = this.#ctx;
		this.#originUs = ctx.monoUs() + this.#config.startUs;
		const report = ctx.every(reportPeriodUs, reportTimer, () => {
			ctx.measure(waitingMeasure, this.#waiting);
			if (this.#come === this.#config.visitors && this.#waiting === 0) report.cancel();
		});
		this.#expectNext();
	}

	/** Draws the next arrival and sets the one timer. */
	#expectNext(): void {
		if (this.#come === this.#config.visitors) return;
		const atUs = this.#originUs + this.#arrivals.nextUs();
		const lateUs = this.#ctx.monoUs() - atUs;
		if (lateUs > stoodStillUs) this.#originUs += lateUs;
		this.#ctx.after(Math.max(0, -lateUs), arrivalTimer, this.#arrive);
	}

	#arrive = (): Task => {
		this.#come++;
		this.#expectNext();
		return this.#visit(this.#come);
	};

	*#visit(visitor: number): Task {
		const ctx = this.#ctx;
		const { target, retries } = this.#config;
		const span = ctx.startSpan(visitSpan);
		const request = this.#request(visitor);
		for (let tries = 1; ; tries++) {
			const result = yield* ctx.call<HttpResponse>(target, requestMessage, request, this.#callOptions);
			const answer = result.ok && isHttpResponse(result.body) ? result.body : undefined;
			const status = answer === undefined ? 0 : answer.status;
			if (status >= 200 && status < 400) {
				this.#tally.ok++;
				span.finish("ok", { status });
				return;
			}
			const comesBack = status === 503 || (status === 0 && isIdempotent(request));
			if (tries > retries || !comesBack) {
				span.finish("error", { status, outcome: this.#count(status), method: request.method ?? "GET", tries });
				return;
			}
			this.#tally.retried++;
			const waitUs = status === 0 ? retryAfterNoAnswerUs : (answer?.retryAfterUs ?? retryAfterDefaultUs);
			yield* ctx.sleep(waitUs, retryTimer);
		}
	}

	#count(status: number): "rejected" | "failed" | "timeout" {
		if (status === 0) {
			this.#tally.timedOut++;
			return "timeout";
		}
		if (status === 503) {
			this.#tally.rejected++;
			return "rejected";
		}
		this.#tally.failed++;
		return "failed";
	}

	/** What this visitor asks for; short, because a million of them are encoded. */
	#request(visitor: number): HttpRequest {
		const { idempotentRatio, work } = this.#config;
		const { random } = this.#ctx;
		const request: { visitor: number; path: string; method?: string; workUs?: number } = { visitor, path: this.#path() };
		if (idempotentRatio < 1 && !random.chance(idempotentRatio)) request.method = "POST";
		if (work !== undefined) request.workUs = drawWorkUs(work, random);
		return request;
	}

	#path(): string {
		const { paths } = this.#config;
		const last = paths[paths.length - 1] as readonly [string, number];
		if (paths.length === 1) return last[0];
		let ticket = this.#ctx.random.ratio() * this.#pathWeightSum;
		for (const [path, weight] of paths) {
			ticket -= weight;
			if (ticket < 0) return path;
		}
		return last[0];
	}

	inspect(): { readonly [field: string]: number } {
		return { visitors: this.#config.visitors, come: this.#come, waiting: this.#waiting, ...this.#tally };
	}
}

export const crowdDefinition: ServiceDefinition = {
	name: "crowd",
	summary: "Stands for up to a million visitors, each of whom asks once and waits for the answer.",
	names: [requestMessage, arrivalTimer, retryTimer, reportTimer, visitSpan, waitingMeasure],
	configure: readCrowdConfig,
	start(ctx, config: CrowdConfig): Service {
		const crowd = new Crowd(ctx, config);
		return { boot: () => crowd.boot(), inspect: () => crowd.inspect() };
	},
};
