/** Spans of time from nanoseconds to seconds on one scale, where a decade is as wide as the next. Pure. */

export interface LogScale {
	readonly fromNs: number;
	readonly toNs: number;
}

/** 0..1 along the scale; what lies outside is at its ends. */
export function ratioOn({ fromNs, toNs }: LogScale, ns: number): number {
	if (!(ns > fromNs)) return 0;
	return Math.min(1, Math.log10(ns / fromNs) / Math.log10(toNs / fromNs));
}

/** Every third power of ten that the scale holds, as people say it. */
export function ticksOn(scale: LogScale): readonly { readonly ratio: number; readonly text: string }[] {
	return [
		[1, "1 ns"],
		[1e3, "1 µs"],
		[1e6, "1 ms"],
		[1e9, "1 s"],
		[1e12, "1000 s"],
	]
		.filter((tick): tick is [number, string] => (tick[0] as number) >= scale.fromNs && (tick[0] as number) <= scale.toNs)
		.map(([ns, text]) => ({ ratio: ratioOn(scale, ns), text }));
}

/** From a thousand down, with as many digits as mean something. */
export function nanosText(ns: number): string {
	const [value, unit] = ns < 1e3 ? [ns, "ns"] : ns < 1e6 ? [ns / 1e3, "µs"] : ns < 1e9 ? [ns / 1e6, "ms"] : [ns / 1e9, "s"];
	return `${Number(value.toPrecision(value < 100 ? 2 : 3))} ${unit}`;
}
