/**
 * A node's clock: what the node believes the time is, as a function of the true time.
 *
 *     oscillator(t) = integral from 0 to t of (1 + drift ppm), running on while the node is down
 *     mono(t)       = oscillator(t) - oscillator(boot)
 *     wall(t)       = oscillator(t) + offset + the model's steps + steps by command
 *
 * Drift is constant within segments, so the integral is exact integer arithmetic: whole
 * microseconds, and a rest in millionths of one. Nothing is lost in centuries. Wall and mono read
 * the same oscillator, so their difference changes at steps only. It must not know of timers or
 * programs. Runs on the node's thread (and in the kernel, which keeps a clock a node to know the
 * state a reboot starts from).
 */
import { assert } from "../shared/errors.ts";
import type { ClockModel } from "../shared/plan.ts";
import { type LocalUs, usMax } from "../shared/units.ts";
import { DriftCursor, type DriftSegment } from "./clock-drift.ts";
import type { Philox } from "./random.ts";

/** What a clock remembers besides its model: plain data, so that it survives a reboot. */
export interface ClockState {
	/** The drift segment the clock was in, and the oscillator at its start. */
	readonly segment: DriftSegment;
	/** Steps by command so far. */
	readonly stepUs: number;
}

export interface ClockBoot {
	/** True time of the boot; mono counts from here. */
	readonly atUs: number;
	/** From `NodeClock.state` at an instant not after the boot; null: undisturbed since time 0. */
	readonly state: ClockState | null;
}

export class NodeClock {
	readonly #model: ClockModel;
	readonly #oscillator: DriftCursor;
	/** Looks ahead without moving the clock. */
	readonly #ahead: DriftCursor;
	readonly #bootOscillatorUs: number;
	#stepUs = 0;
	/** The wall clock's distance from the oscillator, but for the model's own steps. */
	#offsetUs: number;
	readonly #modelSteps: boolean;

	/**
	 * @param model drifts are whole ppm, above -1,000,000 and up to 1,000,000; periods whole microseconds, 1 at least
	 * @param node keys the draws of a random walk
	 */
	constructor(model: ClockModel, node: number, philox: Philox, boot: ClockBoot) {
		assert(model.kind !== "strobe" || model.periodUs >= 1, "a strobe without a period");
		this.#model = model;
		this.#oscillator = new DriftCursor(model, node, philox);
		this.#ahead = new DriftCursor(model, node, philox);
		if (boot.state !== null) {
			this.#oscillator.restore(boot.state.segment);
			this.#stepUs = boot.state.stepUs;
		}
		this.#bootOscillatorUs = this.#oscillator.oscillatorAt(boot.atUs);
		this.#offsetUs = model.offsetUs + this.#stepUs;
		this.#modelSteps = model.kind === "step" || model.kind === "strobe";
	}

	/** Microseconds since boot on the node's oscillator. True times never decrease from call to call. */
	monoUs(trueUs: number): LocalUs {
		return (this.#oscillator.oscillatorAt(trueUs) - this.#bootOscillatorUs) as LocalUs;
	}

	/** What the node believes the time is. True times never decrease from call to call. */
	wallUs(trueUs: number): LocalUs {
		const smooth = this.#oscillator.oscillatorAt(trueUs) + this.#offsetUs;
		return (this.#modelSteps ? smooth + modelStepUs(this.#model, trueUs) : smooth) as LocalUs;
	}

	/**
	 * The first true time at which mono shows `monoUs` or more, as long as no command changes the
	 * drift. A reading that lies in the past gives an instant that is not later than now. A random walk
	 * is looked through period by period; beyond a million of them the answer is an instant before the
	 * right one, at which to ask again.
	 * @returns Infinity when that is later than any instant there is
	 */
	trueAtMono(monoUs: number): number {
		const oscillatorUs = monoUs + this.#bootOscillatorUs;
		if (!(oscillatorUs <= usMax)) return Number.POSITIVE_INFINITY;
		if (this.#oscillator.covers(oscillatorUs)) return this.#oscillator.firstAt(oscillatorUs);
		this.#ahead.restore(this.#oscillator.segment());
		return this.#ahead.seek(oscillatorUs);
	}

	/** The next true time at which the drift changes by itself, or Infinity. */
	nextChangeUs(trueUs: number): number {
		this.#oscillator.oscillatorAt(trueUs);
		return this.#oscillator.endUs;
	}

	/** The wall clock jumps. */
	step(deltaUs: number): void {
		assert(Number.isSafeInteger(deltaUs), `a clock step of ${deltaUs} us`);
		this.#stepUs += deltaUs;
		this.#offsetUs += deltaUs;
	}

	/** From `atUs` on the oscillator drifts this much, whatever the model says. */
	setDrift(driftPpm: number, atUs: number): void {
		this.#oscillator.force(driftPpm, atUs);
	}

	/** What a later boot needs for the wall clock to run on. @param trueUs not before any earlier read */
	state(trueUs: number): ClockState {
		this.#oscillator.oscillatorAt(trueUs);
		return { segment: this.#oscillator.segment(), stepUs: this.#stepUs };
	}
}

/** How far the model itself has moved the wall clock by hand, so to say, at a true time. */
function modelStepUs(model: ClockModel, trueUs: number): number {
	if (model.kind === "step") return trueUs >= model.atUs ? model.stepUs : 0;
	if (model.kind === "strobe") return Math.floor(trueUs / model.periodUs) % 2 === 1 ? model.amplitudeUs : 0;
	return 0;
}
