/**
 * The first promise of the house: a run is a function of lab, seed and commands. Random labs, faults
 * and seeds; the log must not know how the run was driven. `QUORATE_CASES=5000` makes it a long search.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { InlineExecutor } from "../src/core/inline-executor.ts";
import { Kernel, type RecordedCommand } from "../src/core/kernel.ts";
import { chatter } from "../src/os/chatter/chatter.ts";
import { type RandomLab, randomLab } from "./support/random-lab.ts";

const cases = Number(process.env.QUORATE_CASES ?? 200);
const registry = new Map([[chatter.name, chatter]]);

function inline({ plan, seed }: RandomLab, commands: readonly RecordedCommand[] = []): Kernel {
	return new Kernel({ plan, seed, executor: new InlineExecutor(registry), commands });
}

function fingerprint(kernel: Kernel): string {
	return `${kernel.log.eventCount} ${kernel.log.digest()}`;
}

function wholeRun(lab: RandomLab): string {
	const kernel = inline(lab);
	kernel.advance({ untilUs: lab.plan.untilUs });
	return fingerprint(kernel);
}

test("the same lab and seed give the same bytes, whether run at once, in slices, or step by step", () => {
	fc.assert(
		fc.property(randomLab(6), fc.integer({ min: 1, max: 7_000 }), (lab, sliceUs) => {
			const whole = wholeRun(lab);
			expect(wholeRun(lab)).toBe(whole);

			const sliced = inline(lab);
			for (let us = 0; us < lab.plan.untilUs; us += sliceUs) sliced.advance({ untilUs: us });
			sliced.advance({ untilUs: lab.plan.untilUs });
			expect(fingerprint(sliced)).toBe(whole);

			const stepped = inline(lab);
			for (let steps = 0; steps < 500; steps++) stepped.step(lab.plan.untilUs);
			stepped.advance({ untilUs: lab.plan.untilUs });
			expect(fingerprint(stepped)).toBe(whole);
		}),
		{ numRuns: cases, seed: 20_261 },
	);
});

test("a run with commands given on the way is repeated from its record", () => {
	const lines = fc.constantFrom("crash n0", "restart n0", "pause n1", "resume n1", "heal all", "restart n1", 'ask n0 "hm"');
	fc.assert(
		fc.property(randomLab(5), fc.array(fc.tuple(fc.integer({ min: 0, max: 40_000 }), fc.integer({ min: 0, max: 3 }), lines), { maxLength: 6 }), (lab, acts) => {
			const live = inline(lab);
			for (const [waitUs, steps, line] of acts) {
				live.advance({ untilUs: Math.min(lab.plan.untilUs, live.nowUs + waitUs) });
				for (let i = 0; i < steps; i++) live.step(lab.plan.untilUs);
				live.command(line);
			}
			live.advance({ untilUs: lab.plan.untilUs });
			const again = inline(lab, live.commands);
			again.advance({ untilUs: lab.plan.untilUs });
			expect(fingerprint(again)).toBe(fingerprint(live));
		}),
		{ numRuns: Math.ceil(cases / 4), seed: 20_262 },
	);
});
