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
import { QuorateError } from "../../shared/errors.ts";
import { Projection } from "../../shared/projection/projection.ts";
import { standingNames } from "../../shared/projection/standing.ts";
import type { RecordedVerdict } from "../../shared/session.ts";
import { type PlainError, toPlain } from "../store/recorder-protocol.ts";
import type { RecordingTarget, SessionRecorder } from "../store/recording.ts";
import { CommandTape } from "./command-tape.ts";
import { EventLines } from "./event-lines.ts";
import { ForkSink } from "./fork-sink.ts";
import { Pacer } from "./pacer.ts";
import { eventWatch, leaderWatch } from "./pause-watch.ts";
import type { FromCluster, PausePredicate, RunMode, RunOutcome, RunTask, ToCluster } from "./run-task.ts";
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
/** The open block is given to the file at least this often. */
const flushEveryMs = 500;
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
	readonly #forkSink: ForkSink | null;
	readonly #startMs: number;
	readonly #pacer: Pacer;
	readonly #earlyCommands: Parameters<SessionRecorder["onCommand"]>[0][] = [];
	/** Commands for now that have not come to pass. */
	readonly #given: { readonly id: number; readonly atUs: number; readonly line: string }[] = [];
	/** Of the wishes that are being taken. */
	#refusals: string[] | null = null;
	#recorder: SessionRecorder | null = null;
	#requests: ToCluster[] = [];
	#mode: RunMode = "running";
	#stopped = false;
	#goalUs: number;
	#windowsMax = 64;
	#unwatch: (() => void) | null = null;
	#pauseWanted = false;
	/** Checks that hold so far, if their failure is waited for. */
	#watched: Set<string> | null = null;
	#statusDueMs = 0;
	#flushedMs = 0;
	#flushedEvents = 0;
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
		if (task.recording?.kind === "at-once") this.#record(task.recording.target);
		this.#kernel = this.#makeKernel(executor);
		this.#view = new Projection(task.plan);
		this.#lines = new EventLines(task.plan, { index: task.linesFromIndex, atUs: task.fork?.atUs ?? 0 });
		const { log } = this.#kernel;
		log.observe({ onEvent: (words, start) => this.#view.apply(words, start) });
		log.observe(new CommandTape(this.#kernel, (command, refusal) => this.#onCommand(command, refusal)));
		if (task.tellLines) log.observe(this.#lines);
		this.#checks = new CheckBoard(task.plan, parts.services);
		log.observe(this.#checks);
		this.#windowSide = task.forWindow === true ? new WindowSide(this.#kernel) : null;
		this.#forkSink = task.fork === null ? null : new ForkSink(task.fork);
		if (this.#forkSink !== null) log.addSink(this.#forkSink);
		if (this.#recorder !== null) log.addSink(this.#recorder);
		this.#pacer = new Pacer(task.speed, this.#startMs, 0);
		this.#pace = { fromMs: this.#startMs, fromUs: 0, ratio: 0 };
	}

	#makeKernel(executor: Executor): Kernel {
		const { plan, seed, commands } = this.#task;
		try {
			return new Kernel({ plan, seed, executor, commands });
		} catch (error) {
			this.#recorder?.close();
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
			await this.#parts.rest(this.#mode === "paused" ? this.#pausedRestMs() : this.#slice());
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
		this.#recorder?.close();
		return this.#recorder?.failure == null ? null : toPlain(this.#recorder.failure);
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
		if (fork !== null && !this.#stopped) this.#takeFork(fork.atUs);
		// What was done to it when it stood still there had been done: that much is in its file.
		if (fork === null && repeatUntilUs > 0) this.#settle(this.#task.commands.filter(({ atUs }) => atUs === repeatUntilUs));
		if (wishes.length > 0) this.#wish(wishes);
		this.#pacer.anchor(this.#parts.nowMs(), this.#kernel.nowUs);
		// What was repeated is no measure of what follows.
		if (repeatUntilUs > 0) this.#pace = { fromMs: this.#parts.nowMs(), fromUs: this.#kernel.nowUs, ratio: 0 };
	}

	#wish(wishes: RunTask["wishes"]): void {
		const commands = wishes.map(({ atUs, line }) => this.#kernel.command(line, atUs));
		this.#refusals = [];
		if (this.#task.startPaused) this.#settle(commands);
		this.#parts.post({ kind: "wishesTaken", commands, refusals: this.#refusals });
		this.#refusals = null;
	}

	#takeFork(atUs: number): void {
		this.#forkSink?.check();
		const { recording } = this.#task;
		if (recording?.kind !== "from-fork") return;
		const { path, parent, name } = recording;
		this.#record({ kind: "fork", path, branch: { parent, forkIndex: this.#kernel.log.eventCount, forkUs: atUs, name } });
		for (const command of this.#earlyCommands) this.#recorder?.onCommand(command);
		this.#earlyCommands.length = 0;
		if (this.#recorder !== null) this.#forkSink?.open(this.#recorder);
	}

	#record(target: RecordingTarget): void {
		this.#recorder = this.#parts.openRecorder(target);
		this.#parts.post({ kind: "recording", path: this.#recorder.path, branch: this.#recorder.branch });
	}

	#onCommand(command: Parameters<SessionRecorder["onCommand"]>[0], refusal: string): void {
		if (command.origin === "user") this.#answer(command, refusal);
		if (this.#recorder !== null) this.#recorder.onCommand(command);
		else if (this.#task.recording !== null) this.#earlyCommands.push(command);
	}

	/** Whoever gave it is told what came of it. */
	#answer({ atUs, line }: Parameters<SessionRecorder["onCommand"]>[0], refusal: string): void {
		if (refusal !== "") this.#refusals?.push(refusal);
		const place = this.#given.findIndex((given) => given.atUs === atUs && given.line === line);
		const [done] = place < 0 ? [] : this.#given.splice(place, 1);
		if (done !== undefined) this.#parts.post({ kind: "commandDone", id: done.id, refusal });
	}

	#isOver(): boolean {
		if (this.#stopped || this.#recorder?.failure) return true;
		return this.#mode === "running" && this.#kernel.nowUs >= this.#task.untilUs;
	}

	/** One slice of work. @returns how long to rest after it */
	#slice(): number {
		const nowMs = this.#parts.nowMs();
		const { nowUs } = this.#kernel;
		const targetUs = Math.min(this.#goalUs, this.#pacer.targetUs(nowMs, nowUs));
		if (targetUs > nowUs) this.#advance(targetUs);
		if (this.#pauseWanted) this.#pause("predicate");
		else if (this.#kernel.nowUs >= this.#goalUs && this.#goalUs < this.#task.untilUs) this.#pause("until");
		const nextUs = Math.min(this.#goalUs, this.#kernel.nextUs);
		return Math.min(restMsMax, this.#pacer.msUntil(nextUs, this.#parts.nowMs()));
	}

	/** Advances by so many windows that it takes a slice's time. */
	#advance(untilUs: number): void {
		const startMs = this.#parts.nowMs();
		const outcome = this.#watched === null ? this.#kernel.advance({ untilUs, windowsMax: this.#windowsMax }) : this.#advanceWatching(untilUs, startMs);
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
				this.#pause("asked");
				return;
			case "resume":
				this.#resume(this.#task.untilUs);
				return;
			case "runUntil":
				this.#resume(Math.min(request.untilUs, this.#task.untilUs));
				return;
			case "step":
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
				this.#give(request.id, request.line, request.atUs);
				return;
			case "inspect":
				this.#parts.post({ kind: "inspected", id: request.id, ...contentsOf(this.#kernel, request.node) });
				return;
			case "board":
				this.#tellBoard(request.id, request.names);
				return;
		}
	}

	#pause(reason: "asked" | "until" | "predicate" | "step"): void {
		this.#pauseWanted = false;
		this.#mode = "paused";
		this.#show();
		this.#parts.post({ kind: "paused", virtualUs: this.#kernel.nowUs, reason });
	}

	/** Commands for now take effect though the run stands still; at the run's end nothing does. */
	#settle(commands: readonly RecordedCommand[]): void {
		const { commandUs } = this.#kernel;
		if (commandUs >= this.#task.untilUs || commands.every(({ atUs }) => atUs > commandUs)) return;
		this.#kernel.settle();
		this.#pauseWanted = false; // it stands still already
	}

	/** State, log and file agree: whatever stands still can be looked at in all of them. */
	#show(): void {
		this.#statusDueMs = 0;
		if (this.#recorder !== null) this.#flush(this.#recorder, this.#parts.nowMs());
	}

	/** A request ends a rest; the recorder, which has its own thread, does not. */
	#pausedRestMs(): number {
		const isFileBehind = this.#recorder !== null && this.#recorder.committedEvents < this.#kernel.log.eventCount;
		return isFileBehind ? commitRestMs : pausedRestMs;
	}

	#resume(goalUs: number): void {
		this.#goalUs = goalUs;
		this.#mode = "running";
		this.#pacer.anchor(this.#parts.nowMs(), this.#kernel.nowUs);
		this.#statusDueMs = 0;
	}

	#watch(predicate: PausePredicate | null): void {
		this.#unwatch?.();
		this.#unwatch = null;
		this.#watched = predicate?.kind === "checkFails" ? this.#holding() : null;
		if (predicate === null || predicate.kind === "checkFails") return;
		const { plan } = this.#task;
		const stop = (): void => {
			this.#pauseWanted = true;
			this.#kernel.requestStop();
		};
		const known = this.#windowSide?.board(standingNames(plan)).entries ?? [];
		const watch = predicate.kind === "event" ? eventWatch(plan, predicate, stop) : leaderWatch(plan, { known, afterUs: predicate.afterUs }, stop);
		this.#unwatch = this.#kernel.log.observe(watch);
	}

	#holding(): Set<string> {
		return new Set(this.#checks.verdicts(this.#kernel.nowUs).flatMap(({ id, ok }) => (ok ? [id] : [])));
	}

	/** Looks at the checks after every window; one that fails counts once. */
	#advanceWatching(untilUs: number, startMs: number): ReturnType<Kernel["advance"]> {
		for (;;) {
			const outcome = this.#kernel.advance({ untilUs, windowsMax: 1 });
			const holding = this.#holding();
			this.#pauseWanted = [...(this.#watched ?? [])].some((id) => !holding.has(id));
			this.#watched = holding;
			if (this.#pauseWanted || outcome !== "windows" || this.#parts.nowMs() - startMs > sliceMsMin) return outcome;
		}
	}

	#give(id: number, line: string, atUs: number): void {
		try {
			const command = this.#kernel.command(line, atUs);
			this.#parts.post({ kind: "commandTaken", id, command });
			const { commandUs } = this.#kernel;
			if (command.atUs > commandUs) this.#parts.post({ kind: "commandDone", id, refusal: "" });
			else if (commandUs >= this.#task.untilUs) this.#parts.post({ kind: "commandDone", id, refusal: "the run has come to its end" });
			else this.#given.push({ id, ...command });
			if (this.#mode !== "paused") return;
			this.#settle([command]);
			this.#show();
		} catch (error) {
			if (!(error instanceof QuorateError)) throw error;
			this.#parts.post({ kind: "commandRefused", id, error: toPlain(error) });
		}
	}

	#tellBoard(id: number, names: readonly number[]): void {
		const part = this.#windowSide?.board(names) ?? { entries: [], omitted: 0 };
		this.#parts.post({ kind: "board", id, atUs: this.#kernel.nowUs, ...part });
	}

	/** Tells the main thread where the run is, and gives the file its open block, when either is due. */
	#tell(): void {
		const nowMs = this.#parts.nowMs();
		this.#flushIfDue(nowMs);
		const { statusEveryMs } = this.#task;
		this.#tellLines();
		if (statusEveryMs === 0 || (nowMs < this.#statusDueMs && !this.#hasFileCaughtUp())) return;
		this.#statusDueMs = nowMs + statusEveryMs;
		this.#measurePace(nowMs);
		this.#tellStatus(nowMs);
	}

	#hasFileCaughtUp(): boolean {
		return this.#mode === "paused" && this.#recorder !== null && this.#recorder.committedEvents !== this.#toldCommitted;
	}

	#tellLines(): void {
		if (!this.#lines.isEmpty) this.#parts.post({ kind: "lines", ...this.#lines.take() });
	}

	#tellStatus(nowMs: number): void {
		this.#view.advanceTo(this.#kernel.nowUs);
		this.#toldCommitted = this.#recorder?.committedEvents ?? 0;
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

	#flushIfDue(nowMs: number): void {
		if (this.#recorder !== null && nowMs - this.#flushedMs >= flushEveryMs) this.#flush(this.#recorder, nowMs);
	}

	#flush(recorder: SessionRecorder, nowMs: number): void {
		this.#flushedMs = nowMs;
		const { eventCount } = this.#kernel.log;
		if (eventCount === this.#flushedEvents) return;
		this.#flushedEvents = eventCount;
		this.#kernel.flush();
		recorder.commit();
	}

	#end(): RunOutcome {
		this.#mode = "ended";
		const { log, commands, nowUs } = this.#kernel;
		const finished = !this.#stopped && nowUs >= this.#task.untilUs && !this.#recorder?.failure;
		this.#view.advanceTo(nowUs);
		const verdicts = this.#checks.verdicts(nowUs);
		const wallMs = this.#parts.nowMs() - this.#startMs;
		this.#kernel.flush();
		this.#recorder?.close({ untilUs: nowUs, finished, verdicts: verdicts as unknown as readonly RecordedVerdict[] });
		this.#tellLines();
		if (this.#task.statusEveryMs > 0) this.#tellStatus(this.#parts.nowMs());
		this.#kernel.close();
		const failure = this.#recorder?.failure ?? null;
		return {
			finished,
			virtualUs: nowUs,
			wallMs,
			events: log.eventCount,
			digest: log.digest(),
			view: this.#view.snapshot(),
			verdicts,
			commands: commands as readonly RecordedCommand[],
			committedEvents: this.#recorder?.committedEvents ?? 0,
			recordingFailure: failure === null ? null : toPlain(failure),
		};
	}
}
