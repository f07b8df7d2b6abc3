/**
 * Everything the window may ask about a log: pages of events, causality, how much happened where, everything
 * as it was at an instant. Of a run that goes on, everything that had happened when it was asked is in reach. Pure.
 */
import { bandKinds } from "../drawing/bands.ts";
import { coneMessageSides, coneSides } from "../projection/causal-cone.ts";
import { toldEntriesMax } from "../projection/fact-board.ts";
import { bytes, count, index, instantUs, list, nodeIndex, runId, text, z } from "./schema.ts";
import { arrowView, boardEntry, eventPage, instantView, kind, nodesMax, spanView, traceSummary } from "./views.ts";

/** In what order requests are told. */
export const traceOrders = ["latest", "slowest", "failed"] as const;

/** Inclusive. */
const range = { fromUs: instantUs, toUs: instantUs };
export const nodeFilter = list(nodeIndex, nodesMax).nullable();
export const kindFilter = list(kind, 256).nullable();

const pageEventsMax = 2_000;
const bucketsMax = 4_096;
const pointsMax = 4_096;
/** Of a plan. */
const linksMax = 20_000;
export const bandsMax = 400;

const bandView = z.strictObject({
	kind: z.enum(bandKinds),
	node: z.int().min(-1),
	link: z.int().min(-1),
	direction: z.enum(["both", "forward", "backward"]),
	detail: text(100),
	groups: list(list(nodeIndex, nodesMax), nodesMax),
	fromUs: instantUs,
	toUs: instantUs.nullable(),
	index,
});

