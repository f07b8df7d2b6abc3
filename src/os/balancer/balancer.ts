/**
 * A load balancer: takes requests, has a server answer each, and passes the answer on.
 *
 * For every request: get a lease of a server (dispatcher.ts: strategy, health, CPU budget, line), try
 * it there (attempt.ts), and if that fails try another one, provided that doing it twice is harmless
 * and the retry budget allows. Beyond the line's end the answer is 503 with a time to come back.
 *
 * With `sticky: cookie` a visitor keeps the server that answered first: the answer carries its name in a cookie,
 * and a request that brings it goes there as long as that server is up. The balancer remembers nothing.
 *
 * Must not know: how servers work, or that nodes crash; it sees answers and silence.
 */
import type { Inspection, Message, NodeContext, Service, ServiceDefinition, Task } from "../../core/node-api.ts";
import { formatDurationUs } from "../../shared/units.ts";
import { type HttpRequest, type HttpResponse, healthMessage, isHttpRequest, isIdempotent, requestMessage } from "../http/contract.ts";
import { Attempt, type Outcome } from "./attempt.ts";
import { Backend, selectServers } from "./backend.ts";
import { type BalancerConfig, readBalancerConfig } from "./config.ts";
import { Dispatcher, type Lease, releaseTimer, type Wish } from "./dispatcher.ts";
import type { HealthState } from "./health.ts";
import { HealthChecks, healthTimer } from "./health-checks.ts";
import { RetryBudget } from "./retry-budget.ts";
import { mixHash, textHash } from "./strategies/hash.ts";
import { strategyOf } from "./strategies/index.ts";

const reportTimer = "balancer.report";
const warmUpTimer = "balancer.warmUp";
const waitSpan = "balancer.wait";
const retrySpan = "balancer.retry";
/** Requests in line, once a second. */
const waitingMeasure = "balancer.waiting";
/** Requests turned away with 503 in the last second. */
const refusedMeasure = "balancer.refused";

const nobodyYet: readonly Backend[] = [];
const reportPeriodUs = 1_000_000;
const warmUpStepUs = 50_000;
/** Retries always allowed in ten seconds, so that a quiet cluster can lose a server. */
const retryFloor = 100;
const retryAfterUsMin = 100_000;
const retryAfterUsMax = 10_000_000;

class Balancer {
	readonly #ctx: NodeContext;
	readonly #config: BalancerConfig;
	readonly #backends: readonly Backend[];
	readonly #dispatcher: Dispatcher;
	readonly #retryBudget: RetryBudget;
	readonly #tryOptions: { readonly timeoutUs: number };
	#tally = { requests: 0, answered: 0, retried: 0, refused: 0, failed: 0 };
	#refusedBefore = 0;

	constructor(ctx: NodeContext, config: BalancerConfig) {
		this.#ctx = ctx;
		this.#config = config;
		this.#backends = selectServers(ctx.peers, config.servers).map(({ name }) => new Backend(name, config));
		const strategy = strategyOf(config.algorithm, this.#backends, { random: ctx.random, loadFactor: config.loadFactor });
		this.#dispatcher = new Dispatcher(ctx, config, { backends: this.#backends, strategy });
		this.#retryBudget = new RetryBudget({ ratio: config.retryRatio, floor: retryFloor });
		this.#tryOptions = { timeoutUs: config.tryTimeoutUs };
	}

	boot(): void {
		new HealthChecks(this.#ctx, this.#config, { changed: (backend, before) => this.#healthChanged(backend, before) }).begin(this.#backends);
		this.#ctx.every(reportPeriodUs, reportTimer, () => {
			this.#ctx.measure(waitingMeasure, this.#dispatcher.waiting);
			this.#ctx.measure(refusedMeasure, this.#tally.refused - this.#refusedBefore);
			this.#refusedBefore = this.#tally.refused;
		});
	}

	*proxy(message: Message<HttpRequest>): Task {
		// The transport discards duplicates (RFC 9293 3.4).
		if (message.copy > 0) return;
		const request = message.body;
		if (!isHttpRequest(request)) return this.#ctx.reply(message, { status: 400 });
		this.#tally.requests++;
		this.#retryBudget.countRequest(this.#ctx.monoUs());
		const wish = this.#wish(request);
		for (let tries = 1; ; tries++) {
			const lease = this.#dispatcher.tryLease(wish) ?? (yield* this.#waitInLine(wish));
			if (lease === undefined) return this.#refuse(message);
			const span = tries > 1 ? this.#ctx.startSpan(retrySpan) : undefined;
			const attempt = new Attempt(this.#ctx, lease.backend, request, this.#tryOptions);
			const outcome = attempt.conclude(yield* attempt.call);
			this.#conclude(lease, outcome);
			span?.finish(outcome.kind === "answered" ? "ok" : "error", { server: lease.backend.name, outcome: outcome.kind });
			if (!this.#triesAgain(request, outcome, tries)) return this.#answer(message, outcome, lease.backend);
			this.#tally.retried++;
			wish.tried = this.#exhausted(wish, lease.backend) ? [] : [...wish.tried, lease.backend];
		}
	}

	#wish(request: HttpRequest): Wish {
		const key = this.#config.hashBy === "path" ? textHash(request.path) : mixHash(request.visitor);
		return { key, tried: nobodyYet, home: this.#config.sticky === "cookie" ? this.#homeOf(request.cookie) : undefined };
	}

	/** Whoever wrote the cookie: a name that is no server's is as good as none. */
	#homeOf(cookie: string | undefined): Backend | undefined {
		return cookie === undefined ? undefined : this.#backends.find(({ name }) => name === cookie);
	}

	/** Waiting is worth a span: it is where an overloaded system's time goes. */
	*#waitInLine(wish: Wish): Task<Lease | undefined> {
		const span = this.#ctx.startSpan(waitSpan);
		const lease = yield* this.#dispatcher.waitForLease(wish);
		span.finish(lease === undefined ? "error" : "ok", { server: lease?.backend.name ?? "" });
		return lease;
	}

