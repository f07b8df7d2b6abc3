/**
 * Hands every command to the recorder in the moment the log tells of it, so that a file never holds an
 * event of a command without the command. The log is the only source: what is not in it did not happen.
 * Runs on the cluster thread.
 */
import type { RecordedCommand as GivenCommand } from "../../core/kernel.ts";
import type { EventObserver } from "../../core/log-sink.ts";
import { decode } from "../../shared/codec.ts";
import { assert } from "../../shared/errors.ts";
import { bodyOf, kindId, offsetOf, readUs, recordAtWord } from "../../shared/event-record.ts";
import { commandOrigins } from "../../shared/event-schema.ts";
import type { Plan } from "../../shared/plan.ts";
import type { RecordedCommand } from "../../shared/session.ts";

const refusedId = kindId("commandRefused");
const sequenceWord = offsetOf("commandApplied", "commandSequence");
const originWord = offsetOf("commandApplied", "origin");

export interface CommandSource {
	readonly plan: Plan;
	/** Commands beyond the lab's story. */
	readonly commands: readonly GivenCommand[];
}

export class CommandTape implements EventObserver {
	readonly kindIds: ReadonlySet<number> = new Set([kindId("commandApplied"), refusedId]);
	readonly #source: CommandSource;
	readonly #take: (command: RecordedCommand, refusal: string) => void;

	/** @param take is told why a command was refused; empty: it was not */
	constructor(source: CommandSource, take: (command: RecordedCommand, refusal: string) => void) {
		this.#source = source;
		this.#take = take;
	}

	onEvent(words: Int32Array, start: number): void {
		const atUs = readUs(words, start + recordAtWord);
		const origin = commandOrigins[words[start + originWord] as number];
		const body = decode(bodyOf(words, start));
		assert(origin !== undefined && typeof body === "string", "a command's event holds its origin and line");
		const line = words[start] === refusedId ? this.#refusedLine(body, atUs, origin === "lab") : body;
		this.#take({ sequence: words[start + sequenceWord] as number, atUs, origin, line }, body.slice(line.length + 2));
	}

	/** The event of a refusal says why behind the line; which part is the line, those who gave it know. */
	#refusedLine(body: string, atUs: number, isStory: boolean): string {
		const given = isStory ? this.#source.plan.story : this.#source.commands;
		let longest = "";
		for (const command of given) {
			if (command.atUs === atUs && command.line.length > longest.length && body.startsWith(`${command.line}: `)) longest = command.line;
		}
		assert(longest !== "", "a refused command was given by somebody");
		return longest;
	}
}
