/**
 * Writes a node's records: one small function an event kind, straight into the words that the log
 * will hold. Runs on the node's thread; knows nothing but the layout.
 */
import type { ByteRange } from "../../shared/byte-range.ts";
import { encodeTransient, type PlainValue } from "../../shared/codec.ts";
import { layoutOf, offsetOf, RecordBuffer, writeUs } from "../../shared/event-record.ts";
import { diskFailures, diskOperations, logLevels } from "../../shared/event-schema.ts";
import type { Delivery } from "../executor.ts";
import { sentAt, sentLayout } from "../sent-layout.ts";
import type { CpuWork } from "./cpu.ts";
import type { DriveRecord } from "./drive.ts";
import type { TraceContext } from "./trace.ts";

const delivered = layoutOf("messageDelivered");
const deliveredOffsets = {
	from: offsetOf("messageDelivered", "from"),
	sequence: offsetOf("messageDelivered", "sequence"),
	copy: offsetOf("messageDelivered", "copy"),
	name: offsetOf("messageDelivered", "name"),
	inReplyTo: offsetOf("messageDelivered", "inReplyTo"),
	sentUs: offsetOf("messageDelivered", "sentUs"),
};
const timerFired = layoutOf("timerFired");
const timerOffsets = { name: offsetOf("timerFired", "name"), sequence: offsetOf("timerFired", "timerSequence") };
const computed = layoutOf("computeFinished");
const computedOffsets = { asked: offsetOf("computeFinished", "askedUs"), started: offsetOf("computeFinished", "startedUs") };
const written = layoutOf("diskWritten");
const writtenOffsets = {
	drive: offsetOf("diskWritten", "drive"),
	sequence: offsetOf("diskWritten", "diskSequence"),
	operation: offsetOf("diskWritten", "operation"),
};
const synced = layoutOf("diskSynced");
const syncedOffsets = { drive: offsetOf("diskSynced", "drive"), sequence: offsetOf("diskSynced", "diskSequence") };
const read = layoutOf("diskRead");
const readOffsets = { drive: offsetOf("diskRead", "drive"), sequence: offsetOf("diskRead", "diskSequence"), bytes: offsetOf("diskRead", "bytes") };
const failed = layoutOf("diskFailed");
const failedOffsets = { drive: offsetOf("diskFailed", "drive"), sequence: offsetOf("diskFailed", "diskSequence"), reason: offsetOf("diskFailed", "reason") };
const spanStarted = layoutOf("spanStarted");
const spanStartedOffsets = {
	sequence: offsetOf("spanStarted", "spanSequence"),
	name: offsetOf("spanStarted", "name"),
	traceNode: offsetOf("spanStarted", "traceNode"),
	traceSequence: offsetOf("spanStarted", "traceSequence"),
	parentNode: offsetOf("spanStarted", "parentNode"),
	parentSequence: offsetOf("spanStarted", "parentSequence"),
};
const spanFinished = layoutOf("spanFinished");
const spanFinishedOffsets = {
	sequence: offsetOf("spanFinished", "spanSequence"),
	name: offsetOf("spanFinished", "name"),
	status: offsetOf("spanFinished", "status"),
	startedUs: offsetOf("spanFinished", "startedUs"),
};
const logLine = layoutOf("logLine");
const logLevelOffset = offsetOf("logLine", "level");
const measured = layoutOf("measured");
const measuredOffsets = { name: offsetOf("measured", "name"), value: offsetOf("measured", "value") };
const factStated = layoutOf("factStated");
const factNameOffset = offsetOf("factStated", "name");
const answered = layoutOf("answered");
const answeredOffset = offsetOf("answered", "askSequence");

export class NodeRecorder {
	readonly out = new RecordBuffer();
	readonly #node: number;
	/** Set by the runtime before every handler. */
	nowUs = 0;
	/** @source Lamport, Time, Clocks, and the Ordering of Events (CACM 1978), rules IR1 and IR2 */
	lamport: number;

	constructor(node: number, lamport: number) {
		this.#node = node;
		this.lamport = lamport;
	}

