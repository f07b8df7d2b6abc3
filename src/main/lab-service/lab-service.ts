/**
 * The lab service: everything that windows may ask for, whatever host they are in. Holds runs, the
 * library, jobs and files, answers calls and tells every window what concerns it. Hosts give it windows
 * and a few abilities of their own; it knows no transport. Never blocks its thread.
 */
import { engineVersion } from "../../core/event-log.ts";
import type { CallName, CallReply, CallRequest } from "../../shared/contract/calls.ts";
import { ContractError, type ErrorView } from "../../shared/contract/errors.ts";
import type { HostName } from "../../shared/contract/frames.ts";
import type { Push, PushName } from "../../shared/contract/pushes.ts";
import { exportFormatFacts } from "../../shared/export-formats.ts";
import type { ExecutorName } from "../app/run-task.ts";
import { type AskingWishes, ReaderClient } from "../threads/reader-client.ts";
import { bodiesOf } from "./bodies.ts";
import { Connection, type WindowPort } from "./connection.ts";
import { FileHands } from "./file-hands.ts";
import { Files, type KeptFile } from "./files.ts";
import type { Held } from "./held.ts";
import { Jobs } from "./jobs.ts";
import { Library } from "./library.ts";
import type { Asked, LogCall } from "./log/questions.ts";
import { type RunEntry, type RunView, viewOfRun } from "./run-entry.ts";
import { Runs } from "./runs.ts";
import { Summaries } from "./summaries.ts";

/** What only a host can do. */
export interface HostAbilities {
	readonly name: HostName;
	readonly appVersion: string;
	readonly platform: string;
	/** Asks the user where to save, and does; or says where to download from. */
	saveFile(file: KeptFile): Promise<CallReply<"files.save">>;
	/** Asks the user for a session file; null when they thought better of it. Left out: no dialog here. */
	askForFile?(): Promise<string | null>;
	/** Puts a file where the user can find it again. Left out: the library has a trash of its own. */
	trashFile?(path: string): Promise<void>;
}

export interface LabServiceOptions {
	readonly host: HostAbilities;
	readonly libraryFolder: string;
	readonly executor?: ExecutorName;
}

const unheardMax = 16;
/** Sessions of a list that come with what a picture needs; a list of thousands would be nothing else. */
const picturesMax = 500;

type Handlers = {
	readonly [Name in CallName]: (request: CallRequest<Name>, connection: Connection, signal: AbortSignal) => CallReply<Name> | Promise<CallReply<Name>>;
};

export class LabService {
	readonly library: Library;
	readonly files: Files;
	readonly #host: HostAbilities;
	readonly #connections = new Set<Connection>();
	/** Answers about logs; and one that compiles and looks into files, so that neither waits for the other. */
	readonly #reader = new ReaderClient();
	readonly #librarian = new ReaderClient();
	/** Told by the host before there was a window to hear it. */
	readonly #unheard: ((connection: Connection) => void)[] = [];
	readonly #runs: Runs;
	readonly #jobs: Jobs;
	readonly #summaries: Summaries;
	readonly #hands: FileHands;
	/** Below zero: the file will give them numbers of its own. */
	#notesUnderWay = 0;

