/**
 * Drives one run on the cluster thread: advances the kernel in short slices, looks between them for
 * what the user asks, keeps to the pace, tells the main thread where it is and sees that the file is
 * current. Wall time lives here and nowhere below: nothing in this module can change what happens, only
 * when it is looked at.
 */
import { CheckBoard } from "../../core/checks/create-check-folds.ts";
import type { Executor } from "../../core/executor.ts";
import { Kernel, type RecordedCommand } from "../../core/kernel.ts";
import type { ServiceRegistry } from "../../core/node-api.ts";
import { Projection } from "../../shared/projection/projection.ts";
import { standingNames } from "../../shared/projection/standing.ts";
import type { RecordedCommand as FileCommand, RecordedVerdict } from "../../shared/session.ts";
import { type PlainError, toPlain } from "../store/recorder-protocol.ts";
import type { RecordingTarget, SessionRecorder } from "../store/recording.ts";
import { CommandDesk } from "./command-desk.ts";
import { CommandTape } from "./command-tape.ts";
import { EventLines } from "./event-lines.ts";
import { FileSide } from "./file-side.ts";
import { Pacer } from "./pacer.ts";
import { PauseGuard } from "./pause-guard.ts";
import type { FromCluster, PausePredicate, RunMode, RunOutcome, RunTask, ToCluster } from "./run-task.ts";
import { fromUnknown } from "./unknown-error.ts";
import { contentsOf, WindowSide } from "./window-side.ts";

export interface DriverParts {
	readonly task: RunTask;
	readonly executor: Executor;
	/** For checks that a service judges itself. */
	readonly services: ServiceRegistry;
	openRecorder(target: RecordingTarget): SessionRecorder;
	post(message: FromCluster): void;
	/** Milliseconds of wall time from any beginning. */
	nowMs(): number;
	/** Lets the thread's event loop turn, and waits at most so long for what it brings. */
	rest(ms: number): Promise<void>;
}

/** A slice of work should take about this long: a user's act is looked at after it. */
const sliceMsMin = 4;
const sliceMsMax = 12;
const windowsMaxLimit = 1_048_576;
/** The longest rest while time is only passing. */
const restMsMax = 20;
/** A request ends a rest at once. */
const pausedRestMs = 250;
/** While the file has yet to take in what was given to it. */
const commitRestMs = 5;
const paceOverMs = 1_000;

export class RunDriver {
	readonly #parts: DriverParts;
	readonly #task: RunTask;
	readonly #kernel: Kernel;
	readonly #view: Projection;
	readonly #checks: CheckBoard;
	/** Null: the run is for no window. */
	readonly #windowSide: WindowSide | null;
	readonly #lines: EventLines;
	readonly #file: FileSide;
	readonly #desk: CommandDesk;
	readonly #guard: PauseGuard;
	readonly #startMs: number;
	readonly #pacer: Pacer;
	#requests: ToCluster[] = [];
	#mode: RunMode = "running";
	#stopped = false;
	#goalUs: number;
	/** What it goes on by, or stands still by; see `ToCluster`. */
	#move = 0;
	#windowsMax = 64;
	#statusDueMs = 0;
	/** Of the file, as it was told last. */
	#toldCommitted = 0;
	#pace: { readonly fromMs: number; readonly fromUs: number; readonly ratio: number };

