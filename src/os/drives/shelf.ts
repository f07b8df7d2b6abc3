/**
 * The spares beside a machine, and whoever goes round with them: a while after a drive has died, a spare is put in its
 * place, empty. Spares are the last drives of the machine; which of them serve, their own marks say. The coordinator
 * hears of it with the next heartbeat.
 */
import type { Drive, NodeContext, Task } from "../../core/node-api.ts";
import type { DriveNodeConfig } from "./config.ts";
import { timers } from "./protocol.ts";

/** On a spare that is in service; its catalogue stands beside it. */
const fittedMark = "fitted";

export class Shelf {
	readonly #ctx: NodeContext;
	readonly #replaceAfterUs: number;
	readonly #places: number;
	#replacing = 0;
	readonly #inHand = new Set<number>();

	constructor(ctx: NodeContext, { spares, replaceAfterUs }: DriveNodeConfig) {
		this.#ctx = ctx;
		this.#replaceAfterUs = replaceAfterUs;
		this.#places = Math.max(0, ctx.drives.length - spares);
	}

	/** Drives that came as spares. */
	get spares(): number {
		return this.#ctx.drives.length - this.#places;
	}

	/** Dead drives that somebody is on the way to replace. */
	get replacing(): number {
		return this.#replacing;
	}

	/** Spares in service. A dead one has no mark any more. */
	fitted(): number[] {
		return this.#living().filter((drive) => this.#isFitted(drive));
	}

	/** One for each place without a living drive, as long as there are any. Somebody comes later. */
	callForSpares(): void {
		const living = this.#living();
		const fitted = living.filter((drive) => this.#isFitted(drive)).length;
		const serving = this.#ctx.drives.slice(0, this.#places).filter(({ isDead }) => !isDead).length + fitted;
		const wanted = Math.min(this.#places - serving, living.length - fitted) - this.#replacing;
		for (let i = 0; i < wanted; i++) {
			this.#replacing++;
			this.#ctx.after(this.#replaceAfterUs, timers.replace, () => this.#replace());
		}
	}

	/** The first spare that is still good and that nobody else is putting in. */
	*#replace(): Task {
		const spare = this.#living().find((drive) => !this.#isFitted(drive) && !this.#inHand.has(drive));
		if (spare !== undefined) {
			this.#inHand.add(spare);
			yield* this.#drive(spare).put(fittedMark, true);
			yield* this.#drive(spare).sync();
			this.#inHand.delete(spare);
		}
		// Not before: until the mark is there, the place counts as empty.
		this.#replacing--;
	}

	/** Spares that have not died, on the shelf or in service. */
	#living(): number[] {
		return Array.from({ length: this.spares }, (_, index) => this.#places + index).filter((drive) => !this.#drive(drive).isDead);
	}

	#isFitted(drive: number): boolean {
		return this.#drive(drive).list(fittedMark).length > 0;
	}

	#drive(index: number): Drive {
		return this.#ctx.drives[index] as Drive;
	}
}
