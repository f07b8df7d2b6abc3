/**
 * Where words go: standard output for what was asked for, standard error for everything else. Knows
 * whether a person looks on, whether colour is welcome, and what to do when a reader has gone.
 */
import type { WriteStream } from "node:tty";

export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

const styleCodes: { readonly [style in Style]: readonly [on: number, off: number] } = {
	bold: [1, 22],
	dim: [2, 22],
	red: [31, 39],
	green: [32, 39],
	yellow: [33, 39],
	cyan: [36, 39],
};

export class Terminal {
	readonly #out: WriteStream;
	readonly #err: WriteStream;
	readonly #env: NodeJS.ProcessEnv;
	#readerGone = false;
	#onReaderGone: (() => void) | null = null;

	constructor(out: WriteStream = process.stdout, err: WriteStream = process.stderr, env: NodeJS.ProcessEnv = process.env) {
		this.#out = out;
		this.#err = err;
		this.#env = env;
		for (const stream of [out, err]) {
			stream.on("error", (error: NodeJS.ErrnoException) => {
				// A reader that left (`| head`) is no fault; anything else is not worth more than silence either.
				if (error.code !== "EPIPE" && error.code !== "EIO" && error.code !== "ERR_STREAM_DESTROYED") throw error;
				this.#readerGone = true;
				this.#onReaderGone?.();
			});
		}
	}

	/** Called when whoever read our output has left. */
	whenReaderGone(action: () => void): void {
		this.#onReaderGone = action;
		if (this.#readerGone) action();
	}

	get readerGone(): boolean {
		return this.#readerGone;
	}

	/** A person looks at standard output, and it can be drawn on. */
	get isLive(): boolean {
		return this.#out.isTTY === true && this.#env.TERM !== "dumb";
	}

	get columns(): number {
		return Math.max(40, this.#out.columns ?? 80);
	}

	get rows(): number {
		return Math.max(10, this.#out.rows ?? 24);
	}

	/** https://no-color.org: any non-empty value means no. */
	get hasColour(): boolean {
		if ((this.#env.NO_COLOR ?? "") !== "") return false;
		if ((this.#env.FORCE_COLOR ?? "") !== "") return this.#env.FORCE_COLOR !== "0";
		return this.isLive;
	}

	style(text: string, ...styles: readonly Style[]): string {
		if (!this.hasColour) return text;
		return styles.reduce((styled, style) => `\x1b[${styleCodes[style][0]}m${styled}\x1b[${styleCodes[style][1]}m`, text);
	}

	/** Raw text, or bytes, to standard output. @returns false when the reader should be waited for (see `drained`) */
	write(text: string | Uint8Array): boolean {
		return this.#readerGone || this.#out.write(text);
	}

	line(text = ""): boolean {
		return this.write(`${text}\n`);
	}

	drained(): Promise<void> {
		if (this.#readerGone || !this.#out.writableNeedDrain) return Promise.resolve();
		return new Promise((resolve) => {
			const done = (): void => {
				this.#out.off("drain", done);
				this.#out.off("error", done);
				resolve();
			};
			this.#out.on("drain", done);
			this.#out.on("error", done);
		});
	}

	/** A remark beside the output. */
	note(text: string): void {
		this.#err.write(`${text}\n`);
	}
}
