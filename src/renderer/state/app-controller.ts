/**
 * The window as a whole: the connection to the lab, the library, which screen and which dialog is
 * shown, and what is told to the user. Owns the run that is looked at. Draws nothing.
 */
import type { CallRequest } from "../../shared/contract/calls.ts";
import { LabClient } from "../../shared/contract/client.ts";
import { ContractError } from "../../shared/contract/errors.ts";
import type { Push } from "../../shared/contract/pushes.ts";
import type { Plan } from "../../shared/plan.ts";
import { connectToLab } from "../connection/transport.ts";
import { strings } from "../strings.ts";
import { type AppState, type Dialog, initialAppState, stagesBeside } from "./app-state.ts";
import { Beside } from "./beside.ts";
import type { JobView, RunView } from "./contract-types.ts";
import { keepLeftOff, leftOff } from "./left-off.ts";
import { isBrief, type Notice, whileShown, withNotice, withoutDialog } from "./notices.ts";
import { RunController } from "./run-controller.ts";
import type { RunHost } from "./run-host.ts";
import type { Place, StageView } from "./run-state.ts";
import { Store } from "./store.ts";
import { applyTheme, keptTheme, nextTheme } from "./theme.ts";

/** Long enough for who reads slowly, and for a computer that is busy: nobody should miss that a file was saved. */
const noteMs = 15_000;
const saidMs = 9_000;

export interface AppParts {
	readonly client?: LabClient;
	/** What a run of a lab is opened on; undefined: on what every run is. */
	firstStage(plan: Plan): StageView | undefined;
}

export class AppController implements RunHost {
	readonly client: LabClient;
	readonly store: Store<AppState>;
	readonly #firstStage: AppParts["firstStage"];
	#notices = 0;
	#libraryAsked = 0;
	readonly #onMenu = new Set<(action: Push<"menu">["action"]) => void>();

	constructor({ client = new LabClient(connectToLab()), firstStage }: AppParts) {
		this.client = client;
		this.#firstStage = firstStage;
		const theme = keptTheme();
		applyTheme(theme);
		this.store = new Store(initialAppState(theme));
		this.#listen();
		client.welcome.then(
			({ hasOpenDialog }) => {
				this.store.set({ connection: "open", hasOpenDialog });
				void this.#load().then(() => this.#comeBack());
			},
			(error: unknown) => this.store.set({ connection: "lost", lostBecause: error instanceof Error ? error.message : "" }),
		);
	}

	get state(): AppState {
		return this.store.get();
	}

	// --- screens

	show(run: RunView, said = ""): void {
		if (said !== "") this.tell("note", said, { run: run.run });
		void this.openRun(run);
	}

	async openRun(run: RunView): Promise<void> {
		this.store.set({ isOpening: true });
		this.openDialog(null);
		try {
			const opened = await RunController.open(this, run);
			const before = this.state.current;
			const first = this.#firstStage(opened.plan);
			if (first !== undefined) opened.setStage(first);
			if (before !== null) {
				const { stage, side, timeBase, serviceView } = before.state;
				if (before.plan.labId === opened.plan.labId) opened.setStage(stage);
				opened.setServiceView(serviceView);
				opened.setSide(side === "inspect" ? "nodes" : side);
				opened.setTimeBase(timeBase);
				before.close();
			}
			this.closeBeside();
			this.store.set({ current: opened, notices: whileShown(this.state.notices, run.run) });
			document.title = `${opened.plan.title} · ${strings.app.name}`;
			keepLeftOff({ session: run.session, branch: run.branch });
		} catch (error) {
			this.fail(error);
		}
		this.store.set({ isOpening: false });
	}

	home(): void {
		this.closeBeside();
		this.state.current?.close();
		this.store.set({ current: null, dialog: null, notices: whileShown(this.state.notices, null) });
		keepLeftOff(null);
		document.title = strings.app.name;
		void this.#load();
	}

	/** Shows another branch, or another session, beside the run that is looked at. */
	async openBeside(session: string, branch: number): Promise<void> {
		const { current, runs } = this.state;
		if (current === null) return;
		const live = runs.find((run) => run.session === session && run.branch === branch);
		const run = live ?? (await this.attempt(this.client.call("runs.open", { session, branch, salvage: true })))?.run;
		const there = run === undefined ? undefined : await this.attempt(RunController.open(this, run));
		if (there === undefined) return;
		if (this.state.current !== current) {
			there.close();
			return;
		}
		this.closeBeside();
		this.store.set({ beside: new Beside(current, there), dialog: null });
		if (!stagesBeside.includes(current.state.stage)) current.setStage("split");
	}

