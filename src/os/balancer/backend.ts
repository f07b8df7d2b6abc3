/**
 * A server as the balancer sees it: what it believes of its health, how much CPU time it may still
 * give it, and which requests it waits for. All belief: the server may know better.
 */
import type { PeerInfo, PlainValue } from "../../core/node-api.ts";
import type { BalancerConfig } from "./config.ts";
import { CpuBudget } from "./cpu-budget.ts";
import { Health } from "./health.ts";
import { SlowStart } from "./slow-start.ts";
import type { Candidate } from "./strategies/strategy.ts";

/** A try that waits for this server's answer and can be told not to. */
export interface Abandonable {
	abandon(): void;
}

export class Backend implements Candidate {
	readonly name: string;
	readonly budget: CpuBudget;
	readonly health: Health;
	/** Tries waiting for an answer, oldest first. */
	readonly tries = new Set<Abandonable>();
	readonly tally = { sent: 0, answered: 0, timedOut: 0, abandoned: 0, wentDown: 0 };
	readonly #fullWeight: number;
	readonly #slowStart: SlowStart;
	#weight: number;

	constructor(name: string, config: BalancerConfig) {
		this.name = name;
		this.#fullWeight = config.weights.find(([server]) => server === name)?.[1] ?? 1;
		this.#weight = this.#fullWeight;
		this.#slowStart = new SlowStart({ durationUs: config.slowStartUs, fromRatio: config.slowStartFromRatio });
		this.budget = new CpuBudget(config.budget, this.#slowStart);
		this.health = new Health(config.healthRule);
	}

	/** Its share among the others; less while it warms up. */
	get weight(): number {
		return this.#weight;
	}

	get outstanding(): number {
		return this.tries.size;
	}

	get isUp(): boolean {
		return this.health.state === "up";
	}

	/** Begins the slow start of a recovered server. */
	beginSlowStart(nowUs: number): void {
		this.budget.charge(nowUs, 0); // what it earned so far, it earned at the old share
		this.#slowStart.begin(nowUs);
		this.warmUp(nowUs);
	}

	/** Brings the weight up to date. @returns whether it is still warming up */
	warmUp(nowUs: number): boolean {
		const ratio = this.#slowStart.ratioAt(nowUs);
		this.#weight = this.#fullWeight * ratio;
		return ratio < 1;
	}

	inspect(nowUs: number): { readonly [field: string]: PlainValue } {
		const { budget, health } = this;
		return {
			state: health.state,
			streak: health.streak,
			outstanding: this.outstanding,
			sharePercent: Math.round((100 * this.#weight) / this.#fullWeight),
			cores: budget.cores,
			tokensUs: Math.round(budget.tokensUs(nowUs)),
			expectedUs: Math.round(budget.expectedUs),
			largestUs: Math.round(budget.largestUs),
			inFlightUs: Math.round(budget.inFlightUs),
			utilisationCeilingPercent: Math.round(1_000 * budget.sustainedUtilisation) / 10,
			...this.tally,
		};
	}
}

/** A pattern matches a whole name; `*` stands for any text, also none. */
export function matchesPattern(name: string, pattern: string): boolean {
	const [first = "", ...rest] = pattern.split("*");
	if (!name.startsWith(first)) return false;
	if (rest.length === 0) return name === pattern;
	const last = rest.pop() as string;
	let at = first.length;
	for (const part of rest) {
		const found = name.indexOf(part, at);
		if (found < 0) return false;
		at = found + part.length;
	}
	return name.length - last.length >= at && name.endsWith(last);
}

const rolePrefix = "role:";

/**
 * The peers that a lab's `servers` means, in plan order.
 * @throws Error when a pattern or a role matches nobody
 */
export function selectServers(peers: readonly PeerInfo[], patterns: readonly string[]): readonly PeerInfo[] {
	const matches = (peer: PeerInfo, pattern: string): boolean =>
		pattern.startsWith(rolePrefix) ? peer.role === pattern.slice(rolePrefix.length) : matchesPattern(peer.name, pattern);
	for (const pattern of patterns) {
		if (!peers.some((peer) => matches(peer, pattern))) throw new Error(`balancer: servers ${JSON.stringify(pattern)} matches no other node of this lab`);
	}
	return peers.filter((peer) => patterns.some((pattern) => matches(peer, pattern)));
}
