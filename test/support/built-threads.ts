/** Code of threads for the threads executor: as built into out/, and of one bundled file that is a node's thread by itself. */
import type { ThreadFiles } from "../../src/main/threads/thread-pool.ts";

export const builtThreads: ThreadFiles = {
	keeper: new URL("../../out/main/keeper-thread.js", import.meta.url),
	program: new URL("../../out/main/node-program/parts.json", import.meta.url),
};

/** @param program a module that calls `enterThread` */
export function threadsOf(program: URL): ThreadFiles {
	return { keeper: new URL("../../src/main/threads/keeper-thread.ts", import.meta.url), program };
}