	#conclude(lease: Lease, outcome: Outcome): void {
		if (outcome.kind === "answered") this.#dispatcher.settle(lease, outcome.response.cpuUs ?? 0);
		else this.#dispatcher.abandon(lease);
	}

	/** A 503 was refused before any work, so it may be tried again whatever it is; silence proves nothing. */
	#triesAgain(request: HttpRequest, outcome: Outcome, tries: number): boolean {
		const refused = outcome.kind === "answered" && outcome.response.status === 503;
		if (outcome.kind === "answered" && !refused) return false;
		if (tries > this.#config.retries || !(refused || isIdempotent(request))) return false;
		return this.#retryBudget.tryRetry(this.#ctx.monoUs());
	}

	/** When every living server has had its chance, all may have another. */
	#exhausted({ tried }: Wish, last: Backend): boolean {
		return this.#backends.every((backend) => !backend.isUp || backend === last || tried.includes(backend));
	}

	#answer(message: Message<HttpRequest>, outcome: Outcome, { name }: Backend): void {
		if (outcome.kind === "answered") {
			this.#tally.answered++;
			const moved = this.#config.sticky === "cookie" && message.body.cookie !== name;
			this.#ctx.reply(message, moved ? { ...outcome.response, cookie: name } : outcome.response);
			return;
		}
		this.#tally.failed++;
		// RFC 9110: 504 the server did not answer in time, 502 it went away.
		this.#ctx.reply(message, { status: outcome.kind === "timeout" ? 504 : 502 } satisfies HttpResponse);
	}

	#refuse(message: Message<HttpRequest>): void {
		this.#tally.refused++;
		const retryAfterUs = Math.min(retryAfterUsMax, Math.max(retryAfterUsMin, this.#dispatcher.expectedWaitUs()));
		this.#ctx.reply(message, { status: 503, retryAfterUs } satisfies HttpResponse);
	}

	#healthChanged(backend: Backend, before: HealthState): void {
		if (backend.isUp) this.#takeBack(backend, before);
		else this.#drain(backend);
	}

	#takeBack(backend: Backend, before: HealthState): void {
		const { slowStartUs } = this.#config;
		if (before === "down" && slowStartUs > 0) {
			backend.beginSlowStart(this.#ctx.monoUs());
			this.#ctx.spawn(this.#warmUp(backend));
			this.#ctx.log(`${backend.name} is up again; slow start over ${formatDurationUs(slowStartUs)}`);
		} else this.#ctx.log(`${backend.name} is up`);
		this.#dispatcher.release();
	}

	*#warmUp(backend: Backend): Task {
		const round = backend.tally.wentDown;
		while (backend.tally.wentDown === round && backend.warmUp(this.#ctx.monoUs())) yield* this.#ctx.sleep(warmUpStepUs, warmUpTimer);
	}

	/** Nobody waits any longer for a server that is down. */
	#drain(backend: Backend): void {
		backend.tally.wentDown++;
		this.#ctx.log(`${backend.name} is down: ${this.#config.healthRule.failures} health checks in a row failed`, "warn");
		for (const pending of backend.tries) pending.abandon();
		if (this.#dispatcher.waiting > 0) this.#dispatcher.release();
	}

	/** `servers` lists them with their state. */
	ask(line: string): string {
		if (line.trim() !== "servers") return 'the balancer answers "servers"';
		return this.#backends.map(({ name, health, outstanding }) => `${name} ${health.state}, ${outstanding} outstanding`).join("\n");
	}

	inspect(): Inspection {
		const nowUs = this.#ctx.monoUs();
		return {
			algorithm: this.#config.algorithm,
			...this.#tally,
			...this.#dispatcher.inspect(),
			retriesOfLate: this.#retryBudget.retriesOfLate,
			servers: Object.fromEntries(this.#backends.map((backend) => [backend.name, backend.inspect(nowUs)])),
		};
	}
}

export const balancerDefinition: ServiceDefinition = {
	name: "balancer",
	summary: "Spreads requests over servers, routes around those that do not answer, and keeps each below a set utilisation.",
	names: [requestMessage, healthMessage, releaseTimer, healthTimer, reportTimer, warmUpTimer, waitSpan, retrySpan, waitingMeasure, refusedMeasure],
	configure: readBalancerConfig,
	start(ctx, config: BalancerConfig): Service {
		const balancer = new Balancer(ctx, config);
		return {
			boot: () => balancer.boot(),
			on: { [requestMessage]: (message: Message<HttpRequest>) => balancer.proxy(message) },
			ask: (line) => balancer.ask(line),
			inspect: () => balancer.inspect(),
		};
	},
};
