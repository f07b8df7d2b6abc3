/**
 * The reader thread: answers questions about recorded logs, by turns, and drops those that nobody wants
 * answered any more. Its own files, its own time; what it is asked comes from the service, and what it
 * answers goes there.
 */
import { parentPort } from "node:worker_threads";
import { registry } from "../../os/registry.ts";
import { errorViewOf } from "../../shared/contract/errors.ts";
import { assert } from "../../shared/errors.ts";
import { LogReader } from "../lab-service/log/log-reader.ts";
import type { AskedReader, FromReader, ToReader } from "../lab-service/log/questions.ts";
import { calledOff, Turns } from "../lab-service/log/turns.ts";

const port = parentPort;
assert(port !== null, "the reader is a thread");
const reader = new LogReader({ registry });
const tellEveryMs = 100;
let toldMs = 0;

const say = (message: FromReader): void => port.postMessage(message);
const refuse = (id: number, error: unknown): void => say({ kind: "refusal", id, error: errorViewOf(error) });

async function answer({ id, question, asked }: AskedReader, rest: () => Promise<void>): Promise<void> {
	try {
		const tell = (done: number, total: number): void => {
			const nowMs = performance.now();
			if (nowMs - toldMs < tellEveryMs && done < total) return;
			toldMs = nowMs;
			say({ kind: "progress", id, done, total });
		};
		say({ kind: "answer", id, answer: await reader.answer(question, asked as never, { tell, rest }) });
	} catch (error) {
		refuse(id, error);
	}
}

const turns = new Turns({
	answer,
	drop: ({ id }) => refuse(id, calledOff()),
	breathe: () => new Promise(setImmediate),
});
port.on("message", (message: ToReader) => (message.kind === "callOff" ? turns.callOff(message.id) : turns.take(message)));
