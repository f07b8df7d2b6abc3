/**
 * Every run that some window may look at: live ones, and recorded ones that were opened. Gives them
 * their names, starts, forks, continues and closes them. Knows no window; what happens is told to a
 * listener. Runs on the service's thread and never blocks it.
 */
import { randomInt } from "node:crypto";
import type { CallName, CallReply, CallRequest } from "../../shared/contract/calls.ts";
import { ContractError, errorViewOf } from "../../shared/contract/errors.ts";
import { statusEveryMs } from "../../shared/contract/pushes.ts";
import type { Of } from "../../shared/contract/schema.ts";
import type { runView } from "../../shared/contract/views.ts";
import type { Plan } from "../../shared/plan.ts";
import type { SessionDetail } from "../../shared/session.ts";
import { formatDurationUs } from "../../shared/units.ts";
import { heapMbDefault, newSession, plainTask, seedDefault, watchdogMsDefault } from "../app/options.ts";
import type { ExecutorName, ExecutorOptions, NodeContents, RunTask } from "../app/run-task.ts";
import type { ReaderClient } from "../threads/reader-client.ts";
import { FileWatch } from "./file-watch.ts";
import type { Library } from "./library.ts";
import { LiveRun, type LiveRunListener } from "./live-run.ts";
import { type LogPlace, makingOf } from "./log/place.ts";
import type { OpenedBranch } from "./log/questions.ts";

export type RunView = Of<typeof runView>;

/** A run under its name. */
export interface RunEntry {
	readonly run: string;
	readonly session: string;
	readonly branch: number;
	readonly parent: string | null;
	readonly plan: Plan;
	readonly seed: number;
	readonly detail: SessionDetail;
	readonly labText: string;
	readonly salvage: boolean;
	/** Of its session's file, see `makingOf`. */
	readonly making: string;
	/** Null for a recorded one. */
	readonly live: LiveRun | null;
	readonly opened: OpenedBranch | null;
}

export interface RunsListener {
	onRun(view: RunView): void;
	onClosed(run: string): void;
	onStatus(entry: RunEntry, status: Parameters<LiveRunListener["onStatus"]>[1]): void;
	onLines(entry: RunEntry, lines: Parameters<LiveRunListener["onLines"]>[1], omitted: number): void;
	onPaused(entry: RunEntry, paused: Parameters<LiveRunListener["onPaused"]>[1]): void;
	onVerdict(entry: RunEntry, line: string): void;
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
	nowMs(): number;
}

const liveMax = 8;
const runsMax = 64;
/** A visit to an earlier instant is a run of its own; so many at once. */
const visitsMax = 2;

export class Runs {
	readonly #parts: RunsParts;
	readonly #entries = new Map<string, RunEntry>();
	/** Sessions that are about to be written, so that two starts do not take one name. */
	readonly #starting = new Set<string>();
	#count = 0;
	#visits = 0;

	constructor(parts: RunsParts) {
		this.#parts = parts;
	}

