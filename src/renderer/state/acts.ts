/**
 * What a user does to a run: commands at its present, other futures that begin in its past, taking back, ending
 * and going on. Whatever the lab refuses is told where the user acted, or else as a notice. Draws nothing.
 */
import { readEventPage } from "../../shared/contract/event-page.ts";
import type { EventKind } from "../../shared/event-schema.ts";
import { decodeOrNull } from "../../shared/projection/preview.ts";
import { strings } from "../strings.ts";
import type { RunView } from "./contract-types.ts";
import type { RunHost } from "./run-host.ts";
import { type Place, type RunState, shownUs } from "./run-state.ts";
import type { Store } from "./store.ts";

/** What became of a command. */
export interface Given {
	/** The lab understood it. */
	readonly isTaken: boolean;
	/** Why it made no sense all the same; empty when it did. */
	readonly refusal: string;
}

export interface ActsParts {
	readonly host: RunHost;
	readonly store: Store<RunState>;
	/** The present can go on. */
	canGoOn(): boolean;
	stopReplay(): void;
}

const says = strings.run;
const undoLooksAtMax = 50;

export class Acts {
	readonly #parts: ActsParts;
	/** The command that was given last. */
	#giving: Promise<unknown> = Promise.resolve();
	/** Commands of this window that took effect, in order. */
	#done: readonly Done[] = [];

	constructor(parts: ActsParts) {
		this.#parts = parts;
	}

	get #state(): RunState {
		return this.#parts.store.get();
	}

	get #id(): string {
		return this.#state.run.run;
	}

	/** At the present, a command; looking back, another future that begins with it. */
	async give(line: string): Promise<Given> {
		const { cursorUs, run } = this.#state;
		const { host } = this.#parts;
		if (cursorUs !== null || !this.#parts.canGoOn()) return this.#forkWith(cursorUs ?? run.virtualUs, [line], says.forkedWith(line));
		const giving = host.attempt(host.client.call("runs.command", { run: this.#id, line, atUs: null }));
		this.#giving = giving;
		const taken = await giving;
		if (taken === undefined) return { isTaken: false, refusal: "" };
		if (taken.refusal !== "") return { isTaken: true, refusal: says.refused(taken.line, taken.refusal) };
		this.#done = [...this.#done, taken].slice(-undoLooksAtMax);
		host.tell("note", taken.line, { run: this.#id });
		return { isTaken: true, refusal: "" };
	}

	/** The same, told at once. @param at where the user acted, for what the lab refuses */
	async command(line: string, at?: Place): Promise<boolean> {
		const { isTaken, refusal } = await this.give(line);
		if (refusal !== "") this.#parts.host.refuse(refusal, at);
		return isTaken && refusal === "";
	}

	/** Another future from an instant on; this one is kept. */
	async fork(atUs: number): Promise<boolean> {
		return (await this.#forkWith(atUs, [], says.forked)).isTaken;
	}

	async #forkWith(atUs: number, commands: readonly string[], said: string): Promise<Given> {
		const { host } = this.#parts;
		// One future after the other: an impatient second press begins none.
		if (this.#state.busy === "forking") return { isTaken: false, refusal: "" };
		this.#parts.stopReplay();
		const request = { run: this.#id, atUs: Math.round(atUs), commands, untilUs: null, separate: false, speed: this.#state.speed, startPaused: true };
		const { store } = this.#parts;
		store.set({ busy: "forking" });
		const forked = await host.attempt(host.client.call("runs.fork", request));
		store.set({ busy: null });
		if (forked === undefined) return { isTaken: false, refusal: "" };
		host.show(forked.run, said);
		const [refusal] = forked.refusals;
		return { isTaken: true, refusal: refusal === undefined ? "" : says.refused(commands.join("; "), refusal) };
	}

	/** Takes back the last thing the user did: a fork from before it, with whatever else was done at its instant. */
	async undo(): Promise<void> {
		// What it does may be seen before the lab has said when it took effect.
		await this.#giving;
		const { host } = this.#parts;
		const kinds: EventKind[] = ["commandApplied"];
		const filter = { fromIndex: null, toIndex: null, fromUs: null, toUs: Math.round(shownUs(this.#state)), kinds, nodes: null, text: null };
		const page = await host.attempt(host.client.call("log.events", { run: this.#id, ...filter, limit: undoLooksAtMax, backwards: true }));
		if (page === undefined) return;
		const logged = readEventPage(page)
			.filter(({ fields }) => fields.origin === "user")
			.sort((a, b) => a.index - b.index)
			.map(({ atUs, body }) => ({ atUs, line: String(decodeOrNull(body) ?? "") }));
		const { cursorUs } = this.#state;
		const own = this.#done.filter(({ atUs }) => cursorUs === null || atUs <= cursorUs);
		const kept = actsBeforeLast(logged, own);
		if (kept === null) host.tell("warning", says.nothingToUndo);
		else await this.#forkWith(kept.atUs, kept.lines, says.undone);
	}

	/** Ends a run for good; its file is kept. */
	async end(): Promise<void> {
		const { host } = this.#parts;
		if (this.#parts.canGoOn()) await host.attempt(host.client.call("runs.stop", { run: this.#id }));
	}

	/** Goes on with a run that was ended before its time, where it ended. */
	async goOn(): Promise<void> {
		const { host } = this.#parts;
		const { session, branch } = this.#state.run;
		const went = await host.attempt(host.client.call("runs.continue", { session, branch, speed: this.#state.speed, startPaused: true }));
		if (went !== undefined) host.show(went.run, says.wentOn);
	}
}

interface Done {
	readonly atUs: number;
	readonly line: string;
}

/**
 * What is left of the last instant at which something was done, without the last thing; null when nothing was.
 * @param logged as the file has it, in order
 * @param own of this window; what was done a moment ago may not be in the file yet
 */
export function actsBeforeLast(logged: readonly Done[], own: readonly Done[]): { readonly atUs: number; readonly lines: readonly string[] } | null {
	const atUs = Math.max(logged.at(-1)?.atUs ?? -1, own.at(-1)?.atUs ?? -1);
	if (atUs < 0) return null;
	const [there, here] = [logged, own].map((list) => list.filter((done) => done.atUs === atUs).map(({ line }) => line)) as [string[], string[]];
	return { atUs, lines: (here.length > there.length ? here : there).slice(0, -1) };
}

/** It has a present that can go on. */
export function canGoOn({ kind, mode }: RunView): boolean {
	return kind === "live" && (mode === "running" || mode === "paused");
}

/** It was ended before it came to its end, so that it can go on from there. */
export function canBeResumed({ mode, finished, error }: RunView): boolean {
	return mode === "ended" && !finished && error === null;
}
