/**
 * Picks the events that people want to read as they happen (faults, repairs, what programs say) and
 * turns them into lines. Bounded: between two takes it keeps so many and counts the rest. Runs on the
 * cluster thread.
 */
import type { EventObserver } from "../../core/log-sink.ts";
import { type DecodedEvent, decodeRecord, readUs, recordAtWord } from "../../shared/event-record.ts";
import { type EventKind, eventKinds, eventSchema } from "../../shared/event-schema.ts";
import type { Plan } from "../../shared/plan.ts";
import { eventText } from "../../shared/projection/event-text.ts";
import { decodeOrNull } from "../../shared/projection/preview.ts";
import type { EventLine } from "./run-task.ts";

const linesMax = 200;

const repairs: ReadonlySet<EventKind> = new Set<EventKind>(["nodeBooted", "nodeRestarting", "nodeResumed", "linkHealed", "networkHealed", "asked", "answered"]);
const kinds = eventKinds.filter((kind) => eventSchema[kind].class === "control" || kind === "logLine" || kind === "diskFailed" || kind === "answered");

/** Commands whose effect has no event of its own. */
function isSilent(line: unknown): boolean {
	return typeof line === "string" && /^(drop|delay) /.test(line);
}

/** @returns undefined for what is told by another event, or is not worth a line */
function toneOf(event: DecodedEvent): EventLine["tone"] | undefined {
	switch (event.kind) {
		case "commandApplied":
			return isSilent(decodeOrNull(event.body)) ? "note" : undefined;
		case "commandRefused":
		case "diskFailed":
		case "diskLost":
			return "warning";
		case "nodeBooted":
			return event.fields.incarnation === 1 ? undefined : "note";
		case "nodeCrashed":
			return event.fields.reason === "command" ? "fault" : "warning";
		case "logLine":
			if (event.fields.level === "debug") return undefined;
			return event.fields.level === "info" ? "note" : "warning";
		default:
			return repairs.has(event.kind) ? "note" : "fault";
	}
}

export class EventLines implements EventObserver {
	readonly kindIds: ReadonlySet<number> = new Set(kinds.map((kind) => eventSchema[kind].id));
	readonly #plan: Plan;
	readonly #from: { readonly index: number; readonly atUs: number };
	#lines: EventLine[] = [];
	#omitted = 0;

	/** @param from events before it, or before its instant, were told already or are no news */
	constructor(plan: Plan, from: { readonly index: number; readonly atUs: number }) {
		this.#plan = plan;
		this.#from = from;
	}

	onEvent(words: Int32Array, start: number, index: number): void {
		if (index < this.#from.index || readUs(words, start + recordAtWord) < this.#from.atUs) return;
		const event = decodeRecord(words, start);
		if (typeof event === "string") return;
		const tone = toneOf(event);
		if (tone === undefined) return;
		if (this.#lines.length >= linesMax) this.#omitted++;
		else this.#lines.push({ index, atUs: event.atUs, tone, text: eventText(event, this.#plan) });
	}

	get isEmpty(): boolean {
		return this.#lines.length === 0;
	}

	/** What came since the last take. */
	take(): { readonly lines: readonly EventLine[]; readonly omitted: number } {
		const taken = { lines: this.#lines, omitted: this.#omitted };
		this.#lines = [];
		this.#omitted = 0;
		return taken;
	}
}
