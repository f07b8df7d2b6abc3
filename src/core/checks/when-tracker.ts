/**
 * When a check counts: the closed intervals of virtual time that its `after`, `before` and `between`
 * describe, as far as the log has told. Moments that hang on events open and close an interval each
 * time those events happen (an event at both ends opens an interval that it also closes); what the log holds at the same instant, before the event, is outside.
 */
import { type Moment, momentEvents, type When } from "../../shared/check/check.ts";
import { kindId, readUs, recordAtWord, recordNodeWord } from "../../shared/event-record.ts";
import type { Plan } from "../../shared/plan.ts";
import { formatDurationUs } from "../../shared/units.ts";
import { NodeMask } from "./node-mask.ts";

interface Interval {
	readonly fromUs: number;
	toUs: number;
}

/** A run with more crashes and restarts than this keeps the latest. */
const intervalsMax = 256;
/** More nodes than these are told by their number. */
const namedNodesMax = 3;

class EventMoment {
	readonly kindId: number;
	readonly offsetUs: number;
	readonly #mask: NodeMask;

	constructor(moment: Extract<Moment, { kind: "event" }>, plan: Plan) {
		this.kindId = kindId(momentEvents[moment.word]);
		this.offsetUs = moment.offsetUs;
		this.#mask = new NodeMask(moment.nodes, plan.nodes.length);
	}

	matches(words: Int32Array, start: number): boolean {
		return words[start] === this.kindId && this.#mask.has(words[start + recordNodeWord] as number);
	}
}

function instantOf(moment: Moment): number {
	return moment.kind === "at" ? moment.us : Number.POSITIVE_INFINITY;
}

/** `crash of web-3`, `cut`, `restart of any of 5 nodes`. */
function eventText({ word, nodes }: Extract<Moment, { kind: "event" }>, plan: Plan): string {
	if (nodes === null) return word;
	if (nodes.length > namedNodesMax) return `${word} of any of ${nodes.length} nodes`;
	return `${word} of ${nodes.map((node) => plan.nodes[node]?.name ?? "?").join(" or ")}`;
}

function momentText(moment: Moment, plan: Plan): string {
	if (moment.kind === "end") return "the end";
	if (moment.kind === "at") return formatDurationUs(moment.us);
	return moment.offsetUs === 0 ? eventText(moment, plan) : `${eventText(moment, plan)} + ${formatDurationUs(moment.offsetUs)}`;
}

function isSameEvent({ from, to }: When): boolean {
	if (from.kind !== "event" || to.kind !== "event" || from.word !== to.word) return false;
	return from.nodes === null || (from.nodes.length === to.nodes?.length && from.nodes.every((node, index) => node === to.nodes?.[index]));
}

export class WhenTracker {
	/** Kinds that open or close intervals. */
	readonly kindIds: ReadonlySet<number>;
	readonly #from: EventMoment | null;
	readonly #to: EventMoment | null;
	readonly #toUs: number;
	/** Both ends hang on the same event: each opens an interval that is closed from the start. */
	readonly #isSameEvent: boolean;
	#intervals: Interval[] = [];
	#isOpen = false;
	/** What opens intervals has happened. */
	#hasHappened = false;
	readonly #when: When;
	readonly #plan: Plan;

	constructor(when: When, plan: Plan) {
		this.#when = when;
		this.#plan = plan;
		this.#from = when.from.kind === "event" ? new EventMoment(when.from, plan) : null;
		this.#to = when.to.kind === "event" ? new EventMoment(when.to, plan) : null;
		this.#toUs = instantOf(when.to);
		this.#isSameEvent = isSameEvent(when);
		this.kindIds = new Set([this.#from, this.#to].flatMap((moment) => (moment === null ? [] : [moment.kindId])));
		if (this.#from === null) this.#open(instantOf(when.from));
	}

	clone(): WhenTracker {
		const twin = new WhenTracker(this.#when, this.#plan);
		twin.#intervals = this.#intervals.map((interval) => ({ ...interval }));
		twin.#isOpen = this.#isOpen;
		twin.#hasHappened = this.#hasHappened;
		return twin;
	}

	#open(fromUs: number): void {
		this.#push({ fromUs, toUs: this.#toUs });
		this.#isOpen = true;
	}

	#push(interval: Interval): void {
		if (this.#intervals.length === intervalsMax) this.#intervals.shift();
		this.#intervals.push(interval);
	}

	/** Whether events of this kind must be noted. Asked for every event, so no set is searched. */
	watches(kind: number): boolean {
		return this.#from?.kindId === kind || this.#to?.kindId === kind;
	}

	/** Call for events it watches, before the event is counted. */
	note(words: Int32Array, start: number): void {
		const atUs = readUs(words, start + recordAtWord);
		const isFrom = this.#from?.matches(words, start) ?? false;
		if (isFrom) this.#hasHappened = true;
		if (this.#isSameEvent) {
			if (this.#from !== null && isFrom) this.#push({ fromUs: atUs + this.#from.offsetUs, toUs: atUs + (this.#to?.offsetUs ?? 0) });
			return;
		}
		if (this.#isOpen && this.#to?.matches(words, start)) {
			const interval = this.#intervals[this.#intervals.length - 1] as Interval;
			// Counted from a fixed instant, an interval is not closed by what happened before it.
			if (this.#from !== null || atUs >= interval.fromUs) {
				interval.toUs = atUs + this.#to.offsetUs;
				this.#isOpen = false;
			}
		}
		if (this.#from !== null && isFrom && !this.#isOpen) this.#open(atUs + this.#from.offsetUs);
	}

	contains(atUs: number): boolean {
		for (let index = this.#intervals.length - 1; index >= 0; index--) {
			const interval = this.#intervals[index] as Interval;
			if (atUs >= interval.fromUs && atUs <= interval.toUs) return true;
		}
		return false;
	}

	/** Whether the whole of this span lies in one interval. */
	covers(fromUs: number, toUs: number): boolean {
		return this.#intervals.some((interval) => fromUs >= interval.fromUs && toUs <= interval.toUs);
	}

	/** Time within the intervals up to `endUs`. */
	lengthUs(endUs: number): number {
		let total = 0;
		for (const { fromUs, toUs } of this.#intervals) total += Math.max(0, Math.min(toUs, endUs) - fromUs);
		return total;
	}

	/** Why nothing was looked at, or an empty text when something was. */
	gap(endUs: number): string {
		if (this.#intervals.some(({ fromUs, toUs }) => fromUs <= endUs && fromUs <= toUs)) return "";
		const { from, to } = this.#when;
		if (from.kind !== "event") return "the run did not get there";
		if (!this.#hasHappened) return `no ${eventText(from, this.#plan)} happened`;
		const [began, ended] = [momentText(from, this.#plan), momentText(to, this.#plan)];
		return this.#intervals.some(({ fromUs, toUs }) => fromUs <= toUs) ? `${began} is still to come` : `nothing to look at: ${ended} came before ${began}`;
	}

	/** Whether nothing after `endUs` can count any more. */
	isOver(endUs: number): boolean {
		return this.#from === null && this.#intervals.every(({ toUs }) => toUs < endUs);
	}
}
