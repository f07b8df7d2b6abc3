/**
 * Raft's core on thousands of random walks: the properties of thesis figure 3.2 after every step, and
 * agreement once everything works again. `QUORATE_SEEDS=100000` makes it a long search. That the
 * properties can fail is shown in raft-mutations.test.ts.
 */
import { expect, test } from "vitest";
import { walk } from "./support/raft-walk.ts";

const seeds = Number(process.env.QUORATE_SEEDS ?? 2_000);

test(`no property fails on ${seeds} random walks, and the servers agree afterwards`, () => {
	const failures: string[] = [];
	for (let seed = 1; seed <= seeds; seed++) {
		const failure = walk(seed);
		if (failure !== null) failures.push(`seed ${seed}: ${failure}`);
	}
	expect(failures).toEqual([]);
});
