/** Requests as their spans tell them: which there were, and the pieces of one. Bounded. */
import type { CallReply } from "../../../shared/contract/calls.ts";
import type { Of } from "../../../shared/contract/schema.ts";
import type { spanView, traceSummary } from "../../../shared/contract/views.ts";
import { bodyOf, offsetOf, readUs } from "../../../shared/event-record.ts";
import { spanStatuses } from "../../../shared/event-schema.ts";
import { decodeOrNull } from "../../../shared/projection/preview.ts";
import type { StoredEvent } from "../../store/reader.ts";
import { atUsOf, idOf, kindOf, nodeOf, type OpenLog } from "./place.ts";

type Span = Of<typeof spanView>;
type Trace = Of<typeof traceSummary>;

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
const scanEventsMax = 1_000_000;
const spansMax = 2_000;
const word = ({ words, start }: StoredEvent, offset: number): number => words[start + offset] as number;
const keyOf = (node: number, sequence: number): string => `${node}:${sequence}`;
const statusOf = (event: StoredEvent): Span["status"] => spanStatuses[word(event, finished.status)] ?? "error";

/** Traces whose first span began within the range. */
export function tracesWithin(log: OpenLog, range: { readonly fromUs: number; readonly toUs: number; readonly limit: number }): CallReply<"log.traces"> {
	const traces = new Map<string, Trace>();
	const roots = new Map<string, string>();
	let truncated = false;
	let scanned = 0;
	for (const event of log.session.events({ branch: log.branch, fromUs: range.fromUs, toIndex: log.eventCount - 1 })) {
		if (++scanned > scanEventsMax) break;
		const kind = kindOf(event);
		if (kind === idOf.spanStarted) {
			const key = keyOf(word(event, started.traceNode), word(event, started.traceSequence));
			const known = traces.get(key);
			if (known !== undefined) traces.set(key, { ...known, spans: known.spans + 1 });
			else if (atUsOf(event) <= range.toUs && word(event, started.parentSequence) === 0) {
				if (traces.size >= range.limit) truncated = true;
				else {
					roots.set(keyOf(nodeOf(event), word(event, started.sequence)), key);
					traces.set(key, {
						traceNode: word(event, started.traceNode),
						traceSequence: word(event, started.traceSequence),
						name: word(event, started.name),
						startedUs: atUsOf(event),
						finishedUs: -1,
						status: "open",
						spans: 1,
					});
				}
			}
		} else if (kind === idOf.spanFinished) {
			const root = keyOf(nodeOf(event), word(event, finished.sequence));
			const key = roots.get(root);
			const trace = key === undefined ? undefined : traces.get(key);
			if (key !== undefined && trace !== undefined) traces.set(key, { ...trace, finishedUs: atUsOf(event), status: statusOf(event) });
			roots.delete(root);
		}
		if (atUsOf(event) > range.toUs && roots.size === 0) break;
	}
	return { traces: [...traces.values()], truncated };
}

/** Every span of one trace, parents before children as far as the log has them. */
export function spansOf(log: OpenLog, { traceNode, traceSequence }: { readonly traceNode: number; readonly traceSequence: number }): CallReply<"log.spans"> {
	const spans = new Map<string, Span>();
	let open = 0;
	let scannedSince = 0;
	let truncated = false;
	for (const event of log.session.events({ branch: log.branch, toIndex: log.eventCount - 1 })) {
		const kind = kindOf(event);
		if (kind === idOf.spanStarted && word(event, started.traceNode) === traceNode && word(event, started.traceSequence) === traceSequence) {
			if (spans.size >= spansMax) {
				truncated = true;
				break;
			}
			spans.set(keyOf(nodeOf(event), word(event, started.sequence)), begun(event));
			open++;
			scannedSince = 0;
		} else if (kind === idOf.spanFinished && open > 0) {
			const key = keyOf(nodeOf(event), word(event, finished.sequence));
			const span = spans.get(key);
			if (span === undefined) continue;
			spans.set(key, {
				...span,
				startedUs: readUs(event.words, event.start + finished.startedUs),
				finishedUs: atUsOf(event),
				finishIndex: event.index,
				status: statusOf(event),
				attributes: decodeOrNull(bodyOf(event.words, event.start)),
			});
			open--;
			scannedSince = 0;
		}
		// A trace whose spans have all ended may go on in a message that is still under way.
		if (spans.size > 0 && ++scannedSince > scanEventsMax / 4) break;
	}
	return { spans: [...spans.values()], truncated };
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
