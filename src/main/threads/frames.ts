/**
 * What is said over a node's two rings, word by word. The kernel says deliver, control, boot, run and
 * inspect; the node says records, result and inspection. What is said often is laid out by hand, what
 * is rare travels in the codec.
 */
import type { BootInput, Delivery, NodeControl, NodeFailure, NodeInspection, NodeSequences, WindowResult } from "../../core/executor.ts";
import { copyWords } from "../../core/ring.ts";
import type { RingReceiver, RingSender } from "../../core/ring-channel.ts";
import { type ByteArena, type ByteRange, copyBytes, lengthOf } from "../../shared/byte-range.ts";
import { decodeRange, encode, type PlainValue } from "../../shared/codec.ts";
import { assert } from "../../shared/errors.ts";
import { type RecordBuffer, readUs, writeUs } from "../../shared/event-record.ts";

/** The first word of every message. */
export const says = { deliver: 1, control: 2, boot: 3, run: 4, inspect: 5, records: 6, result: 7, inspection: 8 } as const;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

// --- bodies

const bodyOffset = { length: 1, words: 2 } as const;

function sayBytes(sender: RingSender, kind: number, bytes: Uint8Array): void {
	const start = sender.open(bodyOffset.words + ((bytes.length + 3) >>> 2));
	sender.words[start] = kind;
	sender.words[start + bodyOffset.length] = bytes.length;
	sender.bytes.set(bytes, (start + bodyOffset.words) * 4);
	sender.close();
}

/** What the other side's `encode` made: nobody else writes to a ring, so nothing in it is checked again. */
function readValue({ bytes, words, start }: RingReceiver): PlainValue {
	const from = (start + bodyOffset.words) * 4;
	return decodeRange({ bytes, start: from, end: from + (words[start + bodyOffset.length] as number) });
}

export function sayControl(sender: RingSender, control: NodeControl): void {
	sayBytes(sender, says.control, encode({ ...control }));
}

export function readControl(receiver: RingReceiver): NodeControl {
	return readValue(receiver) as unknown as NodeControl;
}

export function sayBoot(sender: RingSender, boot: BootInput): void {
	sayBytes(sender, says.boot, encode(boot as unknown as PlainValue));
}

export function readBoot(receiver: RingReceiver): BootInput {
	return readValue(receiver) as unknown as BootInput;
}

/** What a node holds, or what one of its services threw. */
export type InspectionAnswer = NodeInspection | { readonly thrown: string };

export function sayInspection(sender: RingSender, answer: InspectionAnswer): void {
	sayBytes(sender, says.inspection, encode(answer as unknown as PlainValue));
}

export function readInspection(receiver: RingReceiver): InspectionAnswer {
	return readValue(receiver) as unknown as InspectionAnswer;
}

// --- deliveries

const deliverAt = {
	from: 1,
	sequence: 2,
	copy: 3,
	name: 4,
	expectsReply: 5,
	inReplyTo: 6,
	lamport: 7,
	traceNode: 8,
	traceSequence: 9,
	spanNode: 10,
	spanSequence: 11,
	atUs: 12,
	sentUs: 14,
	tie: 16,
	bodyBytes: 18,
	body: 19,
} as const;

export function sayDeliver(sender: RingSender, delivery: Delivery): void {
	const { body } = delivery;
	const bodyBytes = lengthOf(body);
	const start = sender.open(deliverAt.body + ((bodyBytes + 3) >>> 2));
	const { words, bytes } = sender;
	words[start] = says.deliver;
	words[start + deliverAt.from] = delivery.from;
	words[start + deliverAt.sequence] = delivery.sequence;
	words[start + deliverAt.copy] = delivery.copy;
	words[start + deliverAt.name] = delivery.name;
	words[start + deliverAt.expectsReply] = delivery.expectsReply ? 1 : 0;
	words[start + deliverAt.inReplyTo] = delivery.inReplyTo;
	words[start + deliverAt.lamport] = delivery.lamport;
	words[start + deliverAt.traceNode] = delivery.traceNode;
	words[start + deliverAt.traceSequence] = delivery.traceSequence;
	words[start + deliverAt.spanNode] = delivery.spanNode;
	words[start + deliverAt.spanSequence] = delivery.spanSequence;
	writeUs(words, start + deliverAt.atUs, delivery.atUs);
	writeUs(words, start + deliverAt.sentUs, delivery.sentUs);
	writeUs(words, start + deliverAt.tie, delivery.tie);
	words[start + deliverAt.bodyBytes] = bodyBytes;
	copyBytes(body.bytes, body.start, body.end, bytes, (start + deliverAt.body) * 4);
	sender.close();
}

