/** A worker that only says that it is there, and waits to be let go. */
import { workerData } from "node:worker_threads";

const words = new Int32Array(workerData);
Atomics.add(words, 0, 1);
Atomics.notify(words, 0);
Atomics.wait(words, 1, 0);