	constructor(parts: DriverParts) {
		const { task, executor } = parts;
		this.#parts = parts;
		this.#task = task;
		this.#startMs = parts.nowMs();
		this.#goalUs = task.untilUs;
		// First, because a file that cannot be made is known before any node is started.
		this.#file = new FileSide(parts);
		this.#kernel = this.#makeKernel(executor);
		this.#desk = new CommandDesk(this.#kernel, task.untilUs, (message) => parts.post(message));
		this.#view = new Projection(task.plan);
		this.#lines = new EventLines(task.plan, { index: task.linesFromIndex, atUs: task.fork?.atUs ?? 0 });
		const { log } = this.#kernel;
		log.observe({ onEvent: (words, start) => this.#view.apply(words, start) });
		log.observe(new CommandTape(this.#kernel, (command, refusal) => this.#onCommand(command, refusal)));
		if (task.tellLines) log.observe(this.#lines);
		this.#checks = new CheckBoard(task.plan, parts.services);
		log.observe(this.#checks);
		this.#windowSide = task.forWindow === true ? new WindowSide(this.#kernel) : null;
		this.#guard = new PauseGuard(this.#kernel, this.#checks);
		this.#file.attach(this.#kernel);
		this.#pacer = new Pacer(task.speed, this.#startMs, 0);
		this.#pace = { fromMs: this.#startMs, fromUs: 0, ratio: 0 };
	}

	#makeKernel(executor: Executor): Kernel {
		const { plan, seed, commands } = this.#task;
		try {
			return new Kernel({ plan, seed, executor, commands });
		} catch (error) {
			this.#file.close();
			throw error;
		}
	}

	/** Something the user asks; looked at before the next slice. */
	ask(request: ToCluster): void {
		this.#requests.push(request);
	}

	/** Runs until the end or until it is stopped. @throws what the kernel or the executor throws */
	async run(): Promise<RunOutcome> {
		await this.#repeat();
		if (this.#task.startPaused) this.#mode = "paused";
		this.#show();
		this.#watch(this.#task.pauseWhen);
		while (!this.#isOver()) {
			this.#obey();
			if (this.#isOver()) break;
			const restMs = this.#mode === "paused" ? this.#pausedRestMs() : this.#slice();
			await this.#parts.rest(this.#file.isWaitedFor ? Math.min(commitRestMs, restMs) : restMs);
			this.#tell();
		}
		return this.#end();
	}

	/** Gives the file what there is, without an end. For runs that failed. */
	abandon(): PlainError | null {
		try {
			this.#kernel.flush();
		} catch {
			// the log itself may be what failed; what was handed over before is committed below
		}
		this.#file.close();
		const { failure } = this.#file;
		return failure === null ? null : toPlain(failure);
	}

	get nowUs(): number {
		return this.#kernel.nowUs;
	}

	get events(): number {
		return this.#kernel.log.eventCount;
	}

	/** Repeats what was recorded or seen before, as fast as it can, and gives what is new at its place. */
	async #repeat(): Promise<void> {
		const { fork, catchUpUs, wishes } = this.#task;
		const repeatUntilUs = Math.min(this.#goalUs, Math.max(fork?.atUs ?? 0, catchUpUs));
		while (this.#kernel.nowUs < repeatUntilUs && !this.#stopped) {
			this.#advance(repeatUntilUs);
			await this.#parts.rest(0);
			// All else belongs to the present, and waits until it is reached.
			this.#stopped = this.#requests.some(({ kind }) => kind === "stop");
		}
		if (fork !== null && !this.#stopped) this.#file.takeFork(this.#kernel, fork.atUs);
		// What was done to it when it stood still there had been done: that much is in its file.
		if (fork === null) this.#settle(this.#task.commands.filter(({ atUs }) => atUs === repeatUntilUs));
		if (wishes.length > 0) this.#desk.takeWishes(wishes, (commands) => this.#task.startPaused && this.#settle(commands));
		this.#pacer.anchor(this.#parts.nowMs(), this.#kernel.nowUs);
		// What was repeated is no measure of what follows.
		if (repeatUntilUs > 0) this.#pace = { fromMs: this.#parts.nowMs(), fromUs: this.#kernel.nowUs, ratio: 0 };
	}

	#onCommand(command: FileCommand, refusal: string): void {
		if (command.origin === "user") this.#desk.onCommand(command, refusal);
		this.#file.onCommand(command);
	}

	#isOver(): boolean {
		if (this.#stopped || this.#file.failure !== null) return true;
		return this.#mode === "running" && this.#kernel.nowUs >= this.#task.untilUs;
	}

	/** One slice of work. @returns how long to rest after it */
	#slice(): number {
		const nowMs = this.#parts.nowMs();
		const { nowUs } = this.#kernel;
		const targetUs = Math.min(this.#goalUs, this.#pacer.targetUs(nowMs, nowUs));
		if (targetUs > nowUs) this.#advance(targetUs);
		if (this.#guard.isWanted) this.#pause("predicate");
		else if (this.#kernel.nowUs >= this.#goalUs && this.#goalUs < this.#task.untilUs) this.#pause("until");
		const nextUs = Math.min(this.#goalUs, this.#kernel.nextUs);
		return Math.min(restMsMax, this.#pacer.msUntil(nextUs, this.#parts.nowMs()));
	}

	/** Advances by so many windows that it takes a slice's time. */
	#advance(untilUs: number): void {
		const startMs = this.#parts.nowMs();
		const isTimeUp = (): boolean => this.#parts.nowMs() - startMs > sliceMsMin;
		const outcome = this.#guard.advance({ untilUs, windowsMax: this.#windowsMax, isTimeUp });
		const tookMs = this.#parts.nowMs() - startMs;
		if (outcome === "windows" && tookMs < sliceMsMin) this.#windowsMax = Math.min(windowsMaxLimit, this.#windowsMax * 2);
		else if (tookMs > sliceMsMax) this.#windowsMax = Math.max(1, this.#windowsMax >>> 1);
	}

	#obey(): void {
		const requests = this.#requests;
		if (requests.length === 0) return;
		this.#requests = [];
		for (const request of requests) this.#carryOut(request);
	}

	#carryOut(request: ToCluster): void {
		switch (request.kind) {
			case "stop":
				this.#stopped = true;
				return;
			case "pause":
				this.#move = request.move ?? 0;
				this.#pause("asked");
				return;
			case "resume":
				this.#resume(this.#task.untilUs, request);
				return;
			case "runUntil":
				this.#resume(Math.min(request.untilUs, this.#task.untilUs), request);
				return;
			case "step":
				this.#move = request.move ?? 0;
				if (this.#kernel.nextUs < this.#task.untilUs) this.#kernel.step();
				this.#pause("step");
				return;
			case "speed":
				this.#pacer.anchor(this.#parts.nowMs(), this.#kernel.nowUs, request.speed);
				return;
			case "pauseWhen":
				this.#watch(request.predicate);
				return;
			case "command":
				this.#give(request);
				return;
			case "note":
				this.#file.onNote(request.note);
				return;
			case "inspect":
				this.#parts.post({ kind: "inspected", id: request.id, ...contentsOf(this.#kernel, request.node) });
				return;
			case "board":
				this.#tellBoard(request.id, request.names);
				return;
			case "moveFile":
				this.#moveFile(request.id, request.path);
				return;
			case "untilInFile":
				this.#file.tellWhenIn(request.id, this.#kernel, this.#parts.nowMs());
				return;
		}
	}

	#pause(reason: "asked" | "until" | "predicate" | "step"): void {
		this.#guard.isWanted = false;
		this.#mode = "paused";
		this.#show();
		this.#parts.post({ kind: "paused", virtualUs: this.#kernel.nowUs, reason, move: this.#move });
	}

	/** Commands for now take effect though the run stands still; at the run's end nothing does. */
	#settle(commands: readonly RecordedCommand[]): void {
		const { commandUs } = this.#kernel;
		if (commandUs >= this.#task.untilUs || commands.every(({ atUs }) => atUs > commandUs)) return;
		this.#kernel.settle();
		this.#guard.isWanted = false; // it stands still already
	}

	/** State, log and file agree: whatever stands still can be looked at in all of them. */
	#show(): void {
		this.#statusDueMs = 0;
		this.#file.flush(this.#kernel, this.#parts.nowMs());
	}

	/** A request ends a rest; the recorder, which has its own thread, does not. */
	#pausedRestMs(): number {
		return this.#file.isBehind(this.#kernel) ? commitRestMs : pausedRestMs;
	}

	#resume(goalUs: number, { move = 0 }: { readonly move?: number }): void {
		this.#move = move;
		this.#goalUs = goalUs;
		this.#mode = "running";
		this.#pacer.anchor(this.#parts.nowMs(), this.#kernel.nowUs);
		this.#statusDueMs = 0;
	}

	#watch(predicate: PausePredicate | null): void {
		const known = predicate?.kind === "leader" ? this.#windowSide?.board(standingNames(this.#task.plan)).entries : undefined;
		this.#guard.watch(predicate, known ?? []);
	}

	#give(request: ToCluster & { readonly kind: "command" }): void {
		const command = this.#desk.take(request);
		if (command === null || this.#mode !== "paused") return;
		this.#settle([command]);
		this.#show();
	}

	#tellBoard(id: number, names: readonly number[]): void {
		const part = this.#windowSide?.board(names) ?? { entries: [], omitted: 0 };
		this.#parts.post({ kind: "board", id, atUs: this.#kernel.nowUs, ...part });
	}

	#moveFile(id: number, path: string): void {
		try {
			this.#file.moveTo(path);
			this.#parts.post({ kind: "fileMoved", id, path, error: null });
		} catch (error) {
			this.#parts.post({ kind: "fileMoved", id, path, error: toPlain(fromUnknown(error)) });
		}
	}

	/** Tells the main thread where the run is, and gives the file its open block, when either is due. */
	#tell(): void {
		const nowMs = this.#parts.nowMs();
		this.#file.serve(this.#kernel, nowMs);
		this.#file.flushIfDue(this.#kernel, nowMs);
		const { statusEveryMs } = this.#task;
		this.#tellLines();
		if (statusEveryMs === 0 || (nowMs < this.#statusDueMs && !this.#hasFileCaughtUp())) return;
		this.#statusDueMs = nowMs + statusEveryMs;
		this.#measurePace(nowMs);
		this.#tellStatus(nowMs);
	}

	#hasFileCaughtUp(): boolean {
		return this.#mode === "paused" && this.#file.committedEvents !== this.#toldCommitted;
	}

	#tellLines(): void {
		if (!this.#lines.isEmpty) this.#parts.post({ kind: "lines", ...this.#lines.take() });
	}

	#tellStatus(nowMs: number): void {
		this.#view.advanceTo(this.#kernel.nowUs);
		this.#toldCommitted = this.#file.committedEvents;
		this.#parts.post({
			kind: "status",
			status: {
				mode: this.#mode,
				virtualUs: this.#kernel.nowUs,
				untilUs: this.#task.untilUs,
				wallMs: nowMs - this.#startMs,
				paceRatio: this.#pace.ratio,
				speed: this.#pacer.speed,
				view: this.#view.snapshot(),
				checks: this.#checks.verdicts(this.#kernel.nowUs),
				committedEvents: this.#toldCommitted,
				...(this.#windowSide === null ? {} : { drawn: this.#windowSide.drawn(this.#shownRatio) }),
			},
		});
	}

