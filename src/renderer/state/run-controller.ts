/**
 * Drives one run for the window: time forwards and back, commands, forks, selections. Turns the lab's
 * pushes and replies into the run's state; views call it and read the state. Draws nothing.
 */
import type { MessageShapes } from "../../shared/body-shape.ts";
import type { CallName, CallReply, CallRequest } from "../../shared/contract/calls.ts";
import type { LabClient } from "../../shared/contract/client.ts";
import { readEventPage } from "../../shared/contract/event-page.ts";
import type { EventKind } from "../../shared/event-schema.ts";
import type { Plan } from "../../shared/plan.ts";
import type { Speed } from "../maths/speed-scale.ts";
import { strings } from "../strings.ts";
import { Acts, canGoOn } from "./acts.ts";
import { Arrangement } from "./arrangement.ts";
import { ConeKeeper } from "./cone-keeper.ts";
import type { LineView, PausedPush, RunView, StatusPush, WaitFor } from "./contract-types.ts";
import { lookAtEvent } from "./event-detail.ts";
import { InstantFeed } from "./instant-feed.ts";
import { MarksFeed } from "./marks-feed.ts";
import { Playback } from "./playback.ts";
import type { RunHost } from "./run-host.ts";
import {
	initialRunState,
	isPlaying,
	isSameFlight,
	type Place,
	type RunState,
	type Selection,
	type SideTab,
	type StageView,
	shownUs,
	type TimeBase,
} from "./run-state.ts";
import { Store } from "./store.ts";

const linesMax = 500;
/** How long a log may be silent while it is read. */
const readingForgottenMs = 3_000;
const looksMax = 8;
const lookAgainMs = 400;

type LogCall = Extract<CallName, `log.${string}`>;

export class RunController {
	readonly store: Store<RunState>;
	readonly plan: Plan;
	/** What services call the parts of their messages. */
	readonly bodies: MessageShapes;
	readonly arrangement: Arrangement;
	readonly acts: Acts;
	readonly #host: RunHost;
	readonly #playback: Playback;
	readonly #cone: ConeKeeper;
	readonly #instants: InstantFeed;
	readonly #marks: MarksFeed;
	#closed = false;
	/** What the run goes on until, in words. */
	#waitsFor = "";
	/** Nobody looks at it any more. */
	readonly #left = new AbortController();
	/** Into the selected event. */
	#looking = new AbortController();
	#reading: ReturnType<typeof setTimeout> | undefined;

	constructor(host: RunHost, run: RunView, plan: Plan, bodies: MessageShapes = {}) {
		this.#host = host;
		this.plan = plan;
		this.bodies = bodies;
		this.store = new Store(initialRunState(run, plan));
		this.#cone = new ConeKeeper({ store: this.store, look: (index) => lookAtEvent(host.client, { run: run.run, plan }, index).catch(() => undefined) });
		this.arrangement = new Arrangement(host.client, plan, this.store);
		this.#instants = new InstantFeed({ client: host.client, store: this.store, fail: (error) => host.fail(error) });
		this.#marks = new MarksFeed(host.client, this.store, this.#left.signal);
		this.#playback = new Playback(this.store, {
			wantView: (atUs) => this.#instants.want(atUs),
			onEnd: () => (this.canGoOn ? this.#toPresent() : this.seek(this.state.run.virtualUs)),
		});
		this.acts = new Acts({ host, store: this.store, canGoOn: () => this.canGoOn, stopReplay: () => this.#playback.stop() });
	}

	static async open(host: RunHost, run: RunView): Promise<RunController> {
		const described = await host.client.call("runs.describe", { run: run.run });
		// Frozen as it arrived, tuples are lists to the compiler; the contract has checked the plan.
		const controller = new RunController(host, described.run, described.plan as unknown as Plan, described.bodies);
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
		this.#left.abort();
		this.#looking.abort();
		this.#playback.end();
		this.#instants.close();
		// One that is gone meanwhile needs no leaving.
		this.client.call("runs.unwatch", { run: this.id }).catch(() => {});
	}

	// --- what the lab tells

	onStatus(status: StatusPush): void {
		const { run, speed, paceRatio, now } = status;
		const { cursorUs } = this.state;
		this.#tellEnd(run);
		const told = { run, speed, paceRatio, present: now };
		if (cursorUs === null) this.#instants.show(now, told);
		else this.store.set(told);
		this.#marks.refresh();
		void this.#cone.onRun();
	}

	onRun(run: RunView): void {
		const was = this.state.run;
		this.#tellEnd(run);
		this.store.set({ run });
		if (was.mode !== run.mode || was.committedEvents !== run.committedEvents) this.#marks.refresh(true);
		void this.#cone.onRun();
	}

	/** A fork ends the recording of what it comes from; that is no news. */
	#tellEnd({ mode, finished, session }: RunView): void {
		if (this.state.run.mode === mode || mode !== "ended" || this.state.busy === "forking") return;
		this.#host.tell("note", finished ? strings.run.ended : strings.run.endedByHand(session), { run: this.id });
	}