/** @param bodies where the message is copied to: the ring is written on */
export function readDeliver({ words, bytes, start }: RingReceiver, bodies: ByteArena): Delivery {
	const bodyFrom = (start + deliverAt.body) * 4;
	return {
		atUs: readUs(words, start + deliverAt.atUs),
		tie: readUs(words, start + deliverAt.tie),
		from: words[start + deliverAt.from] as number,
		sequence: words[start + deliverAt.sequence] as number,
		copy: words[start + deliverAt.copy] as number,
		name: words[start + deliverAt.name] as number,
		expectsReply: words[start + deliverAt.expectsReply] === 1,
		inReplyTo: words[start + deliverAt.inReplyTo] as number,
		sentUs: readUs(words, start + deliverAt.sentUs),
		lamport: words[start + deliverAt.lamport] as number,
		traceNode: words[start + deliverAt.traceNode] as number,
		traceSequence: words[start + deliverAt.traceSequence] as number,
		spanNode: words[start + deliverAt.spanNode] as number,
		spanSequence: words[start + deliverAt.spanSequence] as number,
		body: bodies.keep(bytes, bodyFrom, bodyFrom + (words[start + deliverAt.bodyBytes] as number)),
	};
}

// --- requests

const runAt = { endUs: 1, handlersMax: 3, length: 4 } as const;
/** Stands for "as many as there are". */
const unlimited = -1;

export function sayRun(sender: RingSender, endUs: number, handlersMax: number): void {
	const start = sender.open(runAt.length);
	sender.words[start] = says.run;
	writeUs(sender.words, start + runAt.endUs, endUs);
	sender.words[start + runAt.handlersMax] = handlersMax > 0x7fffffff ? unlimited : handlersMax;
	sender.close();
}

export function readRun({ words, start }: RingReceiver): { readonly endUs: number; readonly handlersMax: number } {
	const handlersMax = words[start + runAt.handlersMax] as number;
	return { endUs: readUs(words, start + runAt.endUs), handlersMax: handlersMax === unlimited ? Number.POSITIVE_INFINITY : handlersMax };
}

export function sayInspect(sender: RingSender): void {
	sender.words[sender.open(1)] = says.inspect;
	sender.close();
}

// --- records

const recordsAt = { step: 1, records: 2 } as const;

/** The records of one handler. */
export function sayRecords(sender: RingSender, step: number, records: RecordBuffer): void {
	const start = sender.open(recordsAt.records + records.length);
	sender.words[start] = says.records;
	sender.words[start + recordsAt.step] = step;
	copyWords(records.words, 0, sender.words, start + recordsAt.records, records.length);
	sender.close();
}

export function stepOfRecords({ words, start }: RingReceiver): number {
	return words[start + recordsAt.step] as number;
}

export function appendRecords({ words, start, length }: RingReceiver, records: RecordBuffer): void {
	records.append(words, start + recordsAt.records, length - recordsAt.records);
}

// --- results

const resultAt = { handlers: 1, lamport: 2, pending: 3, nextUs: 4, sequences: 6, failure: 18 } as const;
const sequenceNames = ["message", "timer", "span", "disk", "draw", "step"] as const;

/** What the kernel's side keeps of a node between windows; the same object every time. */
export interface KeptResult extends WindowResult {
	sequences: Mutable<NodeSequences>;
}

export function sayResult(sender: RingSender, result: WindowResult): void {
	const failure = result.failure === null ? null : encode({ ...result.failure });
	const start = sender.open(resultAt.failure + 1 + (failure === null ? 0 : (failure.length + 3) >>> 2));
	const { words } = sender;
	words[start] = says.result;
	words[start + resultAt.handlers] = result.handlers;
	words[start + resultAt.lamport] = result.lamport;
	const pending = result.nextUs !== Number.POSITIVE_INFINITY;
	words[start + resultAt.pending] = pending ? 1 : 0;
	writeUs(words, start + resultAt.nextUs, pending ? result.nextUs : 0);
	for (let index = 0; index < sequenceNames.length; index++) {
		writeUs(words, start + resultAt.sequences + index * 2, result.sequences[sequenceNames[index] as keyof NodeSequences]);
	}
	words[start + resultAt.failure] = failure === null ? 0 : failure.length;
	if (failure !== null) sender.bytes.set(failure, (start + resultAt.failure + 1) * 4);
	sender.close();
}

export function readResult({ words, bytes, start }: RingReceiver, result: KeptResult): void {
	result.handlers = words[start + resultAt.handlers] as number;
	result.lamport = words[start + resultAt.lamport] as number;
	result.nextUs = words[start + resultAt.pending] === 1 ? readUs(words, start + resultAt.nextUs) : Number.POSITIVE_INFINITY;
	for (let index = 0; index < sequenceNames.length; index++) {
		result.sequences[sequenceNames[index] as keyof NodeSequences] = readUs(words, start + resultAt.sequences + index * 2);
	}
	const failureBytes = words[start + resultAt.failure] as number;
	const failureFrom = (start + resultAt.failure + 1) * 4;
	result.failure = failureBytes === 0 ? null : readFailure({ bytes, start: failureFrom, end: failureFrom + failureBytes });
}

function readFailure(encoded: ByteRange): NodeFailure {
	const failure = decodeRange(encoded) as unknown as NodeFailure;
	assert(failure.reason === "exception" || failure.reason === "hung" || failure.reason === "outOfMemory", "a node fails for a known reason");
	return failure;
}
