/**
 * Trace Event JSON, for Perfetto and chrome://tracing. Each node is a process; its spans and its CPU
 * work are complete events on lanes of their own, messages are small slices with arrows between them, and
 * every other event is an instant, so that nothing of the log is left out. Times are virtual.
 *
 * An arrow is told by the two slices that it joins (`bind_id`), not by events of its own (phases s and f):
 * those hang on the slice of the thread that began last, which for messages of one instant is another's.
 *
 * @source Trace Event Format (Chromium project); Perfetto's importer, which reads ids of arrows as hexadecimal
 */
import type { Plan } from "../../shared/plan.ts";
import { eventText } from "../../shared/projection/event-text.ts";
import { Names } from "../../shared/projection/named-fields.ts";
import { heldIn } from "./held.ts";
import { Lanes } from "./lanes.ts";
import { type ExportFilter, type ExportSource, type IndexedEvent, wantedEvents } from "./source.ts";

/** Of what says something about a process or a thread, and is nothing that happened; readers want a category and an instant of everything. */
const about = { ph: "M", cat: "__metadata", ts: 0 } as const;
/** Threads of a process: one for events, then lanes of CPU work, then lanes of spans. */
const eventsThread = 1;
const computeThreads = 100;
const spanThreads = 10_000;
/** Slices that arrows hang on must have a width. */
const messageDurationUs = 1;

interface OpenSpan {
	readonly lane: number;
	readonly name: string;
	readonly startedUs: number;
}

/** What is going on at one node. */
class NodeTrack {
	readonly compute = new Lanes();
	readonly spans = new Lanes();
	readonly open = new Map<number, OpenSpan>();
}

type Properties = { readonly [property: string]: unknown };

class TraceWriter {
	readonly #plan: Plan;
	readonly #names: Names;
	readonly #tracks = new Map<number, NodeTrack>();
	readonly #threads = new Set<number>();
	readonly #processes = new Set<number>();
	/** Messages whose arrow has begun. */
	readonly #arrows = new Set<string>();
	#lines: string[] = [];
	#lastUs = 0;

	constructor(plan: Plan) {
		this.#plan = plan;
		this.#names = new Names(plan);
	}

	/** @returns the trace events that an event of the log makes, as JSON */
	take(event: IndexedEvent): readonly string[] {
		this.#lines = [];
		this.#lastUs = event.atUs;
		this.#write(event);
		return this.#lines;
	}

