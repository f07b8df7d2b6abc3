/**
 * Admission control for one server: how much CPU time it may be given, so that it is never busier than
 * `maxUtilisation` over any one-second window, without asking it.
 *
 * Every request reserves what requests have cost on average; the reply tells the true cost, and the
 * difference is settled. Health checks are charged too. Two limits hold a request back:
 *
 * 1. the token bucket. Its rate leaves room for everything that can make a window fuller than the
 *    rate alone: the burst the bucket allows, the largest recent request (a guess can be wrong by so
 *    much), and work admitted before the window that ends up in it (it waited in the server's line,
 *    at most until the burst is worked off, or on a jittery road):
 *
 *        rate * (second + (burst + largest) / cores + jitter) + burst + largest <= maxUtilisation * cores * second
 *
 * 2. the work in flight. A server that stops answering gets `inFlightUs` of requests and no more.
 *
 * What it cannot hold: a single request longer than the whole window's allowance, and load that
 * reaches the server by another way. Pure; instants are those of the balancer's own clock.
 */
import { usPerSecond } from "../../shared/units.ts";
import { CostEstimate } from "./cost-estimate.ts";
import type { SlowStart } from "./slow-start.ts";
import { TokenBucket } from "./token-bucket.ts";

export interface CpuBudgetOptions {
	/** 0..1; undefined: no limit at all. */
	readonly maxUtilisation: number | undefined;
	/** CPU time a core that may be admitted at once. */
	readonly burstUs: number;
	/** By how much the road's delay may vary. */
	readonly jitterUs: number;
	/** CPU time a core that may be sent and unanswered. */
	readonly inFlightUs: number;
	/** Guess at a request's cost before the first answer. */
	readonly expectedWorkUs: number;
}

/** However coarse the work: this part of the allowed utilisation is always given out. */
const rateFloorShare = 0.05;
/** The rate is worked out anew when the largest cost has moved by this part. */
const recomputeShare = 0.05;

export class CpuBudget {
	readonly #options: CpuBudgetOptions;
	readonly #bucket: TokenBucket;
	readonly #cost: CostEstimate;
	#cores = 1;
	#inFlightUs = 0;
	/** Largest cost that the present rate was worked out for. */
	#sizedForUs = 0;

	constructor(options: CpuBudgetOptions, slowStart: SlowStart) {
		this.#options = options;
		this.#bucket = new TokenBucket(slowStart);
		this.#cost = new CostEstimate(options.expectedWorkUs);
	}

	/** A server came to be known: the bucket starts empty of debts and of tokens. */
	open(nowUs: number, cores: number): void {
		this.#cores = cores;
		this.#resize(nowUs);
	}

	admits(nowUs: number): boolean {
		if (this.#options.maxUtilisation === undefined) return true;
		if (!this.#hasFlightRoom()) return false;
		return this.#bucket.levelUs(nowUs) >= this.#neededUs();
	}

	/** @returns what was reserved; to be given back to `settle` or `abandon` */
	reserve(nowUs: number): number {
		const reservedUs = Math.round(this.#cost.meanUs);
		this.#inFlightUs += reservedUs;
		this.#bucket.take(nowUs, reservedUs, this.#debtMaxUs());
		return reservedUs;
	}

	/** The answer came and told its cost. */
	settle(nowUs: number, reservedUs: number, trueUs: number): void {
		this.#inFlightUs -= reservedUs;
		this.#bucket.take(nowUs, trueUs - reservedUs, this.#debtMaxUs());
		this.#cost.learn(trueUs);
		const driftUs = Math.abs(this.#cost.largestUs - this.#sizedForUs);
		if (driftUs > this.#sizedForUs * recomputeShare) this.#resize(nowUs);
	}

	/** No answer will come: the work may have been done all the same, so the reservation stays spent. */
	abandon(reservedUs: number): void {
		this.#inFlightUs -= reservedUs;
	}

	/** Work that nobody reserved, such as a health check. */
	charge(nowUs: number, costUs: number): void {
		this.#bucket.take(nowUs, costUs, this.#debtMaxUs());
	}

	/** Time after which the bucket admits again; Infinity when only an answer can make room. */
	waitUs(nowUs: number): number {
		if (this.#options.maxUtilisation === undefined) return 0;
		if (!this.#hasFlightRoom()) return Number.POSITIVE_INFINITY;
		return this.#bucket.waitUs(nowUs, this.#neededUs());
	}

	/** Share of the whole machine that it fills at most in the long run. */
	get sustainedUtilisation(): number {
		return this.#bucket.rate / this.#cores;
	}

	get expectedUs(): number {
		return this.#cost.meanUs;
	}

	get largestUs(): number {
		return this.#cost.largestUs;
	}

	get cores(): number {
		return this.#cores;
	}

	get inFlightUs(): number {
		return this.#inFlightUs;
	}

	tokensUs(nowUs: number): number {
		return this.#bucket.levelUs(nowUs);
	}

	/** An idle server always has room, even for a request larger than the limit. */
	#hasFlightRoom(): boolean {
		return this.#inFlightUs === 0 || this.#inFlightUs + this.#cost.meanUs <= this.#options.inFlightUs * this.#cores;
	}

	/** A request larger than the burst is admitted by a full bucket, and pays the rest as a debt. */
	#neededUs(): number {
		return Math.min(this.#cost.meanUs, this.#bucket.capacityUs);
	}

	/** One second's worth: a lie about a cost cannot shut a server out for long. */
	#debtMaxUs(): number {
		return this.#bucket.rate * usPerSecond;
	}

	#resize(nowUs: number): void {
		this.#sizedForUs = this.#cost.largestUs;
		const capacityUs = this.#options.burstUs * this.#cores;
		this.#bucket.resize(nowUs, { rate: sustainableRate(this.#options, { cores: this.#cores, largestUs: this.#sizedForUs }), capacityUs });
	}
}

/**
 * The rate at which a server may be given work, in microseconds of CPU time a microsecond.
 * Solves the inequality of the header for the rate.
 */
export function sustainableRate(options: CpuBudgetOptions, { cores, largestUs }: { readonly cores: number; readonly largestUs: number }): number {
	const allowed = (options.maxUtilisation ?? 1) * cores;
	const roomUs = options.burstUs * cores + largestUs;
	const stretchedUs = usPerSecond + roomUs / cores + options.jitterUs;
	return Math.max(allowed * rateFloorShare, (allowed * usPerSecond - roomUs) / stretchedUs);
}