	closeBeside(): void {
		this.state.beside?.close();
		this.store.set({ beside: null });
	}

	/** The other one becomes the one that is acted on. */
	async swapBeside(): Promise<void> {
		const { beside } = this.state;
		if (beside === null) return;
		const { session, branch } = beside.here.state.run;
		await this.openRun(beside.there.state.run);
		await this.openBeside(session, branch);
	}

	openDialog(dialog: Dialog | null): void {
		this.store.set({ dialog, notices: withoutDialog(this.state.notices) });
	}

	cycleTheme(): void {
		const theme = nextTheme(this.state.theme);
		applyTheme(theme);
		this.store.set({ theme });
	}

	// --- runs and sessions

	async start(request: CallRequest<"runs.start">): Promise<void> {
		this.store.set({ isOpening: true });
		const started = await this.client.call("runs.start", request).catch((error: unknown) => this.fail(error, { isOfDialog: this.state.dialog !== null }));
		this.store.set({ isOpening: false });
		if (started !== undefined) await this.openRun(started.run);
	}

	async openSession(session: string, branch = 0): Promise<void> {
		const live = this.state.runs.find((run) => run.session === session && run.branch === branch && run.kind === "live");
		if (live !== undefined) {
			await this.openRun(live);
			return;
		}
		const opened = await this.attempt(this.client.call("runs.open", { session, branch, salvage: true }));
		if (opened !== undefined) await this.openRun(opened.run);
	}

	async continueSession(session: string): Promise<void> {
		const opened = await this.attempt(this.client.call("runs.continue", { session, branch: 0, speed: 1, startPaused: true }));
		if (opened !== undefined) await this.openRun(opened.run);
	}

	/** Asks for a session by the desktop's own dialog, and opens it. */
	async openFile(): Promise<void> {
		const opened = await this.attempt(this.client.call("files.open", {}));
		if (opened?.session) await this.openSession(opened.session);
	}

	/** Ends a run that some window looks at, or none. */
	async endRun({ run, session }: RunView): Promise<void> {
		const ended = await this.attempt(this.client.call("runs.stop", { run }));
		if (ended !== undefined && this.state.current?.id !== run) this.tell("note", strings.run.endedByHand(session));
	}

	async verify(session: string): Promise<void> {
		const started = await this.attempt(this.client.call("jobs.verify", { session, branch: null }));
		if (started !== undefined) this.#onJob(started.job);
	}

	/** One box or many, on this machine. */
	async measureCoupling(): Promise<void> {
		const started = await this.attempt(this.client.call("jobs.coupling", {}));
		if (started !== undefined) this.#onJob(started.job);
	}

	async export(request: CallRequest<"jobs.export">): Promise<void> {
		const started = await this.attempt(this.client.call("jobs.export", request));
		if (started !== undefined) this.#onJob(started.job);
	}

	async save(ticket: string): Promise<void> {
		const saved = await this.attempt(this.client.call("files.save", { ticket }));
		if (saved?.kind === "saved") this.tell("note", strings.export.saved(saved.name));
		if (saved?.kind === "download") {
			const link = document.createElement("a");
			link.href = saved.url;
			link.download = "";
			link.click();
		}
	}

	/** Calls off what goes on, which then says so; puts away what is over. */
	forgetJob(job: string): void {
		const known = this.state.jobs.find((one) => one.job === job);
		if (known?.state === "running") void this.attempt(this.client.call("jobs.cancel", { job }));
		else this.store.set({ jobs: this.state.jobs.filter((one) => one.job !== job) });
	}

