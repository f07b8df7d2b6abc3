/**
 * What the clocks of a run show at any instant, without the run: a clock is a function of its model, the
 * seed and the commands about clocks. Knows no log and no thread.
 */
import { NodeClock } from "../../core/clock.ts";
import { Philox } from "../../core/random.ts";
import type { Command } from "../../shared/command.ts";
import { parseCommand } from "../../shared/command-grammar.ts";
import type { Of } from "../../shared/contract/schema.ts";
import type { clockView } from "../../shared/contract/views.ts";
import type { Plan } from "../../shared/plan.ts";

export type ClockReading = Of<typeof clockView>;

type ClockCommand = (Command & { readonly kind: "clockStep" | "clockDrift" }) & { readonly atUs: number };

export class ClockBook {
	readonly #plan: Plan;
	readonly #seed: number;
	readonly #commands: ClockCommand[] = [];
	#clocks: readonly NodeClock[] = [];
	#applied = 0;
	#nowUs = Number.POSITIVE_INFINITY;

	/** @param commands the story's and the users' */
	constructor(plan: Plan, seed: number, commands: Iterable<{ readonly atUs: number; readonly line: string }>) {
		this.#plan = plan;
		this.#seed = seed;
		for (const command of commands) this.add(command);
	}

	/** One more command; those about other things are passed over. */
	add({ atUs, line }: { readonly atUs: number; readonly line: string }): void {
		if (!line.startsWith("clock ") && !line.startsWith("drift ")) return; // lines are canonical, and few are about clocks
		const command = parseCommand(line, this.#plan);
		if (command.kind !== "clockStep" && command.kind !== "clockDrift") return;
		let at = this.#commands.length;
		while (at > 0 && (this.#commands[at - 1] as ClockCommand).atUs > atUs) at--;
		this.#commands.splice(at, 0, { ...command, atUs });
		if (atUs <= this.#nowUs) this.#nowUs = Number.POSITIVE_INFINITY; // begin anew
	}

	/** What every node believes at an instant of true time. */
	at(atUs: number): readonly ClockReading[] {
		if (atUs < this.#nowUs) this.#begin();
		this.#nowUs = atUs;
		for (let command = this.#commands[this.#applied]; command !== undefined && command.atUs <= atUs; command = this.#commands[this.#applied]) {
			this.#apply(command);
			this.#applied++;
		}
		return this.#clocks.map((clock) => {
			const wallUs: number = clock.wallUs(atUs);
			return { wallUs, skewUs: wallUs - atUs };
		});
	}

	#begin(): void {
		const philox = new Philox(this.#seed);
		this.#clocks = this.#plan.nodes.map(({ clock }, node) => new NodeClock(clock, node, philox, { atUs: 0, state: null }));
		this.#applied = 0;
	}

	#apply(command: ClockCommand): void {
		for (const node of command.nodes) {
			const clock = this.#clocks[node];
			if (command.kind === "clockStep") clock?.step(command.deltaUs);
			else clock?.setDrift(command.driftPpm, command.atUs);
		}
	}
}
