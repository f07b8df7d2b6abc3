/** Requests as their spans tell them: which there were, and the pieces of one. Bounded. */
import type { CallReply, CallRequest } from "../../../shared/contract/calls.ts";
import type { Of } from "../../../shared/contract/schema.ts";
import type { arrowView, spanView, traceSummary } from "../../../shared/contract/views.ts";
import { bodyOf, offsetOf, readUs } from "../../../shared/event-record.ts";
import { dropReasons, spanStatuses } from "../../../shared/event-schema.ts";
import { decodeOrNull } from "../../../shared/projection/preview.ts";
import type { StoredEvent } from "../../store/reader.ts";
import { atUsOf, idOf, kindOf, nodeOf } from "./place.ts";

type Span = Of<typeof spanView>;
type Trace = Of<typeof traceSummary>;
type Arrow = Of<typeof arrowView>;

const started = {
	sequence: offsetOf("spanStarted", "spanSequence"),
	name: offsetOf("spanStarted", "name"),
	traceNode: offsetOf("spanStarted", "traceNode"),
	traceSequence: offsetOf("spanStarted", "traceSequence"),
	parentNode: offsetOf("spanStarted", "parentNode"),
	parentSequence: offsetOf("spanStarted", "parentSequence"),
};
const finished = {
	sequence: offsetOf("spanFinished", "spanSequence"),
	status: offsetOf("spanFinished", "status"),
	startedUs: offsetOf("spanFinished", "startedUs"),
};
const sent = {
	sequence: offsetOf("messageSent", "sequence"),
	to: offsetOf("messageSent", "to"),
	name: offsetOf("messageSent", "name"),
	inReplyTo: offsetOf("messageSent", "inReplyTo"),
	traceNode: offsetOf("messageSent", "traceNode"),
	traceSequence: offsetOf("messageSent", "traceSequence"),
};
const delivered = { from: offsetOf("messageDelivered", "from"), sequence: offsetOf("messageDelivered", "sequence") };
const dropped = { sequence: offsetOf("messageDropped", "sequence"), reason: offsetOf("messageDropped", "reason") };
const scanEventsMax = 1_000_000;
const spansMax = 2_000;
const messagesMax = 2_000;
/** Requests that are told apart in one range. */
const tracesMax = 20_000;
const word = ({ words, start }: StoredEvent, offset: number): number => words[start + offset] as number;
const keyOf = (node: number, sequence: number): string => `${node}:${sequence}`;
const statusOf = (event: StoredEvent): Span["status"] => spanStatuses[word(event, finished.status)] ?? "error";

type TraceOrder = CallRequest<"log.traces">["order"];
type TraceWish = Pick<CallRequest<"log.traces">, "fromUs" | "toUs" | "order" | "limit">;

const byStart = (a: Trace, b: Trace): number => b.startedUs - a.startedUs || b.traceNode - a.traceNode || b.traceSequence - a.traceSequence;
/** One that has not finished takes longer than any that has. */
const tookUs = ({ startedUs, finishedUs }: Trace): number => (finishedUs < 0 ? Number.MAX_SAFE_INTEGER - startedUs : finishedUs - startedUs);
const byOrder: { readonly [order in TraceOrder]: (a: Trace, b: Trace) => number } = {
	latest: byStart,
	failed: byStart,
	slowest: (a, b) => tookUs(b) - tookUs(a) || byStart(a, b),
};

/** Traces whose first span began within the range: to be given the events from its beginning on. */
export class TraceFold {
	readonly #wish: TraceWish;
	readonly #traces = new Map<string, Trace>();
	/** Traces whose first span is open, by that span. */
	readonly #roots = new Map<string, string>();
	#truncated = false;
	#scanned = 0;

	constructor(wish: TraceWish) {
		this.#wish = wish;
	}

