/** What the coordinator says of its books: losses and finds when they happen, a sample a day, and a sentence when it is asked. */
import type { Inspection, NodeContext } from "../../core/node-api.ts";
import type { Books } from "./books.ts";
import type { Code } from "./code.ts";
import { type FoundFact, facts, type LaidOutFact, type LostFact, measures, type SampleFact } from "./protocol.ts";

const hourUs = 3_600_000_000;
/** Stripes named in a statement of loss. */
const namedMax = 20;

export class Statements {
	readonly #ctx: NodeContext;
	readonly #books: Books;
	#movedGigabytes = 0;
	#movedInAllGigabytes = 0;

	constructor(ctx: NodeContext, books: Books) {
		this.#ctx = ctx;
		this.#books = books;
	}

	moved(gigabytes: number): void {
		this.#movedGigabytes += gigabytes;
		this.#movedInAllGigabytes += gigabytes;
	}

	laidOut({ units, needed }: Code): void {
		const { fleet, ledger, placement } = this.#books;
		const fact: LaidOutFact = { drives: fleet.bayCount, stripes: ledger.map.stripes, units, needed, sets: placement.sets };
		this.#ctx.fact(facts.laidOut, fact);
	}

	loss(stripes: readonly number[], count: number, why: string): void {
		const fact: LostFact = { key: why, why, count, total: this.#books.ledger.map.lostStripes, stripes: stripes.slice(0, namedMax) };
		this.#ctx.fact(facts.lost, fact);
		this.#ctx.measure(measures.lost, fact.total);
	}

	found(count: number): void {
		const fact: FoundFact = { count, total: this.#books.ledger.map.lostStripes };
		this.#ctx.fact(facts.found, fact);
		this.#ctx.measure(measures.lost, fact.total);
	}

	healed(tookUs: number): void {
		this.#ctx.measure(measures.healedAfter, Math.ceil(tookUs / hourUs));
	}

	sample(): void {
		const { fleet, ledger, awaited } = this.#books;
		if (awaited.size > 0) return;
		const { map } = ledger;
		const moved = Math.round(this.#movedGigabytes);
		this.#movedGigabytes = 0;
		const sample: SampleFact = {
			key: String(this.#ctx.wallUs()).padStart(16, "0"),
			day: Math.round(this.#ctx.wallUs() / (24 * hourUs)),
			drives: fleet.bayCount,
			dead: fleet.deadCount,
			replaced: fleet.fittedCount,
			silent: fleet.silentCount,
			stripes: map.stripes,
			missing: map.missingStripes,
			lost: map.lostStripes,
			movedGigabytes: moved,
		};
		this.#ctx.fact(facts.sample, sample);
		this.#ctx.measure(measures.dead, sample.dead);
		this.#ctx.measure(measures.replaced, sample.replaced);
		this.#ctx.measure(measures.missing, sample.missing);
		this.#ctx.measure(measures.lost, sample.lost);
		this.#ctx.measure(measures.moved, moved);
	}

	sentence(): string {
		const { fleet, ledger } = this.#books;
		const { missingStripes, stripes, lostStripes } = ledger.map;
		const replaced = fleet.fittedCount > 0 ? ` and ${fleet.fittedCount} replaced` : "";
		return `${fleet.deadCount} of ${fleet.bayCount} drives are dead${replaced}, ${fleet.silentCount} machines are silent, ${missingStripes} of ${stripes} stripes want units, ${lostStripes} are lost`;
	}

	inspection({ units, needed }: Code, unitsBeingMade: number): Inspection {
		const { fleet, ledger, placement, awaited } = this.#books;
		return {
			state: awaited.size > 0 ? "asking what is where" : "at work",
			drives: fleet.bayCount,
			dead: fleet.deadCount,
			replaced: fleet.fittedCount,
			silentMachines: fleet.silentCount,
			code: `${needed} of ${units}`,
			sets: placement.sets,
			stripes: ledger.map.stripes,
			stripesMissingUnits: ledger.map.missingStripes,
			stripesLost: ledger.map.lostStripes,
			unitsBeingMade,
			movedGigabytes: Math.round(this.#movedInAllGigabytes),
		};
	}
}
