/** Load and latency over time, for charts: a fold over the events of the range. */
import type { CallReply } from "../../../shared/contract/calls.ts";
import { offsetOf, readUs } from "../../../shared/event-record.ts";
import { spanStatuses } from "../../../shared/event-schema.ts";
import type { Plan } from "../../../shared/plan.ts";
import type { EventQuery, StoredEvent } from "../../store/reader.ts";
import { atUsOf, idOf, kindOf, nodeOf } from "./place.ts";

/** What is needed of a log. */
export interface SeriesLog {
	readonly session: { readonly plan: Plan; events(query: EventQuery): Iterable<StoredEvent>; head(branch?: number): { readonly untilUs: number } };
	readonly branch: number;
	readonly eventCount: number;
}

export interface SeriesRange {
	readonly fromUs: number;
	readonly toUs: number;
	readonly points: number;
	readonly nodes: readonly number[] | null;
}

const computeStarted = offsetOf("computeFinished", "startedUs");
const spanStarted = offsetOf("spanFinished", "startedUs");
const spanStatus = offsetOf("spanFinished", "status");
const okStatus = spanStatuses.indexOf("ok");
/** Latencies kept for a point; beyond them every second one is forgotten. */
const latenciesMax = 4_096;

/** A bounded sample of one point's latencies: when it is full, half of it goes and only half is taken. */
class Latencies {
	#values: number[] = [];
	#every = 1;
	#seen = 0;

	add(us: number): void {
		if (this.#seen++ % this.#every !== 0) return;
		this.#values.push(us);
		if (this.#values.length < latenciesMax) return;
		this.#values = this.#values.filter((_, i) => i % 2 === 0);
		this.#every *= 2;
	}

	/** Nearest rank; NaN of nothing. */
	percentiles(ranks: readonly number[]): number[] {
		const sorted = [...this.#values].sort((a, b) => a - b);
		return ranks.map((rank) => (sorted.length === 0 ? Number.NaN : (sorted[Math.max(0, Math.ceil(rank * sorted.length) - 1)] as number)));
	}
}

interface Sums {
	readonly busyUs: Float64Array;
	readonly latencies: (Latencies | undefined)[];
	readonly spansOk: Float32Array;
	readonly spansFailed: Float32Array;
	readonly delivered: Float32Array;
	readonly lost: Float32Array;
}

function plus(sums: Float32Array | Float64Array, at: number, amount: number): void {
	if (at >= 0 && at < sums.length) sums[at] = (sums[at] as number) + amount;
}

/** Spreads a span of work over the points it covers. */
function spread(busyUs: Float64Array, lane: number, work: { readonly startUs: number; readonly endUs: number }, { fromUs, stepUs, points }: Grid): void {
	const startUs = Math.max(fromUs, work.startUs);
	for (let point = Math.max(0, Math.floor((startUs - fromUs) / stepUs)); point < points; point++) {
		const pointStartUs = fromUs + point * stepUs;
		if (pointStartUs >= work.endUs) return;
		plus(busyUs, lane * points + point, Math.min(work.endUs, pointStartUs + stepUs) - Math.max(startUs, pointStartUs));
	}
}

interface Grid {
	readonly fromUs: number;
	readonly stepUs: number;
	readonly points: number;
}

const bytesOf = (values: Float32Array): Uint8Array => new Uint8Array(values.buffer);

/** The last points may cover what has not happened yet: whoever draws them leaves those out (`reachUs`). */
export function seriesOf(log: SeriesLog, range: SeriesRange): CallReply<"log.series"> {
	const fold = new SeriesFold(log.session.plan, range);
	const { fromUs, toUs } = range;
	for (const event of log.session.events({ branch: log.branch, fromUs, toUs, toIndex: log.eventCount - 1 })) fold.take(event);
	return fold.answer(log.session.head(log.branch).untilUs);
}

/** What comes of the events of a range, one after the other. */
export class SeriesFold {
	readonly #plan: Plan;
	readonly #lanes: readonly number[];
	readonly #laneOf: ReadonlyMap<number, number>;
	readonly #grid: Grid;
	readonly #sums: Sums;

	constructor(plan: Plan, { fromUs, toUs, points, nodes }: SeriesRange) {
		this.#plan = plan;
		this.#lanes = (nodes ?? plan.nodes.map((_, node) => node)).filter((node) => node < plan.nodes.length);
		this.#laneOf = new Map(this.#lanes.map((node, lane) => [node, lane]));
		this.#grid = { fromUs, stepUs: Math.max(1, toUs - fromUs + 1) / points, points };
		this.#sums = {
			busyUs: new Float64Array(this.#lanes.length * points),
			latencies: new Array<Latencies | undefined>(points).fill(undefined),
			spansOk: new Float32Array(points),
			spansFailed: new Float32Array(points),
			delivered: new Float32Array(points),
			lost: new Float32Array(points),
		};
	}

	take(event: StoredEvent): void {
		const lane = this.#laneOf.get(nodeOf(event));
		if (lane === undefined) return;
		const sums = this.#sums;
		const { fromUs, stepUs, points } = this.#grid;
		const atUs = atUsOf(event);
		const point = Math.min(points - 1, Math.floor((atUs - fromUs) / stepUs));
		switch (kindOf(event)) {
			case idOf.computeFinished:
				spread(sums.busyUs, lane, { startUs: readUs(event.words, event.start + computeStarted), endUs: atUs }, this.#grid);
				return;
			case idOf.messageDelivered:
				plus(sums.delivered, point, 1);
				return;
			case idOf.messageDropped:
				plus(sums.lost, point, 1);
				return;
			case idOf.spanFinished: {
				plus(event.words[event.start + spanStatus] === okStatus ? sums.spansOk : sums.spansFailed, point, 1);
				const latencies = sums.latencies[point] ?? new Latencies();
				latencies.add(atUs - readUs(event.words, event.start + spanStarted));
				sums.latencies[point] = latencies;
				return;
			}
		}
	}

	/** @param reachUs how far the log went when it was asked */
	answer(reachUs: number): CallReply<"log.series"> {
		const lanes = this.#lanes;
		const sums = this.#sums;
		const { stepUs, points } = this.#grid;
		const utilisation = new Float32Array(lanes.length * points);
		for (const [lane, node] of lanes.entries()) {
			const cores = this.#plan.nodes[node]?.cores ?? 1;
			for (let point = 0; point < points; point++) utilisation[lane * points + point] = (sums.busyUs[lane * points + point] as number) / (stepUs * cores);
		}
		const p50 = new Float32Array(points).fill(Number.NaN);
		const p99 = new Float32Array(points).fill(Number.NaN);
		for (const [point, latencies] of sums.latencies.entries()) {
			const [middle, high] = latencies?.percentiles([0.5, 0.99]) ?? [];
			p50[point] = middle ?? Number.NaN;
			p99[point] = high ?? Number.NaN;
		}
		return {
			...this.#grid,
			reachUs,
			nodes: [...lanes],
			utilisation: bytesOf(utilisation),
			p50Us: bytesOf(p50),
			p99Us: bytesOf(p99),
			spansOk: bytesOf(sums.spansOk),
			spansFailed: bytesOf(sums.spansFailed),
			delivered: bytesOf(sums.delivered),
			lost: bytesOf(sums.lost),
		};
	}
}
