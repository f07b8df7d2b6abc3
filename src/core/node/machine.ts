/**
 * The hardware of one node as its programs' context needs it: a sense of now, a clock, a processor,
 * drives, a heap of things to come, and the counters that name what it does. No policy; the runtime
 * (node-runtime.ts) drives it.
 */
import type { NodePlan, ProgramPlan } from "../../shared/plan.ts";
import { NodeClock } from "../clock.ts";
import type { BootInput, NodeSequences } from "../executor.ts";
import type { DiskResult, Task } from "../node-api.ts";
import { Philox, purposes } from "../random.ts";
import { Cpu, CpuWork } from "./cpu.ts";
import { type DriveRecord, RunningDrive } from "./drive.ts";
import { type Due, DueAction, eventRanks, LocalEvent, LocalEventHeap } from "./local-events.ts";
import { NodeRecorder } from "./recorder.ts";
import { Suspension, TaskRunner } from "./tasks.ts";
import type { TraceContext } from "./trace.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export class Machine {
	readonly plan: ProgramPlan;
	readonly node: number;
	readonly nodePlan: NodePlan;
	readonly incarnation: number;
	readonly philox: Philox;
	readonly clock: NodeClock;
	readonly cpu: Cpu;
	readonly drives: readonly RunningDrive[];
	readonly recorder: NodeRecorder;
	readonly tasks = new TaskRunner();
	readonly heap = new LocalEventHeap();
	readonly sequences: Mutable<NodeSequences>;
	#completions = 0;

	constructor(plan: ProgramPlan, seed: number, boot: BootInput) {
		this.plan = plan;
		this.node = boot.node;
		this.nodePlan = boot.plan;
		this.incarnation = boot.incarnation;
		this.philox = new Philox(seed);
		this.sequences = { ...boot.sequences };
		this.recorder = new NodeRecorder(boot.node, boot.lamport);
		this.recorder.nowUs = boot.atUs;
		this.clock = new NodeClock(this.nodePlan.clock, boot.node, this.philox, { atUs: boot.atUs, state: boot.clock });
		this.cpu = new Cpu({ cores: this.nodePlan.cores, factorMilli: boot.factorMilli, schedule: (work) => this.#scheduleWork(work) });
		this.drives = Array.from(
			{ length: this.nodePlan.disk.drives },
			(_, index) => new RunningDrive({ index, node: boot.node, plan: this.nodePlan.disk, image: boot.drives[index], philox: this.philox, port: this }),
		);
	}

	/** True time; the programs' own view of it goes through the clock. */
	nowUs(): number {
		return this.recorder.nowUs;
	}

	/** What breaks ties at one instant: 0, or a seeded hash when races are explored. */
	tie(sequence: number, rank: number): number {
		if (!this.plan.exploreRaces) return 0;
		this.philox.draw(purposes.tie, this.node, sequence, rank << 16);
		return this.philox.w0;
	}

	schedule(event: { readonly atUs: number; readonly rank: number; readonly sequence: number; readonly trace: TraceContext; readonly target: Due }): LocalEvent {
		const local = new LocalEvent({ ...event, tie: this.tie(event.sequence, event.rank), deadlineMonoUs: -1, name: -1 });
		this.heap.push(local);
		return local;
	}

	/** @param delayUs on the node's own clock, from now */
	scheduleTimer(delayUs: number, name: number, target: Due): LocalEvent {
		return this.scheduleDeadline(this.clock.monoUs(this.nowUs()) + Math.max(0, Math.floor(delayUs)), name, target);
	}

	scheduleDeadline(deadlineMonoUs: number, name: number, target: Due): LocalEvent {
		const sequence = ++this.sequences.timer;
		const local = new LocalEvent({
			atUs: Math.max(this.nowUs(), this.clock.trueAtMono(deadlineMonoUs)),
			rank: eventRanks.timer,
			tie: this.tie(sequence, eventRanks.timer),
			sequence,
			deadlineMonoUs,
			name,
			trace: this.tasks.trace,
			target,
		});
		this.heap.push(local);
		return local;
	}

	/**
	 * A timer whose clock could not be foreseen far enough asks again.
	 * @param atUs when it would fire: its instant, or the end of a pause
	 * @returns whether it was put off
	 */
	postpone(timer: LocalEvent, atUs: number): boolean {
		if (timer.deadlineMonoUs < 0 || this.clock.monoUs(atUs) >= timer.deadlineMonoUs) return false;
		timer.atUs = Math.max(atUs + 1, this.clock.trueAtMono(timer.deadlineMonoUs));
		timer.fired = false;
		this.heap.push(timer);
		return true;
	}

	// --- processor

	compute(durationUs: number): Task {
		const nowUs = this.nowUs();
		const work = new CpuWork(nowUs, durationUs, this.tasks.trace, this.#finishWork);
		this.cpu.submit(work, nowUs);
		return work;
	}

	slow(factorMilli: number, atUs: number): void {
		this.cpu.setFactor(factorMilli, atUs);
		this.heap.rebuild((event) => this.#retimeWork(event));
	}

	/** Everything a paused node's devices had begun ends later by the length of the pause. */
	shiftDevices(byUs: number): void {
		this.cpu.shift(byUs);
		for (const drive of this.drives) drive.shift(byUs);
		this.heap.rebuild((event) => {
			if (!this.#retimeWork(event) && event.rank === eventRanks.completion) event.atUs += byUs;
		});
	}

	/** After the clock's rate was changed by hand: timers keep their deadlines on the node's clock. */
	retimeTimers(atUs: number): void {
		this.heap.rebuild((event) => {
			if (event.deadlineMonoUs >= 0) event.atUs = Math.max(atUs, this.clock.trueAtMono(event.deadlineMonoUs));
		});
	}

	#scheduleWork(work: CpuWork): void {
		const rank = eventRanks.completion;
		work.event = this.schedule({ atUs: work.finishUs, rank, sequence: ++this.#completions, trace: work.request, target: work });
	}

	readonly #finishWork = (work: CpuWork): void => {
		this.recorder.computed(work);
		this.cpu.finished(work, this.nowUs());
		this.tasks.settle(work, undefined);
	};

	#retimeWork(event: LocalEvent): boolean {
		if (!(event.target instanceof CpuWork)) return false;
		event.atUs = event.target.finishUs;
		return true;
	}

	// --- drives (DrivePort)

	nextSequence(): number {
		return ++this.sequences.disk;
	}

	await<Value>(atUs: number, complete: () => DiskResult<Value>): Task<DiskResult<Value>> {
		const suspension = new Suspension<DiskResult<Value>>("disk");
		this.schedule({
			atUs,
			rank: eventRanks.completion,
			sequence: ++this.#completions,
			trace: this.tasks.trace,
			target: new DueAction(() => this.tasks.settle(suspension, complete())),
		});
		return suspension;
	}

	write(drive: number, record: DriveRecord): void {
		this.recorder.disk(drive, record);
	}
}
