/**
 * Which copies there really are, as machines state it when they keep them (and whether on a synced drive), and as the world states
 * what it destroyed: what no program of the file system knows as a whole. Pure.
 */
import type { Fact } from "../../../core/node-api.ts";
import { type DroppedFact, facts, type HarmedFact, type HeldFact, type InventoryFact } from "../facts.ts";
import { parsePart } from "../records.ts";

export interface CopyEvent {
	readonly kind: "held" | "destroyed" | "dropped";
	readonly block: string;
	readonly shard: number;
	readonly what: string;
}

interface Copy {
	readonly part: string;
	readonly copy: number;
	readonly drive: number;
}

function copyKey(node: string, part: string, copy: number): string {
	return `${node} ${part}@${copy}`;
}

export class Copies {
	/** Good ones, by machine. */
	readonly #good = new Map<string, Map<string, Copy>>();
	/** Every copy that ever stood on a synced drive. */
	readonly #ever = new Set<string>();
	/** Good copies of each part. */
	readonly #counts = new Map<string, number>();

	everStood(node: string, part: string, copy: number): boolean {
		return this.#ever.has(copyKey(node, part, copy));
	}

	good(part: string): number {
		return this.#counts.get(part) ?? 0;
	}

	/** @returns what it means, one after the other */
	onFact(fact: Fact): readonly CopyEvent[] {
		const { node, name, value } = fact;
		if (name === facts.inventory) return this.#onInventory(node, value as unknown as InventoryFact);
		if (name === facts.harmed) {
			const { key, copy } = value as HarmedFact;
			return this.#leave(node, key, copy, "destroyed", `${key} at ${node} was damaged`);
		}
		if (name !== facts.held) return [];
		const told = value as HeldFact | DroppedFact;
		if (!("gone" in told)) return this.#enter(node, { part: told.key, copy: told.copy, drive: told.drive }, told.isSynced);
		const kind = told.wasHarmed ? "destroyed" : "dropped";
		return this.#leave(node, told.key, told.copy, kind, `${told.key} at ${node}: ${told.why}`);
	}

	#at(node: string): Map<string, Copy> {
		const known = this.#good.get(node) ?? new Map<string, Copy>();
		this.#good.set(node, known);
		return known;
	}

	#enter(node: string, copy: Copy, isSynced: boolean): readonly CopyEvent[] {
		const key = copyKey(node, copy.part, copy.copy);
		if (isSynced) this.#ever.add(key);
		this.#at(node).set(key, copy);
		this.#counts.set(copy.part, this.good(copy.part) + 1);
		return this.#event(copy.part, "held", "");
	}

	#leave(node: string, part: string, copy: number, kind: "destroyed" | "dropped", what: string): readonly CopyEvent[] {
		if (!this.#at(node).delete(copyKey(node, part, copy))) return [];
		this.#counts.set(part, this.good(part) - 1);
		return this.#event(part, kind, what);
	}

	/** What a machine does not find at its boot is gone: by violence only if the drive came back empty. */
	#onInventory(node: string, { wiped, copies }: InventoryFact): readonly CopyEvent[] {
		const found = new Set(copies.map(([part, copy]) => copyKey(node, part, copy)));
		return [...this.#at(node)].flatMap(([key, { part, copy, drive }]) => {
			if (found.has(key)) return [];
			const isWiped = wiped[drive] === true;
			const what = `${part} at ${node}: ${isWiped ? "the drive came back empty" : "it was not there after a restart"}`;
			return this.#leave(node, part, copy, isWiped ? "destroyed" : "dropped", what);
		});
	}

	#event(part: string, kind: CopyEvent["kind"], what: string): readonly CopyEvent[] {
		const address = parsePart(part);
		return address === null ? [] : [{ kind, block: address.block, shard: address.shard, what }];
	}
}
