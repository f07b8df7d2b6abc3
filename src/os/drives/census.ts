/**
 * What machines tell, held against the coordinator's map: who lives, which drives died or were fitted, and where units
 * are. It gives no orders; what is missing now, and what turned up, it tells those who asked. Pure but for the clock.
 */
import type { NodeContext } from "../../core/node-api.ts";
import { type Books, memberAt } from "./books.ts";
import { type HeartbeatBody, messages, type ReportBody } from "./protocol.ts";

/** What comes of it. */
export interface CensusEnds {
	/** These units are gone from where they were. */
	missing(units: readonly number[], why: string): void;
	/** A drive holds a unit that was nowhere. */
	turnedUp(unit: number, drive: number): void;
	/** The machine has crashed since it was last heard, and with it what it was told to do. */
	forgot(member: number): void;
}

export class Census {
	readonly #ctx: NodeContext;
	readonly #books: Books;
	readonly #ends: CensusEnds;

	constructor(ctx: NodeContext, books: Books, ends: CensusEnds) {
		this.#ctx = ctx;
		this.#books = books;
		this.#ends = ends;
	}

	heartbeat(member: number, { dead, fitted }: HeartbeatBody): void {
		const { fleet, heardUs } = this.#books;
		heardUs[member] = this.#ctx.monoUs();
		if (fleet.isSilent(member)) {
			fleet.setSilent(member, false);
			this.#ctx.send(memberAt(this.#books, member).name, messages.tell, null);
		}
		this.#drivesOf(member, dead, fitted);
	}

	report(member: number, body: ReportBody): void {
		const { fleet, heardUs, lives, expected, awaited } = this.#books;
		heardUs[member] = this.#ctx.monoUs();
		fleet.setSilent(member, false);
		if (lives[member] !== body.life) this.#ends.forgot(member);
		lives[member] = body.life;
		this.#drivesOf(member, body.dead, body.fitted);
		this.#compare(member, body);
		if (!body.isLast) return;
		expected.delete(member);
		awaited.delete(member);
	}

	/** Nobody has heard of it for too long: all that it holds counts as gone, until it says otherwise. */
	fallSilent(member: number): void {
		const { fleet, ledger, awaited } = this.#books;
		fleet.setSilent(member, true);
		awaited.delete(member);
		this.#ends.forgot(member);
		this.#ends.missing(
			ledger.map.unitsOn((drive) => fleet.memberOf(drive) === member),
			`${memberAt(this.#books, member).name} was silent for too long`,
		);
	}

	#drivesOf(member: number, dead: readonly number[], fitted: readonly number[]): void {
		const { fleet, ledger } = this.#books;
		for (const number of fitted) fleet.fit(fleet.driveAt(member, number));
		for (const number of dead) {
			const drive = fleet.driveAt(member, number);
			if (fleet.isDead(drive)) continue;
			fleet.kill(drive);
			this.#ends.missing(
				ledger.map.unitsOn((holder) => holder === drive),
				`drive ${fleet.nameOf(drive)} died`,
			);
		}
	}

	/** A report against the map: what is found is noted, what is elsewhere by now is dropped, what is not there is missing. */
	#compare(member: number, { drives, isFirst }: ReportBody): void {
		const { fleet, ledger } = this.#books;
		const expected = isFirst ? this.#expectedOf(member) : (this.#books.expected.get(member) ?? new Map<number, Set<number>>());
		this.#books.expected.set(member, expected);
		const surplus: number[] = [];
		const gone: number[] = [];
		for (const [number, units] of drives) {
			const drive = fleet.driveAt(member, number);
			const here = expected.get(drive) ?? new Set<number>();
			for (const unit of units) {
				const holder = ledger.map.holderOf(unit);
				if (holder === drive) here.delete(unit);
				else if (holder < 0 && !fleet.isDead(drive)) this.#ends.turnedUp(unit, drive);
				else if (ledger.map.isWhole(ledger.map.stripeOf(unit))) surplus.push(unit);
			}
			gone.push(...here);
		}
		const { name } = memberAt(this.#books, member);
		if (surplus.length > 0) this.#ctx.send(name, messages.drop, { units: surplus });
		if (gone.length > 0) this.#ends.missing(gone, `${name} did not have them any more`);
	}

	#expectedOf(member: number): Map<number, Set<number>> {
		const { fleet, ledger } = this.#books;
		const expected = new Map<number, Set<number>>();
		for (const unit of ledger.map.unitsOn((drive) => fleet.memberOf(drive) === member)) {
			const drive = ledger.map.holderOf(unit);
			const units = expected.get(drive);
			if (units === undefined) expected.set(drive, new Set([unit]));
			else units.add(unit);
		}
		return expected;
	}
}