	async refreshLibrary(): Promise<void> {
		const asked = ++this.#libraryAsked;
		const listed = await this.attempt(this.client.call("sessions.list", {}));
		// What was asked later knows more, whichever answer comes first.
		if (listed !== undefined && asked === this.#libraryAsked) this.store.set({ sessions: listed.sessions });
	}

	// --- telling

	tell(tone: Notice["tone"], text: string, more: Partial<Notice> = {}): void {
		const id = ++this.#notices;
		const { kept = "", advice = "", run, isOfDialog } = more;
		const notice: Notice = { id, tone, text, kept, advice, run, isOfDialog };
		this.store.set({ notices: withNotice(this.state.notices, notice) });
		if (tone === "note") this.#dismissLater(id);
	}

	/** None goes while all of them are open: somebody reads. */
	#dismissLater(id: number): void {
		setTimeout(() => (this.state.areNotesOpen ? this.#dismissLater(id) : this.dismiss(id)), noteMs);
	}

	refuse(text: string, at?: Place): void {
		if (at === undefined) {
			this.tell("warning", text);
			return;
		}
		const id = ++this.#notices;
		this.store.set({ said: { id, text, at } });
		setTimeout(() => this.unsay(id), saidMs);
	}

	unsay(id = this.state.said?.id): void {
		if (this.state.said?.id === id) this.store.set({ said: null });
	}

	dismiss(id: number): void {
		const notices = this.state.notices.filter((notice) => notice.id !== id);
		const areNotesOpen = this.state.areNotesOpen && notices.filter(isBrief).length > 1;
		this.store.set({ notices, areNotesOpen });
	}

	/** Shows the notes before the latest, or puts them away. */
	openNotes(areNotesOpen: boolean): void {
		this.store.set({ areNotesOpen });
	}

	fail(error: unknown, { isOfDialog = false }: { readonly isOfDialog?: boolean } = {}): void {
		if (error instanceof ContractError) {
			const { code, message, kept, advice } = error;
			if (code !== "cancelled") this.tell("fault", message, { kept, advice, isOfDialog });
		} else this.tell("fault", error instanceof Error ? error.message : strings.errors.unknown, { isOfDialog });
	}

	async attempt<Reply>(reply: Promise<Reply>): Promise<Reply | undefined> {
		try {
			return await reply;
		} catch (error) {
			this.fail(error);
			return undefined;
		}
	}

	onMenu(listener: (action: Push<"menu">["action"]) => void): () => void {
		this.#onMenu.add(listener);
		return () => this.#onMenu.delete(listener);
	}

	async refreshRuns(): Promise<void> {
		const listed = await this.attempt(this.client.call("runs.list", {}));
		if (listed !== undefined) this.store.set({ runs: listed.runs });
	}

	/** Which Quorate this is. */
	async about(): Promise<void> {
		const { appVersion, engineVersion } = await this.client.welcome;
		this.tell("note", strings.app.about(appVersion, engineVersion));
	}

	async #load(): Promise<void> {
		const [labs] = await Promise.all([this.attempt(this.client.call("labs.list", {})), this.refreshRuns(), this.refreshLibrary()]);
		this.store.set({ labs: labs?.labs ?? [] });
	}

	/** A page that is loaded again shows what it showed. */
	async #comeBack(): Promise<void> {
		const at = leftOff();
		const { current, isOpening, sessions, runs } = this.state;
		if (at === null || current !== null || isOpening) return;
		if ([...sessions, ...runs].some(({ session }) => session === at.session)) await this.openSession(at.session, at.branch);
		else keepLeftOff(null);
	}

	#listen(): void {
		const { client } = this;
		client.onClose((error) => this.store.set({ connection: "lost", lostBecause: error.message }));
		const current = (run: string): RunController | undefined =>
			[this.state.current, this.state.beside?.there].find((controller) => controller?.id === run) ?? undefined;
		client.on("status", (status) => current(status.run.run)?.onStatus(status));
		client.on("reading", ({ run, done, total }) => current(run)?.onReading(done, total));
		client.on("paused", (paused) => current(paused.run)?.onPaused(paused));
		client.on("lines", ({ run, lines }) => current(run)?.onLines(lines));
		client.on("run", ({ run }) => {
			this.store.set({ runs: [...this.state.runs.filter((one) => one.run !== run.run), run] });
			current(run.run)?.onRun(run);
		});
		client.on("runClosed", ({ run }) => this.store.set({ runs: this.state.runs.filter((one) => one.run !== run) }));
		client.on("library", () => void this.refreshLibrary());
		client.on("job", ({ job }) => this.#onJob(job));
		client.on("notice", ({ tone, text, error }) => this.tell(tone, text, error ?? {}));
		client.on("openSession", ({ session }) => void this.openSession(session));
		client.on("menu", ({ action }) => {
			for (const listener of this.#onMenu) listener(action);
		});
	}

	#onJob(job: JobView): void {
		const known = this.state.jobs.find((one) => one.job === job.job);
		if (known !== undefined && known.state !== "running" && job.state === "running") return;
		this.store.set({ jobs: [...this.state.jobs.filter((one) => one.job !== job.job), job] });
	}
}
