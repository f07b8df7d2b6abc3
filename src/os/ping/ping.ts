/**
 * Round trips: a node asks its peers "are you there?" every period and measures how long the answer
 * took on its own clock. `echo` is the side that only answers.
 *
 * Must not know: what lies between the nodes. A lost ping and a dead peer look the same.
 */
import type { Message, NodeContext, Service, ServiceDefinition, Task } from "../../core/node-api.ts";
import type { MessageShapes } from "../../shared/body-shape.ts";
import { type PingConfig, readEchoConfig, readPingConfig } from "./config.ts";

const echoMessage = "ping.echo";
const periodTimer = "ping.period";
const pingSpan = "ping";
const rttMeasure = "ping.rttUs";

function answer(ctx: NodeContext): (message: Message<number>) => void {
	return (message) => ctx.reply(message, message.body);
}

interface PeerTally {
	sent: number;
	answered: number;
	lost: number;
	rttUsLast: number | null;
	rttUsMin: number | null;
	rttUsMax: number | null;
}

class Pinger {
	readonly #ctx: NodeContext;
	readonly #config: PingConfig;
	/** By peer, in the lab's order. */
	readonly #tallies: Map<string, PeerTally>;

	constructor(ctx: NodeContext, config: PingConfig) {
		this.#ctx = ctx;
		this.#config = config;
		for (const peer of config.peers) {
			if (!ctx.peers.some(({ name }) => name === peer)) throw new Error(`ping: peer ${JSON.stringify(peer)} is no other node of this lab`);
		}
		this.#tallies = new Map(config.peers.map((peer) => [peer, { sent: 0, answered: 0, lost: 0, rttUsLast: null, rttUsMin: null, rttUsMax: null }]));
	}

	boot(): void {
		if (this.#tallies.size === 0) return;
		const round = () => {
			for (const [peer, tally] of this.#tallies) this.#ctx.spawn(this.#ping(peer, tally));
			if (this.#config.count > 0 && ++rounds === this.#config.count) timer.cancel();
		};
		let rounds = 0;
		const timer = this.#ctx.every(this.#config.periodUs, periodTimer, round);
		round();
	}

	*#ping(peer: string, tally: PeerTally): Task {
		const ctx = this.#ctx;
		const span = ctx.startSpan(pingSpan);
		const startedUs = ctx.monoUs();
		tally.sent++;
		const result = yield* ctx.call<number>(peer, echoMessage, tally.sent, { timeoutUs: this.#config.timeoutUs });
		if (!result.ok) {
			tally.lost++;
			span.finish("error", { peer, error: result.error });
			return;
		}
		const rttUs = ctx.monoUs() - startedUs;
		tally.answered++;
		tally.rttUsLast = rttUs;
		tally.rttUsMin = Math.min(tally.rttUsMin ?? rttUs, rttUs);
		tally.rttUsMax = Math.max(tally.rttUsMax ?? rttUs, rttUs);
		ctx.measure(rttMeasure, rttUs);
		span.finish("ok", { peer, rttUs });
	}

	inspect(): { readonly [peer: string]: { readonly [field: string]: number | null } } {
		return Object.fromEntries([...this.#tallies].map(([peer, tally]) => [peer, { ...tally }]));
	}
}

const bodies: MessageShapes = { [echoMessage]: { body: "number", answer: "number" } };

export const pingDefinition: ServiceDefinition = {
	name: "ping",
	summary: "Measures round trips to its peers, and answers theirs.",
	names: [echoMessage, periodTimer, pingSpan, rttMeasure],
	bodies,
	configure: readPingConfig,
	start(ctx, config: PingConfig): Service {
		const pinger = new Pinger(ctx, config);
		return { boot: () => pinger.boot(), on: { [echoMessage]: answer(ctx) }, inspect: () => pinger.inspect() };
	},
};

export const echoDefinition: ServiceDefinition = {
	name: "echo",
	summary: "Answers pings.",
	names: [echoMessage],
	configure: readEchoConfig,
	start: (ctx): Service => ({ on: { [echoMessage]: answer(ctx) } }),
};
