/**
 * What a program sets to go off later, on its node's own clock: once, again and again, or whenever it
 * was set to last. What is housekeeping belongs to no request; what is done for a request carries its trace.
 */
import { assert } from "../../shared/errors.ts";
import type { Alarm, Handled, Timer } from "../node-api.ts";
import type { Due, LocalEvent } from "./local-events.ts";
import type { Machine } from "./machine.ts";
import { noTrace } from "./trace.ts";

/** Runs `schedule` as if no request were at hand. */
function forNoRequest<Result>({ tasks }: Machine, schedule: () => Result): Result {
	const { trace } = tasks;
	tasks.trace = noTrace;
	const result = schedule();
	tasks.trace = trace;
	return result;
}

/** The handle of `after`. */
export class OneTimer implements Timer, Due {
	readonly #machine: Machine;
	readonly #action: () => Handled;
	readonly #event: LocalEvent;

	constructor(machine: Machine, delayUs: number, name: number, action: () => Handled) {
		this.#machine = machine;
		this.#action = action;
		this.#event = machine.scheduleTimer(delayUs, name, this);
	}

	due(): void {
		this.#machine.tasks.start(this.#action());
	}

	cancel(): void {
		this.#machine.heap.cancel(this.#event);
	}

	get active(): boolean {
		return !this.#event.cancelled && !this.#event.fired;
	}
}

/** The handle of `every`. */
export class RepeatingTimer implements Timer, Due {
	readonly #machine: Machine;
	readonly #periodUs: number;
	readonly #name: number;
	readonly #action: () => Handled;
	/** On the node's own clock. */
	#deadlineUs: number;
	#event: LocalEvent;
	#stopped = false;

	constructor(machine: Machine, periodUs: number, name: number, action: () => Handled) {
		assert(periodUs >= 1, "a period is at least one microsecond");
		this.#machine = machine;
		this.#periodUs = periodUs;
		this.#name = name;
		this.#action = action;
		this.#deadlineUs = this.#monoUs() + periodUs;
		this.#event = forNoRequest(machine, () => this.#schedule());
	}

	due(): void {
		// Missed periods (a paused node) are skipped, not made up for.
		const missed = Math.ceil((this.#monoUs() - this.#deadlineUs + 1) / this.#periodUs);
		this.#deadlineUs += this.#periodUs * Math.max(1, missed);
		this.#event = this.#schedule();
		this.#machine.tasks.start(this.#action());
	}

	cancel(): void {
		this.#stopped = true;
		this.#machine.heap.cancel(this.#event);
	}

	get active(): boolean {
		return !this.#stopped;
	}

	#monoUs(): number {
		return this.#machine.clock.monoUs(this.#machine.nowUs());
	}

	#schedule(): LocalEvent {
		return this.#machine.scheduleDeadline(this.#deadlineUs, this.#name, this);
	}
}

/** The handle of `alarm`: one action, set and stopped many times. */
export class ResettableAlarm implements Alarm, Due {
	readonly #machine: Machine;
	readonly #name: number;
	readonly #action: () => Handled;
	#event: LocalEvent | null = null;

	constructor(machine: Machine, name: number, action: () => Handled) {
		this.#machine = machine;
		this.#name = name;
		this.#action = action;
	}

	set(delayUs: number): void {
		this.stop();
		this.#event = forNoRequest(this.#machine, () => this.#machine.scheduleTimer(delayUs, this.#name, this));
	}

	stop(): void {
		if (this.#event === null) return;
		this.#machine.heap.cancel(this.#event);
		this.#event = null;
	}

	get isSet(): boolean {
		return this.#event !== null;
	}

	due(): void {
		this.#event = null;
		this.#machine.tasks.start(this.#action());
	}
}