	/** @returns whether nothing more can come of it */
	take(event: StoredEvent): boolean {
		if (++this.#scanned > scanEventsMax) return true;
		const kind = kindOf(event);
		if (kind === idOf.spanStarted) this.#start(event);
		else if (kind === idOf.spanFinished) this.#finish(event);
		return atUsOf(event) > this.#wish.toUs && this.#roots.size === 0;
	}

	answer(): CallReply<"log.traces"> {
		const { order, limit } = this.#wish;
		const wanted = [...this.#traces.values()].filter(({ status }) => order !== "failed" || status === "error");
		return { traces: wanted.sort(byOrder[order]).slice(0, limit), count: wanted.length, truncated: this.#truncated };
	}

	#start(event: StoredEvent): void {
		const [traceNode, traceSequence] = [word(event, started.traceNode), word(event, started.traceSequence)];
		const key = keyOf(traceNode, traceSequence);
		const known = this.#traces.get(key);
		if (known !== undefined) {
			this.#traces.set(key, { ...known, spans: known.spans + 1 });
			return;
		}
		if (atUsOf(event) > this.#wish.toUs || word(event, started.parentSequence) !== 0) return;
		if (this.#traces.size >= tracesMax) {
			this.#truncated = true;
			return;
		}
		this.#roots.set(keyOf(nodeOf(event), word(event, started.sequence)), key);
		const name = word(event, started.name);
		this.#traces.set(key, { traceNode, traceSequence, name, startedUs: atUsOf(event), finishedUs: -1, status: "open", spans: 1 });
	}

	#finish(event: StoredEvent): void {
		const root = keyOf(nodeOf(event), word(event, finished.sequence));
		const key = this.#roots.get(root);
		const trace = key === undefined ? undefined : this.#traces.get(key);
		if (key !== undefined && trace !== undefined) this.#traces.set(key, { ...trace, finishedUs: atUsOf(event), status: statusOf(event) });
		this.#roots.delete(root);
	}
}

/** Every span of one trace, parents before children as far as the log has them, and its messages: to be given the events from the first on. */
export class SpanFold {
	readonly #trace: { readonly traceNode: number; readonly traceSequence: number };
	readonly #spans = new Map<string, Span>();
	readonly #messages = new Map<string, Arrow>();
	#open = 0;
	#scannedSince = 0;
	#truncated = false;

	constructor(trace: { readonly traceNode: number; readonly traceSequence: number }) {
		this.#trace = trace;
	}

	/** @returns whether nothing more is looked for */
	take(event: StoredEvent): boolean {
		const kind = kindOf(event);
		if (kind === idOf.messageSent) this.#send(event);
		else if (kind === idOf.messageDelivered) this.#arrive(event, `${word(event, delivered.from)}:${word(event, delivered.sequence)}`, "delivered");
		else if (kind === idOf.messageDropped) this.#arrive(event, `${nodeOf(event)}:${word(event, dropped.sequence)}`, "lost");
		else if (kind === idOf.spanStarted && this.#isOurs(event)) {
			if (this.#spans.size >= spansMax) {
				this.#truncated = true;
				return true;
			}
			this.#spans.set(keyOf(nodeOf(event), word(event, started.sequence)), begun(event));
			this.#open++;
			this.#scannedSince = 0;
		} else if (kind === idOf.spanFinished && this.#open > 0) this.#finish(event);
		// A trace whose spans have all ended may go on in a message that is still under way.
		return this.#spans.size > 0 && ++this.#scannedSince > scanEventsMax / 4;
	}

	answer(): CallReply<"log.spans"> {
		return { spans: [...this.#spans.values()], messages: [...this.#messages.values()], truncated: this.#truncated };
	}

	#isOurs(event: StoredEvent): boolean {
		return word(event, started.traceNode) === this.#trace.traceNode && word(event, started.traceSequence) === this.#trace.traceSequence;
	}

	#send(event: StoredEvent): void {
		if (word(event, sent.traceNode) !== this.#trace.traceNode || word(event, sent.traceSequence) !== this.#trace.traceSequence) return;
		if (this.#messages.size >= messagesMax) {
			this.#truncated = true;
			return;
		}
		const sequence = word(event, sent.sequence);
		this.#messages.set(keyOf(nodeOf(event), sequence), {
			from: nodeOf(event),
			to: word(event, sent.to),
			sequence,
			copy: 0,
			name: word(event, sent.name),
			isReply: word(event, sent.inReplyTo) !== 0,
			sentIndex: event.index,
			sentUs: atUsOf(event),
			endIndex: -1,
			endUs: -1,
			fate: "underWay",
			reason: null,
		});
		this.#scannedSince = 0;
	}

	/** Of several copies the first that arrives counts; a message is lost when none has. */
	#arrive(event: StoredEvent, key: string, fate: "delivered" | "lost"): void {
		const message = this.#messages.get(key);
		if (message === undefined || message.fate === "delivered" || message.fate === fate) return;
		const reason = fate === "lost" ? (dropReasons[word(event, dropped.reason)] ?? null) : null;
		this.#messages.set(key, { ...message, endIndex: event.index, endUs: atUsOf(event), fate, reason });
		this.#scannedSince = 0;
	}

	#finish(event: StoredEvent): void {
		const key = keyOf(nodeOf(event), word(event, finished.sequence));
		const span = this.#spans.get(key);
		if (span === undefined) return;
		this.#spans.set(key, {
			...span,
			startedUs: readUs(event.words, event.start + finished.startedUs),
			finishedUs: atUsOf(event),
			finishIndex: event.index,
			status: statusOf(event),
			attributes: decodeOrNull(bodyOf(event.words, event.start)),
		});
		this.#open--;
		this.#scannedSince = 0;
	}
}

function begun(event: StoredEvent): Span {
	return {
		node: nodeOf(event),
		sequence: word(event, started.sequence),
		parentNode: word(event, started.parentNode),
		parentSequence: word(event, started.parentSequence),
		name: word(event, started.name),
		startedUs: atUsOf(event),
		finishedUs: -1,
		status: "open",
		startIndex: event.index,
		finishIndex: -1,
		attributes: null,
	};
}