export const logCalls = {
	/**
	 * A page of events in order, or against it when `backwards`. Bounds are inclusive; null: none.
	 * `text` finds part of the sentence an event is told by, in any case.
	 */
	"log.events": {
		request: z.strictObject({
			run: runId,
			fromIndex: index.nullable(),
			toIndex: index.nullable(),
			fromUs: instantUs.nullable(),
			toUs: instantUs.nullable(),
			kinds: kindFilter,
			nodes: nodeFilter,
			text: text(200).nullable(),
			limit: z.int().min(1).max(pageEventsMax),
			backwards: z.boolean(),
		}),
		reply: eventPage,
	},
	/** One event, and the events next to it in causal order. */
	"log.event": {
		request: z.strictObject({ run: runId, index }),
		reply: z.strictObject({
			page: eventPage,
			neighbours: list(
				z.strictObject({
					index,
					atUs: instantUs,
					/** What it is to the event that was asked about. */
					relation: z.enum(["before", "after", "sending", "delivery", "loss", "request", "reply", "command"]),
					text: text(1_024),
				}),
				64,
			),
		}),
	},
	/** The causal past and future of an event, nearest first; and what they reach, see projection/causal-cone.ts. */
	"log.causality": {
		request: z.strictObject({ run: runId, index, limit: z.int().min(1).max(20_000) }),
		reply: z.strictObject({
			past: list(index, 20_000),
			future: list(index, 20_000),
			nodes: list(z.strictObject({ node: nodeIndex, side: z.enum(coneSides) }), nodesMax),
			links: list(z.strictObject({ link: index, side: z.enum(coneSides) }), linksMax),
			messages: list(z.strictObject({ from: nodeIndex, sequence: z.int(), side: z.enum(coneMessageSides) }), 20_000),
			nearest: z.strictObject({ past: list(nodeIndex, nodesMax), future: list(nodeIndex, nodesMax) }),
			truncated: z.boolean(),
		}),
	},
	/**
	 * How much happened where: `counts` holds, lane after lane and bucket after bucket, 32-bit numbers.
	 * A lane a node, in the order asked for.
	 */
	"log.density": {
		request: z.strictObject({ run: runId, ...range, buckets: z.int().min(1).max(bucketsMax), nodes: nodeFilter }),
		reply: z.strictObject({
			fromUs: instantUs,
			/** May be a fraction. */
			bucketUs: z.number().min(0),
			buckets: count,
			nodes: list(nodeIndex, nodesMax),
			counts: bytes(33_554_432),
			/** Messages lost, over all lanes: 32-bit numbers a bucket. */
			lost: bytes(65_536),
			/** Faults and commands, for marks: the most recent when there are too many. */
			faults: list(z.strictObject({ index, atUs: instantUs, kind, node: z.int(), text: text(1_024) }), 1_000),
			faultsOmitted: count,
			/** Stretches of faults that reach into the range, see drawing/bands.ts: the longest when there are too many. */
			bands: list(bandView, bandsMax),
			bandsOmitted: count,
		}),
	},
	/** Messages that were under way at any time within the range. */
	"log.messages": {
		request: z.strictObject({ run: runId, ...range, nodes: nodeFilter, limit: z.int().min(1).max(5_000) }),
		reply: z.strictObject({ messages: list(arrowView, 5_000), truncated: z.boolean() }),
	},
	/** Everything as it was at an instant: after all that happened up to it, and it included. */
	"log.view": { request: z.strictObject({ run: runId, atUs: instantUs }), reply: instantView },
	/**
	 * What programs had stated up to an instant: the latest of each of these facts, a node and key, oldest
	 * statement first. Null asks for the end of the log, and of a live run for its present.
	 */
	"log.board": {
		request: z.strictObject({ run: runId, atUs: instantUs.nullable(), names: list(index, 256) }),
		reply: z.strictObject({ atUs: instantUs, entries: list(boardEntry, toldEntriesMax), omitted: count }),
	},
	"log.traces": {
		/** Of requests that began in the range: which come first, and whether only those that failed. */
		request: z.strictObject({ run: runId, ...range, order: z.enum(traceOrders), limit: z.int().min(1).max(500) }),
		/** @property count of all of them, those left out too; at least so many when truncated */
		reply: z.strictObject({ traces: list(traceSummary, 500), count, truncated: z.boolean() }),
	},
	"log.spans": {
		request: z.strictObject({ run: runId, traceNode: z.int(), traceSequence: z.int() }),
		/** @property messages that were sent for it, in the order of their sending */
		reply: z.strictObject({ spans: list(spanView, 2_000), messages: list(arrowView, 2_000), truncated: z.boolean() }),
	},
	/** Which machines had a hand in a request, and what each did for it, up to an instant. */
	"log.xray": {
		request: z.strictObject({ run: runId, traceNode: z.int(), traceSequence: z.int(), ...range }),
		reply: z.strictObject({
			/** In the order in which they came to it. */
			machines: list(
				z.strictObject({
					node: nodeIndex,
					firstUs: instantUs,
					lastUs: instantUs,
					received: count,
					sent: count,
					/** CPU time. */
					computeUs: count,
					diskWrites: count,
					diskSyncs: count,
					diskReads: count,
				}),
				nodesMax,
			),
			hops: list(z.strictObject({ from: nodeIndex, to: nodeIndex, messages: count }), 2_000),
			/** There was more than could be looked at. */
			truncated: z.boolean(),
		}),
	},
	/** Numbers over time, `points` of them, for charts. NaN where there was nothing to measure. */
	"log.series": {
		request: z.strictObject({ run: runId, ...range, points: z.int().min(1).max(pointsMax), nodes: nodeFilter }),
		reply: z.strictObject({
			fromUs: instantUs,
			stepUs: z.number().min(0),
			points: count,
			/** The log has come this far. A point that covers what lies beyond is not whole yet. */
			reachUs: instantUs,
			nodes: list(nodeIndex, nodesMax),
			/** 0..1, node after node: 32-bit floats. */
			utilisation: bytes(33_554_432),
			/** Of finished spans, microseconds: 32-bit floats. */
			p50Us: bytes(65_536),
			p99Us: bytes(65_536),
			spansOk: bytes(65_536),
			spansFailed: bytes(65_536),
			delivered: bytes(65_536),
			lost: bytes(65_536),
		}),
	},
	/** What each node's wall clock shows at instants `fromUs + i * stepUs`: 64-bit floats, node after node. */
	"log.clocks": {
		request: z.strictObject({ run: runId, ...range, points: z.int().min(2).max(512), nodes: nodeFilter }),
		reply: z.strictObject({ fromUs: instantUs, stepUs: z.number().min(0), points: count, nodes: list(nodeIndex, nodesMax), wallUs: bytes(8_388_608) }),
	},
	/** Two runs side by side: the first event in which they differ. */
	"log.compare": {
		request: z.strictObject({ run: runId, other: runId }),
		reply: z.strictObject({
			/** Events that are the same in both. */
			sameEvents: count,
			/** Null where that run has no event any more. */
			here: z.strictObject({ index, atUs: instantUs, text: text(1_024) }).nullable(),
			there: z.strictObject({ index, atUs: instantUs, text: text(1_024) }).nullable(),
		}),
	},
} as const;
