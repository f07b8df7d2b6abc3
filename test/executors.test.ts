/**
 * The first test of the house: a thread a node gives, to the byte, the run that no thread gives.
 * Random labs, faults, seeds and ring sizes; large messages, crashes and restarts included.
 * `QUORATE_CASES=2000` makes it a long search.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Executor } from "../src/core/executor.ts";
import { InlineExecutor } from "../src/core/inline-executor.ts";
import { Kernel } from "../src/core/kernel.ts";
import { ThreadsExecutor } from "../src/main/threads/threads-executor.ts";
import { registry } from "../src/os/registry.ts";
import { builtThreads } from "./support/built-threads.ts";
import { type RandomLab, randomLab } from "./support/random-lab.ts";

const cases = Number(process.env.QUORATE_CASES ?? 200);

function run({ plan, seed }: RandomLab, executor: Executor, sliceUs = plan.untilUs): string {
	const kernel = new Kernel({ plan, seed, executor });
	for (let us = sliceUs; us < plan.untilUs; us += sliceUs) kernel.advance({ untilUs: us });
	kernel.advance({ untilUs: plan.untilUs });
	const fingerprint = `${kernel.log.eventCount} ${kernel.log.digest()}`;
	kernel.close();
	return fingerprint;
}

const ringBytes = fc.constantFrom(256, 1_024, 16_384, 262_144);

test(
	"threads and inline give one digest, for any ring size and any way of driving",
	async () => {
		await fc.assert(
			fc.asyncProperty(randomLab(4), ringBytes, ringBytes, fc.integer({ min: 5_000, max: 250_000 }), async (lab, inboxBytes, outboxBytes, sliceUs) => {
				const threads = new ThreadsExecutor({ files: builtThreads, inboxBytes, outboxBytes });
				const threaded = run(lab, threads, sliceUs);
				await threads.closed;
				expect(threaded).toBe(run(lab, new InlineExecutor(registry)));
			}),
			{ numRuns: cases, seed: 20_263 },
		);
	},
	cases * 3_000,
);
