/**
 * A server near the viewers that keeps copies: what it has it gives out at once, what it has not it fetches from
 * the origin, once, however many ask for it meanwhile. The copies are in RAM: after a crash it begins with none.
 */
import type { Inspection, Message, NodeContext, PlainValue, Service, ServiceDefinition, Signal, Task } from "../../core/node-api.ts";
import { ConfigReader } from "../config/reader.ts";
import { type HealthReport, type HttpRequest, type HttpResponse, healthMessage, isHttpRequest, isHttpResponse, requestMessage } from "../http/contract.ts";
import { Cache, type CachePolicy } from "./cache.ts";
import { type FilmContent, type Hop, healthPath, isFilmContent, parseFilmPath } from "./contract.ts";
import { originServiceName } from "./origin.ts";

const fetchTimer = "edge.again";
const reportTimer = "edge.report";
const serveSpan = "edge.serve";
const fetchSpan = "edge.fetch";
/** Told twice a second while it changes. */
const cacheFact = "edge.cache";

interface EdgeConfig {
	/** Undefined: it keeps nothing. */
	readonly policy: CachePolicy | undefined;
	readonly capacityBytes: number;
	readonly freshUs: number | undefined;
	/** Whether those who ask for a thing that is under way wait for it, or have it fetched again. */
	readonly coalesce: boolean;
	readonly workUs: number;
	readonly originTimeoutUs: number;
	readonly originTries: number;
	/** Requests being worked on; beyond them, 503. */
	readonly requestsMax: number;
}

function configure(config: PlainValue): EdgeConfig {
	const read = new ConfigReader("edge", config);
	const policy = read.oneOf("cache", ["lru", "lfu", "ttl", "off"], "lru");
	const freshUs = read.durationUs("freshFor", { from: "1ms", to: "1000h" }, "30s");
	const edge: EdgeConfig = {
		policy: policy === "off" ? undefined : policy,
		capacityBytes: read.integer("capacityBytes", { from: 1, to: 100_000_000 }, 262_144),
		freshUs: policy === "ttl" || read.has("freshFor") ? freshUs : undefined,
		coalesce: read.oneOf("coalesce", ["on", "off"], "on") === "on",
		workUs: read.durationUs("work", { from: "1us", to: "1min" }, "300us"),
		originTimeoutUs: read.durationUs("originTimeout", { from: "1ms", to: "1min" }, "600ms"),
		originTries: read.integer("originTries", { from: 1, to: 100 }, 2),
		requestsMax: read.integer("requestsMax", { from: 1, to: 100_000 }, 1_000),
	};
	read.end();
	return edge;
}

type Fetched = { readonly status: number; readonly content: FilmContent | null };

const reportPeriodUs = 500_000;
const retryAfterUs = 200_000;
const pauseUs = 50_000;
const healthWorkUs = 50;

class Edge {
	readonly #ctx: NodeContext;
	readonly #config: EdgeConfig;
	readonly #origins: readonly string[];
	readonly #cache: Cache | undefined;
	/** By path; those who ask meanwhile wait for it. */
	readonly #underWay = new Map<string, Signal<Fetched>>();
	#working = 0;
	#tally = { hits: 0, misses: 0, joined: 0, failed: 0, refused: 0 };
	#told = "";

	constructor(ctx: NodeContext, config: EdgeConfig) {
		this.#ctx = ctx;
		this.#config = config;
		this.#origins = ctx.peers.filter(({ services }) => services.includes(originServiceName)).map(({ name }) => name);
		if (this.#origins.length === 0) throw new Error("edge: no other node of this lab runs the origin");
		const { policy, capacityBytes, freshUs } = config;
		this.#cache = policy === undefined ? undefined : new Cache({ policy, capacityBytes, freshUs });
	}

	boot(): void {
		this.#report();
		this.#ctx.every(reportPeriodUs, reportTimer, () => this.#report());
	}

	*serve(message: Message<HttpRequest>): Task {
		if (message.copy > 0) return;
		const request = message.body;
		if (!isHttpRequest(request)) return this.#ctx.reply(message, { status: 400 } satisfies HttpResponse);
		if (request.path === healthPath) return this.#ctx.reply(message, { status: 200 } satisfies HttpResponse);
		if (parseFilmPath(request.path) === undefined) return this.#ctx.reply(message, { status: 404 } satisfies HttpResponse);
		if (this.#working >= this.#config.requestsMax) {
			this.#tally.refused++;
			return this.#ctx.reply(message, { status: 503, retryAfterUs } satisfies HttpResponse);
		}
		this.#working++;
		const span = this.#ctx.startSpan(serveSpan);
		const startedUs = this.#ctx.monoUs();
		yield* this.#ctx.compute(this.#config.workUs);
		const cpuUs = this.#ctx.monoUs() - startedUs;
		const { did, fetched } = yield* this.#have(request.path);
		this.#working--;
		if (fetched.content === null) this.#tally.failed++;
		span.finish(fetched.content === null ? "error" : "ok", { path: request.path, did });
		this.#ctx.reply(message, this.#responseFor(fetched, { at: this.#ctx.self.name, did, us: this.#ctx.monoUs() - startedUs }, cpuUs));
	}

	#responseFor({ status, content }: Fetched, hop: Hop, cpuUs: number): HttpResponse {
		if (content === null) return { status, cpuUs, ...(status === 503 && { retryAfterUs }) };
		return { status, cpuUs, content: { data: content.data, hops: [hop, ...content.hops] } satisfies FilmContent };
	}

