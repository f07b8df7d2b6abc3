/** A run's driver on a wall clock that moves only when it rests: what it is asked, what it tells, what it records. */
import { InlineExecutor } from "../../src/core/inline-executor.ts";
import { Kernel, type RecordedCommand } from "../../src/core/kernel.ts";
import type { LogBlock } from "../../src/core/log-sink.ts";
import type { Message, NodeContext } from "../../src/core/node-api.ts";
import { plainTask } from "../../src/main/app/options.ts";
import { RunDriver } from "../../src/main/app/run-driver.ts";
import type { FromCluster, RunOutcome, RunTask, ToCluster } from "../../src/main/app/run-task.ts";
import type { RecordingEnd, RecordingTarget, SessionRecorder } from "../../src/main/store/recording.ts";
import { QuorateError } from "../../src/shared/errors.ts";
import type { RecordedCommand as FileCommand } from "../../src/shared/session.ts";
import { registryOf, service, tinyPlan } from "./tiny-plan.ts";

const echo = service("echo", ["say"], (ctx: NodeContext) => ({ on: { say: (message: Message) => ctx.reply(message, null) }, inspect: () => ({ well: true }) }));
const caller = service("caller", ["say", "tick"], (ctx: NodeContext) => ({
	boot: () =>
		void ctx.every(10_000, "tick", function* () {
			const span = ctx.startSpan("say");
			const reply = yield* ctx.call("b", "say", ctx.random.below(100), { timeoutUs: 5_000 });
			span.finish(reply.ok ? "ok" : "error");
			if (!reply.ok) ctx.log("no answer", "warn");
		}),
}));
export const drivenRegistry = registryOf(echo, caller);
export const drivenPlan = tinyPlan(
	{
		nodes: { a: { services: ["caller"] }, b: { services: ["echo"] } },
		physics: { jitter: { kind: "uniform", maxUs: 300 } },
		untilUs: 2_000_000,
		checks: [{ id: "answered", expression: "errors of say == 0", shows: "Every call is answered." }],
	},
	drivenRegistry,
);
export const drivenTask: RunTask = plainTask({ plan: drivenPlan, seed: 1, executor: { name: "inline", watchdogMs: 5_000, heapMb: 512 } });

/** The run without a driver. */
export function plainDigest(commands: readonly RecordedCommand[] = [], untilUs = drivenPlan.untilUs): string {
	const kernel = new Kernel({ plan: drivenPlan, seed: 1, executor: new InlineExecutor(drivenRegistry), commands });
	kernel.advance({ untilUs });
	return kernel.log.digest();
}

/** Keeps what it is given; fails after so many blocks if told so. */
class MemoryRecorder implements SessionRecorder {
	path = "memory";
	readonly branch = 0;
	readonly target: RecordingTarget;
	readonly commands: FileCommand[] = [];
	readonly blocks = new Map<number, { readonly eventCount: number; readonly complete: boolean }>();
	failure: QuorateError | null = null;
	end: RecordingEnd | undefined;
	closed = false;
	commits = 0;
	/** It is given things and takes none of them in. */
	isStuck = false;
	#committed = 0;
	readonly #failsAt: number;

	constructor(target: RecordingTarget, failsAt: number) {
		this.target = target;
		this.#failsAt = failsAt;
	}

	get committedEvents(): number {
		if (!this.isStuck) this.#committed = [...this.blocks.values()].reduce((sum, { eventCount }) => sum + eventCount, 0);
		return this.#committed;
	}

	onBlock({ block, eventCount, complete }: LogBlock): void {
		if (block >= this.#failsAt) this.failure = new QuorateError("disk-full", "no room");
		else this.blocks.set(block, { eventCount, complete });
	}

	onNote(): void {}

	moveTo(path: string): void {
		if (path === "taken") throw new QuorateError("session-exists", "there is one");
		this.path = path;
	}

	onCommand(command: FileCommand): void {
		this.commands.push(command);
	}

	commit(): void {
		this.commits++;
	}

	close(end?: RecordingEnd): void {
		this.closed = true;
		this.end = end;
	}
}

interface Drive {
	readonly task?: Partial<RunTask>;
	/** Called at every rest, before the driver goes on; asks and looks. */
	readonly at?: (drive: Driving) => void;
	/** The block at which the recorder fails. */
	readonly recorderFailsAt?: number;
}

/** A driver whose wall clock moves only when it rests, and a millisecond with every look. */
export class Driving {
	readonly told: FromCluster[] = [];
	readonly driver: RunDriver;
	recorder: MemoryRecorder | null = null;
	wallMs = 0;
	rests = 0;

	constructor({ task: own, at, recorderFailsAt = Number.POSITIVE_INFINITY }: Drive) {
		this.driver = new RunDriver({
			task: { ...drivenTask, ...own },
			executor: new InlineExecutor(drivenRegistry),
			services: drivenRegistry,
			openRecorder: (target) => {
				this.recorder = new MemoryRecorder(target, recorderFailsAt);
				return this.recorder;
			},
			post: (message) => void this.told.push(structuredClone(message)),
			nowMs: () => {
				this.wallMs += 0.01;
				return this.wallMs;
			},
			rest: async (ms) => {
				this.wallMs += ms;
				this.rests++;
				if (this.rests > 100_000) throw new Error("the driver never ends");
				at?.(this);
			},
		});
	}

	of<K extends FromCluster["kind"]>(kind: K): Extract<FromCluster, { readonly kind: K }>[] {
		return this.told.filter((message): message is Extract<FromCluster, { readonly kind: K }> => message.kind === kind);
	}

	ask(request: ToCluster): void {
		this.driver.ask(request);
	}
}

export async function drive(options: Drive = {}): Promise<{ readonly driving: Driving; readonly outcome: RunOutcome }> {
	const driving = new Driving(options);
	return { driving, outcome: await driving.driver.run() };
}

interface Step {
	when(driving: Driving): boolean;
	act(driving: Driving): void;
}

/** Takes the steps in order, each at the first rest at which it may be taken. */
export function script(...steps: readonly Step[]): (driving: Driving) => void {
	let next = 0;
	return (driving) => {
		for (let step = steps[next]; step?.when(driving) === true; step = steps[++next]) step.act(driving);
	};
}

export const ask =
	(...requests: readonly ToCluster[]) =>
	(driving: Driving): void => {
		for (const request of requests) driving.ask(request);
	};
export const paused =
	(count: number) =>
	(driving: Driving): boolean =>
		driving.of("paused").length === count;
export const past =
	(virtualUs: number) =>
	({ driver }: Driving): boolean =>
		driver.nowUs > virtualUs;