	constructor({ host, libraryFolder, executor = "threads" }: LabServiceOptions) {
		this.#host = host;
		this.library = new Library(libraryFolder, async (path, target) => void (await this.#librarian.ask("copy", { path, target })));
		void this.library.sweepIncoming(Date.now());
		this.files = new Files(() => this.library.incomingFolder());
		this.#summaries = new Summaries(this.#librarian);
		this.#jobs = new Jobs(this.files, (job) => this.#tellAll("job", { job }));
		this.#runs = new Runs({
			library: this.library,
			reader: this.#reader,
			librarian: this.#librarian,
			executor,
			nowMs: () => Date.now(),
			isWatched: (run) => this.#isWatched(run),
			listener: {
				onRun: (run) => {
					this.#tellAll("run", { run });
					if (run.error !== null) this.#tellAll("notice", { run: run.run, tone: "fault", text: run.error.message, error: run.error });
					this.#tellAll("library", {});
				},
				onClosed: (run) => this.#tellAll("runClosed", { run }),
				onStatus: (entry, status) => {
					if (!this.#isWatched(entry.run) || entry.live === null) return;
					const { wallMs, paceRatio } = status;
					this.#tellWatching(entry.run, "status", { run: viewOfRun(entry), speed: entry.live.moves.speed, wallMs, paceRatio, now: entry.live.now(status) });
				},
				onLines: ({ run }, lines, omitted) => this.#tellWatching(run, "lines", { run, lines, omitted }),
				onPaused: ({ run }, { virtualUs, reason }) => this.#tellWatching(run, "paused", { run, virtualUs, reason }),
				onEnded: ({ run, session }) => this.#tellAll("notice", { run, tone: "warning", text: endedForRoom(session), error: null }),
				onFileGone: ({ run, session }) => {
					const error = fileGone(session);
					this.#tellAll("notice", { run, tone: "fault", text: error.message, error });
					this.#tellAll("library", {});
				},
				onVerdict: ({ run }, line) =>
					this.#tellAll("notice", { run, tone: "warning", text: `The watchdog stopped a node (${line}); the run is repeated up to there.`, error: null }),
			},
		});
		this.#hands = new FileHands({
			library: this.library,
			reader: this.#reader,
			librarian: this.#librarian,
			isRecording: (session) => this.#runs.isRecording(session),
		});
	}

	/** Everything that calls make it keep, counted. */
	get held(): Held {
		const { uploads, files, bytes: fileBytes } = this.files.held;
		const { underWay, live, known: runs, remembered } = this.#runs.held;
		const { running: jobsUnderWay, known: jobs } = this.#jobs.held;
		const each = [...this.#connections];
		return {
			ofWindows: {
				windows: each.length,
				watched: each.reduce((sum, { watched }) => sum + watched.length, 0),
				calls: each.reduce((sum, { callsUnderWay }) => sum + callsUnderWay, 0),
				questions: this.#reader.underWay + this.#librarian.underWay + this.#summaries.looks + underWay,
				uploads,
				jobsUnderWay,
				live,
			},
			kept: { runs, remembered, jobs, files, fileBytes },
		};
	}

	/** A window that has just come. */
	connect(port: WindowPort): Connection {
		const connection = new Connection({
			port,
			welcome: () => ({
				appVersion: this.#host.appVersion,
				engineVersion,
				host: this.#host.name,
				platform: this.#host.platform,
				hasOpenDialog: this.#host.askForFile !== undefined,
				windows: this.#connections.size,
			}),
			handle: async (call, request, from, signal) =>
				(this.#handlers[call] as (request: unknown, from: Connection, signal: AbortSignal) => unknown)(request, from, signal),
			onGreeted: (greeted) => {
				for (const tell of this.#unheard.splice(0)) tell(greeted);
			},
			nowMs: () => performance.now(),
		});
		this.#connections.add(connection);
		return connection;
	}

	/** A window that has gone; runs go on without it. */
	disconnect(connection: Connection): void {
		connection.end();
		this.#connections.delete(connection);
		for (const run of connection.watched) this.#runs.left(run);
		this.files.abandon(connection).catch(() => {}); // what it was sending is of no use to anybody
	}

	/** A file that the user gave the desktop: taken into the library unless it lies there. @returns its name */
	async admit(path: string): Promise<string> {
		const inside = this.library.nameOf(path);
		if (inside !== null) return inside;
		await this.#librarian.ask("check", { path });
		const session = await this.library.importFile(path, path.split(/[\\/]/).at(-1) ?? "session");
		this.#tellAll("library", {});
		return session;
	}

	/** Tells every window something that came from the host; where none listens yet, the first one that does. */
	tell<Name extends "openSession" | "menu" | "notice">(push: Name, content: Push<Name>): void {
		if ([...this.#connections].some(({ isGreeted }) => isGreeted)) this.#tellAll(push, content);
		else if (this.#unheard.length < unheardMax) this.#unheard.push((connection) => connection.push(push, content));
	}

	/** Ends runs, jobs and threads; what was recorded is closed. */
	async close(): Promise<void> {
		for (const connection of this.#connections) this.disconnect(connection);
		await this.#jobs.closeAll();
		// Whoever closes a session last folds its journal in: that has to be the one who writes it.
		await Promise.all([this.#reader.close(), this.#librarian.close()]);
		await this.#runs.closeAll();
		await this.files.close();
	}

	readonly #handlers: Handlers = {
		"labs.list": () => this.#librarian.ask("labs", null),
		"labs.describe": (request) => this.#librarian.ask("lab", request),

		"runs.start": async (request) => this.#about(await this.#runs.start(request)),
		"runs.list": () => ({ runs: this.#runs.all.map((entry) => viewOfRun(entry)) }),
		"runs.open": async (request) => this.#about(await this.#runs.open(request)),
		"runs.describe": ({ run }) => {
			const entry = this.#runs.get(run);
			return { run: viewOfRun(entry), plan: entry.plan, bodies: bodiesOf(entry.plan) };
		},
		"runs.continue": (request) => this.#hands.handedOver(this.library.existing(request.session), async () => this.#about(await this.#runs.continue(request))),
		"runs.fork": async (request) => {
			const fork = (): Promise<RunEntry> => this.#runs.fork(request);
			const { session } = this.#runs.get(request.run);
			// A fork into a file of its own only reads this one.
			const entry = await (request.separate ? fork() : this.#hands.handedOver(this.library.pathOf(session), fork));
			return { ...this.#about(entry), refusals: (await entry.live?.wishesRefused) ?? [] };
		},
		"runs.stop": async ({ run }) => this.#about(await this.#runs.stop(run)),
		"runs.watch": ({ run }, connection) => {
			const entry = this.#runs.get(run);
			connection.watch(run);
			const status = entry.live?.status;
			if (status != null && entry.live !== null) {
				const { wallMs, paceRatio } = status;
				connection.push("status", { run: viewOfRun(entry), speed: entry.live.moves.speed, wallMs, paceRatio, now: entry.live.now(status) });
			}
			return {};
		},
		"runs.unwatch": ({ run }, connection) => {
			connection.unwatch(run);
			this.#runs.left(run);
			return {};
		},

		"runs.play": ({ run }) => done(this.#runs.live(run).moves.play()),
		"runs.pause": ({ run }) => done(this.#runs.live(run).moves.pause()),
		"runs.stepEvent": ({ run }) => done(this.#runs.live(run).moves.stepEvent()),
		"runs.stepMessage": ({ run }) => done(this.#runs.live(run).moves.stepMessage()),
		"runs.setSpeed": ({ run, speed }) => done(this.#runs.live(run).moves.setSpeed(speed)),
		"runs.runUntil": ({ run, untilUs, waitFor }) => {
			const live = this.#runs.live(run);
			const wanted = waitFor?.kind === "event" ? waitFor.node : null;
			if (wanted !== null && !live.plan.nodes.some(({ name }) => name === wanted)) throw new ContractError("usage", `no node is called "${wanted}"`);
			return done(live.moves.runUntil({ untilUs, waitFor }));
		},
		"runs.toEnd": ({ run }) => done(this.#runs.live(run).moves.toEnd()),
		"runs.command": ({ run, line, atUs }) => this.#runs.live(run).command(line, atUs),

		"log.events": (request, _, signal) => this.#askLog("log.events", request, { signal }),
		"log.event": (request, _, signal) => this.#askLog("log.event", request, { signal }),
		"log.causality": (request, _, signal) => this.#askLog("log.causality", request, { signal }),
		"log.density": (request, connection, signal) =>
			this.#askLog("log.density", request, { signal, onProgress: (done, total) => connection.push("reading", { run: request.run, done, total }) }),
		"log.messages": (request, _, signal) => this.#askLog("log.messages", request, { signal }),
		"log.view": (request, _, signal) => this.#askLog("log.view", request, { signal }),
		"log.board": (request, _, signal) => this.#runs.board(request, signal),
		"log.traces": (request, _, signal) => this.#askLog("log.traces", request, { signal }),
		"log.spans": (request, _, signal) => this.#askLog("log.spans", request, { signal }),
		"log.xray": (request, _, signal) => this.#askLog("log.xray", request, { signal }),
		"log.series": (request, _, signal) => this.#askLog("log.series", request, { signal }),
		"log.clocks": (request, _, signal) => this.#askLog("log.clocks", request, { signal }),
		"log.compare": async ({ run, other }, _, signal) => {
			const [place, otherPlace] = await Promise.all([this.#runs.logOf(run), this.#runs.logOf(other)]);
			return this.#reader.ask("log.compare", { place, other: otherPlace }, { signal });
		},

		"nodes.inspect": (request) => this.#runs.inspect(request),

		"sessions.list": async () => ({
			folder: this.library.folder,
			sessions: await Promise.all(
				(await this.library.list()).map((entry, place) =>
					this.#summaries.of(entry, this.library.pathOf(entry.session), { isLive: this.#runs.isRecording(entry.session), hasPicture: place < picturesMax }),
				),
			),
		}),
		"sessions.describe": async ({ session }) => {
			const path = this.library.existing(session);
			const entry = (await this.library.entry(session)) ?? { session, bytes: 0, changedMs: 0 };
			const described = await this.#librarian.ask("describe", { path });
			return { session: await this.#summaries.of(entry, path, { isLive: this.#runs.isRecording(session), hasPicture: true }), ...described };
		},
		"sessions.rename": async ({ session, to }) => {
			this.library.requireRenamable(session, to);
			if (await this.#runs.renameLive(session, to)) this.library.moveLayout(session, to);
			else {
				await this.#hands.quiet(session);
				this.library.rename(session, to);
				this.#runs.renamed(session, to);
			}
			return this.#libraryChanged();
		},
		"sessions.duplicate": async ({ session }) => {
			await this.#runs.inFile(session);
			const copy = await this.library.duplicate(session);
			this.#libraryChanged();
			return { session: copy };
		},
		"sessions.trash": async ({ session }) => {
			await this.#hands.quiet(session, "as it is");
			if (this.#host.trashFile === undefined) this.library.trash(session, Date.now());
			else await this.#hands.trashOutside(session, this.#host.trashFile);
			return this.#libraryChanged();
		},
		"sessions.readLayout": ({ session }) => ({ text: this.library.readLayout(session) }),
		"sessions.writeLayout": ({ session, text }) => done(this.library.writeLayout(session, text)),
		"notes.list": ({ session }) => this.#librarian.ask("notes", { path: this.library.existing(session) }),
		"notes.add": async ({ session, ...request }) => {
			const note = { ...request, wallMs: Date.now() };
			if (this.#runs.addNote(session, note)) return { note: { id: --this.#notesUnderWay, ...note } };
			const path = this.library.existing(session);
			await this.#hands.quiet(session, "as it is");
			return this.#librarian.ask("addNote", { path, note });
		},

		"jobs.verify": async ({ session, branch }) => {
			await this.#runs.inFile(session);
			return { job: this.#jobs.verify({ path: this.library.existing(session), branch }) };
		},
		"jobs.export": async ({ run, ...request }) => {
			const { ending, mediaType } = exportFormatFacts[request.format];
			const name = `${this.#runs.get(run).session}.${ending}`;
			return { job: this.#jobs.export({ asked: { place: await this.#runs.logOf(run), request }, name, mediaType }) };
		},
		"jobs.coupling": () => ({ job: this.#jobs.coupling() }),
		"jobs.cancel": async ({ job }) => ({ job: await this.#jobs.cancel(job) }),

		"files.save": ({ ticket }) => this.#host.saveFile(this.files.get(ticket)),
		"files.session": async ({ session }) => {
			// A copy: it may be fetched long after, when a run has gone on in the file. Nobody who writes or reads it waits for that.
			const path = this.files.newPath();
			await this.#runs.inFile(session);
			await this.#librarian.ask("copy", { path: this.library.existing(session), target: path });
			const { ticket, name, bytes } = this.files.keep({ path, name: `${session}.quorate`, mediaType: "application/vnd.quorate.session" });
			return { ticket, name, bytes };
		},
		"files.keep": ({ name, mediaType, bytes }) => ({ ticket: this.files.keepBytes(bytes, { name, mediaType }).ticket }),
		"files.open": async () => {
			if (this.#host.askForFile === undefined)
				throw new ContractError("not-here", "there is no dialog of the desktop here", { advice: "Pick a file in the browser instead." });
			const path = await this.#host.askForFile();
			return { session: path === null ? null : await this.admit(path) };
		},
		"uploads.begin": async (request, connection, signal) => ({ upload: await this.files.begin(connection, request, signal) }),
		"uploads.part": async ({ upload, part }, connection) => ({ received: await this.files.part(connection, upload, part) }),
		"uploads.end": async ({ upload }, connection) => {
			const { path, name } = await this.files.end(connection, upload);
			try {
				await this.#librarian.ask("check", { path });
			} catch (error) {
				this.files.discard(path);
				throw error;
			}
			const session = this.library.adopt(path, name);
			this.#libraryChanged();
			return { session };
		},
		"uploads.abort": async ({ upload }, connection) => {
			await this.files.abort(connection, upload);
			return {};
		},
	};

	/** The log of a live run holds by then what had happened when it was asked. */
	async #askLog<Name extends LogCall>(call: Name, { run, ...request }: CallRequest<Name>, wishes: AskingWishes): Promise<CallReply<Name>> {
		const asked = { place: await this.#runs.logOf(run), request };
		return (await this.#reader.ask(call, asked as unknown as Asked<Name>, wishes)) as CallReply<Name>;
	}

	#about(entry: RunEntry): { readonly run: RunView } {
		return { run: viewOfRun(entry) };
	}

	#libraryChanged(): Record<string, never> {
		this.#tellAll("library", {});
		return {};
	}

	#isWatched(run: string): boolean {
		for (const connection of this.#connections) if (connection.watches(run)) return true;
		return false;
	}

	#tellWatching<Name extends PushName>(run: string, push: Name, content: Push<Name>): void {
		for (const connection of this.#connections) if (connection.watches(run)) connection.push(push, content);
	}

	#tellAll<Name extends PushName>(push: Name, content: Push<Name>): void {
		for (const connection of this.#connections) connection.push(push, content);
	}
}

function fileGone(session: string): ErrorView {
	return {
		code: "session-not-found",
		message: `the file of "${session}" was moved, removed or replaced while it is being recorded`,
		kept: "The run goes on, but what it records cannot be found any more.",
		advice: "Put the file back where it was, or fork the run into a file of its own.",
	};
}

function endedForRoom(session: string): string {
	return `The run of "${session}" was ended to make room for another: it stood still and nobody watched it. All of it is in its file; go on from there by a fork.`;
}

/** For calls whose answer is that they were obeyed. */
function done(_: void): Record<string, never> {
	return {};
}
