/**
 * Holds a run to the invariants of its services: decodes the facts that nodes state and gives them to
 * whoever judges. Knows services only through the registry; runs on the kernel's thread, as an observer
 * that can change nothing.
 */
import { decode } from "../shared/codec.ts";
import { bodyOf, kindId, offsetOf, readUs, recordAtWord, recordNodeWord } from "../shared/event-record.ts";
import type { Plan } from "../shared/plan.ts";
import type { EventObserver } from "./log-sink.ts";
import type { Fact, Invariant, InvariantFold, ServiceRegistry } from "./node-api.ts";

export interface Breach {
	/** Index of the event that broke it; -1: found at the end. */
	readonly event: number;
	/** True time; -1: found at the end. */
	readonly atUs: number;
	readonly what: string;
}

export interface InvariantVerdict {
	readonly name: string;
	readonly shows: string;
	/** The first time it did not hold; null: it held. */
	readonly breach: Breach | null;
}

/** Every invariant of the services that a plan's nodes run, in order of name. */
export function invariantsOf(plan: Plan, registry: ServiceRegistry): readonly Invariant[] {
	const services = new Set(plan.nodes.flatMap(({ services: used }) => used.map(({ service }) => service)));
	const found = [...services].flatMap((name) => registry.get(name)?.invariants ?? []);
	const byName = new Map(found.map((invariant) => [invariant.name, invariant]));
	return [...byName.keys()].sort().map((name) => byName.get(name) as Invariant);
}

interface Judged {
	readonly invariant: Invariant;
	readonly fold: InvariantFold;
	breach: Breach | null;
	/** Asked for its last word; what is stated afterwards opens the question again. */
	isConcluded: boolean;
}

const factId = kindId("factStated");
const nameOffset = offsetOf("factStated", "name");

export class InvariantWatch implements EventObserver {
	readonly kindIds: ReadonlySet<number> = new Set([factId]);
	readonly #plan: Plan;
	readonly #judged: readonly Judged[];
	/** Who wants a fact, by index of its name. */
	readonly #byName: (readonly Judged[])[];

	constructor(plan: Plan, invariants: readonly Invariant[]) {
		this.#plan = plan;
		this.#judged = invariants.map((invariant) => ({ invariant, fold: invariant.start(), breach: null, isConcluded: false }));
		this.#byName = plan.names.map((name) => this.#judged.filter(({ invariant }) => invariant.facts.includes(name)));
	}

	onEvent(words: Int32Array, start: number, index: number): void {
		const judges = this.#byName[words[start + nameOffset] as number] ?? [];
		if (judges.length === 0) return;
		const fact: Fact = {
			node: this.#plan.nodes[words[start + recordNodeWord] as number]?.name ?? "",
			name: this.#plan.names[words[start + nameOffset] as number] ?? "",
			value: decode(bodyOf(words, start)),
			atUs: readUs(words, start + recordAtWord),
		};
		for (const judged of judges) {
			judged.isConcluded = false;
			const what = judged.fold.onFact(fact);
			if (what !== null && judged.breach === null) judged.breach = { event: index, atUs: fact.atUs, what };
		}
	}

	/**
	 * The first breach of all, or null.
	 * @param isOver the run has come to its end, so that what can be said only then is asked too
	 */
	breach(isOver: boolean): Breach | null {
		for (const judged of this.#judged) {
			if (isOver) this.#conclude(judged);
			if (judged.breach !== null) return judged.breach;
		}
		return null;
	}

	/** Of each, in order, once the run is over. */
	verdicts(): readonly InvariantVerdict[] {
		return this.#judged.map((judged) => {
			this.#conclude(judged);
			return { name: judged.invariant.name, shows: judged.invariant.shows, breach: judged.breach };
		});
	}

	#conclude(judged: Judged): void {
		if (judged.isConcluded || judged.breach !== null) return;
		judged.isConcluded = true;
		const what = judged.fold.end?.() ?? null;
		if (what !== null) judged.breach = { event: -1, atUs: -1, what };
	}
}
