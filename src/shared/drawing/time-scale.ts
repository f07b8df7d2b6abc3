/**
 * Time on the screen: from microseconds to hours in one scale. Which instant is at which pixel, how
 * zoom and pan change that, and where the ticks go. Knows no page and no drawing. Pure.
 */

/** A stretch of true (or any other) time laid over a width of pixels. */
export interface TimeScale {
	readonly fromUs: number;
	readonly toUs: number;
	readonly widthPx: number;
}

/** Nothing is shown closer than ten pixels a microsecond on a wide screen. */
const spanUsMin = 100;
/** A day and a bit: longer than any lab. */
const spanUsMax = 100_000_000_000;

export function xOf({ fromUs, toUs, widthPx }: TimeScale, atUs: number): number {
	return ((atUs - fromUs) / (toUs - fromUs)) * widthPx;
}

export function usAt({ fromUs, toUs, widthPx }: TimeScale, xPx: number): number {
	return fromUs + (xPx / Math.max(1, widthPx)) * (toUs - fromUs);
}

function usPerPx({ fromUs, toUs, widthPx }: TimeScale): number {
	return (toUs - fromUs) / Math.max(1, widthPx);
}

/** Bounds of what may be shown; a little beyond either end is allowed, so that both ends can be seen well. */
export interface TimeBounds {
	readonly startUs: number;
	readonly endUs: number;
}

const overscrollRatio = 0.05;

/** Keeps the span within its limits and the view over the run. */
export function clampScale(scale: TimeScale, { startUs, endUs }: TimeBounds): TimeScale {
	const wholeUs = Math.max(spanUsMin, endUs - startUs);
	const spanUs = Math.min(Math.max(scale.toUs - scale.fromUs, spanUsMin), Math.min(spanUsMax, wholeUs * (1 + 2 * overscrollRatio)));
	const slackUs = spanUs * overscrollRatio;
	const centreUs = (scale.fromUs + scale.toUs) / 2;
	const latestUs = Math.max(startUs - slackUs, endUs + slackUs - spanUs);
	const fromUs = Math.min(Math.max(centreUs - spanUs / 2, startUs - slackUs), latestUs);
	return { fromUs, toUs: fromUs + spanUs, widthPx: scale.widthPx };
}

/** The instant under the anchor stays where it is. @param factor above 1 comes closer */
export function zoomAt(scale: TimeScale, { factor, anchorPx }: { readonly factor: number; readonly anchorPx: number }, bounds: TimeBounds): TimeScale {
	const anchorUs = usAt(scale, anchorPx);
	const spanUs = Math.min(Math.max((scale.toUs - scale.fromUs) / factor, spanUsMin), spanUsMax);
	const fromUs = anchorUs - (anchorPx / Math.max(1, scale.widthPx)) * spanUs;
	return clampScale({ fromUs, toUs: fromUs + spanUs, widthPx: scale.widthPx }, bounds);
}

export function panBy(scale: TimeScale, deltaPx: number, bounds: TimeBounds): TimeScale {
	const deltaUs = deltaPx * usPerPx(scale);
	return clampScale({ ...scale, fromUs: scale.fromUs + deltaUs, toUs: scale.toUs + deltaUs }, bounds);
}

/** Moves only as far as is needed for the instant to be seen, with a margin around it. */
export function reveal(scale: TimeScale, atUs: number, bounds: TimeBounds): TimeScale {
	const spanUs = scale.toUs - scale.fromUs;
	const marginUs = spanUs * 0.08;
	if (atUs >= scale.fromUs + marginUs && atUs <= scale.toUs - marginUs) return scale;
	const fromUs = atUs < scale.fromUs + marginUs ? atUs - spanUs * 0.3 : atUs - spanUs * 0.7;
	return clampScale({ ...scale, fromUs, toUs: fromUs + spanUs }, bounds);
}

const second = 1_000_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Steps that people count in: decimal below a second, sixties above it. */
const stepsUs: readonly number[] = [
	...[1, 10, 100, 1_000, 10_000, 100_000].flatMap((decade) => [decade, 2 * decade, 5 * decade]),
	...[1, 2, 5, 10, 15, 30].map((count) => count * second),
	...[1, 2, 5, 10, 15, 30].map((count) => count * minute),
	...[1, 2, 3, 6, 12].map((count) => count * hour),
	...[1, 10, 100, 1_000, 10_000].flatMap((decade) => [decade, 2 * decade, 5 * decade].map((count) => count * day)),
];

export interface Tick {
	readonly atUs: number;
	readonly xPx: number;
	readonly label: string;
}

/** The smallest step whose ticks are at least so far apart. */
function tickStepUs(scale: TimeScale, gapPxMin: number): number {
	const wantedUs = usPerPx(scale) * gapPxMin;
	return stepsUs.find((step) => step >= wantedUs) ?? (stepsUs.at(-1) as number);
}

