/**
 * One box or many on this machine: the workload that the command line and the window measure alike.
 *
 * Thread: any that may block; the window's own service asks a reader thread to do it.
 */
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { CouplingReport } from "../../shared/contract/coupling.ts";
import { assert } from "../../shared/errors.ts";
import { type CouplingOptions, measureCoupling } from "./coupling-measure.ts";

/** A few seconds of two processors. */
const workload = { times: 4_000_000, roundTrips: 5_000, items: 4_000_000, order: 256, lockMs: 200 } as const;

/** As many as there are processors, within reason; one alone shares nothing. */
export function threadsHere(): number {
	return Math.max(2, Math.min(8, availableParallelism()));
}

function workerEntry(): URL {
	const here = import.meta.dirname;
	const candidates = [join(here, "coupling-thread.js"), join(here, "..", "coupling-thread.js"), join(here, "coupling-thread.ts")];
	const path = candidates.find((candidate) => existsSync(candidate));
	assert(path !== undefined, "the entry of the measurement's workers is part of the program");
	return pathToFileURL(path);
}

export function measureHere({ threads = threadsHere(), ...more }: Partial<CouplingOptions> = {}): Promise<CouplingReport> {
	return measureCoupling({ entry: workerEntry(), threads, ...workload, ...more });
}
