/**
 * Every run that some window may look at: live ones, and recorded ones that were opened. Gives them
 * their names, starts, forks, continues and closes them. Knows no window; what happens is told to a
 * listener. Runs on the service's thread and never blocks it.
 */
import { randomInt } from "node:crypto";
import type { CallReply, CallRequest } from "../../shared/contract/calls.ts";
import { ContractError } from "../../shared/contract/errors.ts";
import { statusEveryMs } from "../../shared/contract/pushes.ts";
import type { SessionNote } from "../../shared/session.ts";
import { formatDurationUs } from "../../shared/units.ts";
import { heapMbDefault, plainTask, seedDefault, watchdogMsDefault } from "../app/options.ts";
import type { ExecutorName, ExecutorOptions, RunTask } from "../app/run-task.ts";
import type { ReaderClient } from "../threads/reader-client.ts";
import { FileWatch } from "./file-watch.ts";
import type { Library } from "./library.ts";
import { LiveRun, type LiveRunListener } from "./live-run.ts";
import { type LogPlace, makingOf } from "./log/place.ts";
import { dayAndTime, makingBy, recordedInto } from "./new-recording.ts";
import { Renames } from "./renames.ts";
import { Room } from "./room.ts";
import { goesOn, liveOf, type RunEntry, type RunView, viewOfRun } from "./run-entry.ts";
import { Visits } from "./visits.ts";

export interface RunsListener {
	onRun(view: RunView): void;
	onClosed(run: string): void;
	onStatus(entry: RunEntry, status: Parameters<LiveRunListener["onStatus"]>[1]): void;
	onLines(entry: RunEntry, lines: Parameters<LiveRunListener["onLines"]>[1], omitted: number): void;
	onPaused(entry: RunEntry, paused: Parameters<LiveRunListener["onPaused"]>[1]): void;
	onVerdict(entry: RunEntry, line: string): void;
	/** It was ended to make room for another. */
	onEnded(entry: RunEntry): void;
	/** The file it is recorded in is not where it was put any more. */
	onFileGone(entry: RunEntry): void;
}

export interface RunsParts {
	readonly library: Library;
	/** Answers about logs. */
	readonly reader: ReaderClient;
	/** Compiles and prepares, so that neither waits for the other. */
	readonly librarian: ReaderClient;
	readonly executor: ExecutorName;
	readonly listener: RunsListener;
	/** Some window looks at it. */
	isWatched(run: string): boolean;
	nowMs(): number;
}

export class Runs {
	readonly #parts: RunsParts;
	readonly #entries = new Map<string, RunEntry>();
	/** Sessions that are about to be written, so that two starts do not take one name. */
	readonly #starting = new Set<string>();
	readonly #room: Room;
	readonly #visits: Visits;
	/** Whether files of live runs are where they were put. */
	readonly #watches = new Map<string, FileWatch>();
	readonly #renames: Renames;
	#count = 0;

