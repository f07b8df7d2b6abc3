/**
 * The questions of one node that have no answer yet. Each ends once: by its answer, at its timeout, or
 * because its program does not wait any longer.
 */
import type { Call, CallResult } from "../node-api.ts";
import type { Due, LocalEvent } from "./local-events.ts";
import type { Machine } from "./machine.ts";
import type { ReceivedMessage } from "./received-message.ts";
import { Suspension } from "./tasks.ts";

/** A question under way: what its task waits for, and what its timeout ends. */
class PendingCall extends Suspension<CallResult> implements Call, Due {
	readonly sequence: number;
	timeout: LocalEvent | null = null;
	readonly #calls: PendingCalls;

	constructor(calls: PendingCalls, sequence: number) {
		super("reply");
		this.#calls = calls;
		this.sequence = sequence;
	}

	/** The time is up. */
	due(): void {
		this.#calls.expire(this);
	}

	cancel(): void {
		this.#calls.cancel(this);
	}
}

/** Too large to be sent: over before it began. */
export class RefusedCall extends Suspension<CallResult> implements Call {
	constructor() {
		super("reply");
		this.end({ ok: false, error: "tooLarge" });
	}

	cancel(): void {}
}

const timedOut: CallResult = { ok: false, error: "timeout" };
const cancelled: CallResult = { ok: false, error: "cancelled" };

export class PendingCalls {
	readonly #machine: Machine;
	readonly #bySequence = new Map<number, PendingCall>();

	constructor(machine: Machine) {
		this.#machine = machine;
	}

	/** @param sequence the message's that asks @param name of its timeout, an index into the plan's names */
	begin(sequence: number, name: number, timeoutUs: number): Call {
		const call = new PendingCall(this, sequence);
		call.timeout = this.#machine.scheduleTimer(timeoutUs, name, call);
		this.#bySequence.set(sequence, call);
		return call;
	}

	/** A reply has come. Replies to nobody are late and mean nothing. */
	answer(message: ReceivedMessage, inReplyTo: number): void {
		const call = this.#bySequence.get(inReplyTo);
		if (call === undefined) return;
		this.#end(call);
		this.#machine.tasks.settle(call, { ok: true, from: message.from, body: message.body });
	}

	expire(call: PendingCall): void {
		this.#bySequence.delete(call.sequence);
		this.#machine.tasks.settle(call, timedOut);
	}

	cancel(call: PendingCall): void {
		if (call.done) return;
		this.#end(call);
		this.#machine.tasks.settleLater(call, cancelled);
	}

	#end(call: PendingCall): void {
		this.#bySequence.delete(call.sequence);
		if (call.timeout !== null) this.#machine.heap.cancel(call.timeout);
	}
}
