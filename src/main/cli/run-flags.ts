/** The words of the commands that run something, and how each is read. Every reader refuses in a sentence. */
import { QuorateError } from "../../shared/errors.ts";
import { parseDurationUs } from "../../shared/units.ts";
import { heapMbDefault, watchdogMsDefault } from "../app/options.ts";
import type { ExecutorName, ExecutorOptions } from "../app/run-task.ts";

export interface RunFlags {
	readonly variant?: string;
	readonly seed?: string;
	readonly until?: string;
	readonly executor: string;
	readonly speed: string;
	readonly set: readonly string[];
	readonly at: readonly string[];
	readonly detail?: string;
	readonly save?: string;
	readonly force?: boolean;
	readonly json?: boolean;
	readonly exploreRaces?: boolean;
	readonly fork?: string;
	readonly from?: string;
	readonly branch?: string;
	readonly ringBytes?: string;
	readonly watchdog?: string;
	readonly heapMb?: string;
}

const executorNames = ["threads", "inline"] as const satisfies readonly ExecutorName[];

export function choice<const Choice extends string>(name: string, text: string, choices: readonly Choice[]): Choice {
	const found = choices.find((candidate) => candidate === text);
	if (found === undefined) throw new QuorateError("usage", `--${name} is one of ${choices.join(", ")}; found "${text}"`);
	return found;
}

export function positiveDuration(name: string, text: string): number {
	const us = parseDurationUs(text);
	if (us <= 0) throw new QuorateError("usage", `${name} is a duration above zero, such as 30s; found ${text}`);
	return us;
}

export function wholeNumber(name: string, text: string, { min, max = Number.MAX_SAFE_INTEGER }: { readonly min: number; readonly max?: number }): number {
	const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
	if (value >= min && value <= max) return value;
	const range = max === Number.MAX_SAFE_INTEGER ? `from ${min} on` : `from ${min} to ${max}`;
	throw new QuorateError("usage", `${name} is a whole number ${range}; found "${text}"`);
}

/** `servers=10` and the like, by name. */
export function settings(texts: readonly string[]): { readonly [name: string]: string } {
	const entries = texts.map((text): readonly [string, string] => {
		const at = text.indexOf("=");
		if (at < 1) throw new QuorateError("usage", `--set "${text}" is no setting; write it as name=value, such as --set servers=10`);
		return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
	});
	return Object.fromEntries(entries);
}

const ringBytesMin = 1_024;
const ringBytesMax = 67_108_864;
const heapMb = { min: 16, max: 65_536 };

export function executorOptions(flags: Pick<RunFlags, "executor" | "ringBytes" | "watchdog" | "heapMb">): ExecutorOptions {
	const name = choice("executor", flags.executor, executorNames);
	const watchdogMs = flags.watchdog === undefined ? watchdogMsDefault : Math.max(1, Math.round(positiveDuration("--watchdog", flags.watchdog) / 1_000));
	const heap = flags.heapMb === undefined ? heapMbDefault[name] : wholeNumber("--heap-mb", flags.heapMb, heapMb);
	return { name, watchdogMs, heapMb: heap, ...(flags.ringBytes === undefined ? {} : { ringBytes: ringBytesOf(flags.ringBytes) }) };
}

function ringBytesOf(text: string): number {
	const value = wholeNumber("--ring-bytes", text, { min: ringBytesMin, max: ringBytesMax });
	if (!Number.isInteger(Math.log2(value)))
		throw new QuorateError("usage", `--ring-bytes is a power of two from ${ringBytesMin} to ${ringBytesMax}; found ${text}`);
	return value;
}