	/** What is still going on when the log ends. */
	end(): readonly string[] {
		this.#lines = [];
		for (const node of this.#tracks.keys()) this.#breakOff(node, this.#lastUs);
		return this.#lines;
	}

	#write(event: IndexedEvent): void {
		const { kind, node, atUs } = event;
		const number = (field: string): number => Number(event.fields[field] ?? 0);
		switch (kind) {
			case "messageSent":
				this.#message("out", event, arrowId(node, number("sequence"), 0), this.#process(node));
				return;
			case "messageDuplicated":
				this.#message("out", event, arrowId(node, number("sequence"), number("copy")), this.#process(-1));
				return;
			case "messageDelivered":
				this.#message("in", event, arrowId(number("from"), number("sequence"), number("copy")), this.#process(node));
				return;
			case "messageDropped":
				this.#message("in", event, arrowId(node, number("sequence"), number("copy")), this.#process(-1));
				return;
			case "computeFinished": {
				const lane = this.#track(node).compute.place(number("startedUs"), atUs);
				const waitedUs = number("startedUs") - number("askedUs");
				this.#slice(node, computeThreads + lane, `cpu ${lane + 1}`, "compute", number("startedUs"), atUs, { waitedUs });
				return;
			}
			case "spanStarted": {
				const track = this.#track(node);
				track.open.set(number("spanSequence"), { lane: track.spans.enter(atUs), name: this.#text("name", event), startedUs: atUs });
				return;
			}
			case "spanFinished":
				this.#finishSpan(event, number("spanSequence"), number("startedUs"));
				return;
			case "measured": {
				const name = this.#text("name", event);
				this.#push({ ph: "C", name, cat: "measured", pid: this.#process(node), tid: eventsThread, ts: atUs, args: { [name]: number("value") } });
				return;
			}
			case "nodeCrashed":
				this.#breakOff(node, atUs);
				this.#instant(event);
				return;
			default:
				this.#instant(event);
		}
	}

	#finishSpan(event: IndexedEvent, sequence: number, startedUs: number): void {
		const { node, atUs, fields } = event;
		const { open, spans } = this.#track(node);
		const span = open.get(sequence);
		// Its beginning may lie before what is exported.
		const lane = span?.lane ?? spans.place(startedUs, atUs);
		open.delete(sequence);
		spans.leave(lane, atUs);
		const args = { status: fields.status, text: eventText(event, this.#plan) };
		this.#slice(node, spanThreads + lane, `spans ${lane + 1}`, this.#text("name", event), span?.startedUs ?? startedUs, atUs, args);
	}

	/** A crash, or the end of the log, leaves spans without an end of their own. */
	#breakOff(node: number, atUs: number): void {
		const { open, spans } = this.#track(node);
		for (const { lane, name, startedUs } of open.values()) {
			spans.leave(lane, atUs);
			this.#slice(node, spanThreads + lane, `spans ${lane + 1}`, name, startedUs, atUs, { unfinished: true });
		}
		open.clear();
	}

	#message(way: "out" | "in", event: IndexedEvent, id: string, pid: number): void {
		const { atUs, kind } = event;
		const args = { ...this.#names.fields(event), text: eventText(event, this.#plan) };
		const name = kind === "messageDropped" ? `lost: ${String(event.fields.reason)}` : this.#text("name", event) || kind;
		this.#thread(pid, eventsThread, "events");
		this.#push({ ph: "X", name, cat: kind, pid, tid: eventsThread, ts: atUs, dur: messageDurationUs, ...this.#arrow(way, id), args });
	}

	/** An end whose beginning lies before what is exported gets no arrow, nor does a second beginning in a file that lies. */
	#arrow(way: "out" | "in", id: string): Properties {
		if (way === "in") return this.#arrows.delete(id) ? { bind_id: id, flow_in: true } : {};
		if (this.#arrows.has(id)) return {};
		this.#arrows.add(id);
		return { bind_id: id, flow_out: true };
	}

	#instant(event: IndexedEvent): void {
		const pid = this.#process(event.node);
		this.#thread(pid, eventsThread, "events");
		const scope = event.node < 0 ? "g" : "t";
		const args = { ...this.#names.fields(event), text: eventText(event, this.#plan) };
		this.#push({ ph: "i", s: scope, name: event.kind, cat: event.kind, pid, tid: eventsThread, ts: event.atUs, args });
	}

	#slice(node: number, tid: number, thread: string, name: string, startUs: number, endUs: number, args: Properties): void {
		const pid = this.#process(node);
		this.#thread(pid, tid, thread);
		this.#push({ ph: "X", name, cat: tid < spanThreads ? "compute" : "span", pid, tid, ts: startUs, dur: Math.max(0, endUs - startUs), args });
	}

	/** Process 1 is the network; a node's is its index and two. Viewers take process 0 for the system's own. */
	#process(node: number): number {
		const pid = node >= 0 ? node + 2 : 1;
		if (this.#processes.has(pid)) return pid;
		this.#processes.add(pid);
		this.#push({ ...about, name: "process_name", pid, args: { name: node >= 0 ? (this.#names.node(node) ?? `#${node}`) : "network" } });
		this.#push({ ...about, name: "process_sort_index", pid, args: { sort_index: pid } });
		return pid;
	}

	#thread(pid: number, tid: number, name: string): void {
		const key = pid * 1_000_000 + tid;
		if (this.#threads.has(key)) return;
		this.#threads.add(key);
		this.#push({ ...about, name: "thread_name", pid, tid, args: { name } });
		this.#push({ ...about, name: "thread_sort_index", pid, tid, args: { sort_index: tid } });
	}

	#track(node: number): NodeTrack {
		const known = this.#tracks.get(node);
		if (known !== undefined) return known;
		const track = new NodeTrack();
		this.#tracks.set(node, track);
		return track;
	}

	#text(field: string, event: IndexedEvent): string {
		return String(this.#names.fields(event)[field] ?? "");
	}

	#push(properties: Properties): void {
		this.#lines.push(JSON.stringify(properties));
	}
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");

/** 64 bits: who sent it, which copy, and its number. */
function arrowId(from: number, sequence: number, copy: number): string {
	return `0x${hex((from + 1) & 0xffff, 4)}${hex(copy & 0xffff, 4)}${hex(sequence >>> 0, 8)}`;
}

export function* traceText(source: ExportSource, filter: ExportFilter): Generator<string> {
	const writer = new TraceWriter(source.plan);
	yield `{"displayTimeUnit":"ms","otherData":${JSON.stringify(heldIn(source, filter, "trace"))},"traceEvents":[`;
	let separator = "\n";
	const list = (lines: readonly string[]): string => {
		let text = "";
		for (const line of lines) {
			text += separator + line;
			separator = ",\n";
		}
		return text;
	};
	for (const event of wantedEvents(source, filter)) yield event === null ? "" : list(writer.take(event));
	yield list(writer.end());
	yield "\n]}\n";
}
