/** A thread that reads messages from a ring and answers with what they add up to. */
import { parentPort, workerData } from "node:worker_threads";
import { RingReceiver } from "../../src/core/ring-channel.ts";

interface Task {
	readonly memory: SharedArrayBuffer;
	readonly dataBytes: number;
	readonly messages: number;
}

const { memory, dataBytes, messages } = workerData as Task;
const receiver = new RingReceiver({ memory, offsetBytes: 0, dataBytes });
let hash = 0;
for (let count = 0; count < messages; count++) {
	while (!receiver.receive()) receiver.waitForFrame(count % 3 === 0 ? 0 : 100, Number.POSITIVE_INFINITY);
	hash = Math.imul(hash ^ receiver.length, 16_777_619);
	for (let index = 0; index < receiver.length; index++) hash = Math.imul(hash ^ (receiver.words[receiver.start + index] as number), 16_777_619);
}
parentPort?.postMessage(hash);
