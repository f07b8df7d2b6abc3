/**
 * Drives one run for the window: time forwards and back, commands, forks, selections. Turns the lab's
 * pushes and replies into the run's state; views call it and read the state. Draws nothing.
 */
import type { CallName, CallReply, CallRequest } from "../../shared/contract/calls.ts";
import type { LabClient } from "../../shared/contract/client.ts";
import { readEventPage } from "../../shared/contract/event-page.ts";
import type { EventKind } from "../../shared/event-schema.ts";
import type { Plan } from "../../shared/plan.ts";
import type { Speed } from "../maths/speed-scale.ts";
import { strings } from "../strings.ts";
import { Arrangement } from "./arrangement.ts";
import { BoardFeed } from "./board-feed.ts";
import type { InstantView, LineView, RunView, StatusPush } from "./contract-types.ts";
import { lookAtEvent } from "./event-detail.ts";
import { Playback } from "./playback.ts";
import { initialRunState, isPlaying, isSameFlight, type RunState, type Selection, type SideTab, type StageView, shownUs, type TimeBase } from "./run-state.ts";
import { standingNames, standingOf } from "./standing.ts";
import { Store } from "./store.ts";

const linesMax = 500;
const marksEveryMs = 500;
const looksMax = 8;
const lookAgainMs = 400;

type LogCall = Extract<CallName, `log.${string}`>;

export interface RunHost {
	readonly client: LabClient;
	/** Shows another run, such as a fork of this one. */
	show(run: RunView, said: string): void;
	tell(tone: "note" | "warning" | "fault", text: string): void;
	fail(error: unknown): void;
}

export class RunController {
	readonly store: Store<RunState>;
	readonly plan: Plan;
	readonly arrangement: Arrangement;
	readonly #host: RunHost;
	readonly #standing: BoardFeed;
	readonly #playback: Playback;
	#viewWanted: number | null = null;
	#viewBusy = false;
	/** The command that was given last. */
	#giving: Promise<unknown> = Promise.resolve();
	/** When the last command of this window takes effect; -1: none was given. */
	#lastActUs = -1;
	#marksMs = 0;
	#marksBusy = false;
	#closed = false;

