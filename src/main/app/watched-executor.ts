/**
 * The inline executor, telling a progress board which handler it is in, so that the main thread can
 * stop this one when a handler never returns. Runs on the cluster thread; changes no result.
 */
import type { BootInput, Delivery, Executor, NodeControl, NodeInspection, WindowResult } from "../../core/executor.ts";
import { InlineExecutor } from "../../core/inline-executor.ts";
import type { ServiceRegistry } from "../../core/node-api.ts";
import type { RecordBuffer } from "../../shared/event-record.ts";
import type { Plan } from "../../shared/plan.ts";
import type { ProgressBoard } from "./progress-board.ts";

export class WatchedExecutor implements Executor {
	readonly name = "inline";
	readonly #inner: InlineExecutor;
	readonly #board: ProgressBoard;
	#incarnations = new Int32Array(0);

	constructor(registry: ServiceRegistry, board: ProgressBoard) {
		this.#board = board;
		this.#inner = new InlineExecutor(registry, (node, step, atUs) => board.enter(node, this.#incarnations[node] as number, step, atUs));
	}

	open(plan: Plan, seed: number): void {
		this.#incarnations = new Int32Array(plan.nodes.length);
		this.#inner.open(plan, seed);
	}

	boot(input: BootInput): void {
		this.#incarnations[input.node] = input.incarnation;
		this.#inner.boot(input);
	}

	stop(node: number): void {
		this.#inner.stop(node);
	}

	deliver(node: number, delivery: Delivery): void {
		this.#inner.deliver(node, delivery);
	}

	control(node: number, control: NodeControl): void {
		this.#inner.control(node, control);
	}

	runWindow(nodes: readonly number[], endUs: number, handlersMax: number): void {
		this.#inner.runWindow(nodes, endUs, handlersMax);
		this.#board.leave();
	}

	records(node: number): RecordBuffer {
		return this.#inner.records(node);
	}

	result(node: number): WindowResult {
		return this.#inner.result(node);
	}

	inspect(node: number): NodeInspection | null {
		return this.#inner.inspect(node);
	}

	close(): void {
		this.#inner.close();
	}
}