	/** What it was to go on until has come, perhaps before anybody could look. */
	onPaused({ reason, virtualUs }: PausedPush): void {
		if (this.#waitsFor !== "" && reason === "predicate") this.#host.tell("note", strings.run.cameTo(this.#waitsFor, virtualUs), { run: this.id });
		this.#waitsFor = "";
	}

	onLines(lines: readonly LineView[]): void {
		this.store.set({ lines: [...this.state.lines, ...lines].slice(-linesMax) });
	}

	/** A log is read for the first time: how far. What breaks off tells no end, so the word goes by itself. */
	onReading(done: number, total: number): void {
		clearTimeout(this.#reading);
		this.store.set({ readRatio: done < total ? done / total : null });
		if (done < total) this.#reading = setTimeout(() => this.store.set({ readRatio: null }), readingForgottenMs);
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
			if (this.canGoOn) return;
			// It is over: what was recorded is played.
			this.seek(0);
			this.#playback.start();
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
		return canGoOn(this.state.run);
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
		this.#instants.want(boundedUs);
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
		if (present !== null) this.#instants.show(present);
	}

	async stepEvent(): Promise<void> {
		if (this.state.cursorUs === null) await this.#try(this.client.call("runs.stepEvent", { run: this.id }));
		else await this.#stepRecorded({ kinds: null, backwards: false });
	}

	async stepMessage(): Promise<void> {
		this.#waitsFor = "";
		if (this.state.cursorUs === null) await this.#try(this.client.call("runs.stepMessage", { run: this.id }));
		else await this.#stepRecorded({ kinds: ["messageDelivered"], backwards: false });
	}

	async stepBack(): Promise<void> {
		this.#playback.stop();
		if (this.state.cursorUs === null && isPlaying(this.state)) await this.pause();
		await this.#stepRecorded({ kinds: null, backwards: true });
	}

	/** @param said what is waited for, as it was chosen */
	async runUntil(until: { readonly untilUs: number | null; readonly waitFor: WaitFor | null }, said = ""): Promise<void> {
		if (!this.canGoOn) {
			if (until.untilUs !== null) this.seek(until.untilUs);
			else this.#host.tell("warning", strings.run.notLive);
			return;
		}
		this.#toPresent();
		this.#waitsFor = said;
		await this.#try(this.client.call("runs.runUntil", { run: this.id, ...until }));
	}

	/** Moves to the next or previous instant at which something happened, and selects what did unless a node is looked into. */
	async #stepRecorded({ kinds, backwards }: { readonly kinds: readonly EventKind[] | null; readonly backwards: boolean }): Promise<void> {
		const atUs = shownUs(this.state);
		const bounds = backwards ? { fromUs: null, toUs: Math.max(0, atUs - 1) } : { fromUs: atUs + 1, toUs: null };
		const page = await this.#try(
			this.client.call("log.events", { run: this.id, fromIndex: null, toIndex: null, ...bounds, kinds, nodes: null, text: null, limit: 1, backwards }),
		);
		const event = page === undefined ? undefined : readEventPage(page)[0];
		if (event !== undefined) {
			this.seek(event.atUs);
			// Whoever looks into a node wants to see what the step changes in it.
			const { selection, side } = this.state;
			if (selection?.kind !== "node" || side !== "inspect") void this.select({ kind: "event", index: event.index });
		} else if (backwards) this.seek(0);
		else if (this.canGoOn) this.#toPresent();
	}

