/**
 * Takes commands from whoever watches a run, and tells each what came of it, once its instant has come.
 * Runs on the cluster thread.
 */
import type { Kernel, RecordedCommand } from "../../core/kernel.ts";
import { QuorateError } from "../../shared/errors.ts";
import { toPlain } from "../store/recorder-protocol.ts";
import type { FromCluster, RunTask } from "./run-task.ts";

export class CommandDesk {
	readonly #kernel: Kernel;
	readonly #untilUs: number;
	readonly #post: (message: FromCluster) => void;
	/** Commands for now that have not come to pass. */
	readonly #given: { readonly id: number; readonly atUs: number; readonly line: string }[] = [];
	/** Of the wishes that are being taken. */
	#refusals: string[] | null = null;

	/** @param untilUs the run's end */
	constructor(kernel: Kernel, untilUs: number, post: (message: FromCluster) => void) {
		this.#kernel = kernel;
		this.#untilUs = untilUs;
		this.#post = post;
	}

	/** @returns the command as the run has it, or null when it is none */
	take({ id, line, atUs }: { readonly id: number; readonly line: string; readonly atUs: number }): RecordedCommand | null {
		try {
			const command = this.#kernel.command(line, atUs);
			this.#post({ kind: "commandTaken", id, command });
			const { commandUs } = this.#kernel;
			if (command.atUs > commandUs) this.#post({ kind: "commandDone", id, refusal: "" });
			else if (commandUs >= this.#untilUs) this.#post({ kind: "commandDone", id, refusal: "the run has come to its end" });
			else this.#given.push({ id, ...command });
			return command;
		} catch (error) {
			if (!(error instanceof QuorateError)) throw error;
			this.#post({ kind: "commandRefused", id, error: toPlain(error) });
			return null;
		}
	}

	/** Takes what was wished for before the run began. @param settle lets those come to pass that are for now, if any may */
	takeWishes(wishes: RunTask["wishes"], settle: (commands: readonly RecordedCommand[]) => void): void {
		const commands = wishes.map(({ atUs, line }) => this.#kernel.command(line, atUs));
		this.#refusals = [];
		settle(commands);
		this.#post({ kind: "wishesTaken", commands, refusals: this.#refusals });
		this.#refusals = null;
	}

	/** A user's command has come to pass, or made no sense: whoever gave it is told. */
	onCommand({ atUs, line }: Pick<RecordedCommand, "atUs" | "line">, refusal: string): void {
		if (refusal !== "") this.#refusals?.push(refusal);
		const place = this.#given.findIndex((given) => given.atUs === atUs && given.line === line);
		const [done] = place < 0 ? [] : this.#given.splice(place, 1);
		if (done !== undefined) this.#post({ kind: "commandDone", id: done.id, refusal });
	}
}
