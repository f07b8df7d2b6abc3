/**
 * Runs every node on the kernel's own thread, one after another. Same runtime, same records, same
 * codec as with threads: only the parallelism is missing.
 */
import { assert, fail } from "../shared/errors.ts";
import type { RecordBuffer } from "../shared/event-record.ts";
import type { Plan } from "../shared/plan.ts";
import type { BootInput, Delivery, Executor, NodeControl, NodeInspection, WindowResult } from "./executor.ts";
import type { ServiceRegistry } from "./node-api.ts";
import { NodeRuntime } from "./node-runtime.ts";

export class InlineExecutor implements Executor {
	readonly name = "inline";
	readonly #registry: ServiceRegistry;
	/** Told before every handler, so that whoever watches this thread can name the one that hangs. */
	readonly #onHandlerStart: ((node: number, step: number, atUs: number) => void) | null;
	#runtimes: (NodeRuntime | null)[] = [];
	#plan: Plan | null = null;
	#seed = 0;

	constructor(registry: ServiceRegistry, onHandlerStart: ((node: number, step: number, atUs: number) => void) | null = null) {
		this.#registry = registry;
		this.#onHandlerStart = onHandlerStart;
	}

	open(plan: Plan, seed: number): void {
		this.#plan = plan;
		this.#seed = seed;
		this.#runtimes = plan.nodes.map(() => null);
	}

	boot(boot: BootInput): void {
		assert(this.#plan !== null, "the executor is open");
		assert(this.#runtimes[boot.node] === null, "a node is stopped before it boots again");
		const runtime = new NodeRuntime({ plan: this.#plan, seed: this.#seed, services: this.#registry, boot });
		const watch = this.#onHandlerStart;
		if (watch !== null) runtime.onHandlerStart = (step, atUs) => watch(boot.node, step, atUs);
		this.#runtimes[boot.node] = runtime;
	}

	stop(node: number): void {
		this.#runtimes[node] = null;
	}

	deliver(node: number, delivery: Delivery): void {
		this.#runtime(node).deliver(delivery);
	}

	control(node: number, control: NodeControl): void {
		this.#runtime(node).control(control);
	}

	runWindow(nodes: readonly number[], endUs: number, handlersMax: number): void {
		for (const node of nodes) {
			const runtime = this.#runtime(node);
			runtime.out.clear();
			runtime.run(endUs, handlersMax);
		}
	}

	records(node: number): RecordBuffer {
		return this.#runtime(node).out;
	}

	result(node: number): WindowResult {
		return this.#runtime(node).result;
	}

	inspect(node: number): NodeInspection | null {
		return this.#runtimes[node]?.inspect() ?? null;
	}

	close(): void {
		this.#runtimes = [];
	}

	#runtime(node: number): NodeRuntime {
		const runtime = this.#runtimes[node];
		if (runtime === null || runtime === undefined) fail(`node ${node} is not running`);
		return runtime;
	}
}
