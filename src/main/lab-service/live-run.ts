/**
 * A run that goes on, as the service keeps it: what it was told last, and answers to what was asked of it. Runs
 * on the service's thread and never blocks it.
 */

import type { RecordedCommand } from "../../core/kernel.ts";
import type { InFlight } from "../../core/network/network.ts";
import { ContractError, errorFromView } from "../../shared/contract/errors.ts";
import type { Push } from "../../shared/contract/pushes.ts";
import { flightsMax } from "../../shared/contract/views.ts";
import type { QuorateError } from "../../shared/errors.ts";
import type { Plan } from "../../shared/plan.ts";
import type { SessionNote } from "../../shared/session.ts";
import { LabRun } from "../app/lab-run.ts";
import type { DrawnNow, EventLine, FromCluster, RunOutcome, RunStatus, RunTask } from "../app/run-task.ts";
import { fromPlain } from "../store/recorder-protocol.ts";
import { Answers, type Waiting } from "./answers.ts";
import { Moves } from "./moves.ts";

/** `refusal`: why it made no sense when its instant had come; empty when it did. */
export type Taken = { readonly atUs: number; readonly line: string; readonly refusal: string };
export type Inspected = FromCluster & { readonly kind: "inspected" };
type Board = FromCluster & { readonly kind: "board" };
type Now = Push<"status">["now"];

export interface LiveRunListener {
	onStatus(run: LiveRun, status: RunStatus): void;
	onLines(run: LiveRun, lines: readonly EventLine[], omitted: number): void;
	onPaused(run: LiveRun, paused: FromCluster & { readonly kind: "paused" }): void;
	onVerdict(run: LiveRun, line: string): void;
	/** It has ended, one way or another. */
	onEnd(run: LiveRun): void;
}

/** A file that takes longer to take in what has happened is read as it is: its disk has a trouble of its own. */
const fileMsMax = 10_000;

export class LiveRun {
	readonly task: RunTask;
	/** Resolves with its place in the file once it is recorded; rejects when it ends before. */
	readonly recorded: Promise<{ readonly path: string; readonly branch: number }>;
	/** Resolves when it has ended, however that was. */
	readonly ended: Promise<void>;
	status: RunStatus | null = null;
	outcome: RunOutcome | null = null;
	failure: QuorateError | null = null;
	/** Beyond the lab's story: with plan and seed they are the run. */
	readonly commands: { readonly atUs: number; readonly line: string; readonly origin: "user" | "watchdog" }[];
	/** How it goes on and stands still. */
	readonly moves: Moves;
	readonly #run: LabRun;
	readonly #listener: LiveRunListener;
	readonly #taken = new Answers<Taken>();
	/** Taken, while what comes of them is not known. */
	readonly #undone = new Map<number, RecordedCommand>();
	readonly #wishes = Promise.withResolvers<readonly string[]>();
	readonly #readable = Promise.withResolvers<void>();
	readonly #inspected = new Answers<Inspected>();
	readonly #boards = new Answers<Board>();
	readonly #moved = new Answers<void>();
	readonly #filed = new Answers<number>(fileMsMax);
	/** Of its file, as far as somebody waited for it. */
	#filedEvents = 0;
	/** A pause is told before the state it is seen in. */
	#seenUs: number;
	/** Of the states that were told: its last one comes while it still has its threads, and its word on how it ended is to come. */
	#goingOn: "running" | "paused";

