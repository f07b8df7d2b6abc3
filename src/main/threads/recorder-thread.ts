/**
 * The recorder thread: takes blocks and commands from the cluster thread, compresses and writes them,
 * and commits on time. The file is its alone. An error ends the recording, never the run: from then on
 * it only gives buffers back, so that nobody waits for it.
 */
import { type MessagePort, workerData } from "node:worker_threads";
import { sessionDetails } from "../../shared/session.ts";
import { control, type FromRecorder, type RecorderInit, recorderStates, type ToRecorder, toPlain } from "../store/recorder-protocol.ts";
import { asQuorateError, commitEveryMs, RecordingJob } from "../store/recording.ts";

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

function record(recording: RecordingJob, message: ToRecorder): void {
	switch (message.kind) {
		case "block": {
			const { input, buffer, wordCount, storedCount, prefixed } = message;
			const run = { words: new Int32Array(buffer ?? new ArrayBuffer(0)), wordCount, storedCount, prefixed };
			recording.block({ ...input, run });
			return;
		}
		case "command":
			recording.command(message.command);
			return;
		case "commit":
			recording.commit();
			return;
		case "close":
			recording.close(message.end);
	}
}

function handle(message: ToRecorder): void {
	try {
		if (job !== undefined) {
			record(job, message);
			if (message.kind !== "close") publish(job);
		}
	} catch (error) {
		if (message.kind === "close") job = undefined; // it is closed, though not well
		fail(error);
	}
	if (message.kind === "block" && message.buffer !== null) say({ kind: "buffer", buffer: message.buffer }, [message.buffer]);
	Atomics.sub(words, control.queuedBytes, message.bytes);
	Atomics.add(words, control.progress, 1);
	Atomics.notify(words, control.progress);
	if (message.kind === "close") end();
}

/** The client sleeps on the state until the file is whole. */
function end(): void {
	clearInterval(timer);
	if (job !== undefined) enter(recorderStates.closed);
	job = undefined;
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
