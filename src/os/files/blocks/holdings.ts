/**
 * What a block server has: the drives of its machine and the copies on them, as they come, are found again after a
 * restart, turn out to be rotten, and go. It states each for the record, and remembers what became of those that went.
 *
 * Must not know: the network, who asks, which copies are wanted.
 */
import type { NodeContext, Task } from "../../../core/node-api.ts";
import { facts, type InventoryFact, state } from "../facts.ts";
import { overheadBytes } from "../placement.ts";
import type { Report } from "../protocol.ts";
import { type HeldCopy, type PartRead, Shelf } from "./shelf.ts";

const lossesMax = 100;
const because = {
	unwanted: "not wanted any more",
	missing: "it is not on the drive any more",
	corrupt: "its bytes are not those that were written",
	emptied: "the drive came back empty",
	dead: "the drive died",
} as const;
type Because = keyof typeof because;

export interface HoldingsOptions {
	readonly sync: boolean;
	readonly checksums: boolean;
	/** A drive is not what it was: what is on its way to it is lost. */
	onHarmed(shelf: Shelf): void;
}

export class Holdings {
	readonly shelves: readonly Shelf[];
	/** What others were last told of copies is not true any more. */
	isChanged = false;
	readonly #ctx: NodeContext;
	readonly #options: HoldingsOptions;
	readonly #held = new Map<string, HeldCopy>();
	/** Drives that were found dead, and told so. */
	readonly #buried = new Set<Shelf>();
	#losses: Report["losses"] = [];
	#scrubbed = "";

	constructor(ctx: NodeContext, options: HoldingsOptions) {
		this.#ctx = ctx;
		this.#options = options;
		this.shelves = ctx.drives.map((drive, index) => new Shelf(index, drive));
	}

	get copies(): readonly HeldCopy[] {
		return [...this.#held.values()];
	}

	get losses(): Report["losses"] {
		return this.#losses;
	}

	copyOf(part: string): HeldCopy | undefined {
		return this.#held.get(part);
	}

	/** What the drives hold when the machine starts; an empty drive is made ours. */
	*load(): Task {
		const wiped: boolean[] = [];
		for (const shelf of this.shelves) {
			wiped.push(!shelf.isKnown);
			if (!shelf.isKnown && !shelf.isDead) yield* shelf.claim();
			for (const copy of yield* shelf.load()) yield* this.#found(copy);
		}
		const fact: InventoryFact = { wiped, copies: this.copies.map(({ part, copy, drive }) => [part, copy, drive] as const) };
		state(this.#ctx, facts.inventory, fact);
		this.isChanged = true;
	}

	/**
	 * A part may be there twice when a crash came before the removal of one was synced. The later is kept: the earlier
	 * was thrown away, perhaps because it was rotten, before the later was made.
	 */
	*#found(copy: HeldCopy): Task {
		const other = this.#held.get(copy.part);
		const isLater = other === undefined || other.copy < copy.copy;
		if (isLater) this.#held.set(copy.part, copy);
		const surplus = isLater ? other : copy;
		if (surplus !== undefined) yield* this.shelfOf(surplus).remove(surplus.part, surplus.copy);
	}

	shelfOf({ drive }: Pick<HeldCopy, "drive">): Shelf {
		return this.shelves[drive] as Shelf;
	}

	/** The living drive with the most room, if it is enough. */
	shelfFor(bytes: number): Shelf | undefined {
		const [best] = this.shelves.filter(({ isKnown }) => isKnown).sort((a, b) => b.free - a.free);
		return best !== undefined && best.free >= bytes + overheadBytes ? best : undefined;
	}

	hold(copy: HeldCopy): void {
		this.#held.set(copy.part, copy);
		this.isChanged = true;
		state(this.#ctx, facts.held, { key: copy.part, copy: copy.copy, drive: copy.drive, bytes: copy.bytes, isSynced: this.#options.sync });
	}

	/** Reads a copy; one whose bytes are wrong is thrown away. One that cannot be read just now is kept. */
	*read(copy: HeldCopy): Task<PartRead> {
		const read = yield* this.shelfOf(copy).read(copy, this.#options.checksums);
		if (!read.ok && read.why !== "unreadable" && this.#held.get(copy.part) === copy) {
			this.#ctx.log(`${copy.part} on drive ${copy.drive}: ${because[read.why]}`, "warn");
			this.#ctx.spawn(this.#discard(copy, read.why));
		}
		return read;
	}

	/** Nobody wants it. */
	*drop(copy: HeldCopy): Task {
		yield* this.#discard(copy, "unwanted");
	}

	/** Looks at one copy, the next each time: what nobody reads would rot unseen. */
	*scrub(): Task {
		const parts = [...this.#held.keys()].sort();
		const next = parts.find((part) => part > this.#scrubbed) ?? parts[0];
		if (next === undefined) return;
		this.#scrubbed = next;
		yield* this.read(this.#held.get(next) as HeldCopy);
	}

	/** Notices drives that are not what they were: dead, or emptied, or another in their place. */
	tendDrives(): void {
		for (const shelf of this.shelves) {
			if (shelf.isDead && !this.#buried.has(shelf)) this.#lose(shelf, "dead");
			else if (!shelf.isKnown && !shelf.isDead) {
				this.#lose(shelf, "emptied");
				this.#ctx.spawn(shelf.claim());
			}
		}
	}

	#lose(shelf: Shelf, why: "dead" | "emptied"): void {
		this.#ctx.log(`drive ${shelf.index}: ${because[why]}`, "warn");
		if (why === "dead") this.#buried.add(shelf);
		for (const copy of this.copies) if (copy.drive === shelf.index) this.#release(copy, why);
		this.isChanged = true;
		this.#options.onHarmed(shelf);
	}

	*#discard(copy: HeldCopy, why: Because): Task {
		if (this.#held.get(copy.part) !== copy) return;
		this.#release(copy, why);
		yield* this.shelfOf(copy).remove(copy.part, copy.copy);
	}

	#release(copy: HeldCopy, why: Because): void {
		const wasHarmed = why === "emptied" || why === "dead" || !this.shelfOf(copy).isKnown;
		this.#held.delete(copy.part);
		this.#losses = [...this.#losses.slice(1 - lossesMax), [copy.part, copy.copy, because[why]]];
		this.isChanged = true;
		state(this.#ctx, facts.held, { key: copy.part, gone: true, copy: copy.copy, why: because[why], wasHarmed });
	}
}
