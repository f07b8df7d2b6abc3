/**
 * The cluster thread's end of the recorder: one copy of each block into a buffer that is given away,
 * and back to the run. It waits only when more than `queuedBytesMax` is under way, when the file is
 * opened and when it is closed; it needs no event loop of its own, because a running kernel has none.
 *
 * Thread: the cluster thread (or any other that may block).
 */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import type { LogBlock } from "../../core/log-sink.ts";
import { QuorateError } from "../../shared/errors.ts";
import { type RecordedCommand, type SessionNote, sessionDetails } from "../../shared/session.ts";
import { control, type FromRecorder, fromPlain, type RecorderBatch, type RecorderItem, recorderStates } from "../store/recorder-protocol.ts";
import { BlockSelector, type RecordingEnd, type RecordingTarget, type SessionRecorder } from "../store/recording.ts";

/** Beyond this the kernel waits for the recorder. */
const queuedBytesMax = 33_554_432;
/** What any item counts for, so that empty ones are bounded too. */
const itemBytes = 16_384;
const batchItemsMax = 16;
/** Blocks further apart than this travel alone. */
const batchMs = 20;
const bufferBytes = 1_048_576;
const sparesMax = 8;
/** A recorder that handles nothing for this long has died or its disk has. */
const patienceMs = 120_000;
const waitMs = 1_000;

/** The recorder's own file: a source beside this one, or a bundle beside or above the one this ended up in. */
function recorderEntry(): URL {
	const here = import.meta.url;
	if (here.endsWith(".ts")) return new URL("./recorder-thread.ts", here);
	return new URL(/\/chunks\/[^/]*$/.test(here) ? "../recorder-thread.js" : "./recorder-thread.js", here);
}

export class RecorderClient implements SessionRecorder {
	readonly #words: Int32Array;
	readonly #counts: BigInt64Array;
	readonly #port: MessagePort;
	readonly #worker: Worker;
	readonly #selector: BlockSelector;
	readonly #spares: ArrayBuffer[] = [];
	/** The batch under way. */
	#items: RecorderItem[] = [];
	#itemBytes = 0;
	#buffer = new Int32Array(0);
	#usedWords = 0;
	#lastSentMs = 0;
	#path: string;
	/** What the recorder said of the last move. */
	#moved: { readonly error: QuorateError | null } | null = null;
	#failure: QuorateError | null = null;
	#closed = false;

