/**
 * What is done to a run that stands still is done at once, and the run is the same as if it had gone on:
 * commands of every kind, messages taken off the network or held back by hand, between windows and in the
 * middle of an instant. `QUORATE_CASES=5000` makes it a long search.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { InlineExecutor } from "../src/core/inline-executor.ts";
import { Kernel, type RecordedCommand } from "../src/core/kernel.ts";
import { chatter } from "../src/os/chatter/chatter.ts";
import { EventList } from "./support/event-list.ts";
import { type RandomLab, randomLab } from "./support/random-lab.ts";

const cases = Number(process.env.QUORATE_CASES ?? 60);
const registry = new Map([[chatter.name, chatter]]);

function inline({ plan, seed }: RandomLab, commands: readonly RecordedCommand[] = []): { readonly kernel: Kernel; readonly list: EventList } {
	const kernel = new Kernel({ plan, seed, executor: new InlineExecutor(registry), commands });
	const list = new EventList(plan);
	kernel.log.observe(list);
	return { kernel, list };
}

const fingerprint = ({ log }: Kernel): string => `${log.eventCount} ${log.digest()}`;

const act = fc.record({
	waitUs: fc.nat(20_000),
	steps: fc.nat(3),
	/** A message under way, if there is one; else a line. */
	flight: fc.option(fc.nat(50)),
	delayUs: fc.option(fc.integer({ min: 1, max: 30_000 })),
	line: fc.constantFrom("crash n0", "restart n0", "pause n1", "resume n1", "heal all", "restart n1", 'ask n0 "hm"'),
	settles: fc.boolean(),
});

function lineOf({ kernel }: { readonly kernel: Kernel }, { flight, delayUs, line }: { flight: number | null; delayUs: number | null; line: string }): string {
	const flights = kernel.inFlight();
	const chosen = flight === null ? undefined : flights[flight % Math.max(1, flights.length)];
	if (chosen === undefined) return line;
	return delayUs === null ? `drop n${chosen.from}#${chosen.sequence}` : `delay n${chosen.from}#${chosen.sequence} ${delayUs}us`;
}

test("commands to a run that stands still, messages in flight among them, are repeated from its record", () => {
	const seen = { applied: 0, refused: 0 };
	fc.assert(
		fc.property(randomLab(5), fc.array(act, { maxLength: 8 }), (lab, acts) => {
			const live = inline(lab);
			const { untilUs } = lab.plan;
			for (const one of acts) {
				live.kernel.advance({ untilUs: Math.min(untilUs, live.kernel.nowUs + one.waitUs) });
				for (let i = 0; i < one.steps; i++) live.kernel.step(untilUs);
				const { atUs } = live.kernel.command(lineOf(live, one));
				if (!one.settles || atUs >= untilUs) continue;
				live.kernel.settle();
				const last = live.list.events.filter(({ kind }) => kind === "commandApplied" || kind === "commandRefused").at(-1);
				expect([last?.atUs, live.kernel.nowUs]).toEqual([atUs, atUs]);
				if (one.flight !== null) seen[last?.kind === "commandApplied" ? "applied" : "refused"]++;
			}
			live.kernel.advance({ untilUs });
			const again = inline(lab, live.kernel.commands);
			again.kernel.advance({ untilUs });
			expect(fingerprint(again.kernel)).toBe(fingerprint(live.kernel));
		}),
		{ numRuns: cases, seed: 20_271 },
	);
	expect(seen.applied).toBeGreaterThan(cases / 4);
});

test("a message dropped by hand is not delivered, and one that is delayed not before its time", () => {
	fc.assert(
		fc.property(randomLab(4), fc.nat(40_000), fc.nat(50), fc.option(fc.integer({ min: 1, max: 30_000 })), (lab, waitUs, pick, delayUs) => {
			const { kernel, list } = inline(lab);
			kernel.advance({ untilUs: waitUs });
			const flights = kernel.inFlight();
			const chosen = flights[pick % Math.max(1, flights.length)];
			if (chosen === undefined) return;
			const copies = flights.filter(({ from, sequence }) => from === chosen.from && sequence === chosen.sequence);
			kernel.command(delayUs === null ? `drop n${chosen.from}#${chosen.sequence}` : `delay n${chosen.from}#${chosen.sequence} ${delayUs}us`);
			const before = list.events.length;
			kernel.settle();
			const dropped = list.events.slice(before).filter(({ kind, fields }) => kind === "messageDropped" && fields.reason === "command");
			const later = kernel.inFlight().filter(({ from, sequence }) => from === chosen.from && sequence === chosen.sequence);
			if (delayUs === null) {
				expect(dropped).toHaveLength(copies.length);
				expect(later).toEqual([]);
				return;
			}
			expect(dropped).toEqual([]);
			const arrivals = (some: typeof flights): number[] => some.map(({ arrivesUs }) => arrivesUs).sort((a, b) => a - b);
			expect(arrivals(later)).toEqual(arrivals(copies.map((copy) => ({ ...copy, arrivesUs: copy.arrivesUs + delayUs }))));
		}),
		{ numRuns: cases, seed: 20_272 },
	);
});