	// --- acting

	/** At the present, a command; looking back, another future that begins with it. @param at where the user acted */
	command(line: string, at?: Place): Promise<boolean> {
		return this.acts.command(line, at);
	}

	/** Another future from an instant on; this one is kept. */
	fork(atUs: number): Promise<boolean> {
		return this.acts.fork(atUs);
	}

	// --- looking

	async select(selection: Selection): Promise<void> {
		// What is still asked about the event before this one is called off: its cone may take long.
		this.#looking.abort();
		this.#looking = new AbortController();
		const { signal } = this.#looking;
		this.store.set({ selection, detail: null, causality: selection?.kind === "event" ? this.state.causality : null });
		if (selection?.kind !== "event") return;
		const { index } = selection;
		this.#cone.onSelected();
		const found = await this.#try(lookAtEvent(this.client, { run: this.id, plan: this.plan }, index, signal), signal);
		if (!signal.aborted) this.store.set(found ?? { detail: null, causality: null });
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

	/** Who hands in a report of this run; forgotten with it. */
	handInAs(handedInBy: string): void {
		this.store.set({ handedInBy });
	}

	async refreshNotes(): Promise<void> {
		const listed = await this.#try(this.client.call("notes.list", { session: this.state.run.session }));
		if (listed !== undefined) this.store.set({ notes: listed.notes });
	}

	async addNote(eventIndex: number, text: string): Promise<boolean> {
		const { session, branch } = this.state.run;
		const added = await this.#try(this.client.call("notes.add", { session, branch, eventIndex, text }));
		if (added === undefined) return false;
		this.store.set({ notes: [...this.state.notes, added.note] });
		return true;
	}

	async #begin(): Promise<void> {
		const { run } = this.state;
		// Asked first: it takes longest.
		void this.look("log.view", { atUs: run.kind === "live" ? run.virtualUs : 0 }).then((view) => {
			if (view !== undefined && this.state.shown === null) this.#instants.show(view);
		});
		await this.arrangement.restore();
		await this.#try(this.client.call("runs.watch", { run: this.id }));
		if (run.kind === "live" && !this.canGoOn) this.store.set({ cursorUs: run.virtualUs });
		this.#marks.refresh(true);
	}

	/**
	 * Asks about the log. A branch that has just begun is not in its file yet, so what is refused is asked
	 * again a few times; then it is left. Nobody wants to know any more when the run is looked at no longer.
	 * @param given nobody wants to know any more
	 */
	async look<Name extends LogCall>(name: Name, request: Omit<CallRequest<Name>, "run">, given?: AbortSignal): Promise<CallReply<Name> | undefined> {
		const signal = given === undefined ? this.#left.signal : AbortSignal.any([this.#left.signal, given]);
		for (let tries = 0; tries < looksMax && !signal.aborted; tries++) {
			try {
				return await this.client.call(name, { ...request, run: this.id } as unknown as CallRequest<Name>, { signal });
			} catch {
				if (signal.aborted) return undefined;
				await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
			}
		}
		return undefined;
	}

	/** @param given nobody wants to know any more */
	async #try<Reply>(reply: Promise<Reply>, given?: AbortSignal): Promise<Reply | undefined> {
		try {
			return await reply;
		} catch (error) {
			if (!this.#closed && given?.aborted !== true) this.#host.fail(error);
			return undefined;
		}
	}
}