	/**
	 * Starts the thread and waits until the file is open.
	 * @param entry recorder-thread, built or not
	 * @throws QuorateError `session-exists`, `session-locked`, `session-not-found`, `session-damaged`,
	 *   `session-unsupported`, `disk-full`
	 */
	constructor(target: RecordingTarget, entry: URL = recorderEntry()) {
		const shared = new SharedArrayBuffer(control.words * 4);
		const { port1, port2 } = new MessageChannel();
		this.#path = target.path;
		this.#words = new Int32Array(shared);
		this.#counts = new BigInt64Array(shared);
		this.#port = port1;
		port1.unref();
		this.#worker = new Worker(entry, {
			name: "recorder",
			workerData: { target, control: shared, port: port2 },
			transferList: [port2],
		});
		this.#worker.on("error", (error) => this.#fail(new QuorateError("internal", `the recorder of ${target.path} died: ${error.message}`)));
		this.#worker.unref();
		this.#await(control.state, () => Atomics.load(this.#words, control.state) !== recorderStates.starting);
		this.#drain();
		if (this.#failure !== null) throw this.#failure;
		this.#selector = new BlockSelector(sessionDetails[Atomics.load(this.#words, control.detail)] ?? "full");
	}

	get path(): string {
		return this.#path;
	}

	get branch(): number {
		return Atomics.load(this.#words, control.branch);
	}

	get failure(): QuorateError | null {
		if (this.#failure === null && Atomics.load(this.#words, control.state) === recorderStates.failed) this.#drain();
		return this.#failure;
	}

	get committedEvents(): number {
		return Number(Atomics.load(this.#counts, control.committedEvents / 2));
	}

	onBlock(block: LogBlock): void {
		if (this.failure !== null || this.#closed) return;
		const run = this.#selector.select(block);
		const { run: _, ...input } = this.#selector.input(block, run);
		const { wordCount, storedCount, prefixed } = run;
		if (wordCount > this.#buffer.length - this.#usedWords) this.#makeBuffer(wordCount * 4);
		const firstWord = this.#usedWords;
		this.#buffer.set(run.words.subarray(0, wordCount), firstWord);
		this.#usedWords += wordCount;
		this.#add({ kind: "block", input, firstWord, wordCount, storedCount, prefixed }, wordCount * 4);
		if (!block.complete) this.#send("nothing");
	}

	onCommand(command: RecordedCommand): void {
		if (this.failure !== null || this.#closed) return;
		this.#add({ kind: "command", command }, command.line.length * 2);
	}

	onNote(note: Omit<SessionNote, "id">): void {
		if (this.failure !== null || this.#closed) return;
		this.#add({ kind: "note", note }, note.text.length * 2);
	}

	commit(): void {
		if (this.failure === null && !this.#closed) this.#send("commit");
	}

	moveTo(path: string): void {
		if (this.failure !== null || this.#closed) throw this.failure ?? new QuorateError("internal", "nothing is recorded any more");
		this.#moved = null;
		this.#send({ moveTo: path });
		this.#await(control.progress, () => Atomics.load(this.#words, control.queuedBytes) === 0);
		this.#drain();
		const { error } = this.#moved ?? { error: this.failure };
		if (error !== null) throw error;
		this.#path = path;
	}

	close(end?: RecordingEnd): void {
		if (this.#closed) return;
		if (this.failure === null) {
			this.#send("close", end);
			this.#await(control.state, () => Atomics.load(this.#words, control.state) !== recorderStates.recording);
		}
		this.#closed = true;
		this.#drain();
		this.#port.close();
		if (this.#failure !== null) void this.#worker.terminate(); // it has let go of the file, or never will
	}

	#add(item: RecorderItem, bytes: number): void {
		this.#items.push(item);
		this.#itemBytes += itemBytes + bytes;
		if (this.#items.length >= batchItemsMax || performance.now() - this.#lastSentMs >= batchMs) this.#send("nothing");
	}

	#send(then: RecorderBatch["then"], end?: RecordingEnd): void {
		const items = this.#items;
		if (items.length === 0 && then === "nothing") return;
		const bytes = this.#itemBytes + itemBytes;
		this.#makeRoom(bytes);
		const buffer = this.#usedWords === 0 ? null : this.#buffer.buffer;
		if (buffer !== null) this.#buffer = new Int32Array(0);
		this.#usedWords = 0;
		this.#items = [];
		this.#itemBytes = 0;
		this.#lastSentMs = performance.now();
		Atomics.add(this.#words, control.queuedBytes, bytes);
		const batch: RecorderBatch = { items, buffer, bytes, then, end: end ?? null };
		this.#port.postMessage(batch, buffer === null ? [] : [buffer]);
	}

	/** Begins a batch with room for so much; what was under way goes first. */
	#makeBuffer(bytes: number): void {
		this.#send("nothing");
		if (this.#buffer.byteLength >= bytes) return;
		this.#drain();
		const spare = bytes <= bufferBytes ? this.#spares.pop() : undefined;
		this.#buffer = new Int32Array(spare ?? new ArrayBuffer(Math.max(bufferBytes, bytes)));
	}

	/** Back-pressure: one message is always let through, however large. */
	#makeRoom(bytes: number): void {
		const fits = () => {
			const queued = Atomics.load(this.#words, control.queuedBytes);
			return queued === 0 || queued + bytes <= queuedBytesMax;
		};
		if (!fits()) this.#await(control.progress, fits);
	}

	/** Sleeps until `ready`, waking with every message the recorder handles. A recorder that is stuck ends the recording. */
	#await(word: number, ready: () => boolean): void {
		let idleMs = 0;
		for (;;) {
			const seen = Atomics.load(this.#words, word);
			const progress = Atomics.load(this.#words, control.progress);
			if (ready() || this.#failure !== null) return;
			const outcome = Atomics.wait(this.#words, word, seen, waitMs);
			idleMs = outcome === "timed-out" && Atomics.load(this.#words, control.progress) === progress ? idleMs + waitMs : 0;
			if (idleMs >= patienceMs) this.#fail(new QuorateError("internal", `the recorder of ${this.path} does not answer`));
		}
	}

	/** Takes in what the recorder has said; needs no event loop. */
	#drain(): void {
		for (;;) {
			const received = receiveMessageOnPort(this.#port) as { readonly message: FromRecorder } | undefined;
			if (received === undefined) return;
			const { message } = received;
			if (message.kind === "failed") this.#fail(fromPlain(message.error));
			else if (message.kind === "moved") this.#moved = { error: message.error === null ? null : fromPlain(message.error) };
			else if (message.buffer.byteLength === bufferBytes && this.#spares.length < sparesMax) this.#spares.push(message.buffer);
		}
	}

	#fail(error: QuorateError): void {
		this.#failure ??= error;
	}
}
