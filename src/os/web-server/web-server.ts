/**
 * A web server: a few workers, a waiting room, and CPU time that is really spent.
 *
 * A request waits for a worker, occupies a core for as long as its work takes, and is answered with
 * the CPU time it cost. When the waiting room is full the server says 503 at once, because an answer
 * now is worth more than a place in a line too long.
 *
 * Must not know: that a balancer stands in front of it.
 */
import type { Message, NodeContext, Service, ServiceDefinition, Signal, Task } from "../../core/node-api.ts";
import { Fifo } from "../fifo.ts";
import { type HealthReport, type HttpRequest, type HttpResponse, healthMessage, isHttpRequest, requestMessage } from "../http/contract.ts";
import { drawWorkUs } from "../http/work.ts";
import { readWebServerConfig, type WebServerConfig } from "./config.ts";

const retryAfterUs = 1_000_000;

class WebServer {
	readonly #ctx: NodeContext;
	readonly #config: WebServerConfig;
	readonly #workers: number;
	readonly #cores: number;
	readonly #waiting = new Fifo<Signal<null>>();
	#working = 0;
	#tally = { served: 0, refused: 0, healthChecks: 0, cpuUs: 0 };

	constructor(ctx: NodeContext, config: WebServerConfig) {
		this.#ctx = ctx;
		this.#config = config;
		this.#cores = ctx.cpu().cores;
		this.#workers = config.concurrency === 0 ? this.#cores : config.concurrency;
	}

	get #overloaded(): boolean {
		return this.#working >= this.#workers && this.#waiting.size >= this.#config.queueLimit;
	}

	*serve(message: Message<HttpRequest>): Task {
		// The transport discards duplicates (RFC 9293 3.4); a request is worked on once.
		if (message.copy > 0) return;
		if (!isHttpRequest(message.body)) return this.#answer(message, { status: 400 });
		if (this.#overloaded) {
			this.#tally.refused++;
			return this.#answer(message, { status: 503, retryAfterUs });
		}
		if (this.#working < this.#workers) this.#working++;
		else yield* this.#turn();
		// On a slowed node the work takes longer than it says: what it cost is what the clock saw.
		const startedUs = this.#ctx.monoUs();
		yield* this.#ctx.compute(message.body.workUs ?? drawWorkUs(this.#config.work, this.#ctx.random));
		const cpuUs = this.#ctx.monoUs() - startedUs;
		this.#passOn();
		this.#tally.served++;
		this.#tally.cpuUs += cpuUs;
		this.#answer(message, { status: 200, cpuUs });
	}

	/** Waits until a worker passes its place on. */
	*#turn(): Task {
		const turn = this.#ctx.signal<null>();
		this.#waiting.push(turn);
		yield* turn.wait();
	}

	/** The worker who is done hands over to the next in line, or rests. */
	#passOn(): void {
		const next = this.#waiting.shift();
		if (next === undefined) this.#working--;
		else next.fire(null);
	}

	*health(message: Message<null>): Task {
		if (message.copy > 0) return;
		this.#tally.healthChecks++;
		const cores = this.#cores;
		if (this.#overloaded) return this.#ctx.reply(message, { status: 503, cpuUs: 0, cores } satisfies HealthReport);
		yield* this.#ctx.compute(this.#config.healthWorkUs);
		this.#tally.cpuUs += this.#config.healthWorkUs;
		this.#ctx.reply(message, { status: 200, cpuUs: this.#config.healthWorkUs, cores } satisfies HealthReport);
	}

	#answer(message: Message<HttpRequest>, response: HttpResponse): void {
		this.#ctx.reply(message, response);
	}

	inspect(): { readonly [field: string]: number } {
		return { workers: this.#workers, working: this.#working, waiting: this.#waiting.size, queueLimit: this.#config.queueLimit, ...this.#tally };
	}
}

export const webServerDefinition: ServiceDefinition = {
	name: "web-server",
	summary: "Answers requests by spending CPU time on them, a few at a time; refuses what it has no room for.",
	names: [requestMessage, healthMessage],
	configure: readWebServerConfig,
	start(ctx, config: WebServerConfig): Service {
		const server = new WebServer(ctx, config);
		return {
			on: {
				[requestMessage]: (message: Message<HttpRequest>) => server.serve(message),
				[healthMessage]: (message: Message<null>) => server.health(message),
			},
			inspect: () => server.inspect(),
		};
	},
};
