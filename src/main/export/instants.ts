/**
 * Everything as it was at some instants, folded in one reading of the log: states, messages on their way
 * with what becomes of them, who leads, how far clocks are off. Bounded by what is under way.
 */
import type { PictureFlight } from "../../shared/drawing/topology-svg.ts";
import { readUs, recordAtWord } from "../../shared/event-record.ts";
import { eventKindById } from "../../shared/event-schema.ts";
import { FactBoard, toldEntriesMax } from "../../shared/projection/fact-board.ts";
import { Projection } from "../../shared/projection/projection.ts";
import type { ProjectionSnapshot } from "../../shared/projection/snapshot.ts";
import { type Standing, standingNames, standingOf } from "../../shared/projection/standing.ts";
import { ClockBook } from "../lab-service/clock-book.ts";
import { type MessageEnd, MessagesUnderWay, type SentMessage } from "./messages-under-way.ts";
import { decodeEvent, type ExportSource, type IndexedEvent } from "./source.ts";

const flightsMax = 400;

export interface Instant {
	readonly view: ProjectionSnapshot;
	readonly flights: readonly PictureFlight[];
	readonly standing: Standing;
	readonly skewsUs: readonly number[];
}

/** An instant that has been passed: what was under way then is watched to its end. */
class Passed {
	readonly flights: PictureFlight[] = [];
	readonly view: ProjectionSnapshot;
	readonly standing: Standing;
	/** Of each message the numbers of what was under way of it: itself, and copies. */
	readonly #open: Map<SentMessage, Set<number>>;

	constructor(view: ProjectionSnapshot, standing: Standing, underWay: Iterable<SentMessage>) {
		this.view = view;
		this.standing = standing;
		this.#open = new Map([...underWay].map((message) => [message, new Set(message.copies)]));
	}

	get isComplete(): boolean {
		return this.#open.size === 0 || this.flights.length >= flightsMax;
	}

	/** Of a copy that was made later nothing was under way. */
	end({ message, copy }: MessageEnd, event: IndexedEvent): void {
		const copies = this.#open.get(message);
		if (copies?.delete(copy) !== true) return;
		if (copies.size === 0) this.#open.delete(message);
		if (this.flights.length < flightsMax) this.flights.push(flightOf(message, copy, event));
	}

	/** The log is at its end: nobody knows what became of the rest. */
	close(): void {
		for (const [message, copies] of this.#open)
			for (const copy of copies) if (this.flights.length < flightsMax) this.flights.push(flightOf(message, copy, undefined));
	}
}

/**
 * Yields now and then, so that the work can be called off.
 * @param instantsUs ascending
 */
export function* instantsOf(
	source: ExportSource,
	{ branch = 0, instantsUs }: { readonly branch?: number; readonly instantsUs: readonly number[] },
): Generator<"", readonly Instant[]> {
	const { plan, header } = source;
	const view = new Projection(plan);
	const under = new MessagesUnderWay();
	const board = new FactBoard();
	const names = new Set(standingNames(plan));
	const passed: Passed[] = [];
	const pass = (): void => {
		view.advanceTo(instantsUs[passed.length] as number);
		const snapshot = view.snapshot();
		passed.push(new Passed(snapshot, standingOf(plan, board.entries(names, toldEntriesMax), snapshot.nodes), under.left));
	};
	let count = 0;
	for (const { words, start, index } of source.events({ branch })) {
		if (++count % 1_024 === 0) yield "";
		const atUs = readUs(words, start + recordAtWord);
		while (passed.length < instantsUs.length && atUs > (instantsUs[passed.length] as number)) pass();
		const areAllPast = passed.length === instantsUs.length;
		if (areAllPast && passed.every(({ isComplete }) => isComplete)) break;
		const kind = eventKindById[words[start] as number];
		if (!areAllPast) view.apply(words, start, index);
		if (kind === "factStated" && !areAllPast) board.onEvent(words, start, index);
		if (kind === undefined || !isFollowed(kind, areAllPast)) continue;
		const event = decodeEvent({ words, start, index });
		const ended = under.take(event);
		if (ended === undefined) continue;
		for (const one of passed) one.end(ended, event);
	}
	while (passed.length < instantsUs.length) pass();
	for (const one of passed) one.close();
	return passed.map(({ view: snapshot, flights, standing }, i) => {
		const skewsUs = new ClockBook(plan, header.seed, source.commands(branch)).at(instantsUs[i] as number).map(({ skewUs }) => skewUs);
		return { view: snapshot, flights, standing, skewsUs };
	});
}

export function* instantOf(source: ExportSource, { branch = 0, atUs }: { readonly branch?: number; readonly atUs: number }): Generator<"", Instant> {
	const [instant] = yield* instantsOf(source, { branch, instantsUs: [atUs] });
	return instant as Instant;
}

/** After the last instant, only what becomes of what is under way is of interest. */
function isFollowed(kind: string, areAllPast: boolean): boolean {
	return kind === "messageDelivered" || kind === "messageDropped" || kind === "messageDuplicated" || (!areAllPast && kind === "messageSent");
}

function flightOf({ from, to, name, sentUs, sent }: SentMessage, copy: number, end: IndexedEvent | undefined): PictureFlight {
	const isReply = Number(sent.fields.inReplyTo) > 0;
	const fate = end === undefined ? "unknown" : end.kind === "messageDropped" ? "lost" : "delivered";
	return { from, to, name, copy, isReply, link: -1, backward: false, enteredUs: sentUs, arrivesUs: end?.atUs ?? -1, fate };
}