	constructor(host: RunHost, run: RunView, plan: Plan) {
		this.#host = host;
		this.plan = plan;
		this.store = new Store(initialRunState(run, plan));
		this.arrangement = new Arrangement(host.client, plan, this.store);
		this.#playback = new Playback(this.store, {
			wantView: (atUs) => this.#wantView(atUs),
			onEnd: () => (this.canGoOn ? this.#toPresent() : this.seek(this.state.run.virtualUs)),
		});
		this.#standing = new BoardFeed({
			client: host.client,
			run: run.run,
			names: standingNames(plan),
			onBoard: (entries) => this.store.set({ standing: standingOf(plan, entries, this.state.shown?.view.nodes ?? []) }),
		});
	}

	static async open(host: RunHost, run: RunView): Promise<RunController> {
		const described = await host.client.call("runs.describe", { run: run.run });
		// Frozen as it arrived, tuples are lists to the compiler; the contract has checked the plan.
		const controller = new RunController(host, described.run, described.plan as unknown as Plan);
		await controller.#begin();
		return controller;
	}

	get state(): RunState {
		return this.store.get();
	}

	get client(): LabClient {
		return this.#host.client;
	}

	get id(): string {
		return this.state.run.run;
	}

	close(): void {
		this.#closed = true;
		this.#playback.end();
		this.#standing.close();
		if (this.state.run.kind === "live") void this.#try(this.client.call("runs.unwatch", { run: this.id }));
	}

	// --- what the lab tells

	onStatus(status: StatusPush): void {
		const { run, speed, paceRatio, now } = status;
		const { cursorUs } = this.state;
		this.store.set({ run, speed, paceRatio, present: now });
		if (cursorUs === null) this.#show(now);
		void this.#refreshMarks();
	}

	onRun(run: RunView): void {
		const was = this.state.run;
		this.store.set({ run });
		if (was.mode !== run.mode || was.committedEvents !== run.committedEvents) void this.#refreshMarks(true);
		if (was.mode !== run.mode && run.mode === "ended") this.#host.tell("note", strings.run.ended);
	}

	onLines(lines: readonly LineView[]): void {
		this.store.set({ lines: [...this.state.lines, ...lines].slice(-linesMax) });
	}

	// --- time

	async togglePlay(): Promise<void> {
		if (isPlaying(this.state)) await this.pause();
		else await this.play();
	}

	async play(): Promise<void> {
		const { cursorUs, run } = this.state;
		if (cursorUs === null) {
			if (run.mode === "paused") await this.#try(this.client.call("runs.play", { run: this.id }));
			return;
		}
		if (cursorUs >= run.virtualUs && !this.canGoOn) this.seek(0);
		this.#playback.start();
	}

	async pause(): Promise<void> {
		if (this.state.cursorUs === null) await this.#try(this.client.call("runs.pause", { run: this.id }));
		else this.#playback.stop();
	}

	/** The run has a present that can go on. */
	get canGoOn(): boolean {
		const { run } = this.state;
		return run.kind === "live" && (run.mode === "running" || run.mode === "paused");
	}

	async setSpeed(speed: Speed): Promise<void> {
		this.store.set({ speed });
		if (this.canGoOn) await this.#try(this.client.call("runs.setSpeed", { run: this.id, speed }));
	}

	/** Looks at an instant; the run itself pauses, so that nothing is missed meanwhile. */
	seek(atUs: number): void {
		const { run, cursorUs } = this.state;
		const boundedUs = Math.min(Math.max(0, Math.round(atUs)), run.virtualUs);
		if (cursorUs === null && run.mode === "running") void this.#try(this.client.call("runs.pause", { run: this.id }));
		this.store.set({ cursorUs: boundedUs });
		this.#wantView(boundedUs);
	}

	toStart(): void {
		this.#playback.stop();
		this.seek(0);
	}

	/** Back to the present; when that is shown already, on to the end. */
	async toEnd(): Promise<void> {
		this.#playback.stop();
		const { cursorUs, run } = this.state;
		if (cursorUs === null) {
			await this.#try(this.client.call("runs.toEnd", { run: this.id }));
			return;
		}
		if (this.canGoOn) this.#toPresent();
		else this.seek(run.virtualUs);
	}

	#toPresent(): void {
		const { present } = this.state;
		this.store.set({ cursorUs: null, isReplaying: false });
		if (present !== null) this.#show(present);
	}

	async stepEvent(): Promise<void> {
		if (this.state.cursorUs === null) await this.#try(this.client.call("runs.stepEvent", { run: this.id }));
		else await this.#stepRecorded({ kinds: null, backwards: false });
	}

	async stepMessage(): Promise<void> {
		if (this.state.cursorUs === null) await this.#try(this.client.call("runs.stepMessage", { run: this.id }));
		else await this.#stepRecorded({ kinds: ["messageDelivered"], backwards: false });
	}

	async stepBack(): Promise<void> {
		this.#playback.stop();
		await this.#stepRecorded({ kinds: null, backwards: true });
	}

	async runUntil(until: { readonly untilUs: number | null; readonly waitFor: WaitFor | null }): Promise<void> {
		if (!this.canGoOn) {
			if (until.untilUs !== null) this.seek(until.untilUs);
			else this.#host.tell("warning", strings.run.notLive);
			return;
		}
		this.#toPresent();
		await this.#try(this.client.call("runs.runUntil", { run: this.id, ...until }));
	}

	/** Moves to the next or previous instant at which something happened, and selects what did. */
	async #stepRecorded({ kinds, backwards }: { readonly kinds: readonly EventKind[] | null; readonly backwards: boolean }): Promise<void> {
		const atUs = shownUs(this.state);
		const bounds = backwards ? { fromUs: null, toUs: Math.max(0, atUs - 1) } : { fromUs: atUs + 1, toUs: null };
		const page = await this.#try(
			this.client.call("log.events", { run: this.id, fromIndex: null, toIndex: null, ...bounds, kinds, nodes: null, text: null, limit: 1, backwards }),
		);
		const event = page === undefined ? undefined : readEventPage(page)[0];
		if (event !== undefined) {
			this.seek(event.atUs);
			void this.select({ kind: "event", index: event.index });
		} else if (backwards) this.seek(0);
		else if (this.canGoOn) this.#toPresent();
	}

	/** One question at a time; of those that come meanwhile the last is asked. */
	#wantView(atUs: number): void {
		this.#viewWanted = atUs;
		if (!this.#viewBusy) void this.#fetchViews();
	}

	async #fetchViews(): Promise<void> {
		this.#viewBusy = true;
		while (this.#viewWanted !== null && !this.#closed) {
			const atUs = this.#viewWanted;
			this.#viewWanted = null;
			const view = await this.#try(this.client.call("log.view", { run: this.id, atUs }));
			if (view !== undefined && this.state.cursorUs !== null) this.#show(view);
		}
		this.#viewBusy = false;
	}

	#show(shown: InstantView): void {
		this.store.set({ shown, shownMs: performance.now() });
		const { cursorUs } = this.state;
		this.#standing.want(cursorUs === null ? { atUs: null, version: shown.view.events } : { atUs: shown.view.virtualUs, version: 0 });
	}

	// --- acting

	/** At the present, a command; looking back, another future that begins with it. */
	async command(line: string): Promise<boolean> {
		const { cursorUs } = this.state;
		if (cursorUs === null && this.canGoOn) {
			const giving = this.#try(this.client.call("runs.command", { run: this.id, line, atUs: null }));
			this.#giving = giving;
			const taken = await giving;
			if (taken !== undefined) {
				this.#lastActUs = taken.atUs;
				this.#host.tell("note", taken.line);
			}
			return taken !== undefined;
		}
		return this.fork(cursorUs ?? this.state.run.virtualUs, [line], strings.run.forkedWith(line));
	}

	/** Another future from an instant on; this one is kept. */
	async fork(atUs: number, commands: readonly string[] = [], said: string = strings.run.forked, separate = false): Promise<boolean> {
		this.#playback.stop();
		const request = { run: this.id, atUs: Math.round(atUs), commands, untilUs: null, separate, speed: this.state.speed, startPaused: true };
		const forked = await this.#try(this.client.call("runs.fork", request));
		if (forked !== undefined) this.#host.show(forked.run, said);
		return forked !== undefined;
	}

	/** Takes back the last thing the user did: a fork from before it. */
	async undo(): Promise<void> {
		// What it does may be seen before the lab has said when it took effect.
		await this.#giving;
		const kinds: EventKind[] = ["commandApplied"];
		const filter = { fromIndex: null, toIndex: null, fromUs: null, toUs: Math.round(shownUs(this.state)), kinds, nodes: null, text: null };
		const page = await this.#try(this.client.call("log.events", { run: this.id, ...filter, limit: 50, backwards: true }));
		if (page === undefined) return;
		const last = readEventPage(page)
			.filter(({ fields }) => fields.origin === "user")
			.sort((a, b) => b.index - a.index)[0];
		// What was done a moment ago may not be in the file yet.
		const { cursorUs } = this.state;
		const lastUs = Math.max(last?.atUs ?? -1, cursorUs === null || this.#lastActUs <= cursorUs ? this.#lastActUs : -1);
		if (lastUs < 0) this.#host.tell("warning", strings.run.nothingToUndo);
		else await this.fork(lastUs, [], strings.run.undone);
	}

	// --- looking

	async select(selection: Selection): Promise<void> {
		this.store.set({ selection, detail: null, causality: selection?.kind === "event" ? this.state.causality : null });
		if (selection === null) return;
		if (selection.kind !== "event") return;
		const { index } = selection;
		const found = await this.#try(lookAtEvent(this.client, this.id, index));
		const now = this.state.selection;
		if (now?.kind === "event" && now.index === index) this.store.set(found ?? { detail: null, causality: null });
	}

	/** Selects what a list or a drawing was asked about, and opens the inspector on it. */
	inspect(selection: Selection): void {
		this.store.set({ side: "inspect" });
		void this.select(selection);
	}

	/** Goes from message to message of those that are drawn. */
	selectNextMessage(step: 1 | -1): void {
		const { selection, shown } = this.state;
		const flights = shown?.flights ?? [];
		const at = selection?.kind === "message" ? flights.findIndex((flight) => isSameFlight(flight, selection.flight)) : -1;
		const flight = flights[at < 0 ? (step > 0 ? 0 : flights.length - 1) : (at + step + flights.length) % flights.length];
		if (flight !== undefined) void this.select({ kind: "message", flight });
	}

	pick(nodes: Iterable<number>): void {
		this.store.set({ picked: new Set(nodes) });
	}

	togglePicked(node: number): void {
		const picked = new Set(this.state.picked);
		if (!picked.delete(node)) picked.add(node);
		this.store.set({ picked });
	}

	setStage(stage: StageView): void {
		this.store.set({ stage });
		if (stage === "branches") void this.refreshBranches();
	}

	setDivergence(divergence: RunState["divergence"]): void {
		this.store.set({ divergence });
	}

	setServiceView(title: string): void {
		this.store.set({ serviceView: title });
	}

	setSide(side: SideTab): void {
		this.store.set({ side });
		if (side === "notes") void this.refreshNotes();
	}

	setTimeBase(timeBase: TimeBase): void {
		this.store.set({ timeBase });
	}

	setSearch(search: string): void {
		this.store.set({ search });
	}

	async refreshBranches(): Promise<void> {
		const described = await this.#try(this.client.call("sessions.describe", { session: this.state.run.session }));
		if (described !== undefined) this.store.set({ branches: described.branches });
	}

	async refreshNotes(): Promise<void> {
		const listed = await this.#try(this.client.call("notes.list", { session: this.state.run.session }));
		if (listed !== undefined) this.store.set({ notes: listed.notes });
	}

	async addNote(eventIndex: number, text: string): Promise<boolean> {
		const { session, branch } = this.state.run;
		const added = await this.#try(this.client.call("notes.add", { session, branch, eventIndex, text }));
		if (added !== undefined) this.store.set({ notes: [...this.state.notes, added.note] });
		return added !== undefined;
	}

	async #begin(): Promise<void> {
		const { run } = this.state;
		// Asked first: it takes longest.
		void this.look("log.view", { atUs: run.kind === "live" ? run.virtualUs : 0 }).then((view) => {
			if (view !== undefined && this.state.shown === null) this.#show(view);
		});
		await this.arrangement.restore();
		if (run.kind === "live") await this.#try(this.client.call("runs.watch", { run: this.id }));
		if (run.kind === "live" && !this.canGoOn) this.store.set({ cursorUs: run.virtualUs });
		void this.#refreshMarks(true);
	}

	async #refreshMarks(atOnce = false): Promise<void> {
		const nowMs = performance.now();
		if (this.#marksBusy || this.#closed || (!atOnce && nowMs - this.#marksMs < marksEveryMs)) return;
		this.#marksMs = nowMs;
		this.#marksBusy = true;
		const range = { fromUs: 0, toUs: this.state.run.untilUs };
		const density = await this.client.call("log.density", { run: this.id, ...range, buckets: 1, nodes: [0] }).catch(() => undefined);
		this.#marksBusy = false;
		if (density !== undefined) this.store.set({ marks: density.faults });
	}

	/**
	 * Asks about the log. A branch that has just begun is not in its file yet, so what is refused is asked
	 * again a few times; then it is left.
	 */
	async look<Name extends LogCall>(name: Name, request: Omit<CallRequest<Name>, "run">): Promise<CallReply<Name> | undefined> {
		for (let tries = 0; tries < looksMax && !this.#closed; tries++) {
			try {
				return await this.client.call(name, { ...request, run: this.id } as unknown as CallRequest<Name>);
			} catch {
				await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
			}
		}
		return undefined;
	}

	async #try<Reply>(reply: Promise<Reply>): Promise<Reply | undefined> {
		try {
			return await reply;
		} catch (error) {
			if (!this.#closed) this.#host.fail(error);
			return undefined;
		}
	}
}

export type WaitFor = { readonly kind: "checkFails" } | { readonly kind: "event"; readonly event: EventKind; readonly node: string | null };
