/**
 * How far virtual time may have come at a wall instant. Falls back rather than hurries: a machine that
 * cannot keep up, or that slept, goes on from where it is. Knows no kernel; the wall clock is given.
 */
import type { Speed } from "./run-task.ts";

/** Beyond this lag the pace starts anew from where the run is. */
const lagMsMax = 250;

export class Pacer {
	#speed: Speed;
	#anchorMs: number;
	#anchorUs: number;

	constructor(speed: Speed, nowMs: number, virtualUs: number) {
		this.#speed = speed;
		this.#anchorMs = nowMs;
		this.#anchorUs = virtualUs;
	}

	get speed(): Speed {
		return this.#speed;
	}

	/** Starts the pace anew: after a change of speed, a pause or a leap. */
	anchor(nowMs: number, virtualUs: number, speed: Speed = this.#speed): void {
		this.#speed = speed;
		this.#anchorMs = nowMs;
		this.#anchorUs = virtualUs;
	}

	/** The instant up to which the run should have been carried by now. */
	targetUs(nowMs: number, virtualUs: number): number {
		if (this.#speed === "max") return Number.POSITIVE_INFINITY;
		const targetUs = this.#anchorUs + Math.floor((nowMs - this.#anchorMs) * 1_000 * this.#speed);
		if (targetUs - virtualUs > lagMsMax * 1_000 * this.#speed) {
			this.anchor(nowMs, virtualUs);
			return virtualUs + Math.floor(lagMsMax * 1_000 * this.#speed);
		}
		return targetUs;
	}

	/** Wall time until the run may come to `virtualUs`; 0 when it may already. */
	msUntil(virtualUs: number, nowMs: number): number {
		if (this.#speed === "max") return 0;
		return Math.max(0, this.#anchorMs + (virtualUs - this.#anchorUs) / (1_000 * this.#speed) - nowMs);
	}
}
