/**
 * One run as the main thread sees it: starts the cluster thread, passes on what is asked and told, and
 * watches over a cluster whose nodes share its thread. A handler there that never returns, or takes the
 * heap with it, takes the whole thread; so the thread is ended, the verdict is recorded as a command,
 * and a new thread repeats the run up to that handler and stops the node there instead.
 *
 * That is right because a run is a function of lab, seed and commands. Runs on the main thread and
 * never blocks it.
 */
import type { RecordedCommand } from "../../core/kernel.ts";
import { formatCommand } from "../../shared/command-grammar.ts";
import { QuorateError } from "../../shared/errors.ts";
import { fromPlain } from "../store/recorder-protocol.ts";
import { ClusterClient, type ClusterDeath } from "../threads/cluster-client.ts";
import { type HandlerVerdict, watchHandlers, watchLimits } from "./handler-watch.ts";
import type { HandlerPlace } from "./progress-board.ts";
import type { EventLine, FromCluster, RunOutcome, RunStatus, RunTask, ToCluster } from "./run-task.ts";

/** More nodes than this hang or die one after another only if something is wrong with all of them. */
const verdictsMax = 16;

export interface RunListener {
	onStatus?(status: RunStatus): void;
	onLines?(lines: readonly EventLine[], omitted: number): void;
	/** The watchdog has stopped a node, and the run is repeated up to there. */
	onVerdict?(line: string): void;
	onMessage?(message: FromCluster): void;
}

export class LabRun {
	/** Rejects with a QuorateError when the run itself failed. */
	readonly outcome: Promise<RunOutcome>;
	readonly #task: RunTask;
	readonly #listener: RunListener;
	readonly #commands: RecordedCommand[];
	/** Asked and not yet answered: asked again of a thread that takes over. */
	readonly #pending = new Map<number, ToCluster>();
	#settle: { resolve(outcome: RunOutcome): void; reject(error: Error): void } = { resolve: () => {}, reject: () => {} };
	#client: ClusterClient;
	#patrol: (() => void) | null = null;
	#seenUs = 0;
	#linesToIndex: number;
	#recordedTo: { readonly path: string; readonly branch: number } | null = null;
	#verdicts = 0;
	#stopAsked = false;
	#wishesTaken = false;
	#settled = false;
	#requests = 0;

	constructor(task: RunTask, listener: RunListener = {}) {
		this.#task = task;
		this.#listener = listener;
		this.#commands = [...task.commands];
		this.#linesToIndex = task.linesFromIndex;
		this.outcome = new Promise((resolve, reject) => {
			this.#settle = { resolve, reject };
		});
		this.outcome.then(this.#isSettled, this.#isSettled);
		this.#client = this.#start(task);
	}

	/** Asks something that has no answer of its own. */
	ask(request: Exclude<ToCluster, { readonly id: number }>): void {
		if (request.kind === "stop") this.#stopAsked = true;
		this.#client.send(request);
	}

	/** A user's act; `onMessage` tells when it was taken, and when it takes effect. @returns its id */
	command(line: string, atUs = 0): number {
		const id = ++this.#requests;
		const request: ToCluster = { kind: "command", id, line, atUs };
		this.#pending.set(id, request);
		this.#client.send(request);
		return id;
	}

	/** @returns the id that the answer carries */
	inspect(node: number): number {
		const id = ++this.#requests;
		this.#client.send({ kind: "inspect", id, node });
		return id;
	}

	/** @param names indices into the plan's names @returns the id that the answer carries */
	board(names: readonly number[]): number {
		const id = ++this.#requests;
		this.#client.send({ kind: "board", id, names });
		return id;
	}

	/** Its file shall have another name. @returns the id that the answer carries */
	moveFile(path: string): number {
		const id = ++this.#requests;
		this.#client.send({ kind: "moveFile", id, path });
		return id;
	}

	/** Asks to be told when its file has everything that has happened by then. @returns the id that the answer carries */
	untilInFile(): number {
		const id = ++this.#requests;
		const request: ToCluster = { kind: "untilInFile", id };
		this.#pending.set(id, request);
		this.#client.send(request);
		return id;
	}

	/**
	 * The task that repeats this run up to an instant and then goes its own way; starts nothing, and
	 * leaves this run alone.
	 */
	forkTask(atUs: number, wishes: RunTask["wishes"] = []): RunTask {
		const commands = this.#commands.filter((command) => command.atUs < atUs);
		return { ...this.#task, commands, fork: { atUs, expected: null }, wishes, recording: null, catchUpUs: 0, linesFromIndex: 0 };
	}

	/** Ends the run at once, wherever it is. What was committed is in the file. */
	async kill(): Promise<void> {
		this.#endPatrol();
		await this.#client.terminate();
	}

	#start(task: RunTask): ClusterClient {
		const client = new ClusterClient(
			{ kind: "run", task },
			{
				onMessage: (message) => this.#hear(message),
				onDeath: (death) => this.#bury(death),
			},
		);
		const { executor } = task;
		if (executor.name === "inline") this.#patrol = watchHandlers(client, watchLimits(executor), (place, verdict) => void this.#replace(place, verdict));
		return client;
	}

	#hear(message: FromCluster): void {
		this.#listener.onMessage?.(message);
		switch (message.kind) {
			case "status":
				this.#seenUs = Math.max(this.#seenUs, message.status.virtualUs);
				this.#listener.onStatus?.(message.status);
				return;
			case "lines":
				this.#linesToIndex = Math.max(this.#linesToIndex, (message.lines.at(-1)?.index ?? -1) + 1);
				this.#listener.onLines?.(message.lines, message.omitted);
				return;
			case "commandTaken":
				this.#pending.delete(message.id);
				this.#commands.push(message.command);
				return;
			case "commandRefused":
			case "inFile":
				this.#pending.delete(message.id);
				return;
			case "wishesTaken":
				this.#wishesTaken = true;
				this.#commands.push(...message.commands);
				return;
			case "recording":
				this.#recordedTo = message;
				return;
			case "fileMoved":
				if (message.error === null && this.#recordedTo !== null) this.#recordedTo = { ...this.#recordedTo, path: message.path };
				return;
			case "ended":
				this.#endPatrol();
				this.#settle.resolve(message.outcome);
				return;
			case "failed":
				this.#endPatrol();
				this.#settle.reject(withPlace(fromPlain(message.error), message));
				return;
			case "commandDone":
			case "paused":
			case "inspected":
			case "board":
			case "verifyProgress":
			case "verified":
				return; // for the listener alone
		}
	}

	#isSettled = (): void => {
		this.#settled = true;
	};

