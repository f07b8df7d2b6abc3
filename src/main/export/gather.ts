/**
 * What the space-time diagram has in sight, folded from a log. Bounded: beyond a limit single events become
 * shades.
 */
import { type Band, BandFold } from "../../shared/drawing/bands.ts";
import type { PictureArrow, PictureDensity, PictureEvent, PictureFault } from "../../shared/drawing/timeline-picture.ts";
import { readUs, recordAtWord, recordNodeWord } from "../../shared/event-record.ts";
import { eventKindById, eventSchema } from "../../shared/event-schema.ts";
import { MessagesUnderWay } from "./messages-under-way.ts";
import { decodeEvent, type ExportFilter, type ExportSource, type IndexedEvent, isWanted, queryOf } from "./source.ts";

export interface Sight {
	readonly fromUs: number;
	readonly toUs: number;
	readonly headUs: number;
	readonly events: readonly PictureEvent[];
	readonly arrows: readonly PictureArrow[];
	readonly density: PictureDensity | null;
	readonly faults: readonly PictureFault[];
	/** Stretches of faults that reach into it. */
	readonly bands: readonly Band[];
}

export interface SightWishes {
	readonly filter: ExportFilter;
	readonly nodes: readonly number[];
	/** More events than this become shades. */
	readonly eventsMax: number;
	readonly buckets: number;
}

const faultsMax = 4_000;
const bandsMax = 1_000;

/** Yields now and then, so that the work can be called off. */
export function* sightOf(source: ExportSource, { filter, nodes, eventsMax, buckets }: SightWishes): Generator<"", Sight> {
	const headUs = source.head(filter.branch ?? 0).untilUs;
	const fromUs = filter.fromUs ?? 0;
	const toUs = Math.max(fromUs + 1, Math.min(filter.toUs ?? headUs, Math.max(headUs, fromUs + 1)));
	const shades = new Shades(nodes, { fromUs, toUs, buckets });
	const under = new MessagesUnderWay();
	const events: PictureEvent[] = [];
	const arrows: PictureArrow[] = [];
	const faults: PictureFault[] = [];
	const stretches = new BandFold(source.plan);
	const isShown = new Set(nodes);
	const wanted = new Set<string>();
	let isMany = false;
	let passed = 0;
	const { fromUs: _, toUs: __, ...fromTheStart } = queryOf(filter); // faults, and what was sent, before the range
	for (const stored of source.events(fromTheStart)) {
		if (++passed % 1_024 === 0) yield "";
		const atUs = readUs(stored.words, stored.start + recordAtWord);
		if (atUs > toUs && (isMany || under.size === 0)) break;
		const kind = eventKindById[stored.words[stored.start] as number];
		if (kind === undefined) continue;
		const node = stored.words[stored.start + recordNodeWord] as number;
		if (eventSchema[kind].class === "control" && atUs <= toUs) {
			stretches.take(decodeEvent(stored), stored.index);
			if (faults.length < faultsMax) faults.push({ atUs, kind, node });
		}
		const isMessage = kind.startsWith("message");
		const isSeen = isShown.has(node) && atUs >= fromUs && atUs <= toUs && isWanted(stored, filter, source.plan);
		if (isSeen) shades.add(node, atUs, kind === "messageDropped");
		if (isMany || (!isSeen && !isMessage)) continue;
		const event = decodeEvent(stored);
		if (isSeen && kind !== "messageDropped") events.push({ index: event.index, atUs, node, kind, lamport: event.lamport });
		if (isMessage) {
			if (kind === "messageSent" && isSeen) wanted.add(keyOf(node, event.fields.sequence));
			if (atUs <= toUs || kind !== "messageSent") takeMessage(event, { under, wanted, isSeen, arrows });
		}
		if (events.length > eventsMax) isMany = true;
	}
	if (!isMany)
		for (const message of under.left)
			if (wanted.has(keyOf(message.from, message.sequence))) for (const copy of message.copies) arrows.push(arrowOf(message, copy, undefined));
	const { bands } = stretches.within(fromUs, toUs, bandsMax);
	const range = { fromUs, toUs, headUs: Math.max(headUs, 1) };
	if (isMany) return { ...range, events: [], arrows: [], density: shades.density, faults, bands };
	return { ...range, events, arrows: arrows.sort((a, b) => a.sentIndex - b.sentIndex), density: null, faults, bands };
}

const keyOf = (node: number, sequence: unknown): string => `${node}:${Number(sequence)}`;

interface Arrows {
	readonly under: MessagesUnderWay;
	/** Messages whose sending is in sight. */
	readonly wanted: Set<string>;
	readonly isSeen: boolean;
	readonly arrows: PictureArrow[];
}

/** A message is drawn when its sending or its end is in sight. */
function takeMessage(event: IndexedEvent, { under, wanted, isSeen, arrows }: Arrows): void {
	const ended = under.take(event);
	if (ended === undefined) return;
	if (isSeen || wanted.has(keyOf(ended.message.from, ended.message.sequence))) arrows.push(arrowOf(ended.message, ended.copy, event));
}

function arrowOf(
	{ from, to, name, sentUs, sent }: { readonly from: number; readonly to: number; readonly name: number; readonly sentUs: number; readonly sent: IndexedEvent },
	copy: number,
	end: IndexedEvent | undefined,
): PictureArrow {
	const fate = end === undefined ? "underWay" : end.kind === "messageDropped" ? "lost" : "delivered";
	return { from, to, name, copy, sentIndex: sent.index, sentUs, endIndex: end?.index ?? -1, endUs: end?.atUs ?? -1, fate };
}

class Shades {
	readonly #lanes: ReadonlyMap<number, number>;
	readonly #density: PictureDensity & { readonly counts: Float64Array; readonly lost: Float64Array };

	constructor(nodes: readonly number[], { fromUs, toUs, buckets }: { readonly fromUs: number; readonly toUs: number; readonly buckets: number }) {
		this.#lanes = new Map(nodes.map((node, lane) => [node, lane]));
		const bucketUs = (toUs - fromUs + 1) / buckets;
		this.#density = { fromUs, bucketUs, buckets, nodes, counts: new Float64Array(nodes.length * buckets), lost: new Float64Array(buckets) };
	}

	get density(): PictureDensity {
		return this.#density;
	}

	add(node: number, atUs: number, isLost: boolean): void {
		const { fromUs, bucketUs, buckets, counts, lost } = this.#density;
		const bucket = Math.min(buckets - 1, Math.floor((atUs - fromUs) / bucketUs));
		const lane = this.#lanes.get(node);
		if (lane !== undefined) counts[lane * buckets + bucket] = (counts[lane * buckets + bucket] as number) + 1;
		if (isLost) lost[bucket] = (lost[bucket] as number) + 1;
	}
}
