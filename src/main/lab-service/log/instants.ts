/**
 * Everything as it was at an instant: the same folds that show a live run, carried over the log up to
 * there. The foremost folds leave copies of themselves behind at intervals; looking back takes the nearest
 * copy and carries it on, so that it costs a bounded part of the log and not the log.
 */
import { CheckBoard } from "../../../core/checks/create-check-folds.ts";
import type { ServiceRegistry } from "../../../core/node-api.ts";
import type { CallReply } from "../../../shared/contract/calls.ts";
import { flightsMax } from "../../../shared/contract/views.ts";
import { recordKindWord } from "../../../shared/event-record.ts";
import type { Plan } from "../../../shared/plan.ts";
import { FactBoard } from "../../../shared/projection/fact-board.ts";
import { Projection } from "../../../shared/projection/projection.ts";
import { ClockBook } from "../clock-book.ts";
import { eventAt } from "./causality.ts";
import { flightsAt, MessageTracker } from "./messages.ts";
import { atUsOf, type OpenLog } from "./place.ts";

type InstantView = CallReply<"log.view">;

/** Where every fold over the log stands. */
class Folds {
	readonly view: Projection;
	readonly checks: CheckBoard;
	readonly messages: MessageTracker;
	readonly board: FactBoard;
	/** Of the first event that is not folded in. */
	nextIndex = 0;
	/** Of the last event that is; -1 before all. */
	atUs = -1;

	constructor(parts: Pick<Folds, "view" | "checks" | "messages" | "board">) {
		this.view = parts.view;
		this.checks = parts.checks;
		this.messages = parts.messages;
		this.board = parts.board;
	}

	static fresh(plan: Plan, registry: ServiceRegistry): Folds {
		return new Folds({ view: new Projection(plan), checks: new CheckBoard(plan, registry), messages: new MessageTracker(), board: new FactBoard() });
	}

	/** The copy's checks lean on these, so it must not be carried further than these have been. */
	clone(): Folds {
		const { view, checks, messages, board } = this;
		const twin = new Folds({ view: view.clone(), checks: checks.clone(), messages: new MessageTracker(messages.open), board: board.clone() });
		twin.nextIndex = this.nextIndex;
		twin.atUs = this.atUs;
		return twin;
	}

	/** Carries them over the log up to an instant, and it included, or over so many events. @returns whether they have come there */
	carry({ session, branch, eventCount }: OpenLog, atUs: number, { eventsMax, onFolded }: Carrying = { eventsMax: Number.POSITIVE_INFINITY }): boolean {
		const { view, checks, messages, board } = this;
		let left = eventsMax;
		for (const event of session.events({ branch, fromIndex: this.nextIndex, toIndex: eventCount - 1 })) {
			const eventUs = atUsOf(event);
			if (eventUs > atUs) return true;
			if (left-- <= 0) return false;
			const { words, start, index } = event;
			view.apply(words, start, index);
			const kind = words[start + recordKindWord] as number;
			if (checks.kindIds.has(kind)) checks.onEvent(words, start, index);
			if (board.kindIds.has(kind)) board.onEvent(words, start, index);
			messages.take(event);
			this.nextIndex = index + 1;
			this.atUs = eventUs;
			onFolded?.();
		}
		return true;
	}

	/** Nothing may have happened for a while before the instant; the folds themselves stay where the log has come to. */
	viewAt(atUs: number): Projection {
		const view = this.view.clone();
		view.advanceTo(atUs);
		return view;
	}
}

interface Carrying {
	readonly eventsMax: number;
	onFolded?(): void;
}

export interface InstantOptions {
	/** Events between two copies, to begin with; twice as many whenever there would be too many copies. */
	readonly spacingEvents?: number;
	readonly copiesMax?: number;
}

const spacingEventsDefault = 4_096;
/** Copies of folds grow with the number of nodes, and so there are fewer of them. */
const copiesTimesNodes = 1_600;
const copiesMin = 12;
const copiesMost = 64;
/** Folds that wait where somebody looked last, so that going on from there is cheap. */
const recentMax = 3;

export class InstantViews {
	readonly #plan: Plan;
	readonly #registry: ServiceRegistry;
	readonly #copiesMax: number;
	readonly #spacingAtFirst: number;
	#clocks: ClockBook;
	#clockEvents: number;
	/** Has been carried furthest. */
	#foremost: Folds;
	/** Ascending, the first of them before all; never carried on themselves. */
	#copies: Folds[];
	#spacing: number;
	#nextCopyIndex: number;
	#recent: Folds[] = [];
	/** Events of the log when the foremost were asked what only the end can tell: they cannot be carried on after that. */
	#concludedEvents = -1;

	constructor(log: OpenLog, registry: ServiceRegistry, options: InstantOptions = {}) {
		const { plan } = log.session;
		this.#plan = plan;
		this.#registry = registry;
		this.#copiesMax = options.copiesMax ?? Math.max(copiesMin, Math.min(copiesMost, Math.floor(copiesTimesNodes / plan.nodes.length)));
		this.#spacingAtFirst = options.spacingEvents ?? spacingEventsDefault;
		this.#spacing = this.#spacingAtFirst;
		this.#nextCopyIndex = this.#spacing;
		this.#foremost = Folds.fresh(plan, registry);
		this.#copies = [this.#foremost.clone()];
		this.#clocks = clocksOf(log);
		this.#clockEvents = log.eventCount;
	}