	/** Virtual seconds a second of whoever watches. */
	get #shownRatio(): number {
		return this.#pacer.speed === "max" ? Math.max(1, this.#pace.ratio) : this.#pacer.speed;
	}

	#measurePace(nowMs: number): void {
		const { fromMs, fromUs } = this.#pace;
		const { nowUs } = this.#kernel;
		if (nowMs - fromMs < paceOverMs && this.#pace.ratio > 0) return;
		if (nowMs > fromMs) this.#pace = { fromMs: nowMs, fromUs: nowUs, ratio: (nowUs - fromUs) / 1_000 / (nowMs - fromMs) };
	}

	#end(): RunOutcome {
		this.#mode = "ended";
		const { log, commands, nowUs } = this.#kernel;
		const finished = !this.#stopped && nowUs >= this.#task.untilUs && this.#file.failure === null;
		this.#view.advanceTo(nowUs);
		const verdicts = this.#checks.verdicts(nowUs);
		const wallMs = this.#parts.nowMs() - this.#startMs;
		this.#kernel.flush();
		this.#file.close({ untilUs: nowUs, finished, verdicts: verdicts as unknown as readonly RecordedVerdict[] });
		this.#tellLines();
		if (this.#task.statusEveryMs > 0) this.#tellStatus(this.#parts.nowMs());
		this.#kernel.close();
		const { failure } = this.#file;
		return {
			finished,
			virtualUs: nowUs,
			wallMs,
			events: log.eventCount,
			digest: log.digest(),
			view: this.#view.snapshot(),
			verdicts,
			commands,
			committedEvents: this.#file.committedEvents,
			recordingFailure: failure === null ? null : toPlain(failure),
		};
	}
}