export function ticksOf(scale: TimeScale, gapPxMin = 90): readonly Tick[] {
	const stepUs = tickStepUs(scale, gapPxMin);
	const ticks: Tick[] = [];
	const first = Math.ceil(scale.fromUs / stepUs);
	const last = Math.floor(scale.toUs / stepUs);
	for (let index = first; index <= last && ticks.length < 400; index++) {
		const atUs = index * stepUs;
		ticks.push({ atUs, xPx: xOf(scale, atUs), label: tickLabel(atUs, stepUs) });
	}
	return ticks;
}

/** As many digits as the step needs to tell neighbours apart, and no more. */
export function tickLabel(atUs: number, stepUs: number): string {
	const sign = atUs < 0 ? "-" : "";
	const us = Math.abs(atUs);
	if (us >= day && stepUs >= day) return `${sign}${Math.floor(us / day)} d`;
	if (us >= minute && stepUs >= 1_000) {
		const digits = digitsFor(stepUs);
		const hours = Math.floor(us / hour);
		const minutes = Math.floor((us - hours * hour) / minute);
		const seconds = ((us % minute) / second).toFixed(digits).padStart(digits > 0 ? digits + 3 : 2, "0");
		return hours > 0 ? `${sign}${hours}:${String(minutes).padStart(2, "0")}:${seconds}` : `${sign}${minutes}:${seconds}`;
	}
	if (us === 0) return "0";
	if (us < 1_000 && stepUs < 1_000) return `${sign}${us} µs`;
	if (us < second && stepUs < second) return `${sign}${trimmed(us / 1_000, stepUs < 1_000 ? 3 : 0)} ms`;
	return `${sign}${(us / second).toFixed(digitsFor(stepUs))} s`;
}

function trimmed(value: number, digits: number): string {
	return value.toFixed(digits).replace(/\.?0+$/, (zeros) => (digits === 0 ? zeros : ""));
}

function digitsFor(stepUs: number): number {
	for (let digits = 0, unit = second; digits < 6; digits++, unit /= 10) if (stepUs >= unit) return digits;
	return 6;
}

/** Before this many days hours alone are easier to read. */
const clockDaysMin = 2;

/** The clock of the transport bar: `01:23.456` with its last digits `789`; `1:00:00.000`, `104 d 00:12:08.000`. */
export function clockText(atUs: number): { readonly main: string; readonly fine: string } {
	const us = Math.max(0, Math.round(atUs));
	const whole = Math.floor(us / second);
	const rest = String(us - whole * second).padStart(6, "0");
	const days = whole < clockDaysMin * 86_400 ? 0 : Math.floor(whole / 86_400);
	const hours = Math.floor(whole / 3_600) - days * 24;
	const minutes = String(Math.floor((whole % 3_600) / 60)).padStart(2, "0");
	const seconds = String(whole % 60).padStart(2, "0");
	const before = days > 0 ? `${days} d ${String(hours).padStart(2, "0")}:` : hours > 0 ? `${hours}:` : "";
	return { main: `${before}${minutes}:${seconds}.${rest.slice(0, 3)}`, fine: rest.slice(3) };
}

/** A duration for people: `3.2 ms`, `840 µs`, `1.25 s`, `2 min 5 s`, `3 h`, `365 d`. */
export function shortDuration(us: number): string {
	const sign = us < 0 ? "-" : "";
	const size = Math.abs(us);
	if (size < 1_000) return `${sign}${Math.round(size)} µs`;
	if (size < second) return `${sign}${significant(size / 1_000)} ms`;
	if (size < minute) return `${sign}${significant(size / second)} s`;
	const [large, small] = largeUnits.find(([unit]) => size >= unit.us) ?? largeUnits[largeUnits.length - 1] ?? [];
	if (large === undefined || small === undefined) return `${sign}${Math.round(size / second)} s`;
	const whole = Math.floor(size / large.us);
	const rest = Math.round((size % large.us) / small.us);
	return rest === 0 ? `${sign}${whole} ${large.name}` : `${sign}${whole} ${large.name} ${rest} ${small.name}`;
}

const unitOf = { s: { us: second, name: "s" }, min: { us: minute, name: "min" }, h: { us: hour, name: "h" }, d: { us: day, name: "d" } } as const;
/** From a minute on a duration is told in two units. */
const largeUnits = [
	[unitOf.d, unitOf.h],
	[unitOf.h, unitOf.min],
	[unitOf.min, unitOf.s],
] as const;

function significant(value: number): string {
	return value >= 100 ? value.toFixed(0) : value >= 10 ? trimmed(value, 1) : trimmed(value, 2);
}
