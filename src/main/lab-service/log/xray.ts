/**
 * Who really served a request: every machine that had a hand in it, with what it received, sent, computed
 * and wrote for it. The log ties messages and spans to a request; what a program did beside them in the same
 * step of the same machine was done for it as well. Bounded.
 */
import type { CallReply, CallRequest } from "../../../shared/contract/calls.ts";
import { offsetOf, readUs } from "../../../shared/event-record.ts";
import type { StoredEvent } from "../../store/reader.ts";
import { atUsOf, idOf, kindOf, nodeOf } from "./place.ts";
import { type Sliced, walk } from "./walk.ts";

type Xray = CallReply<"log.xray">;
type Machine = Xray["machines"][number];
type Counts = Omit<{ -readonly [Field in keyof Machine]: Machine[Field] }, "node" | "firstUs" | "lastUs">;

const sent = {
	sequence: offsetOf("messageSent", "sequence"),
	to: offsetOf("messageSent", "to"),
	traceNode: offsetOf("messageSent", "traceNode"),
	traceSequence: offsetOf("messageSent", "traceSequence"),
};
const delivered = { from: offsetOf("messageDelivered", "from"), sequence: offsetOf("messageDelivered", "sequence") };
const spanStarted = {
	sequence: offsetOf("spanStarted", "spanSequence"),
	traceNode: offsetOf("spanStarted", "traceNode"),
	traceSequence: offsetOf("spanStarted", "traceSequence"),
};
const spanFinished = offsetOf("spanFinished", "spanSequence");
const computeStarted = offsetOf("computeFinished", "startedUs");
const scanEventsMax = 400_000;
/** A request may have effects after its answer: so many events are looked at beyond it. */
const afterEventsMax = 20_000;
const messagesMax = 100_000;

const word = ({ words, start }: StoredEvent, offset: number): number => words[start + offset] as number;
const none = (): Counts => ({ received: 0, sent: 0, computeUs: 0, diskWrites: 0, diskSyncs: 0, diskReads: 0 });
/** With these a step of a machine begins: its program is called. */
const stepStarts: ReadonlySet<number> = new Set([idOf.messageDelivered, idOf.timerFired, idOf.computeFinished, idOf.diskSynced, idOf.diskRead]);

/** What a machine has done since its program was last called, and whether that was for the request. */
class Step {
	counts = none();
	isOurs = false;
	atUs = 0;
}

class XrayScan {
	readonly #request: { readonly traceNode: number; readonly traceSequence: number };
	/** The request's messages on their way, by sender and number. */
	readonly #messages = new Set<string>();
	readonly #spans = new Set<string>();
	readonly #steps = new Map<number, Step>();
	readonly #machines = new Map<number, Counts & { firstUs: number; lastUs: number }>();
	readonly #hops = new Map<string, { from: number; to: number; messages: number }>();
	isOver = false;

	constructor(request: { readonly traceNode: number; readonly traceSequence: number }) {
		this.#request = request;
	}

	take(event: StoredEvent): void {
		const node = nodeOf(event);
		const kind = kindOf(event);
		if (node < 0) return;
		let step = this.#steps.get(node);
		if (step === undefined || stepStarts.has(kind)) {
			if (step !== undefined) this.#end(node, step);
			step = new Step();
			this.#steps.set(node, step);
		}
		step.atUs = atUsOf(event);
		this.#note(event, kind, node, step);
	}

	result(truncated: boolean): Xray {
		for (const [node, step] of this.#steps) this.#end(node, step);
		const machines = [...this.#machines].map(([node, counts]) => ({ node, ...counts })).sort((a, b) => a.firstUs - b.firstUs || a.node - b.node);
		return { machines, hops: [...this.#hops.values()].slice(0, 2_000), truncated };
	}

	#note(event: StoredEvent, kind: number, node: number, step: Step): void {
		const { counts } = step;
		switch (kind) {
			case idOf.messageSent:
				if (!this.#isOurs(event, sent.traceNode, sent.traceSequence) || this.#messages.size >= messagesMax) return;
				step.isOurs = true;
				counts.sent++;
				this.#messages.add(`${node} ${word(event, sent.sequence)}`);
				this.#hop(node, word(event, sent.to));
				return;
			case idOf.messageDelivered:
				if (!this.#messages.has(`${word(event, delivered.from)} ${word(event, delivered.sequence)}`)) return;
				step.isOurs = true;
				counts.received++;
				return;
			case idOf.spanStarted:
				if (!this.#isOurs(event, spanStarted.traceNode, spanStarted.traceSequence)) return;
				step.isOurs = true;
				this.#spans.add(`${node} ${word(event, spanStarted.sequence)}`);
				return;
			case idOf.spanFinished: {
				const sequence = word(event, spanFinished);
				if (!this.#spans.delete(`${node} ${sequence}`)) return;
				step.isOurs = true;
				if (node === this.#request.traceNode && sequence === this.#request.traceSequence) this.isOver = true;
				return;
			}
			case idOf.computeFinished:
				counts.computeUs += atUsOf(event) - readUs(event.words, event.start + computeStarted);
				return;
			case idOf.diskWritten:
				counts.diskWrites++;
				return;
			case idOf.diskSynced:
				counts.diskSyncs++;
				return;
			case idOf.diskRead:
				counts.diskReads++;
				return;
		}
	}

	#isOurs(event: StoredEvent, nodeOffset: number, sequenceOffset: number): boolean {
		return word(event, nodeOffset) === this.#request.traceNode && word(event, sequenceOffset) === this.#request.traceSequence;
	}

	#hop(from: number, to: number): void {
		const key = `${from} ${to}`;
		const hop = this.#hops.get(key);
		if (hop === undefined) this.#hops.set(key, { from, to, messages: 1 });
		else hop.messages++;
	}

	#end(node: number, { isOurs, counts, atUs }: Step): void {
		if (!isOurs) return;
		const machine = this.#machines.get(node) ?? { ...none(), firstUs: atUs, lastUs: atUs };
		for (const field of Object.keys(counts) as (keyof Counts)[]) machine[field] += counts[field];
		machine.lastUs = atUs;
		this.#machines.set(node, machine);
	}
}

/** @param request `fromUs`: when the request began, or earlier */
export async function xrayOf(sliced: Sliced, request: Omit<CallRequest<"log.xray">, "run">): Promise<Xray> {
	const scan = new XrayScan(request);
	let scanned = 0;
	let after = 0;
	await walk(sliced, { fromUs: request.fromUs }, (event) => {
		if (++scanned > scanEventsMax || atUsOf(event) > request.toUs || (scan.isOver && ++after > afterEventsMax)) return true;
		scan.take(event);
		return false;
	});
	return scan.result(scanned > scanEventsMax);
}
