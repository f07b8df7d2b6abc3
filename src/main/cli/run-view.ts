/** What a person sees while a run goes on. One for terminals, one for pipes, one for programs. */
import type { EventLine, RunStatus } from "../app/run-task.ts";
import { eventLineText, omittedText } from "./event-line-text.ts";
import type { Terminal } from "./terminal.ts";

export interface RunView {
	/** Wall time between two states it wants to see; 0: none. */
	readonly statusEveryMs: number;
	readonly wantsLines: boolean;
	begin(title: string): void;
	onStatus(status: RunStatus): void;
	onLines(lines: readonly EventLine[], omitted: number): void;
	/** A remark that is no event. */
	remark(text: string): void;
	/** Leaves the terminal as the report wants it. */
	end(): void;
}

/** Nothing but remarks, on standard error: standard output belongs to the object. */
export class SilentView implements RunView {
	readonly statusEveryMs = 0;
	readonly wantsLines = false;
	readonly #terminal: Terminal;

	constructor(terminal: Terminal) {
		this.#terminal = terminal;
	}

	begin(): void {}
	onStatus(): void {}
	onLines(): void {}
	remark(text: string): void {
		this.#terminal.note(text);
	}
	end(): void {}
}

/** A line for each notable event. */
export class PlainView implements RunView {
	readonly statusEveryMs = 0;
	readonly wantsLines = true;
	readonly #terminal: Terminal;

	constructor(terminal: Terminal) {
		this.#terminal = terminal;
	}

	begin(title: string): void {
		this.#terminal.line(title);
	}

	onStatus(): void {}

	onLines(lines: readonly EventLine[], omitted: number): void {
		for (const line of lines) this.#terminal.line(eventLineText(this.#terminal, line));
		if (omitted > 0) this.#terminal.line(omittedText(omitted));
	}

	remark(text: string): void {
		this.#terminal.note(text);
	}

	end(): void {
		this.#terminal.line();
	}
}
