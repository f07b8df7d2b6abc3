/**
 * The reader thread: answers questions about recorded logs, one after another, short ones between the
 * slices of long ones. Its own files, its own time; what it is asked comes from the service, and what it
 * answers goes there.
 */
import { parentPort } from "node:worker_threads";
import { registry } from "../../os/registry.ts";
import { errorViewOf } from "../../shared/contract/errors.ts";
import { assert } from "../../shared/errors.ts";
import { LogReader } from "../lab-service/log/log-reader.ts";
import type { FromReader, ToReader } from "../lab-service/log/questions.ts";
import { Turns } from "../lab-service/log/turns.ts";

const port = parentPort;
assert(port !== null, "the reader is a thread");
const reader = new LogReader({
	registry,
	async rest() {
		await new Promise(setImmediate); // what was asked meanwhile comes in
		await turns.between();
	},
});
const tellEveryMs = 100;
let toldMs = 0;
const turns = new Turns((message) => answer(message, (reply) => port.postMessage(reply)));

async function answer({ id, question, asked }: ToReader, say: (message: FromReader) => void): Promise<void> {
	try {
		const progress = (done: number, total: number): void => {
			const nowMs = performance.now();
			if (nowMs - toldMs < tellEveryMs && done < total) return;
			toldMs = nowMs;
			say({ kind: "progress", id, done, total });
		};
		say({ kind: "answer", id, answer: await reader.answer(question, asked as never, progress) });
	} catch (error) {
		say({ kind: "refusal", id, error: errorViewOf(error) });
	}
}

port.on("message", (message: ToReader) => turns.take(message));
