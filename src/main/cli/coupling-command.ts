/** `quorate coupling`: one box or many, measured on the machine at hand with real threads. */
import type { CouplingReport } from "../../shared/contract/coupling.ts";
import { QuorateError } from "../../shared/errors.ts";
import { measureHere, threadsHere } from "../threads/coupling-here.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import type { Terminal } from "./terminal.ts";

export interface CouplingFlags {
	readonly json?: boolean;
	readonly threads?: string;
}

const threadsMax = 64;

export async function couplingCommand(flags: CouplingFlags, terminal: Terminal): Promise<ExitCode> {
	const threads = flags.threads === undefined ? threadsHere() : Number(flags.threads);
	if (!Number.isInteger(threads) || threads < 2 || threads > threadsMax)
		throw new QuorateError("usage", `--threads takes a whole number from 2 to ${threadsMax}, not ${flags.threads}`);
	const report = await measureHere({ threads });
	if (flags.json !== true) tell(report, terminal);
	else terminal.line(JSON.stringify(report));
	return exitCodes.ok;
}

function span(nanoseconds: number): string {
	if (nanoseconds < 1_000) return `${nanoseconds.toFixed(nanoseconds < 10 ? 1 : 0)} ns`;
	return nanoseconds < 1e6 ? `${(nanoseconds / 1_000).toFixed(1)} us` : `${(nanoseconds / 1e6).toFixed(1)} ms`;
}

function tell({ threads, counter, sum, matrix, death }: CouplingReport, terminal: Terminal): void {
	const { atomic, plain, roundTrip } = counter;
	const row = (what: string, shared: string, messages: string) => terminal.line(`${what.padEnd(38)}${shared.padEnd(26)}${messages}`);
	terminal.line(`One box or many, on this machine: ${threads} threads. It depends on the machine, its load and the hour.`);
	terminal.line();
	row("", "one memory for all", "memories apart, messages");
	row("touching what all share, once", span(atomic.nanosecondsEach), `${span(roundTrip.nanosecondsEach)} there and back`);
	row(`adding up ${sum.items} numbers`, `${sum.sharedMs.toFixed(1)} ms`, `${sum.sentMs.toFixed(1)} ms`);
	row(`multiplying ${matrix.order} x ${matrix.order}`, `${matrix.sharedMs.toFixed(1)} ms`, `${matrix.sentMs.toFixed(1)} ms`);
	row("answers", sum.isRight && matrix.isRight ? "right" : "WRONG", sum.isRight && matrix.isRight ? "right" : "WRONG");
	row(
		"after one has died",
		death.shared.isLockFree ? "the others go on" : `locked out, ${Math.round(death.shared.waitedMs)} ms and on`,
		death.messages.isAnswered ? "the others answer" : "nobody answers",
	);
	terminal.line();
	terminal.line(
		`Without atomics, ${counter.times} increments came to ${plain.counted}: ${(plain.lostRatio * 100).toFixed(1)} % were lost, at ${span(plain.nanosecondsEach)} each. With atomics, to ${atomic.counted}.`,
	);
	terminal.line(`A message costs as much as ${Math.round(roundTrip.nanosecondsEach / atomic.nanosecondsEach)} accesses to shared memory.`);
}