	constructor(parts: RunsParts) {
		this.#parts = parts;
		const { isWatched, listener } = parts;
		this.#visits = new Visits(parts);
		this.#renames = new Renames({ readers: [parts.reader, parts.librarian] });
		this.#room = new Room({
			all: () => this.all,
			starting: () => this.#starting.size,
			isWatched,
			end: async ({ live }) => live?.stop(),
			forget: ({ run }) => this.#forget(run),
			onEnded: (entry) => listener.onEnded(entry),
		});
	}

	get all(): readonly RunEntry[] {
		return [...this.#entries.values()];
	}

	/** How much there is of what calls begin, and of what stays known when they are over. */
	get held(): { readonly underWay: number; readonly live: number; readonly known: number; readonly remembered: number } {
		const questions = this.all.reduce((sum, { live }) => sum + (live?.questions ?? 0), 0);
		return {
			underWay: questions + this.#starting.size + this.#visits.count,
			live: this.all.filter(goesOn).length,
			known: Math.max(this.#entries.size, this.#watches.size),
			remembered: this.#room.remembered,
		};
	}

	/** @throws ContractError `run-not-found` */
	get(run: string): RunEntry {
		const entry = this.#entries.get(run);
		if (entry === undefined) throw new ContractError("run-not-found", `there is no run ${run}`, { advice: "It may have been closed in another window." });
		return entry;
	}

	/** @throws ContractError `run-not-found`, `run-not-live` */
	live(run: string): LiveRun {
		return liveOf(this.get(run));
	}

	isRecording(session: string): boolean {
		return this.#starting.has(session) || this.all.some((entry) => entry.session === session && goesOn(entry));
	}

	/** Where the log of a run lies. Of one that goes on, everything that has happened by now is there when this resolves. */
	async logOf(run: string): Promise<LogPlace> {
		await this.get(run).live?.inFile();
		await this.#renames.settled(() => this.get(run).session);
		return this.#placeOf(run);
	}

	/** What is recorded into a session lies in its file when this resolves. */
	async inFile(session: string): Promise<void> {
		await Promise.all(this.all.map((entry) => (entry.session === session ? entry.live?.inFile() : undefined)));
	}

	#placeOf(run: string): LogPlace {
		const entry = this.get(run);
		const { session, branch, salvage, making, live, opened } = entry;
		const committedEvents = live?.committedEvents ?? opened?.branch.head.eventCount ?? 0;
		return { path: this.#parts.library.pathOf(session), branch, salvage, making, committedEvents };
	}

	async start(wishes: CallRequest<"runs.start">): Promise<RunEntry> {
		await this.#room.make();
		const { lab, variant, parameters, untilUs, story, exploreRaces, speed, startPaused, detail } = wishes;
		const seed = wishes.seed === "random" ? randomInt(1, 1_000_000_000) : (wishes.seed ?? seedDefault);
		const { plan, labText } = await this.#parts.librarian.ask("compile", {
			lab,
			variant: variant ?? undefined,
			parameters,
			untilUs: untilUs ?? undefined,
			story,
			exploreRaces,
		});
		const { library, nowMs } = this.#parts;
		library.makeFolder();
		if (wishes.session !== null && (library.has(wishes.session) || this.#starting.has(wishes.session)))
			throw new ContractError("session-exists", `there is a session "${wishes.session}" already`, {
				kept: "It was not changed.",
				advice: "Choose another name.",
			});
		const session = wishes.session ?? this.#freeName(`${plan.labId}${variant === null ? "" : `-${variant}`} ${dayAndTime(nowMs())}`);
		const executor = this.#executor();
		const task: RunTask = {
			...plainTask({ plan, seed, executor, speed }),
			startPaused,
			recording: recordedInto(library.pathOf(session), { plan, seed, labText, detail, executor: executor.name, createdMs: nowMs() }),
		};
		return this.#begin({ session, parent: null, plan, seed, detail, labText, making: makingBy(task, ""), task });
	}

	/** Another future of a run; see the contract. */
	async fork({ run, atUs, commands, untilUs, separate, speed, startPaused }: CallRequest<"runs.fork">): Promise<RunEntry> {
		const parent = this.get(run);
		await this.#room.make({ replaced: separate ? null : parent.session });
		const { plan, seed, detail, labText, live } = parent;
		const { library, nowMs } = this.#parts;
		const story = commands.map((line) => `${formatDurationUs(atUs)} ${line}`);
		const executor = this.#executor();
		const session = separate ? this.#freeName(`${parent.session} fork`) : parent.session;
		if (!separate) await this.#endWriters(parent.session);
		if (separate && live !== null && !live.isOver) {
			if (atUs > live.virtualUs)
				throw new ContractError("usage", `the run has come to ${formatDurationUs(live.virtualUs)}, so it cannot be forked at ${formatDurationUs(atUs)}`);
			const task: RunTask = {
				...plainTask({ plan, seed, executor, speed }),
				startPaused,
				commands: live.commands.filter((command) => command.atUs < atUs),
				untilUs: untilUs ?? live.task.untilUs,
				fork: { atUs, expected: null },
				wishes: commands.map((line) => ({ atUs, line })),
				recording: recordedInto(library.pathOf(session), { plan, seed, labText, detail, executor: executor.name, createdMs: nowMs() }),
			};
			return this.#begin({ session, parent: run, plan, seed, detail, labText, making: makingBy(task, ""), task });
		}
		const task = await this.#parts.librarian.ask("prepareFork", {
			wishes: {
				path: library.pathOf(parent.session),
				branch: parent.branch,
				atUs,
				untilUs: untilUs ?? undefined,
				story,
				save: separate ? { path: library.pathOf(session), detail, createdMs: nowMs() } : null,
				executor,
				speed,
			},
		});
		return this.#begin({ session, parent: run, plan, seed, detail, labText, making: makingBy(task, parent.making), task: { ...task, startPaused } });
	}

	/** Goes on with a recording that broke off. */
	async continue({ session, branch, speed, startPaused }: CallRequest<"runs.continue">): Promise<RunEntry> {
		await this.#room.make();
		const path = this.#parts.library.existing(session);
		if (this.isRecording(session))
			throw new ContractError("session-locked", "this session is being recorded by another run", {
				kept: "It goes on.",
				advice: "Show that run, or end it first.",
			});
		const place: LogPlace = { path, branch, salvage: false, committedEvents: 0 };
		const { plan, header, labText } = await this.#parts.librarian.ask("open", { place });
		await this.#parts.librarian.ask("forget", { path });
		const task = await this.#parts.librarian.ask("prepareContinue", { path, branch, executor: this.#executor(), speed });
		const { seed, detail } = header;
		return this.#begin({ session, parent: null, plan, seed, detail, labText, making: makingOf(header), task: { ...task, startPaused } });
	}

	/** A recorded branch, to be looked at. */
	async open({ session, branch, salvage }: CallRequest<"runs.open">): Promise<RunEntry> {
		const known = this.all.find((entry) => entry.session === session && entry.branch === branch && (entry.live !== null || entry.salvage === salvage));
		if (known?.live != null && !known.live.isOver) return known;
		const path = this.#parts.library.existing(session);
		const opened = await this.#parts.reader.ask("open", { place: { path, branch, salvage, committedEvents: 0 } });
		// One that is known under this name may have been another file.
		if (known !== undefined && known.making === makingOf(opened.header)) return known;
		this.#room.makeKnown();
		const entry: RunEntry = {
			run: this.#nextName(),
			session,
			branch,
			parent: null,
			plan: opened.plan,
			seed: opened.header.seed,
			detail: opened.header.detail,
			labText: opened.labText,
			salvage,
			making: makingOf(opened.header),
			live: null,
			opened,
		};
		this.#add(entry);
		return entry;
	}

	/** A session has another name now; the runs that are looked at in it go by it. */
	renamed(session: string, to: string): void {
		for (const entry of this.all) {
			if (entry.session !== session) continue;
			const renamed: RunEntry = { ...entry, session: to };
			this.#entries.set(entry.run, renamed);
			this.#parts.listener.onRun(viewOfRun(renamed));
		}
	}

	/**
	 * A session that is being recorded has another name from now on; its run goes on.
	 * @returns false: none of ours records it
	 * @throws ContractError, QuorateError: it has the name it had
	 */
	async renameLive(session: string, to: string): Promise<boolean> {
		const writer = this.all.find((entry) => entry.session === session && goesOn(entry));
		if (writer === undefined) return false;
		if (this.#renames.isMoving(session) || this.#starting.has(session) || this.#starting.has(to)) throw justStarting();
		const [path, target] = [this.#parts.library.pathOf(session), this.#parts.library.pathOf(to)];
		this.#starting.add(to);
		try {
			await this.#renames.move({ session, path, target, live: liveOf(writer), watch: this.#watches.get(writer.run) }, () => this.renamed(session, to));
		} finally {
			this.#starting.delete(to);
		}
		return true;
	}

	async stop(run: string): Promise<RunEntry> {
		const entry = this.get(run);
		await entry.live?.stop();
		return entry;
	}

	/** What a node holds now, or held at an instant. */
	inspect({ run, ...asked }: CallRequest<"nodes.inspect">): Promise<CallReply<"nodes.inspect">> {
		return this.#visits.inspect(this.get(run), asked);
	}

	/** What programs had stated up to an instant; null: up to now, or to the end. */
	async board({ run, ...request }: CallRequest<"log.board">, signal: AbortSignal): Promise<CallReply<"log.board">> {
		const { live } = this.get(run);
		if (request.atUs === null && live !== null && !live.isOver) {
			try {
				const { atUs, entries, omitted } = await live.board(request.names);
				return { atUs, entries, omitted };
			} catch (error) {
				if (!live.isOver) throw error; // it ended meanwhile, and its file tells the same
			}
		}
		return this.#parts.reader.ask("log.board", { place: await this.logOf(run), request }, { signal });
	}

	/** Ends every run; what they recorded is closed. */
	async closeAll(): Promise<void> {
		const ended = [...this.#entries.keys()].map(async (run) => {
			await this.stop(run).catch(() => {});
			this.#forget(run);
		});
		await Promise.all(ended);
	}

	/** A file has one writer: before another branch is written, runs that write it end. */
	async #endWriters(session: string): Promise<void> {
		const writers = this.all.filter((entry) => entry.session === session && goesOn(entry));
		await Promise.all(writers.map(({ live }) => live?.stop()));
		if (this.#starting.has(session)) throw justStarting();
	}

	/**
	 * Gives a note to the run that writes its session.
	 * @returns false: none does
	 * @throws ContractError `usage` when the session has no such branch
	 */
	addNote(session: string, note: Omit<SessionNote, "id">): boolean {
		const writer = this.all.find((entry) => entry.session === session && goesOn(entry));
		if (writer === undefined) return false;
		if (note.branch > writer.branch) throw new ContractError("usage", `the session has no branch ${note.branch}`);
		liveOf(writer).addNote(note);
		return true;
	}

	/** Somebody looks at it no longer. */
	left(run: string): void {
		this.#room.touch(run);
	}

	async #begin(begun: Omit<RunEntry, "run" | "branch" | "salvage" | "live" | "opened"> & { readonly task: RunTask }): Promise<RunEntry> {
		const { task, ...what } = begun;
		this.#starting.add(what.session);
		let entry: RunEntry | null = null;
		let file: FileWatch | null = null;
		const { listener, nowMs } = this.#parts;
		const tell = (action: (known: RunEntry) => void): void => {
			// Its session may have another name by now.
			if (entry !== null) action(this.#entries.get(entry.run) ?? entry);
		};
		try {
			await this.#room.make({ isBegun: true });
			const live = new LiveRun(
				{ ...task, statusEveryMs, tellLines: true, forWindow: true },
				{
					onStatus: (_, status) => {
						file?.look();
						tell((known) => listener.onStatus(known, status));
					},
					onLines: (_, lines, omitted) => tell((known) => listener.onLines(known, lines, omitted)),
					onPaused: (_, paused) =>
						tell((known) => {
							this.#room.touch(known.run);
							listener.onPaused(known, paused);
						}),
					onVerdict: (_, line) => tell((known) => listener.onVerdict(known, line)),
					onEnd: () => tell((known) => listener.onRun(viewOfRun(known))),
				},
			);
			const { branch, path } = await live.recorded;
			// Whoever is told of it asks its file at once.
			if (task.recording?.kind === "from-fork") await live.readable;
			file = new FileWatch(path, () => tell((known) => listener.onFileGone(known)), nowMs);
			entry = { run: this.#nextName(), branch, salvage: false, live, opened: null, ...what };
			this.#watches.set(entry.run, file);
			this.#add(entry);
			return entry;
		} finally {
			this.#starting.delete(what.session);
		}
	}

	#forget(run: string): void {
		this.#watches.delete(run);
		if (this.#entries.delete(run)) this.#parts.listener.onClosed(run);
	}

	#add(entry: RunEntry): void {
		this.#entries.set(entry.run, entry);
		this.#room.touch(entry.run);
		this.#parts.listener.onRun(viewOfRun(entry));
	}

	#nextName(): string {
		return `r${++this.#count}`;
	}

	#executor(): ExecutorOptions {
		const { executor: name } = this.#parts;
		return { name, watchdogMs: watchdogMsDefault, heapMb: heapMbDefault[name] };
	}

	#freeName(wish: string): string {
		const name = this.#parts.library.freeName(wish);
		return this.#starting.has(name) ? this.#parts.library.freeName(`${wish} ${this.#count + 1}`) : name;
	}
}

function justStarting(): ContractError {
	return new ContractError("session-locked", "another run of this session is just starting", { advice: "Try again in a moment." });
}
