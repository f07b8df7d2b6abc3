/**
 * How much happened where and when, at any zoom. The whole log is read once into counts of a fixed
 * number of buckets that grow wider as the log grows longer; a question about a long range is answered
 * from those, one about a short range from the events themselves. Memory depends on the number of nodes.
 */
import type { CallReply } from "../../../shared/contract/calls.ts";
import { bandsMax } from "../../../shared/contract/log-calls.ts";
import { BandFold } from "../../../shared/drawing/bands.ts";
import { decodeRecord } from "../../../shared/event-record.ts";
import { eventKindById, eventSchema } from "../../../shared/event-schema.ts";
import type { Plan } from "../../../shared/plan.ts";
import { eventText } from "../../../shared/projection/event-text.ts";
import type { StoredEvent } from "../../store/reader.ts";
import { atUsOf, idOf, kindOf, nodeOf, type OpenLog } from "./place.ts";

type Fault = CallReply<"log.density">["faults"][number];

const baseBuckets = 4_096;
const firstBaseUs = 64;
/** At least so many of the latest, and at most twice as many. */
const faultsKept = 10_000;
const faultsTold = 1_000;

export interface DensityRange {
	readonly fromUs: number;
	readonly toUs: number;
	readonly buckets: number;
	readonly nodes: readonly number[] | null;
}

/** Counts of one log, kept as far as it has been read. */
export class DensityIndex {
	readonly #nodeCount: number;
	/** Lane after lane; the last lane counts lost messages. */
	readonly #counts: Uint32Array;
	#baseUs = firstBaseUs;
	readonly #faults: Fault[] = [];
	#faultsForgotten = 0;
	/** The instant of the last of them. */
	#forgottenUs = -1;
	readonly #bands: BandFold;
	#nextIndex = 0;

	constructor(plan: Plan) {
		this.#nodeCount = plan.nodes.length;
		this.#bands = new BandFold(plan);
		this.#counts = new Uint32Array((this.#nodeCount + 1) * baseBuckets);
	}

	/** Events that it has read. */
	get eventCount(): number {
		return this.#nextIndex;
	}

	/** Reads what is new, a slice of it. @returns whether that was all */
	advance(log: OpenLog, eventsMax: number): boolean {
		const endIndex = Math.min(log.eventCount, this.#nextIndex + eventsMax);
		for (const event of log.session.events({ branch: log.branch, fromIndex: this.#nextIndex, toIndex: endIndex - 1 })) this.#take(event, log);
		this.#nextIndex = Math.max(this.#nextIndex, endIndex);
		return this.#nextIndex >= log.eventCount;
	}

	#take(event: StoredEvent, { session: { plan } }: OpenLog): void {
		const atUs = atUsOf(event);
		while (atUs >= this.#baseUs * baseBuckets) this.#widen();
		const bucket = Math.floor(atUs / this.#baseUs);
		const node = nodeOf(event);
		const kind = kindOf(event);
		if (node >= 0 && node < this.#nodeCount) increment(this.#counts, node * baseBuckets + bucket);
		if (kind === idOf.messageDropped) increment(this.#counts, this.#nodeCount * baseBuckets + bucket);
		const name = eventKindById[kind];
		if (name === undefined || eventSchema[name].class !== "control") return;
		const decoded = decodeRecord(event.words, event.start);
		if (typeof decoded === "string") return;
		this.#bands.take(decoded, event.index);
		this.#faults.push({ index: event.index, atUs, kind: name, node, text: eventText(decoded, plan).slice(0, 1_000) });
		if (this.#faults.length > 2 * faultsKept) this.#forget();
	}

	/** Of more than can be kept the oldest. */
	#forget(): void {
		const gone = this.#faults.splice(0, this.#faults.length - faultsKept);
		this.#faultsForgotten += gone.length;
		this.#forgottenUs = gone.at(-1)?.atUs ?? this.#forgottenUs;
	}

	/** Every bucket becomes twice as long. */
	#widen(): void {
		for (let lane = 0; lane <= this.#nodeCount; lane++) {
			const counts = this.#counts.subarray(lane * baseBuckets, (lane + 1) * baseBuckets);
			for (let i = 0; i < baseBuckets / 2; i++) counts[i] = (counts[2 * i] as number) + (counts[2 * i + 1] as number);
			counts.fill(0, baseBuckets / 2);
		}
		this.#baseUs *= 2;
	}

	answer(log: OpenLog, { fromUs, toUs, buckets, nodes }: DensityRange): CallReply<"log.density"> {
		const lanes = (nodes ?? log.session.plan.nodes.map((_, node) => node)).filter((node) => node < this.#nodeCount);
		const bucketUs = Math.max(1, toUs - fromUs + 1) / buckets;
		const counts = new Uint32Array(lanes.length * buckets);
		const lost = new Uint32Array(buckets);
		if (bucketUs >= this.#baseUs) this.#resample({ fromUs, bucketUs, buckets, lanes, counts, lost });
		else countEvents(log, { fromUs, toUs, bucketUs, buckets, lanes, counts, lost });
		const inRange = this.#faults.filter(({ atUs }) => atUs >= fromUs && atUs <= toUs);
		const faults = inRange.slice(-faultsTold);
		const faultsOmitted = inRange.length - faults.length + (fromUs <= this.#forgottenUs ? this.#faultsForgotten : 0);
		const { bands, omitted: bandsOmitted } = this.#bands.within(fromUs, toUs, bandsMax);
		const told = { faults, faultsOmitted, bands, bandsOmitted };
		return { fromUs, bucketUs, buckets, nodes: lanes, counts: new Uint8Array(counts.buffer), lost: new Uint8Array(lost.buffer), ...told };
	}

	/** A base bucket goes whole to the bucket in which it begins. */
	#resample({ fromUs, bucketUs, buckets, lanes, counts, lost }: Target): void {
		const first = Math.max(0, Math.floor(fromUs / this.#baseUs));
		for (let base = first; base < baseBuckets; base++) {
			const bucket = Math.floor(Math.max(0, base * this.#baseUs - fromUs) / bucketUs);
			if (bucket >= buckets) break;
			for (const [lane, node] of lanes.entries()) add(counts, lane * buckets + bucket, this.#counts[node * baseBuckets + base] as number);
			add(lost, bucket, this.#counts[this.#nodeCount * baseBuckets + base] as number);
		}
	}
}

interface Target {
	readonly fromUs: number;
	readonly bucketUs: number;
	readonly buckets: number;
	readonly lanes: readonly number[];
	readonly counts: Uint32Array;
	readonly lost: Uint32Array;
}

function add(counts: Uint32Array, at: number, amount: number): void {
	counts[at] = (counts[at] as number) + amount;
}

function increment(counts: Uint32Array, at: number): void {
	add(counts, at, 1);
}

function countEvents(log: OpenLog, { fromUs, toUs, bucketUs, buckets, lanes, counts, lost }: Target & { readonly toUs: number }): void {
	const laneOf = new Map(lanes.map((node, lane) => [node, lane]));
	for (const event of log.session.events({ branch: log.branch, fromUs, toUs, toIndex: log.eventCount - 1 })) {
		const bucket = Math.min(buckets - 1, Math.floor((atUsOf(event) - fromUs) / bucketUs));
		const lane = laneOf.get(nodeOf(event));
		if (lane !== undefined) increment(counts, lane * buckets + bucket);
		if (kindOf(event) === idOf.messageDropped) increment(lost, bucket);
	}
}