	constructor(task: RunTask, listener: LiveRunListener) {
		this.task = task;
		this.#listener = listener;
		this.#seenUs = task.fork?.atUs ?? task.catchUpUs;
		this.#goingOn = task.startPaused ? "paused" : "running";
		this.commands = [...task.commands];
		let place: Waiting<{ readonly path: string; readonly branch: number }> = { resolve: () => {}, reject: () => {} };
		this.recorded = new Promise((resolve, reject) => {
			place = { resolve, reject };
		});
		this.recorded.catch(() => {}); // whoever waits for it is told as well
		this.#run = new LabRun(task, {
			onStatus: (status) => {
				this.status = status;
				if (status.mode !== "ended") this.#goingOn = status.mode;
				if (status.committedEvents > 0 || status.view.events === 0) this.#readable.resolve();
				listener.onStatus(this, status);
			},
			onLines: (lines, omitted) => listener.onLines(this, lines, omitted),
			onVerdict: (line) => {
				this.commands.push({ atUs: this.virtualUs, line, origin: "watchdog" });
				// The thread that would have told what came of them is gone; they are repeated.
				for (const id of [...this.#undone.keys()]) this.#done(id, "");
				listener.onVerdict(this, line);
			},
			onMessage: (message) => {
				if (message.kind === "recording") place.resolve(message);
				else this.#hear(message);
			},
		});
		this.moves = new Moves({ ask: (request) => this.#run.ask(request), virtualUs: () => this.virtualUs, speed: task.speed });
		this.ended = this.#run.outcome.then(
			(outcome) => this.#end(outcome, null, place),
			(error: QuorateError) => this.#end(null, error, place),
		);
	}

	/** Why commands that were given at its fork made no sense there; none when they all did. */
	get wishesRefused(): Promise<readonly string[]> {
		return this.task.wishes.length === 0 ? Promise.resolve([]) : this.#wishes.promise;
	}

	/** Resolves once its branch can be read in the file, which is told of only with its first commit; or when it has ended. */
	get readable(): Promise<void> {
		return this.#readable.promise;
	}

	/** What was asked of it and is not answered. */
	get questions(): number {
		return this.#taken.count + this.#inspected.count + this.#boards.count + this.#moved.count + this.#filed.count;
	}

	get plan(): Plan {
		return this.task.plan;
	}

	get isOver(): boolean {
		return this.outcome !== null || this.failure !== null;
	}

	get virtualUs(): number {
		return this.outcome?.virtualUs ?? Math.max(this.#seenUs, this.status?.virtualUs ?? 0);
	}

	get events(): number {
		return this.outcome?.events ?? this.status?.view.events ?? 0;
	}

	get committedEvents(): number {
		// A recording that was closed as it should be holds all there is.
		if (this.outcome !== null && this.failure === null) return this.outcome.events;
		return Math.max(this.#filedEvents, this.outcome?.committedEvents ?? this.status?.committedEvents ?? 0);
	}

	/** Ended only when it has let go of everything: whoever hears of it may go on in its file at once. */
	get mode(): "running" | "paused" | "ended" | "failed" {
		if (this.failure !== null) return "failed";
		return this.outcome === null ? this.#goingOn : "ended";
	}

	/** Everything that is drawn of the present. */
	now({ view, virtualUs, checks, drawn = notDrawn }: RunStatus): Now {
		const { flights, omitted, lost, wallsUs } = drawn;
		const told = flights.slice(0, flightsMax - lost.length);
		return {
			view,
			flights: [...lost.map((flight) => flightView(flight, flight.lostUs)), ...told.map((flight) => flightView(flight, null))],
			flightsOmitted: omitted + flights.length - told.length,
			clocks: wallsUs.map((wallUs) => ({ wallUs, skewUs: wallUs - virtualUs })),
			checks,
		};
	}

	/** @throws QuorateError `command-invalid` */
	async command(line: string, atUs: number | null): Promise<Taken> {
		if (this.#taken.isFull) throw new ContractError("too-busy", "too many commands wait for the run");
		return this.#taken.for(this.#run.command(line, atUs ?? 0));
	}

	/** For its file; in it half a second later at most. */
	addNote(note: Omit<SessionNote, "id">): void {
		this.#run.ask({ kind: "note", note });
	}

	async inspect(node: number): Promise<Inspected> {
		if (this.#inspected.isFull) throw new ContractError("too-busy", "too many questions wait for the run");
		return this.#inspected.for(this.#run.inspect(node));
	}

	/** What programs stated last, as of now. @param names indices into the plan's names */
	async board(names: readonly number[]): Promise<Board> {
		if (this.#boards.isFull) throw new ContractError("too-busy", "too many questions wait for the run");
		return this.#boards.for(this.#run.board(names));
	}

	/** Resolves when its file has everything that has happened by now; when that takes too long, with less. */
	async inFile(): Promise<void> {
		if (this.isOver || this.#filed.isFull) return;
		try {
			const committedEvents = await this.#filed.for(this.#run.untilInFile());
			this.#filedEvents = Math.max(this.#filedEvents, committedEvents);
		} catch {
			// It has ended meanwhile, and its file is whole; or its file is read as it is.
		}
	}

	/**
	 * Its file has another name from now on; nobody may be reading it meanwhile.
	 * @throws ContractError why it has the name it had
	 */
	async moveFile(path: string): Promise<void> {
		await this.#moved.for(this.#run.moveFile(path));
	}

	/** Asks it to end, and waits until its file is closed. */
	async stop(): Promise<void> {
		if (!this.isOver) this.#run.ask({ kind: "stop" });
		await this.ended;
	}

	/** Ends it at once; what was committed is in the file. */
	async kill(): Promise<void> {
		await this.#run.kill();
	}

	#hear(message: FromCluster): void {
		switch (message.kind) {
			case "commandTaken":
				this.commands.push(message.command);
				this.#undone.set(message.id, message.command);
				return;
			case "commandDone":
				this.#done(message.id, message.refusal);
				return;
			case "commandRefused":
				this.#taken.refuse(message.id, errorFromView(message.error));
				return;
			case "wishesTaken":
				this.commands.push(...message.commands);
				this.#wishes.resolve(message.refusals);
				return;
			case "inspected":
				this.#inspected.give(message.id, message);
				return;
			case "board":
				this.#boards.give(message.id, message);
				return;
			case "fileMoved":
				if (message.error === null) this.#moved.give(message.id, undefined);
				else this.#moved.refuse(message.id, errorFromView(message.error));
				return;
			case "inFile":
				this.#filed.give(message.id, message.committedEvents);
				return;
			case "paused":
				this.moves.onPaused(message.move);
				this.#seenUs = Math.max(this.#seenUs, message.virtualUs);
				this.#listener.onPaused(this, message);
				return;
			default:
				return;
		}
	}

	#done(id: number, refusal: string): void {
		const command = this.#undone.get(id);
		if (command === undefined) return;
		this.#undone.delete(id);
		this.#taken.give(id, { atUs: command.atUs, line: command.line, refusal });
	}

	#end(outcome: RunOutcome | null, failure: QuorateError | null, place: Waiting<never>): void {
		this.outcome = outcome;
		this.failure = failure ?? (outcome?.recordingFailure == null ? null : fromPlain(outcome.recordingFailure));
		const over = new ContractError("run-not-live", "the run has ended");
		place.reject(this.failure ?? over);
		this.#undone.clear();
		this.#wishes.resolve([]);
		this.#readable.resolve();
		this.#taken.refuseAll(over);
		this.#inspected.refuseAll(over);
		this.#boards.refuseAll(over);
		this.#moved.refuseAll(over);
		this.#filed.refuseAll(over);
		this.#listener.onEnd(this);
	}
}

const notDrawn: DrawnNow = { wallsUs: [], flights: [], omitted: 0, lost: [] };

function flightView(
	{ from, to, sequence, copy, name, isReply, link, direction, enteredUs, arrivesUs }: InFlight,
	lostUs: number | null,
): Now["flights"][number] {
	const common = { from, to, sequence, copy, name, isReply, link, backward: direction === "backward", enteredUs };
	return { ...common, arrivesUs: Number.isFinite(arrivesUs) ? arrivesUs : -1, fate: lostUs === null ? "unknown" : "lost", lostUs };
}
