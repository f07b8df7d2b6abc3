/**
 * What the x-ray costs: the same run with the spans of its requests and with programs that record none, in turn.
 * Spans are always on for users; they are taken out here alone. Run alone: `node scripts/bench/tracing.ts`.
 */
import { InlineExecutor } from "../../src/core/inline-executor.ts";
import { Kernel } from "../../src/core/kernel.ts";
import { ProgramContext } from "../../src/core/node/context.ts";
import type { Span } from "../../src/core/node-api.ts";
import { registry } from "../../src/os/registry.ts";
import { compileLab } from "../../src/shared/lab/compile.ts";
import type { Plan } from "../../src/shared/plan.ts";
import { labText } from "../../test/support/lab-run.ts";
import { type BenchResult, median, printResult, rounded } from "./result.ts";

const pairs = 7;
const costMax = 0.15;
const labs: readonly (readonly [lab: string, untilUs: number])[] = [
	["front-door", 20_000_000],
	["leader-election", 15_000_000],
	["movie-night", 30_000_000],
];

const traced = ProgramContext.prototype.startSpan;
const noSpan: Span = { sequence: 0, finish: () => undefined };
const untraced = (): Span => noSpan;

function cpuMsOf(plan: Plan, startSpan: typeof traced): { readonly cpuMs: number; readonly events: number } {
	ProgramContext.prototype.startSpan = startSpan;
	const started = process.cpuUsage();
	const kernel = new Kernel({ plan, seed: 1, executor: new InlineExecutor(registry) });
	kernel.advance({ untilUs: plan.untilUs });
	const { user, system } = process.cpuUsage(started);
	ProgramContext.prototype.startSpan = traced;
	return { cpuMs: (user + system) / 1_000, events: kernel.log.eventCount };
}

export function benchTracing(): Promise<BenchResult> {
	const ratios: { [lab: string]: number } = {};
	const notes: string[] = [];
	for (const [lab, untilUs] of labs) {
		const { plan } = compileLab({ text: labText(lab), fileName: `${lab}.yaml`, services: registry.values(), overrides: { untilUs } });
		cpuMsOf(plan, traced);
		cpuMsOf(plan, untraced);
		const costs = Array.from({ length: pairs }, () => ({ on: cpuMsOf(plan, traced), off: cpuMsOf(plan, untraced) }));
		const ratio = median(costs.map(({ on, off }) => on.cpuMs / off.cpuMs));
		ratios[`${lab}: spans on over off`] = rounded(ratio);
		const first = costs[0] as (typeof costs)[number];
		notes.push(`${lab} ${first.on.events} events with spans, ${first.off.events} without`);
	}
	return Promise.resolve({
		name: "tracing",
		ratios,
		aim: "spans cost under 15 %",
		holds: Object.values(ratios).every((ratio) => ratio < 1 + costMax),
		note: `${notes.join("; ")}; processor time, medians of ${pairs} interleaved pairs, inline`,
	});
}

if (import.meta.main) printResult(await benchTracing());
