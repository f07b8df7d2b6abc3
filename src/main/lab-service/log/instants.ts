/**
 * Everything as it was at an instant: the same folds that show a live run, carried over the log up to
 * there. A fold that stands before the instant is carried on; looking further back begins anew.
 */
import { CheckBoard } from "../../../core/checks/create-check-folds.ts";
import type { ServiceRegistry } from "../../../core/node-api.ts";
import type { CallReply } from "../../../shared/contract/calls.ts";
import { flightsMax } from "../../../shared/contract/views.ts";
import { recordKindWord } from "../../../shared/event-record.ts";
import { FactBoard } from "../../../shared/projection/fact-board.ts";
import { Projection } from "../../../shared/projection/projection.ts";
import { ClockBook } from "../clock-book.ts";
import { eventAt } from "./causality.ts";
import { flightsAt, MessageTracker } from "./messages.ts";
import { atUsOf, type OpenLog } from "./place.ts";

type InstantView = CallReply<"log.view">;

interface Folds {
	readonly view: Projection;
	readonly checks: CheckBoard;
	readonly messages: MessageTracker;
	readonly board: FactBoard;
	nextIndex: number;
	atUs: number;
}

/** Folds that wait at different instants of one log, so that going a little back is cheap. */
const foldsMax = 4;

export class InstantViews {
	readonly #registry: ServiceRegistry;
	readonly #clocks: ClockBook;
	#folds: Folds[] = [];

	constructor(log: OpenLog, registry: ServiceRegistry) {
		this.#registry = registry;
		const { plan, header } = log.session;
		this.#clocks = new ClockBook(plan, header.seed, log.session.commands(log.branch));
	}

	at(log: OpenLog, atUs: number): InstantView {
		const folds = this.#foldsFor(log, atUs);
		this.#carry(folds, log, atUs);
		folds.view.advanceTo(atUs);
		const flights = flightsAt(log, folds.messages, folds.nextIndex, flightsMax);
		return {
			view: folds.view.snapshot(),
			flights,
			flightsOmitted: folds.messages.open.size - flights.length,
			clocks: this.#clocks.at(atUs),
			checks: folds.checks.verdicts(atUs),
		};
	}

	/** What programs had stated up to an instant; null: up to the end of the log. */
	board(log: OpenLog, { atUs: wantedUs, names }: { readonly atUs: number | null; readonly names: readonly number[] }): CallReply<"log.board"> {
		const atUs = wantedUs ?? lastUs(log);
		const folds = this.#foldsFor(log, atUs);
		this.#carry(folds, log, atUs);
		return { atUs, ...folds.board.part(new Set(names)) };
	}

	/** Wall clocks at so many instants, node after node. */
	clocks(nodes: readonly number[], { fromUs, stepUs, points }: { readonly fromUs: number; readonly stepUs: number; readonly points: number }): Float64Array {
		const walls = new Float64Array(nodes.length * points);
		for (let point = 0; point < points; point++) {
			const readings = this.#clocks.at(Math.floor(fromUs + point * stepUs));
			for (const [lane, node] of nodes.entries()) walls[lane * points + point] = readings[node]?.wallUs ?? Number.NaN;
		}
		return walls;
	}

	/** The furthest folds that do not lie beyond the instant. */
	#foldsFor({ session: { plan } }: OpenLog, atUs: number): Folds {
		const near = this.#folds.filter((folds) => folds.atUs <= atUs).sort((a, b) => b.atUs - a.atUs)[0];
		if (near !== undefined) return near;
		const fresh: Folds = {
			view: new Projection(plan),
			checks: new CheckBoard(plan, this.#registry),
			messages: new MessageTracker(),
			board: new FactBoard(),
			nextIndex: 0,
			atUs: -1,
		};
		this.#folds = [fresh, ...this.#folds].slice(0, foldsMax);
		return fresh;
	}

	#carry(folds: Folds, { session, branch, eventCount }: OpenLog, atUs: number): void {
		const { view, checks, messages, board } = folds;
		for (const event of session.events({ branch, fromIndex: folds.nextIndex, toIndex: eventCount - 1 })) {
			if (atUsOf(event) > atUs) break;
			const { words, start, index } = event;
			view.apply(words, start);
			const kind = words[start + recordKindWord] as number;
			if (checks.kindIds.has(kind)) checks.onEvent(words, start, index);
			if (board.kindIds.has(kind)) board.onEvent(words, start, index);
			messages.take(event);
			folds.nextIndex = index + 1;
		}
		folds.atUs = atUs;
	}
}

/** Instant of the last event in reach. */
function lastUs(log: OpenLog): number {
	const last = log.eventCount === 0 ? undefined : eventAt(log, log.eventCount - 1);
	return last === undefined ? 0 : atUsOf(last);
}
