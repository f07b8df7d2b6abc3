/**
 * Draws the status table in place, with the events scrolling away above it. Each frame is one write:
 * lines are overwritten and their rests cleared, never the whole screen, so nothing flickers.
 */
import type { EventLine, RunStatus } from "../app/run-task.ts";
import { eventLineText, omittedText } from "./event-line-text.ts";
import { cutLine, frameLines } from "./live-frame.ts";
import type { RunView } from "./run-view.ts";
import type { Terminal } from "./terminal.ts";

const hideCursor = "\x1b[?25l";
const showCursor = "\x1b[?25h";
const clearRest = "\x1b[K";
const clearBelow = "\x1b[J";
/** Terminals that know it show the frame whole; the others ignore it. */
const beginFrame = "\x1b[?2026h";
const endFrame = "\x1b[?2026l";

export class LiveView implements RunView {
	readonly statusEveryMs = 66;
	readonly wantsLines = true;
	readonly #terminal: Terminal;
	#title = "";
	#status: RunStatus | null = null;
	#drawn = 0;
	readonly #restore = (): void => void this.#terminal.write(showCursor);

	constructor(terminal: Terminal) {
		this.#terminal = terminal;
	}

	begin(title: string): void {
		this.#title = title;
		this.#terminal.write(hideCursor);
		process.once("exit", this.#restore); // whatever happens, the cursor comes back
	}

	onStatus(status: RunStatus): void {
		this.#status = status;
		this.#draw([]);
	}

	onLines(lines: readonly EventLine[], omitted: number): void {
		const texts = lines.map((line) => eventLineText(this.#terminal, line));
		if (omitted > 0) texts.push(omittedText(omitted));
		this.#draw(texts);
	}

	remark(text: string): void {
		this.#draw([text]);
	}

	/** The last table stays on the screen; the report follows below. */
	end(): void {
		this.#draw([]);
		this.#drawn = 0;
		process.off("exit", this.#restore);
		this.#terminal.write(`${showCursor}\n`);
	}

	#draw(above: readonly string[]): void {
		const { columns, rows } = this.#terminal;
		const size = { columns, rows: rows - 1 };
		const paint = this.#terminal.style.bind(this.#terminal);
		const table = this.#status === null ? [] : frameLines(this.#title, this.#status, size, paint);
		const lines = [...above.map((line) => cutLine(line, columns)), ...table];
		const up = this.#drawn > 0 ? `\x1b[${this.#drawn}A\r` : "";
		this.#terminal.write(`${beginFrame}${up}${lines.map((line) => `${line}${clearRest}\n`).join("")}${clearBelow}${endFrame}`);
		this.#drawn = table.length;
	}
}
