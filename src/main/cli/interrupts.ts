/**
 * Ctrl-C: the first asks for a clean end, in which everything is kept; the second leaves at once.
 * A terminal that was closed and a polite kill ask for the same. Thread: main.
 */
import { exitCodes } from "./exit-codes.ts";
import type { Terminal } from "./terminal.ts";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export class Interrupts {
	#count = 0;
	readonly #handle: () => void;

	constructor(terminal: Terminal, stop: () => void, say: (text: string) => void) {
		this.#handle = () => {
			this.#count++;
			if (this.#count > 1) process.exit(exitCodes.interrupted);
			say("Stopping; what has happened is kept. Once more leaves at once.");
			stop();
		};
		for (const signal of signals) process.on(signal, this.#handle);
		// Nobody reads any more: there is nothing to go on for.
		terminal.whenReaderGone(() => {
			if (this.#count === 0) stop();
		});
	}

	/** How often we were asked to stop. */
	get count(): number {
		return this.#count;
	}

	release(): void {
		for (const signal of signals) process.off(signal, this.#handle);
	}
}