	/**
	 * Goes some of the way to an instant, for what is asked about it then. Where nobody has been yet the way may be the whole
	 * log; back from there it is short, and is left to the question.
	 * @returns whether it can be asked about
	 */
	approach(log: OpenLog, atUs: number, eventsMax: number): boolean {
		this.#takeIn(log);
		return this.#isBehindForemost(atUs) || this.#carryForemost(log, atUs, eventsMax);
	}

	at(log: OpenLog, atUs: number): InstantView {
		const folds = this.#foldsAt(log, atUs);
		const flights = flightsAt(log, folds.messages, folds.nextIndex, flightsMax);
		return {
			view: folds.viewAt(atUs).snapshot(),
			flights,
			flightsOmitted: folds.messages.open.size - flights.length,
			clocks: this.#clocksNow(log).at(atUs),
			checks: folds.checks.verdicts(atUs),
		};
	}

	/** What programs had stated up to an instant; null: up to the end of the log. */
	board(log: OpenLog, { atUs: wantedUs, names }: { readonly atUs: number | null; readonly names: readonly number[] }): CallReply<"log.board"> {
		const atUs = wantedUs ?? lastUs(log);
		return { atUs, ...this.#foldsAt(log, atUs).board.part(new Set(names)) };
	}

	/** Wall clocks at so many instants, node after node. */
	clocks(
		log: OpenLog,
		nodes: readonly number[],
		{ fromUs, stepUs, points }: { readonly fromUs: number; readonly stepUs: number; readonly points: number },
	): Float64Array {
		const walls = new Float64Array(nodes.length * points);
		const clocks = this.#clocksNow(log);
		for (let point = 0; point < points; point++) {
			const readings = clocks.at(Math.floor(fromUs + point * stepUs));
			for (const [lane, node] of nodes.entries()) walls[lane * points + point] = readings[node]?.wallUs ?? Number.NaN;
		}
		return walls;
	}

	/** What has been concluded of a log that has grown since was said too soon. */
	#takeIn(log: OpenLog): void {
		if (this.#concludedEvents >= 0 && this.#concludedEvents !== log.eventCount) this.#beginAnew();
	}

	#isOver(atUs: number): boolean {
		return atUs >= this.#plan.untilUs;
	}

	#isBehindForemost(atUs: number): boolean {
		return atUs < this.#foremost.atUs || (this.#concludedEvents >= 0 && !this.#isOver(atUs));
	}

	/** Folds carried to the instant, to be read before anything else is asked. */
	#foldsAt(log: OpenLog, atUs: number): Folds {
		this.#takeIn(log);
		if (!this.#isBehindForemost(atUs)) {
			this.#carryForemost(log, atUs, Number.POSITIVE_INFINITY);
			return this.#foremost;
		}
		// A run that went on beyond its plan: copies cannot be asked what the end tells, so it is told from the beginning.
		const folds = this.#isOver(atUs) ? Folds.fresh(this.#plan, this.#registry) : this.#nearest(atUs);
		folds.carry(log, atUs);
		return folds;
	}

	/** @returns whether they have come there */
	#carryForemost(log: OpenLog, atUs: number, eventsMax: number): boolean {
		const foremost = this.#foremost;
		const onFolded = (): void => {
			if (foremost.nextIndex >= this.#nextCopyIndex) this.#leaveCopy();
		};
		const isThere = foremost.carry(log, atUs, { eventsMax, onFolded });
		if (isThere && this.#isOver(atUs)) this.#concludedEvents = log.eventCount;
		return isThere;
	}

	#leaveCopy(): void {
		this.#copies.push(this.#foremost.clone());
		if (this.#copies.length > this.#copiesMax) {
			this.#spacing *= 2;
			this.#copies = this.#copies.filter((_, i) => i % 2 === 0);
		}
		this.#nextCopyIndex = (this.#copies.at(-1) as Folds).nextIndex + this.#spacing;
	}

	#beginAnew(): void {
		this.#foremost = Folds.fresh(this.#plan, this.#registry);
		this.#copies = [this.#foremost.clone()];
		this.#spacing = this.#spacingAtFirst;
		this.#nextCopyIndex = this.#spacing;
		this.#recent = [];
		this.#concludedEvents = -1;
	}

	/** The furthest folds that do not lie beyond the instant: some that wait, or a copy. */
	#nearest(atUs: number): Folds {
		const copy = this.#copies.findLast((candidate) => candidate.atUs <= atUs);
		const waiting = this.#recent.filter((candidate) => candidate.atUs <= atUs).sort((a, b) => b.nextIndex - a.nextIndex)[0];
		const isNearer = waiting !== undefined && waiting.nextIndex >= (copy?.nextIndex ?? 0);
		const folds = isNearer ? waiting : (copy as Folds).clone();
		this.#recent = [folds, ...this.#recent.filter((candidate) => candidate !== folds)].slice(0, recentMax);
		return folds;
	}

	/** A log that grows may hold new commands about clocks. */
	#clocksNow(log: OpenLog): ClockBook {
		if (log.eventCount !== this.#clockEvents) {
			this.#clocks = clocksOf(log);
			this.#clockEvents = log.eventCount;
		}
		return this.#clocks;
	}
}

function clocksOf({ session, branch }: OpenLog): ClockBook {
	return new ClockBook(session.plan, session.header.seed, session.commands(branch));
}

/** Instant of the last event in reach. */
export function lastUs(log: OpenLog): number {
	const last = log.eventCount === 0 ? undefined : eventAt(log, log.eventCount - 1);
	return last === undefined ? 0 : atUsOf(last);
}
