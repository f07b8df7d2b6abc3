/** A span from its start to its end: while it is current, what the program does is done inside it. */
import type { PlainValue } from "../../shared/codec.ts";
import type { Span } from "../node-api.ts";
import type { Machine } from "./machine.ts";
import type { TraceContext } from "./trace.ts";

export class OpenSpan implements Span {
	readonly sequence: number;
	readonly #machine: Machine;
	readonly #name: number;
	readonly #parent: TraceContext;
	readonly #trace: TraceContext;
	readonly #startedUs: number;
	#open = true;

	/** Starts it: from here on it is the current one. @param name index into the plan's names */
	constructor(machine: Machine, name: number) {
		const { tasks, recorder, node, sequences } = machine;
		const parent = tasks.trace;
		const sequence = ++sequences.span;
		const isRoot = parent.traceNode < 0;
		this.sequence = sequence;
		this.#machine = machine;
		this.#name = name;
		this.#parent = parent;
		this.#trace = {
			traceNode: isRoot ? node : parent.traceNode,
			traceSequence: isRoot ? sequence : parent.traceSequence,
			spanNode: node,
			spanSequence: sequence,
		};
		this.#startedUs = machine.nowUs();
		recorder.spanStarted({ sequence, name, trace: this.#trace, parent });
		tasks.trace = this.#trace;
	}

	finish(status: "ok" | "error", attributes?: { readonly [key: string]: PlainValue }): void {
		if (!this.#open) return;
		this.#open = false;
		const { recorder, tasks } = this.#machine;
		recorder.spanFinished({
			sequence: this.sequence,
			name: this.#name,
			ok: status === "ok",
			startedUs: this.#startedUs,
			attributes: attributes ?? null,
		});
		if (tasks.trace === this.#trace) tasks.trace = this.#parent;
	}
}
