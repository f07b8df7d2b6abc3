/**
 * Generator tasks: sequential programs without promises, so that no microtask order is ever involved.
 * A task yields a suspension, the runtime settles it at an exact instant, the task goes on. A crash
 * drops the suspensions, and with them the tasks.
 */
import type { Handled, Task, Wait } from "../node-api.ts";
import { noTrace, type TraceContext } from "./trace.ts";

/**
 * Something a task waits for, and the task that does nothing else: `yield* suspension` waits for its
 * value. It speaks the generator protocol by itself, and is its own iterator result (not done: itself;
 * done: what was waited for), because a generator and a few results for each of the millions of waits
 * of a run would be most of its garbage.
 */
export class Suspension<Value = unknown> implements Wait, Task<Value> {
	readonly wait: Wait["wait"];
	task: Task<unknown> | null = null;
	trace: TraceContext = noTrace;
	done = false;
	value: unknown = this;

	constructor(wait: Wait["wait"]) {
		this.wait = wait;
	}

	[Symbol.iterator](): this {
		return this;
	}

	next(): IteratorResult<Wait, Value> {
		return this as unknown as IteratorResult<Wait, Value>;
	}

	/** The wait is over. */
	end(value: Value): void {
		this.done = true;
		this.value = value;
	}

	/** A waiting task that is closed from outside simply never goes on. */
	return(value: Value): IteratorResult<Wait, Value> {
		return { done: true, value };
	}

	throw(error: unknown): never {
		throw error;
	}
}

function isTask(handled: Handled): handled is Task<unknown> {
	return handled !== undefined && handled !== null && typeof (handled as Task<unknown>).next === "function";
}

export class TaskRunner {
	/** Trace context of whatever runs now; saved and restored around every suspension. */
	trace: TraceContext = noTrace;
	/** Tasks made ready by a signal: they go on once the present handler has returned. */
	#ready: Suspension[] = [];

	/** Runs what a handler returned, up to its first wait. */
	start(handled: Handled): void {
		if (isTask(handled)) this.#drive(handled);
	}

	/** Starts a task beside the current one: it inherits the trace, not the turn. */
	spawn(task: Task<unknown>): void {
		const trace = this.trace;
		this.#drive(task);
		this.trace = trace;
	}

	/** Ends a wait and lets its task go on at once. */
	settle<Value>(suspension: Suspension<Value>, value: Value): void {
		suspension.end(value);
		this.#resume(suspension as Suspension);
	}

	/** Ends a wait; its task goes on when the present handler has returned. */
	settleLater<Value>(suspension: Suspension<Value>, value: Value): void {
		suspension.end(value);
		this.#ready.push(suspension as Suspension);
	}

	/** Runs what became ready, in the order it did. Called at the end of every handler. */
	drain(): void {
		if (this.#ready.length === 0) return;
		for (let i = 0; i < this.#ready.length; i++) this.#resume(this.#ready[i] as Suspension);
		this.#ready = [];
	}

	#resume(suspension: Suspension): void {
		const task = suspension.task;
		if (task === null) return;
		suspension.task = null;
		this.trace = suspension.trace;
		this.#drive(task);
	}

	#drive(task: Task<unknown>): void {
		const step = task.next();
		if (step.done === true) return;
		const suspension = step.value as Suspension;
		suspension.task = task;
		suspension.trace = this.trace;
	}
}
