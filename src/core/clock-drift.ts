/**
 * The oscillator under a node's clock: segments of constant drift, walked in order, integrated in
 * whole numbers. A reading is whole microseconds and a rest in millionths of one; seconds and the
 * remainder of a span are multiplied apart, so no product leaves the safe integers in 285 years.
 * Must not know of wall clocks, boots or commands' reasons. Runs on the node's thread.
 */
import { assert } from "../shared/errors.ts";
import type { ClockModel } from "../shared/plan.ts";
import { usMax } from "../shared/units.ts";
import { belowOf, type Philox, purposes } from "./random.ts";

const million = 1_000_000;
/** A triangle wave is cut into this many steps a period. */
const stepsPerPeriod = 32;
/** A look ahead over a random walk stops here: about 60 ms of work. */
const segmentsAheadMax = 1_000_000;

/** A run of constant drift: plain data. */
export interface DriftSegment {
	/** Number of the model's segment, from 0, or -1 when the drift is forced and lasts for good. */
	readonly index: number;
	/** True time of its start, and the oscillator then. */
	readonly startUs: number;
	readonly oscillatorUs: number;
	/** Millionths of a microsecond beyond, 0 .. 999,999. */
	readonly rest: number;
	readonly driftPpm: number;
}

function assertDrift(driftPpm: number): void {
	assert(Number.isSafeInteger(driftPpm) && driftPpm > -million && driftPpm <= million, `a drift of ${driftPpm} ppm`);
}

/** A position on the oscillator: always at the segment of the latest instant asked for. */
export class DriftCursor {
	readonly #model: ClockModel;
	readonly #node: number;
	readonly #philox: Philox;
	/** Of a whole period of a periodic model: what the oscillator gains. */
	readonly #periodGainUs: number = 0;
	readonly #periodGainRest: number = 0;

	#index = 0;
	#startUs = 0;
	#oscillatorUs = 0;
	#rest = 0;
	#driftPpm = 0;
	/** First instant of the next segment, and the oscillator then; Infinity: never. */
	#endUs = Number.POSITIVE_INFINITY;
	#endOscillatorUs = Number.POSITIVE_INFINITY;

