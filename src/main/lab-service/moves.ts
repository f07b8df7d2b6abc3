/**
 * How a live run goes on and stands still: the small scripts that make a step to the next message, or a run to an
 * instant, out of the driver's own words. Knows no threads; the driver's words may be late.
 */
import type { CallRequest } from "../../shared/contract/calls.ts";
import type { EventKind } from "../../shared/event-schema.ts";
import type { PausePredicate, Speed, ToCluster } from "../app/run-task.ts";

type Request = Extract<ToCluster, { readonly kind: "pause" | "resume" | "step" | "speed" | "runUntil" | "pauseWhen" }>;

export interface MovesParts {
	ask(request: Request): void;
	virtualUs(): number;
	/** The user's. */
	readonly speed: Speed;
}

export class Moves {
	readonly #parts: MovesParts;
	#speed: Speed;
	/** A step hurries, and gives the user's speed back when it is done. */
	#isHurrying = false;
	#isWaiting = false;
	/** The latest of all that were asked for: the pause that an earlier one ended in may still be on its way. */
	#move = 0;

	constructor(parts: MovesParts) {
		this.#parts = parts;
		this.#speed = parts.speed;
	}

	get speed(): Speed {
		return this.#speed;
	}

	play(): void {
		this.#calm();
		this.#go("resume");
	}

	pause(): void {
		this.#calm();
		this.#go("pause");
	}

	stepEvent(): void {
		this.#calm();
		this.#go("step");
	}

	/** Until a message is delivered, as fast as it can. */
	stepMessage(): void {
		this.#waitFor({ kind: "event", event: "messageDelivered", afterUs: this.#parts.virtualUs() - 1 });
		this.#hurry();
		this.#go("resume");
	}

	setSpeed(speed: Speed): void {
		this.#speed = speed;
		if (!this.#isHurrying) this.#parts.ask({ kind: "speed", speed });
	}

	runUntil({ untilUs, waitFor }: { readonly untilUs: number | null; readonly waitFor: CallRequest<"runs.runUntil">["waitFor"] }): void {
		this.#calm();
		if (waitFor !== null) this.#waitFor(predicateOf(waitFor, this.#parts.virtualUs()));
		if (untilUs === null) this.#go("resume");
		else this.#parts.ask({ kind: "runUntil", untilUs, move: ++this.#move });
	}

	toEnd(): void {
		this.#calm();
		this.#hurry();
		this.#go("resume");
	}

	/** @param move what the driver says it went on by; 0: a thread that took over, which knows of none */
	onPaused(move: number): void {
		// What was asked for since has settings of its own.
		if (move === this.#move || move === 0) this.#calm();
	}

	#go(kind: "resume" | "pause" | "step"): void {
		this.#parts.ask({ kind, move: ++this.#move });
	}

	#hurry(): void {
		this.#isHurrying = true;
		this.#parts.ask({ kind: "speed", speed: "max" });
	}

	#waitFor(predicate: PausePredicate): void {
		this.#isWaiting = true;
		this.#parts.ask({ kind: "pauseWhen", predicate });
	}

	/** Whatever a step had set is as the user left it. */
	#calm(): void {
		if (this.#isWaiting) this.#parts.ask({ kind: "pauseWhen", predicate: null });
		if (this.#isHurrying) this.#parts.ask({ kind: "speed", speed: this.#speed });
		this.#isWaiting = false;
		this.#isHurrying = false;
	}
}

function predicateOf(waitFor: NonNullable<CallRequest<"runs.runUntil">["waitFor"]>, nowUs: number): PausePredicate {
	if (waitFor.kind === "checkFails") return { kind: "checkFails" };
	if (waitFor.kind === "leader") return { kind: "leader", afterUs: nowUs - 1 };
	return { kind: "event", event: waitFor.event as EventKind, ...(waitFor.node === null ? {} : { node: waitFor.node }), afterUs: nowUs - 1 };
}