	/** From the cache, from somebody who is fetching it just now, or from the origin. */
	*#have(path: string): Task<{ readonly did: Hop["did"]; readonly fetched: Fetched }> {
		const data = this.#cache?.get(path, this.#ctx.monoUs());
		if (data !== undefined) {
			this.#tally.hits++;
			return { did: "hit", fetched: { status: 200, content: { data, hops: [] } } };
		}
		const underWay = this.#config.coalesce ? this.#underWay.get(path) : undefined;
		if (underWay !== undefined) {
			this.#tally.joined++;
			return { did: "joined", fetched: yield* underWay.wait() };
		}
		this.#tally.misses++;
		const signal = this.#ctx.signal<Fetched>();
		this.#underWay.set(path, signal);
		const fetched = yield* this.#fetch(path);
		if (this.#underWay.get(path) === signal) this.#underWay.delete(path);
		if (fetched.content !== null) this.#cache?.put(path, fetched.content.data, this.#ctx.monoUs());
		signal.fire(fetched);
		return { did: "miss", fetched };
	}

	*#fetch(path: string): Task<Fetched> {
		const { originTries, originTimeoutUs } = this.#config;
		const span = this.#ctx.startSpan(fetchSpan);
		let status = 504;
		for (let tried = 0; tried < originTries; tried++) {
			if (tried > 0) yield* this.#ctx.sleep(pauseUs, fetchTimer);
			const origin = this.#origins[tried % this.#origins.length] as string;
			const result = yield* this.#ctx.call<HttpResponse>(origin, requestMessage, { visitor: 0, path }, { timeoutUs: originTimeoutUs });
			if (!result.ok || !isHttpResponse(result.body)) continue;
			status = result.body.status;
			const { content } = result.body;
			if (status === 200 && isFilmContent(content)) {
				span.finish("ok", { path, origin });
				return { status, content };
			}
			// What the origin does not have it will not have in a moment.
			if (status >= 400 && status < 500) break;
		}
		span.finish("error", { path, status });
		return { status, content: null };
	}

	*health(message: Message<null>): Task {
		if (message.copy > 0) return;
		yield* this.#ctx.compute(healthWorkUs);
		this.#ctx.reply(message, { status: 200, cpuUs: healthWorkUs, cores: this.#ctx.cpu().cores } satisfies HealthReport);
	}

	/** Says only what is new. */
	#report(): void {
		const now = this.#state();
		const text = Object.values(now).join(" ");
		if (text === this.#told) return;
		this.#told = text;
		this.#ctx.fact(cacheFact, now);
	}

	#state(): { readonly [field: string]: string | number } {
		const { hits, misses, joined } = this.#tally;
		const cache = this.#cache;
		const { policy = "off", capacityBytes } = this.#config;
		return { policy, capacityBytes, bytes: cache?.bytes ?? 0, things: cache?.size ?? 0, evicted: cache?.evicted ?? 0, hits, misses, joined };
	}

	inspect(): Inspection {
		return { ...this.#state(), ...this.#tally, working: this.#working, underWay: this.#underWay.size };
	}
}

export const edgeDefinition: ServiceDefinition = {
	name: "edge",
	summary: "Keeps copies of what its viewers ask for, and fetches what it has not from the origin, once for all who wait.",
	names: [requestMessage, healthMessage, fetchTimer, reportTimer, serveSpan, fetchSpan, cacheFact],
	configure,
	start(ctx, config: EdgeConfig): Service {
		const edge = new Edge(ctx, config);
		return {
			boot: () => edge.boot(),
			on: {
				[requestMessage]: (message: Message<HttpRequest>) => edge.serve(message),
				[healthMessage]: (message: Message<null>) => edge.health(message),
			},
			inspect: () => edge.inspect(),
		};
	},
};
