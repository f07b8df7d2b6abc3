/**
 * Orders to make units anew: given to as many machines as can work at a time, those stripes first that are nearest to
 * their loss, and given again when a machine has forgotten them or does not mention them any more.
 */
import type { NodeContext } from "../../core/node-api.ts";
import { type Books, memberAt } from "./books.ts";
import type { CoordinatorConfig } from "./config.ts";
import { messages, type RebuildOrder, type RebuiltBody } from "./protocol.ts";

interface Repair {
	readonly drive: number;
	/** Given up then, unless its machine says before that it is still at it. */
	untilUs: number;
}

export class Repairs {
	readonly #ctx: NodeContext;
	readonly #config: CoordinatorConfig;
	readonly #books: Books;
	/** By unit. */
	readonly #orders = new Map<number, Repair>();

	constructor(ctx: NodeContext, config: CoordinatorConfig, books: Books) {
		this.#ctx = ctx;
		this.#config = config;
		this.#books = books;
	}

	get underWay(): number {
		return this.#orders.size;
	}

	/** Orders, as many as the machines can work on at a time. */
	dispatch(): void {
		if (!this.#config.repair) return;
		const { fleet, ledger, placement } = this.#books;
		const ordersFor = new Map<string, RebuildOrder[]>();
		const ordersMax = this.#config.streams * (fleet.members.length - fleet.silentCount);
		while (this.#orders.size < ordersMax) {
			const stripe = ledger.takeUrgent();
			if (stripe === undefined) break;
			const units = ledger.map.unitsOf(stripe);
			const drive = placement.replace(units.map((unit) => ledger.map.holderOf(unit)));
			if (drive < 0) {
				ledger.release(stripe, true);
				continue;
			}
			const unit = ledger.map.missingUnit(stripe);
			this.#orders.set(unit, { drive, untilUs: this.#patience() });
			fleet.loaded(drive, 1);
			const { name } = memberAt(this.#books, fleet.memberOf(drive));
			const order: RebuildOrder = { unit, drive: fleet.numberOf(drive), sources: this.#sources(units) };
			const orders = ordersFor.get(name);
			if (orders === undefined) ordersFor.set(name, [order]);
			else orders.push(order);
		}
		for (const [name, orders] of ordersFor) this.#ctx.send(name, messages.rebuild, { orders });
	}

	/** A machine is still at these. */
	mentioned(member: number, units: readonly number[]): void {
		for (const unit of units) {
			const order = this.#orders.get(unit);
			if (order !== undefined && this.#books.fleet.memberOf(order.drive) === member) order.untilUs = this.#patience();
		}
	}

	/** @param place notes that a drive holds a unit that was nowhere */
	answered(member: number, { unit, drive: number, ok }: RebuiltBody, place: (unit: number, drive: number) => void): void {
		const { fleet, ledger } = this.#books;
		const drive = fleet.driveAt(member, number);
		const isOrdered = this.#orders.get(unit)?.drive === drive;
		const stripe = ledger.map.stripeOf(unit);
		if (isOrdered) {
			this.#orders.delete(unit);
			fleet.loaded(drive, -1);
		}
		const isWanted = ok && ledger.map.holderOf(unit) < 0 && !fleet.isDead(drive) && !fleet.isSilent(member);
		if (isWanted) place(unit, drive);
		else if (ok && ledger.map.isWhole(stripe)) this.#ctx.send(memberAt(this.#books, member).name, messages.drop, { units: [unit] });
		if (isOrdered) ledger.release(stripe, !isWanted);
	}

	giveUpOverdue(): void {
		const nowUs = this.#ctx.monoUs();
		for (const [unit, order] of this.#orders) if (nowUs >= order.untilUs) this.#giveUp(unit, order);
	}

	giveUpAt(member: number): void {
		for (const [unit, order] of this.#orders) if (this.#books.fleet.memberOf(order.drive) === member) this.#giveUp(unit, order);
	}

	#giveUp(unit: number, { drive }: Repair): void {
		const { fleet, ledger } = this.#books;
		this.#orders.delete(unit);
		fleet.loaded(drive, -1);
		ledger.release(ledger.map.stripeOf(unit), true);
	}

	#patience(): number {
		return this.#ctx.monoUs() + this.#config.repairTimeoutUs;
	}

	#sources(units: readonly number[]): RebuildOrder["sources"] {
		const { fleet, ledger } = this.#books;
		const { needed } = this.#config.code;
		const chosen = units.length === needed ? units : this.#ctx.random.shuffle(units).slice(0, needed);
		return chosen.map((unit) => {
			const drive = ledger.map.holderOf(unit);
			return { node: memberAt(this.#books, fleet.memberOf(drive)).name, drive: fleet.numberOf(drive), unit };
		});
	}
}
