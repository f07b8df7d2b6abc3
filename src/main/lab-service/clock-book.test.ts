import fc from "fast-check";
import { expect, test } from "vitest";
import { randomLab } from "../../../test/support/random-lab.ts";
import { InlineExecutor } from "../../core/inline-executor.ts";
import { Kernel } from "../../core/kernel.ts";
import { chatter } from "../../os/chatter/chatter.ts";
import { ClockBook } from "./clock-book.ts";

const registry = new Map([[chatter.name, chatter]]);

test("the clocks of a run are what its kernel keeps, whatever is done to them, forwards and back", () => {
	const acts = fc.array(fc.tuple(fc.nat(60_000), fc.constantFrom("clock n0 +3s", "clock n1 -1ms", "drift n0 -400ppm", "drift n1 90000ppm", "restart n0")), {
		maxLength: 6,
	});
	fc.assert(
		fc.property(randomLab(3), acts, (lab, given) => {
			const kernel = new Kernel({ ...lab, executor: new InlineExecutor(registry) });
			const { plan, seed } = lab;
			const seen: { readonly atUs: number; readonly walls: readonly number[] }[] = [];
			const look = (): void => void seen.push({ atUs: kernel.nowUs, walls: plan.nodes.map((_, node) => kernel.wallUs(node)) });
			for (const [waitUs, line] of given) {
				kernel.advance({ untilUs: Math.min(plan.untilUs, kernel.nowUs + waitUs) });
				look();
				kernel.command(line);
			}
			kernel.advance({ untilUs: plan.untilUs });
			look();
			const commands = [...plan.story, ...kernel.commands];
			const book = new ClockBook(plan, seed, commands);
			// At the instant of a command the kernel stands before it, the book after it.
			const between = seen.filter(({ atUs }) => commands.every((command) => command.atUs !== atUs));
			for (const { atUs, walls } of [...between, ...between.toReversed()]) {
				expect(book.at(atUs)).toEqual(walls.map((wallUs) => ({ wallUs, skewUs: wallUs - atUs })));
			}
		}),
		{ seed: 17, numRuns: 60 },
	);
});
