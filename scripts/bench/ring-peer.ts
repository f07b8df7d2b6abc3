/** The consuming thread of the ring's benchmark. */
import { parentPort } from "node:worker_threads";
import { consume, type makeObject, sumObject, type Way } from "./ring-ways.ts";

export interface PeerTask {
	readonly way: Way | "postMessage";
	readonly memory: SharedArrayBuffer | null;
	readonly frames: number;
}

let framesLeft = 0;
let sum = 0;

parentPort?.on("message", (message: PeerTask | ReturnType<typeof makeObject>) => {
	if ("way" in message) {
		if (message.way === "postMessage" || message.memory === null) {
			framesLeft = message.frames;
			sum = 0;
		} else parentPort?.postMessage(consume(message.way, message.memory, message.frames));
		return;
	}
	sum = (sum + sumObject(message)) | 0;
	if (--framesLeft === 0) parentPort?.postMessage(sum);
});
