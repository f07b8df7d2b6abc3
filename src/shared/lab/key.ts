/**
 * The shape of a lab's answer key: the questions of its guide, their answers, and runs of the lab in
 * which an answer can be seen, with what must come of them. Explained in docs/lab-format.md. Pure.
 */
import { z } from "zod";

const words = z.string().min(1).max(4_000);
const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);
const line = z.string().min(1).max(400);

/** A run of the lab, as `quorate run` would be asked for it, and what is claimed of it. */
const keyRun = z
	.strictObject({
		variant: id.optional(),
		seed: z.int().min(0).optional(),
		until: line.optional(),
		/** Parameters, as typed. */
		set: z.record(z.string().min(1).max(63), line).optional(),
		/** Commands at instants, added to the story. */
		at: z.array(line).max(20).optional(),
		/** Checks that hold, and that fail. */
		holds: z.array(id).max(20).optional(),
		fails: z.array(id).max(20).optional(),
		/** Parts of sentences that some event is told by, and that none is. */
		says: z.array(line).max(20).optional(),
		never: z.array(line).max(20).optional(),
	})
	.refine(
		({ holds, fails, says, never }) => [holds, fails, says, never].some((claims) => claims !== undefined && claims.length > 0),
		"a run has to claim something",
	);

export const labKey = z.strictObject({
	lab: id,
	answers: z
		.array(
			z.strictObject({
				/** Word for word as in the guide. */
				question: words,
				answer: words,
				runs: z.array(keyRun).max(5).optional(),
			}),
		)
		.min(1)
		.max(40),
});

export type KeyRun = z.output<typeof keyRun>;
