/**
 * The recorder thread: takes blocks and commands from the cluster thread, compresses and writes them,
 * and commits on time. The file is its alone. An error ends the recording, never the run: from then on
 * it only gives buffers back, so that nobody waits for it.
 */
import { type MessagePort, workerData } from "node:worker_threads";
import { sessionDetails } from "../../shared/session.ts";
import { control, type FromRecorder, type RecorderBatch, type RecorderInit, recorderStates, toPlain } from "../store/recorder-protocol.ts";
import { asQuorateError, commitEveryMs, RecordingJob } from "../store/recording-job.ts";

const { target, control: shared, port } = workerData as RecorderInit & { readonly port: MessagePort };
const words = new Int32Array(shared);
const counts = new BigInt64Array(shared);
let job: RecordingJob | undefined;

function say(message: FromRecorder, transfer: ArrayBuffer[] = []): void {
	port.postMessage(message, transfer);
}

function enter(state: number): void {
	Atomics.store(words, control.state, state);
	Atomics.notify(words, control.state);
}

function fail(error: unknown): void {
	say({ kind: "failed", error: toPlain(asQuorateError(error, target.path)) });
	try {
		job?.close(undefined);
	} catch {
		// the first error is the one that is told
	}
	job = undefined;
	clearInterval(timer);
	enter(recorderStates.failed);
}

function publish(recording: RecordingJob): void {
	const committed = recording.committedEvents;
	if (committed > 0) Atomics.store(counts, control.committedEvents / 2, BigInt(committed));
}

function record(recording: RecordingJob, { items, buffer, then, end }: RecorderBatch): void {
	const records = new Int32Array(buffer ?? new ArrayBuffer(0));
	for (const item of items) {
		if (item.kind === "command") {
			recording.command(item.command);
			continue;
		}
		if (item.kind === "note") {
			recording.note(item.note);
			continue;
		}
		const { input, firstWord, wordCount, storedCount, prefixed } = item;
		recording.block({ ...input, run: { words: records.subarray(firstWord, firstWord + wordCount), wordCount, storedCount, prefixed } });
	}
	if (then === "commit") recording.commit();
	if (typeof then === "object") move(recording, then.moveTo);
	if (then === "close") {
		job = undefined; // whatever comes of it, there is nothing to close any more
		recording.close(end ?? undefined);
		enter(recorderStates.closed);
	} else publish(recording);
}

/** That it could not be moved is no end of the recording: it has the name it had. */
function move(recording: RecordingJob, path: string): void {
	try {
		recording.moveTo(path);
		say({ kind: "moved", error: null });
	} catch (error) {
		say({ kind: "moved", error: toPlain(asQuorateError(error, path)) });
	}
}

function handle(batch: RecorderBatch): void {
	try {
		if (job !== undefined) record(job, batch);
	} catch (error) {
		fail(error);
	}
	if (batch.buffer !== null) say({ kind: "buffer", buffer: batch.buffer }, [batch.buffer]);
	Atomics.sub(words, control.queuedBytes, batch.bytes);
	Atomics.add(words, control.progress, 1);
	Atomics.notify(words, control.progress);
	if (batch.then !== "close") return;
	clearInterval(timer);
	port.close();
}

const timer = setInterval(() => {
	try {
		job?.commitIfDue();
		if (job !== undefined) publish(job);
	} catch (error) {
		fail(error);
	}
}, commitEveryMs / 2);

try {
	job = new RecordingJob(target, () => performance.now());
	Atomics.store(words, control.branch, job.branch);
	Atomics.store(words, control.detail, sessionDetails.indexOf(job.writer.header.detail));
	port.on("message", handle);
	enter(recorderStates.recording);
} catch (error) {
	fail(error);
	port.close();
}