	// --- the watchdog of nodes that share the cluster's thread

	#endPatrol(): void {
		this.#patrol?.();
		this.#patrol = null;
	}

	#bury(death: ClusterDeath): void {
		this.#endPatrol();
		const place = this.#client.board.read();
		if (death.reason === "outOfMemory" && place !== null) {
			void this.#replace(place, "outOfMemory");
			return;
		}
		this.#settle.reject(
			death.reason === "outOfMemory"
				? new QuorateError("internal", "the cluster thread ran out of memory", { advice: "Give it more with --heap-mb, or run with --executor threads." })
				: new QuorateError("internal", `the cluster thread died: ${death.error.message}`),
		);
	}

	/** Ends the thread and lets another repeat the run, in which the node is stopped at that handler. */
	async #replace(place: HandlerPlace, reason: HandlerVerdict): Promise<void> {
		this.#endPatrol();
		await this.#client.terminate();
		if (this.#settled) return; // it came to an end after all
		if (++this.#verdicts > verdictsMax) {
			this.#settle.reject(
				new QuorateError("internal", `${verdictsMax} nodes were stopped one after another (${reason})`, {
					advice: "Run with --executor threads, where every node has a thread and a heap of its own.",
				}),
			);
			return;
		}
		const { node, incarnation, step, atUs } = place;
		const line = formatCommand({ kind: "halt", node, incarnation, step, reason }, this.#task.plan);
		this.#commands.push({ atUs, line, origin: "watchdog" });
		this.#listener.onVerdict?.(line);
		this.#client = this.#start({
			...this.#task,
			commands: this.#commands,
			wishes: this.#wishesTaken ? [] : this.#task.wishes,
			fork: this.#recordedTo === null ? this.#task.fork : null,
			catchUpUs: Math.max(this.#task.catchUpUs, this.#seenUs, atUs),
			linesFromIndex: this.#linesToIndex,
			recording: this.#continuedRecording(),
		});
		for (const request of this.#pending.values()) this.#client.send(request);
		if (this.#stopAsked) this.#client.send({ kind: "stop" });
	}

	/** The file has the beginning already: it is compared, and continued. */
	#continuedRecording(): RunTask["recording"] {
		if (this.#recordedTo === null) return this.#task.recording;
		return { kind: "at-once", target: { kind: "continue", ...this.#recordedTo } };
	}
}

function withPlace(
	error: QuorateError,
	{ virtualUs, events, stack }: { readonly virtualUs: number; readonly events: number; readonly stack: string },
): QuorateError {
	const placed = new QuorateError(error.code, error.message, error);
	placed.stack = `${stack}\n    at ${virtualUs} us of the run, after ${events} events`;
	return placed;
}
