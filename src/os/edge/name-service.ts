/**
 * What a name means, just now, to whoever asks: the addresses of the servers that are well, nearest to the asker
 * first. It finds out who is well by asking for something small through the same door that viewers use, and every
 * answer carries how long it may be believed. After that time, and not before, a change has reached everybody.
 *
 * Must not know: what the servers serve, or what the askers do with an answer.
 */
import type { Inspection, Message, NodeContext, PeerInfo, PlainValue, Service, ServiceDefinition, Task } from "../../core/node-api.ts";
import { selectServers } from "../balancer/backend.ts";
import { Health, type HealthRule } from "../balancer/health.ts";
import { ConfigReader } from "../config/reader.ts";
import { type HttpRequest, type HttpResponse, isHttpResponse, requestMessage } from "../http/contract.ts";
import { healthPath, nameServiceName, type Resolution, resolveMessage } from "./contract.ts";
import { distanceKm, placeOf, places } from "./places.ts";

const healthTimer = "names.health";
/** How each server is; keyed by server. */
const serverFact = "names.server";

interface NameServiceConfig {
	/** The one name it knows. */
	readonly name: string;
	/** Whom it means: node names, patterns or roles. */
	readonly servers: readonly string[];
	/** `nearest`: by distance from the asker. `any`: in the order of the lab, whoever asks. */
	readonly choose: "nearest" | "any";
	/** Addresses of an answer. */
	readonly answers: number;
	readonly ttlUs: number;
	/** Undefined: everybody is taken to be well. */
	readonly healthPeriodUs: number | undefined;
	readonly healthTimeoutUs: number;
	readonly healthRule: HealthRule;
}

function configure(config: PlainValue): NameServiceConfig {
	const read = new ConfigReader(nameServiceName, config);
	const checks = read.oneOf("healthChecks", ["on", "off"], "on");
	const healthPeriodUs = read.durationUs("healthPeriod", { from: "1ms", to: "1h" }, "300ms");
	const names: NameServiceConfig = {
		name: read.text("name", "movies"),
		servers: read.texts("servers", ["role:door"]),
		choose: read.oneOf("choose", ["nearest", "any"], "nearest"),
		answers: read.integer("answers", { from: 1, to: 100 }, 1),
		ttlUs: read.durationUs("ttl", { from: "0us", to: "1d" }, "2s"),
		healthPeriodUs: checks === "on" ? healthPeriodUs : undefined,
		healthTimeoutUs: read.durationUs("healthTimeout", { from: "1us", to: "1h" }, "200ms"),
		healthRule: {
			failures: read.integer("healthFailures", { from: 1, to: 1_000 }, 2),
			successes: read.integer("healthSuccesses", { from: 1, to: 1_000 }, 2),
		},
	};
	read.end();
	return names;
}

interface NamedServer {
	readonly name: string;
	readonly region: string;
	readonly health: Health;
}

class NameService {
	readonly #ctx: NodeContext;
	readonly #config: NameServiceConfig;
	readonly #servers: readonly NamedServer[];
	/** Servers by distance, for every region that has asked. */
	readonly #byDistance = new Map<string, readonly NamedServer[]>();
	#tally = { answered: 0, empty: 0, healthChecks: 0 };

	constructor(ctx: NodeContext, config: NameServiceConfig) {
		this.#ctx = ctx;
		this.#config = config;
		this.#servers = selectServers(ctx.peers, config.servers).map(({ name, region }) => ({ name, region, health: new Health(config.healthRule) }));
		if (config.choose === "nearest") for (const server of this.#servers) requirePlace(server);
	}

	boot(): void {
		const periodUs = this.#config.healthPeriodUs;
		if (periodUs === undefined) return;
		for (const server of this.#servers) {
			const check = () => this.#check(server);
			this.#ctx.spawn(check());
			this.#ctx.every(periodUs, healthTimer, check);
		}
	}

	*#check({ name, health }: NamedServer): Task {
		this.#tally.healthChecks++;
		const request: HttpRequest = { visitor: 0, path: healthPath, method: "HEAD" };
		const result = yield* this.#ctx.call<HttpResponse>(name, requestMessage, request, { timeoutUs: this.#config.healthTimeoutUs });
		const isWell = result.ok && isHttpResponse(result.body) && result.body.status === 200;
		if (health.report(isWell) === undefined) return;
		this.#ctx.fact(serverFact, { key: name, state: health.state });
		this.#ctx.log(
			`${name} is ${health.state === "up" ? "well: it is named again" : "not well: nobody is sent there any more"}`,
			health.state === "up" ? "info" : "warn",
		);
	}

	answer(message: Message<PlainValue>): void {
		if (message.copy > 0) return;
		const asked = (message.body as { readonly name?: PlainValue } | null)?.name;
		const addresses = asked === this.#config.name ? this.#addressesFor(message.from) : [];
		if (addresses.length === 0) this.#tally.empty++;
		this.#tally.answered++;
		this.#ctx.reply(message, { addresses, ttlUs: this.#config.ttlUs } satisfies Resolution);
	}

	#addressesFor(asker: string): readonly string[] {
		const region = this.#ctx.nodes.find(({ name }) => name === asker)?.region ?? "";
		const all = this.#config.choose === "nearest" ? this.#nearestFirst(region) : this.#servers;
		const isNamed = ({ health }: NamedServer): boolean => this.#config.healthPeriodUs === undefined || health.state === "up";
		return all
			.filter(isNamed)
			.slice(0, this.#config.answers)
			.map(({ name }) => name);
	}

	/** An asker from nowhere on the map is answered in the order of the lab. */
	#nearestFirst(region: string): readonly NamedServer[] {
		const known = this.#byDistance.get(region);
		if (known !== undefined) return known;
		const from = placeOf(region);
		const kmTo = (server: NamedServer): number => (from === undefined ? 0 : distanceKm(from, requirePlace(server)));
		// The sort is stable: equals stay in the order of the lab.
		const sorted = this.#servers.map((server) => ({ server, km: kmTo(server) })).sort((a, b) => a.km - b.km);
		const servers = sorted.map(({ server }) => server);
		this.#byDistance.set(region, servers);
		return servers;
	}

	inspect(): Inspection {
		return { name: this.#config.name, servers: Object.fromEntries(this.#servers.map(({ name, health }) => [name, health.state])), ...this.#tally };
	}
}

function requirePlace({ name, region }: Pick<PeerInfo, "name" | "region">) {
	const place = placeOf(region);
	if (place !== undefined) return place;
	throw new Error(
		`name-service: ${name} is in region ${JSON.stringify(region)}, which is not on the map; known are ${places.map((known) => known.name).join(", ")}`,
	);
}

export const nameServiceDefinition: ServiceDefinition = {
	name: nameServiceName,
	summary: "Says which server a name means just now: the nearest of those that are well, and for how long to believe it.",
	names: [resolveMessage, requestMessage, healthTimer, serverFact],
	configure,
	start(ctx, config: NameServiceConfig): Service {
		const names = new NameService(ctx, config);
		return {
			boot: () => names.boot(),
			on: { [resolveMessage]: (message: Message<PlainValue>) => names.answer(message) },
			inspect: () => names.inspect(),
		};
	},
};