	constructor(model: ClockModel, node: number, philox: Philox) {
		this.#model = model;
		this.#node = node;
		this.#philox = philox;
		if (model.kind === "linear") assertDrift(model.driftPpm);
		if (model.kind === "periodic" || model.kind === "randomWalk") assert(Number.isSafeInteger(model.periodUs) && model.periodUs >= 1, "a clock's period");
		if (model.kind === "periodic") {
			assertDrift(-Math.abs(model.amplitudePpm));
			for (let step = 0; step < stepsPerPeriod; step++) {
				this.#driftPpm = wavePpm(model.amplitudePpm, step);
				this.#move(stepStart(model.periodUs, step + 1));
			}
			this.#periodGainUs = this.#oscillatorUs;
			this.#periodGainRest = this.#rest;
		}
		if (model.kind === "randomWalk") {
			assertDrift(-Math.abs(model.limitPpm));
			assert(Number.isSafeInteger(model.stepPpm) && model.stepPpm >= 0, `a random walk in steps of ${model.stepPpm} ppm`);
		}
		this.restore({ index: 0, startUs: 0, oscillatorUs: 0, rest: 0, driftPpm: model.kind === "linear" ? model.driftPpm : this.#driftOf(0, 0) });
	}

	get endUs(): number {
		return this.#endUs;
	}

	segment(): DriftSegment {
		return { index: this.#index, startUs: this.#startUs, oscillatorUs: this.#oscillatorUs, rest: this.#rest, driftPpm: this.#driftPpm };
	}

	restore({ index, startUs, oscillatorUs, rest, driftPpm }: DriftSegment): void {
		this.#index = index;
		this.#startUs = startUs;
		this.#oscillatorUs = oscillatorUs;
		this.#rest = rest;
		this.#driftPpm = driftPpm;
		this.#findEnd();
	}

	/** Oscillator at a true time that is not before the current segment. */
	oscillatorAt(trueUs: number): number {
		if (trueUs >= this.#endUs) this.#advanceTo(trueUs);
		const spanUs = trueUs - this.#startUs;
		assert(spanUs >= 0, "a clock read back in time");
		return this.#driftPpm === 0 ? this.#oscillatorUs + spanUs : this.#oscillatorUs + gain(spanUs, this.#driftPpm, this.#rest);
	}

	/** From `atUs` on the drift is this, for good. */
	force(driftPpm: number, atUs: number): void {
		assertDrift(driftPpm);
		this.oscillatorAt(atUs);
		this.#move(atUs);
		this.#index = -1;
		this.#driftPpm = driftPpm;
		this.#findEnd();
	}

	/** True when the current segment lasts until the oscillator shows this. */
	covers(oscillatorUs: number): boolean {
		return oscillatorUs <= this.#endOscillatorUs;
	}

	/** First instant of a covered reading; the segment's start for readings before it; Infinity beyond all instants. */
	firstAt(oscillatorUs: number): number {
		const neededUs = oscillatorUs - this.#oscillatorUs;
		if (neededUs <= 0) return this.#startUs;
		const atUs = this.#startUs + shortestSpan(neededUs, this.#driftPpm, this.#rest);
		return atUs <= usMax ? atUs : Number.POSITIVE_INFINITY;
	}

	/** Walks on to the segment that covers the reading. @returns as `firstAt`, or the start of the first segment too far ahead to look at */
	seek(oscillatorUs: number): number {
		for (let segments = 0; !this.covers(oscillatorUs); segments++) {
			if (this.#endUs > usMax) return Number.POSITIVE_INFINITY;
			if (segments === segmentsAheadMax) return this.#startUs;
			const neededUs = oscillatorUs - this.#oscillatorUs;
			// A period gains at least a microsecond less than this says, so two periods of slack never overshoot.
			if (this.#model.kind === "periodic") this.#skipPeriods(Math.floor(neededUs / (this.#periodGainUs + 1)) - 2);
			this.#next();
		}
		return this.firstAt(oscillatorUs);
	}

	#advanceTo(trueUs: number): void {
		while (trueUs >= this.#endUs) {
			if (this.#model.kind === "periodic") this.#skipPeriods(Math.floor((trueUs - this.#startUs) / this.#model.periodUs) - 1);
			this.#next();
		}
	}

	#next(): void {
		this.#move(this.#endUs);
		this.#index++;
		this.#driftPpm = this.#driftOf(this.#index, this.#driftPpm);
		this.#findEnd();
	}

	/** From the same place in one period to that in a later one: every period gains the same. */
	#skipPeriods(periods: number): void {
		if (this.#model.kind !== "periodic" || periods <= 0) return;
		this.#oscillatorUs += periods * this.#periodGainUs + (gain(periods, this.#periodGainRest, this.#rest) - periods);
		this.#rest = restAfter(periods, this.#periodGainRest, this.#rest);
		this.#startUs += periods * this.#model.periodUs;
		this.#index += periods * stepsPerPeriod;
		this.#findEnd();
	}

	/** Moves the start of the current segment on within it. */
	#move(toUs: number): void {
		const spanUs = toUs - this.#startUs;
		this.#oscillatorUs += gain(spanUs, this.#driftPpm, this.#rest);
		this.#rest = restAfter(spanUs, this.#driftPpm, this.#rest);
		this.#startUs = toUs;
	}

	#findEnd(): void {
		const model = this.#model;
		if (this.#index < 0 || (model.kind !== "periodic" && model.kind !== "randomWalk")) this.#endUs = Number.POSITIVE_INFINITY;
		else if (model.kind === "randomWalk") this.#endUs = (this.#index + 1) * model.periodUs;
		else {
			const step = this.#index % stepsPerPeriod;
			const spanUs = stepStart(model.periodUs, step + 1) - stepStart(model.periodUs, step);
			this.#endUs = Math.max(this.#startUs, this.#startUs + spanUs);
		}
		const bounded = this.#endUs <= usMax;
		this.#endOscillatorUs = bounded ? this.#oscillatorUs + gain(this.#endUs - this.#startUs, this.#driftPpm, this.#rest) : Number.POSITIVE_INFINITY;
	}

	#driftOf(index: number, beforePpm: number): number {
		const model = this.#model;
		if (model.kind === "periodic") return wavePpm(model.amplitudePpm, index % stepsPerPeriod);
		if (model.kind !== "randomWalk" || index === 0) return 0;
		this.#philox.draw(purposes.clock, this.#node, index, Math.floor(index / 4_294_967_296));
		const moved = beforePpm + belowOf(this.#philox.w0, 2 * model.stepPpm + 1) - model.stepPpm;
		return Math.max(-model.limitPpm, Math.min(model.limitPpm, moved));
	}
}

/** What the oscillator gains over a span, beyond its reading at the start: whole microseconds. */
function gain(spanUs: number, driftPpm: number, rest: number): number {
	const seconds = Math.floor(spanUs / million);
	return spanUs + seconds * driftPpm + Math.floor(((spanUs - seconds * million) * driftPpm + rest) / million);
}

/** What is left over of a microsecond after a span. */
function restAfter(spanUs: number, driftPpm: number, rest: number): number {
	const millionths = (spanUs - Math.floor(spanUs / million) * million) * driftPpm + rest;
	return millionths - Math.floor(millionths / million) * million;
}

/**
 * The shortest span over which the oscillator gains `neededUs` or more: the least s with
 * `s * rate + rest >= neededUs * 1e6`. Whole multiples of the rate are divided out first, so that
 * every product is exact. Infinity when it is longer than any span there is.
 */
function shortestSpan(neededUs: number, driftPpm: number, rest: number): number {
	if (driftPpm === 0) return neededUs;
	const rate = million + driftPpm;
	const seconds = Math.floor(neededUs / rate);
	if (seconds > usMax / million) return Number.POSITIVE_INFINITY;
	// Below 2e12 over at most 2e6: too coarse a fraction to be rounded past a whole number.
	return seconds * million + Math.ceil(((neededUs - seconds * rate) * million - rest) / rate);
}

/** Start of a step within its period: steps differ by a microsecond at most. */
function stepStart(periodUs: number, step: number): number {
	const whole = Math.floor(periodUs / stepsPerPeriod);
	return step * whole + Math.floor((step * (periodUs - whole * stepsPerPeriod)) / stepsPerPeriod);
}

/** The triangle wave in the middle of a step: from 0 up to the amplitude, down through 0, and back. */
function wavePpm(amplitudePpm: number, step: number): number {
	const quarter = stepsPerPeriod / 4;
	const place = step + 0.5;
	const height = place < quarter ? place : place < 3 * quarter ? 2 * quarter - place : place - 4 * quarter;
	const ppm = Math.round((Math.abs(height) / quarter) * amplitudePpm);
	return height < 0 ? 0 - ppm : ppm;
}
