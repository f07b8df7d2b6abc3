/**
 * What befell the cluster, told in the order of its time: commands with what came of them, and faults that
 * came by themselves. Bounded: beyond a limit lines are only counted. Runs where exports do.
 */
import { readUs, recordAtWord, recordKindWord } from "../../shared/event-record.ts";
import { eventKindById, eventSchema } from "../../shared/event-schema.ts";
import type { Plan } from "../../shared/plan.ts";
import { eventText } from "../../shared/projection/event-text.ts";
import { decodeOrNull, oneLine } from "../../shared/projection/preview.ts";
import type { StoredEvent } from "../store/reader.ts";
import { rowsMax } from "./report-html.ts";
import { decodeEvent, type IndexedEvent } from "./source.ts";

export interface StoryLine {
	readonly atUs: number;
	/** The command's canonical line; empty for what nobody gave. */
	readonly command: string;
	/** Who gave it: `lab`, `user`, `watchdog`; empty for what nobody gave. */
	readonly origin: string;
	/** Sentences: what happened at this instant, because of the command where there is one. */
	readonly said: readonly string[];
}

export interface FaultInstant {
	readonly atUs: number;
	readonly said: readonly string[];
}

interface OpenLine extends StoryLine {
	readonly said: string[];
}

const sentencesMax = 40;
const faultInstantsMax = 500;
const lineCharsMax = 2_000;

/** Kinds of faults as one counts them; repairs, and what follows from faults, are left to the lines. */
const faultWords: { readonly [kind: string]: readonly [one: string, many: string] } = {
	nodeCrashed: ["crash", "crashes"],
	nodePaused: ["pause", "pauses"],
	nodeSlowed: ["change of speed", "changes of speed"],
	diskWiped: ["wiped disk", "wiped disks"],
	driveFailed: ["dead drive", "dead drives"],
	linkCut: ["cut link", "cut links"],
	linkClogged: ["clogged link", "clogged links"],
	linkChanged: ["changed link", "changed links"],
	networkPartitioned: ["partition", "partitions"],
	clockStepped: ["jump of a clock", "jumps of clocks"],
	clockDriftChanged: ["change of a clock's drift", "changes of clocks' drifts"],
};

export class Story {
	readonly #plan: Plan;
	readonly #lines: OpenLine[] = [];
	readonly #counts = new Map<string, number>();
	#open: OpenLine | null = null;
	#left = 0;
	readonly #faultInstants: { readonly atUs: number; readonly said: string[] }[] = [];
	#faultInstantsLeft = 0;
	#faultLastUs = -1;

	constructor(plan: Plan) {
		this.#plan = plan;
	}

	/** Looks at the head of the record; only what controls the cluster is decoded. */
	take(stored: StoredEvent): void {
		const kind = eventKindById[stored.words[stored.start + recordKindWord] as number];
		if (kind === undefined || eventSchema[kind].class !== "control") return;
		if (kind === "nodeBooted" && readUs(stored.words, stored.start + recordAtWord) === 0) return;
		const event = decodeEvent(stored);
		if (kind === "commandApplied" || kind === "commandRefused") this.#command(event, kind === "commandRefused");
		else this.#consequence(event);
	}

	get lines(): readonly StoryLine[] {
		return this.#lines;
	}

	/** Lines beyond the limit. */
	get left(): number {
		return this.#left;
	}

	/** `1 crash`, `2 partitions`: the faults, counted. */
	get faults(): readonly string[] {
		return Object.entries(faultWords).flatMap(([kind, [one, many]]) => {
			const count = this.#counts.get(kind) ?? 0;
			return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
		});
	}

	/** Instants at which something broke, with what did, in the order of time; the first ones where there are many. */
	get faultInstants(): readonly FaultInstant[] {
		return this.#faultInstants;
	}

	/** Instants of faults beyond the limit. */
	get faultInstantsLeft(): number {
		return this.#faultInstantsLeft;
	}

	#command(event: IndexedEvent, isRefused: boolean): void {
		const body = decodeOrNull(event.body);
		const line = typeof body === "string" ? oneLine(body, lineCharsMax) : "";
		const origin = String(event.fields.origin);
		// A refused one is followed by why.
		this.#begin({ atUs: event.atUs, command: isRefused ? "" : line, origin, said: isRefused ? [`Refused: ${line}.`] : [] });
	}

	#consequence(event: IndexedEvent): void {
		const { kind, atUs } = event;
		this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
		const sentence = `${eventText(event, this.#plan)}.`;
		if (kind in faultWords) this.#fault(atUs, sentence);
		if (this.#open === null || this.#open.atUs !== atUs) this.#begin({ atUs, command: "", origin: "", said: [sentence] });
		else if (this.#open.said.length < sentencesMax) this.#open.said.push(sentence);
	}

	#fault(atUs: number, sentence: string): void {
		const last = this.#faultInstants.at(-1);
		if (last?.atUs === atUs) {
			if (last.said.length < sentencesMax) last.said.push(sentence);
		} else if (this.#faultInstants.length < faultInstantsMax) this.#faultInstants.push({ atUs, said: [sentence] });
		else if (this.#faultLastUs !== atUs) this.#faultInstantsLeft++;
		this.#faultLastUs = atUs;
	}

	#begin(line: OpenLine): void {
		this.#open = line;
		if (this.#lines.length < rowsMax) this.#lines.push(line);
		else this.#left++;
	}
}

export function listed(parts: readonly string[]): string {
	return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}