	get all(): readonly RunEntry[] {
		return [...this.#entries.values()];
	}

	/** @throws ContractError `run-not-found` */
	get(run: string): RunEntry {
		const entry = this.#entries.get(run);
		if (entry === undefined) throw new ContractError("run-not-found", `there is no run ${run}`, { advice: "It may have been closed in another window." });
		return entry;
	}

	/** @throws ContractError `run-not-found`, `run-not-live` */
	live(run: string): LiveRun {
		const { live } = this.get(run);
		if (live !== null && !live.isOver) return live;
		throw new ContractError("run-not-live", live === null ? "this run is a recording" : "this run has ended", {
			kept: "All of it can be looked at.",
			advice: "Fork it to act on it.",
		});
	}

	isRecording(session: string): boolean {
		return this.#starting.has(session) || this.all.some((entry) => entry.session === session && entry.live !== null && !entry.live.isOver);
	}

	placeOf(run: string): LogPlace {
		const { session, branch, salvage, making, live, opened } = this.get(run);
		const committedEvents = live?.committedEvents ?? opened?.branch.head.eventCount ?? 0;
		return { path: this.#parts.library.pathOf(session), branch, salvage, making, isLive: live !== null && !live.isOver, committedEvents };
	}

	viewOf({ run, session, branch, parent, plan, seed, detail, live, opened }: RunEntry): RunView {
		const common = { run, session, branch, parent, labId: plan.labId, title: plan.title, variant: plan.variant, seed, detail };
		if (live !== null) {
			return {
				...common,
				kind: live.isOver ? "recorded" : "live",
				mode: live.mode,
				forkUs: live.task.fork?.atUs ?? 0,
				executor: live.task.executor.name,
				virtualUs: live.virtualUs,
				untilUs: live.task.untilUs,
				events: live.events,
				committedEvents: live.committedEvents,
				finished: live.outcome?.finished === true,
				error: live.failure === null ? null : errorViewOf(live.failure),
			};
		}
		const head = opened?.branch.head;
		return {
			...common,
			kind: "recorded",
			mode: "ended",
			forkUs: opened?.branch.forkUs ?? 0,
			executor: opened?.header.executor ?? "inline",
			virtualUs: head?.untilUs ?? 0,
			untilUs: head?.untilUs ?? 0,
			events: head?.eventCount ?? 0,
			committedEvents: head?.eventCount ?? 0,
			finished: head?.finished ?? false,
			error: null,
		};
	}

	async start(wishes: CallRequest<"runs.start">): Promise<RunEntry> {
		this.#requireRoom();
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
		const { library } = this.#parts;
		library.makeFolder();
		if (wishes.session !== null && (library.has(wishes.session) || this.#starting.has(wishes.session)))
			throw new ContractError("session-exists", `there is a session "${wishes.session}" already`, {
				kept: "It was not changed.",
				advice: "Choose another name.",
			});
		const session = wishes.session ?? this.#freeName(`${plan.labId}${variant === null ? "" : `-${variant}`} ${this.#dateText()}`);
		const executor = this.#executor();
		const task: RunTask = {
			...plainTask({ plan, seed, executor, speed }),
			startPaused,
			recording: this.#newRecording({ session, plan, seed, labText, detail, executor }),
		};
		return this.#begin({ session, parent: null, plan, seed, detail, labText, making: makingBy(task, ""), task });
	}

	/** Another future of a run; see the contract. */
	async fork({ run, atUs, commands, untilUs, separate, speed, startPaused }: CallRequest<"runs.fork">): Promise<RunEntry> {
		this.#requireRoom();
		const parent = this.get(run);
		const { plan, seed, detail, labText, live } = parent;
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
				recording: this.#newRecording({ session, plan, seed, labText, detail, executor }),
			};
			return this.#begin({ session, parent: run, plan, seed, detail, labText, making: makingBy(task, ""), task });
		}
		const task = await this.#parts.librarian.ask("prepareFork", {
			wishes: {
				path: this.#parts.library.pathOf(parent.session),
				branch: parent.branch,
				atUs,
				untilUs: untilUs ?? undefined,
				story,
				save: separate ? { path: this.#parts.library.pathOf(session), detail, createdMs: this.#parts.nowMs() } : null,
				executor,
				speed,
			},
		});
		return this.#begin({ session, parent: run, plan, seed, detail, labText, making: makingBy(task, parent.making), task: { ...task, startPaused } });
	}

	/** Goes on with a recording that broke off. */
	async continue({ session, branch, speed, startPaused }: CallRequest<"runs.continue">): Promise<RunEntry> {
		this.#requireRoom();
		const path = this.#parts.library.existing(session);
		if (this.isRecording(session))
			throw new ContractError("session-locked", "this session is being recorded by another run", {
				kept: "It goes on.",
				advice: "Watch that run, or stop it first.",
			});
		const place: LogPlace = { path, branch, salvage: false, isLive: false, committedEvents: 0 };
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
		const opened = await this.#parts.reader.ask("open", { place: { path, branch, salvage, isLive: false, committedEvents: 0 } });
		// One that is known under this name may have been another file.
		if (known !== undefined && known.making === makingOf(opened.header)) return known;
		if (this.#entries.size >= runsMax) throw tooMany("runs are open");
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
			this.#parts.listener.onRun(this.viewOf(renamed));
		}
	}

	async stop(run: string): Promise<RunEntry> {
		const entry = this.get(run);
		await entry.live?.stop();
		return entry;
	}

	async close(run: string): Promise<void> {
		await this.stop(run);
		if (!this.#entries.delete(run)) return;
		this.#parts.listener.onClosed(run);
	}

	/** What programs had stated up to an instant; null: up to now, or to the end. */
	async board({ run, ...request }: CallRequest<"log.board">): Promise<CallReply<"log.board">> {
		const { live } = this.get(run);
		if (request.atUs === null && live !== null && !live.isOver) {
			try {
				const { atUs, entries, omitted } = await live.board(request.names);
				return { atUs, entries, omitted };
			} catch (error) {
				if (!live.isOver) throw error; // it ended meanwhile, and its file tells the same
			}
		}
		return this.#parts.reader.ask("log.board", { place: this.placeOf(run), request });
	}

	/** What a node holds now, or held at an instant: then the run is repeated up to there. */
	async inspect({ run, node, atUs }: CallRequest<"nodes.inspect">): Promise<CallReply<"nodes.inspect">> {
		const entry = this.get(run);
		const { plan } = entry;
		if (node >= plan.nodes.length) throw new ContractError("usage", `the run has no node ${node}`);
		if (atUs === null) {
			return inspection(await this.live(run).inspect(node), plan);
		}
		if (this.#visits >= visitsMax) throw tooMany("instants are being visited");
		this.#visits++;
		try {
			const task = await this.#visitTask(entry, atUs);
			const visit = new LiveRun({ ...task, recording: null, startPaused: true, statusEveryMs: 0, tellLines: false }, silent);
			try {
				return inspection({ ...(await visit.inspect(node)), atUs }, plan);
			} finally {
				await visit.stop();
			}
		} finally {
			this.#visits--;
		}
	}

	/** Ends every run; what they recorded is closed. */
	async closeAll(): Promise<void> {
		await Promise.all([...this.#entries.keys()].map((run) => this.close(run).catch(() => {})));
	}

	async #visitTask({ plan, seed, live, session, branch }: RunEntry, atUs: number): Promise<RunTask> {
		const executor: ExecutorOptions = { name: "inline", watchdogMs: watchdogMsDefault, heapMb: heapMbDefault.inline };
		if (live !== null) {
			if (atUs > live.virtualUs) throw new ContractError("usage", `the run has come to ${formatDurationUs(live.virtualUs)} only`);
			const commands = live.commands.filter((command) => command.atUs < atUs);
			return { ...plainTask({ plan, seed, executor }), commands, untilUs: atUs + 1, fork: { atUs, expected: null } };
		}
		const path = this.#parts.library.existing(session);
		return this.#parts.librarian.ask("prepareFork", { wishes: { path, branch, atUs, untilUs: atUs + 1, story: [], save: null, executor, speed: "max" } });
	}

	/** A file has one writer: before another branch is written, runs that write it end. */
	async #endWriters(session: string): Promise<void> {
		const writers = this.all.filter((entry) => entry.session === session && entry.live !== null && !entry.live.isOver);
		await Promise.all(writers.map(({ live }) => live?.stop()));
		if (this.#starting.has(session))
			throw new ContractError("session-locked", "another run of this session is just starting", { advice: "Try again in a moment." });
	}

	async #begin(begun: Omit<RunEntry, "run" | "branch" | "salvage" | "live" | "opened"> & { readonly task: RunTask }): Promise<RunEntry> {
		const { task, ...what } = begun;
		this.#requireRoom();
		this.#starting.add(what.session);
		let entry: RunEntry | null = null;
		let file: FileWatch | null = null;
		const { listener, nowMs } = this.#parts;
		const tell = (action: (known: RunEntry) => void): void => {
			if (entry !== null) action(entry);
		};
		try {
			const live = new LiveRun(
				{ ...task, statusEveryMs, tellLines: true, forWindow: true },
				{
					onStatus: (_, status) => {
						file?.look();
						tell((known) => listener.onStatus(known, status));
					},
					onLines: (_, lines, omitted) => tell((known) => listener.onLines(known, lines, omitted)),
					onPaused: (_, paused) => tell((known) => listener.onPaused(known, paused)),
					onVerdict: (_, line) => tell((known) => listener.onVerdict(known, line)),
					onEnd: () => tell((known) => listener.onRun(this.viewOf(known))),
				},
			);
			const { branch, path } = await live.recorded;
			file = new FileWatch(path, () => tell((known) => listener.onFileGone(known)), nowMs);
			entry = { run: this.#nextName(), branch, salvage: false, live, opened: null, ...what };
			this.#add(entry);
			return entry;
		} finally {
			this.#starting.delete(what.session);
		}
	}

	#add(entry: RunEntry): void {
		this.#entries.set(entry.run, entry);
		this.#parts.listener.onRun(this.viewOf(entry));
	}

	#nextName(): string {
		return `r${++this.#count}`;
	}

	#requireRoom(): void {
		if (this.all.filter(({ live }) => live !== null && !live.isOver).length + this.#starting.size >= liveMax) throw tooMany("runs are live");
		if (this.#entries.size >= runsMax) throw tooMany("runs are open");
	}

	#executor(): ExecutorOptions {
		const { executor: name } = this.#parts;
		return { name, watchdogMs: watchdogMsDefault, heapMb: heapMbDefault[name] };
	}

	#newRecording(made: {
		readonly session: string;
		readonly plan: Plan;
		readonly seed: number;
		readonly labText: string;
		readonly detail: SessionDetail;
		readonly executor: ExecutorOptions;
	}): RunTask["recording"] {
		const { session, executor, ...rest } = made;
		const target = {
			kind: "create",
			path: this.#parts.library.pathOf(session),
			session: newSession({ ...rest, executor: executor.name, createdMs: this.#parts.nowMs() }),
		} as const;
		return { kind: "at-once", target };
	}

	#freeName(wish: string): string {
		const name = this.#parts.library.freeName(wish);
		return this.#starting.has(name) ? this.#parts.library.freeName(`${wish} ${this.#count + 1}`) : name;
	}

	/** Of the user's own day, as files are sorted by. */
	#dateText(): string {
		const now = new Date(this.#parts.nowMs());
		const two = (value: number): string => String(value).padStart(2, "0");
		return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())} ${two(now.getHours())}.${two(now.getMinutes())}`;
	}
}

const silent: LiveRunListener = { onStatus: () => {}, onLines: () => {}, onPaused: () => {}, onVerdict: () => {}, onEnd: () => {} };

/** @param otherwise where the task makes no file of its own */
function makingBy({ recording }: RunTask, otherwise: string): string {
	return recording?.kind === "at-once" && recording.target.kind === "create" ? makingOf(recording.target.session.header) : otherwise;
}

function tooMany(what: string): ContractError {
	return new ContractError("too-busy", `too many ${what}`, { kept: "They all go on.", advice: "Close some of them first." });
}

function inspection({ atUs, services, disks, wallUs, timers, timersOmitted, inbox, inboxOmitted }: NodeContents, { names }: Plan): CallReply<"nodes.inspect"> {
	return {
		atUs,
		services,
		disks,
		wallUs,
		skewUs: wallUs - atUs,
		timers: timers.map(({ name, dueUs }) => ({ name: names[name] ?? "", dueUs })),
		timersOmitted,
		inbox,
		inboxOmitted,
	};
}

/** Calls that are answered from the log, whatever the run. */
export type LogCall = Exclude<CallName & `log.${string}`, "log.compare">;