	sent(message: {
		readonly sequence: number;
		readonly to: number;
		readonly name: number;
		readonly expectsReply: boolean;
		readonly inReplyTo: number;
		readonly trace: TraceContext;
		readonly body: ByteRange;
	}): void {
		const start = this.out.begin(sentLayout, this.nowUs, this.#node, ++this.lamport, message.body);
		const words = this.out.words;
		words[start + sentAt.sequence] = message.sequence;
		words[start + sentAt.to] = message.to;
		words[start + sentAt.name] = message.name;
		words[start + sentAt.expects] = message.expectsReply ? 1 : 0;
		words[start + sentAt.inReplyTo] = message.inReplyTo;
		const trace = start + sentAt.trace;
		words[trace] = message.trace.traceNode;
		words[trace + 1] = message.trace.traceSequence;
		words[trace + 2] = message.trace.spanNode;
		words[trace + 3] = message.trace.spanSequence;
	}

	delivered(delivery: Delivery): void {
		if (delivery.lamport > this.lamport) this.lamport = delivery.lamport;
		const start = this.out.begin(delivered, this.nowUs, this.#node, ++this.lamport);
		const words = this.out.words;
		words[start + deliveredOffsets.from] = delivery.from;
		words[start + deliveredOffsets.sequence] = delivery.sequence;
		words[start + deliveredOffsets.copy] = delivery.copy;
		words[start + deliveredOffsets.name] = delivery.name;
		words[start + deliveredOffsets.inReplyTo] = delivery.inReplyTo;
		writeUs(words, start + deliveredOffsets.sentUs, delivery.sentUs);
	}

	timerFired(name: number, timerSequence: number): void {
		const start = this.#begin(timerFired);
		this.out.words[start + timerOffsets.name] = name;
		this.out.words[start + timerOffsets.sequence] = timerSequence;
	}

	computed(work: CpuWork): void {
		const start = this.#begin(computed);
		writeUs(this.out.words, start + computedOffsets.asked, work.askedUs);
		writeUs(this.out.words, start + computedOffsets.started, work.startedUs);
	}

	disk(drive: number, record: DriveRecord): void {
		switch (record.kind) {
			case "written": {
				const start = this.#begin(written, [record.path, record.record]);
				this.out.words[start + writtenOffsets.drive] = drive;
				this.out.words[start + writtenOffsets.sequence] = record.diskSequence;
				this.out.words[start + writtenOffsets.operation] = diskOperations.indexOf(record.operation);
				return;
			}
			case "synced": {
				const start = this.#begin(synced);
				this.out.words[start + syncedOffsets.drive] = drive;
				this.out.words[start + syncedOffsets.sequence] = record.diskSequence;
				return;
			}
			case "read": {
				const start = this.#begin(read, record.path);
				this.out.words[start + readOffsets.drive] = drive;
				this.out.words[start + readOffsets.sequence] = record.diskSequence;
				this.out.words[start + readOffsets.bytes] = record.bytes;
				return;
			}
			case "failed": {
				const start = this.#begin(failed, record.path);
				this.out.words[start + failedOffsets.drive] = drive;
				this.out.words[start + failedOffsets.sequence] = record.diskSequence;
				this.out.words[start + failedOffsets.reason] = diskFailures.indexOf(record.reason);
				return;
			}
		}
	}

	spanStarted(span: { readonly sequence: number; readonly name: number; readonly trace: TraceContext; readonly parent: TraceContext }): void {
		const start = this.#begin(spanStarted);
		const words = this.out.words;
		words[start + spanStartedOffsets.sequence] = span.sequence;
		words[start + spanStartedOffsets.name] = span.name;
		words[start + spanStartedOffsets.traceNode] = span.trace.traceNode;
		words[start + spanStartedOffsets.traceSequence] = span.trace.traceSequence;
		words[start + spanStartedOffsets.parentNode] = span.parent.spanNode;
		words[start + spanStartedOffsets.parentSequence] = span.parent.spanSequence;
	}

	spanFinished(span: {
		readonly sequence: number;
		readonly name: number;
		readonly ok: boolean;
		readonly startedUs: number;
		readonly attributes: PlainValue;
	}): void {
		const start = this.#begin(spanFinished, span.attributes);
		const words = this.out.words;
		words[start + spanFinishedOffsets.sequence] = span.sequence;
		words[start + spanFinishedOffsets.name] = span.name;
		words[start + spanFinishedOffsets.status] = span.ok ? 0 : 1;
		writeUs(words, start + spanFinishedOffsets.startedUs, span.startedUs);
	}

	logLine(level: (typeof logLevels)[number], text: string): void {
		const start = this.#begin(logLine, text);
		this.out.words[start + logLevelOffset] = logLevels.indexOf(level);
	}

	measured(name: number, value: number): void {
		const start = this.#begin(measured);
		this.out.words[start + measuredOffsets.name] = name;
		writeUs(this.out.words, start + measuredOffsets.value, value);
	}

	factStated(name: number, value: PlainValue): void {
		const start = this.#begin(factStated, value);
		this.out.words[start + factNameOffset] = name;
	}

	answered(askSequence: number, text: string): void {
		const start = this.#begin(answered, text);
		this.out.words[start + answeredOffset] = askSequence;
	}

	#begin(layout: ReturnType<typeof layoutOf>, body?: PlainValue): number {
		return this.out.begin(layout, this.nowUs, this.#node, ++this.lamport, body === undefined ? undefined : encodeTransient(body));
	}
}
