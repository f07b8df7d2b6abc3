/**
 * One box or many, as measured on the machine at hand: what the window is told of it. Wall time throughout; no part
 * of any run. Pure.
 */
import { count, type Of, z } from "./schema.ts";

const nanosecondsEach = z.number().min(0);
const milliseconds = z.number().min(0);

export const couplingReport = z.strictObject({
	threads: count,
	/** Processors that this program may use at once. */
	cores: count,
	/** One access to a word that all share, by all threads at once. */
	counter: z.strictObject({
		times: count,
		atomic: z.strictObject({ counted: count, nanosecondsEach }),
		plain: z.strictObject({ counted: count, lostRatio: z.number().min(0).max(1), nanosecondsEach }),
		/** A message there and back. */
		roundTrip: z.strictObject({ times: count, nanosecondsEach }),
	}),
	sum: z.strictObject({ items: count, isRight: z.boolean(), sharedMs: milliseconds, sentMs: milliseconds }),
	matrix: z.strictObject({ order: count, isRight: z.boolean(), sharedMs: milliseconds, sentMs: milliseconds }),
	death: z.strictObject({
		/** The others, who share memory with the dead one: does the lock come free within the time told? */
		shared: z.strictObject({ waitedMs: milliseconds, isLockFree: z.boolean() }),
		/** The others, who share nothing: do they answer? */
		messages: z.strictObject({ isAnswered: z.boolean() }),
	}),
});

export type CouplingReport = Of<typeof couplingReport>;
