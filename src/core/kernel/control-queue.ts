/**
 * The control process: everything that is done to the cluster from outside, in the order
 * (atUs, rank, order given). It caps the windows, so that each act lands on its exact instant.
 */
import { assert } from "../../shared/errors.ts";
import type { CommandOrigin } from "../../shared/event-schema.ts";

export type ControlEntry =
	| { readonly kind: "boot"; readonly atUs: number; readonly node: number; readonly bootToken: number }
	| { readonly kind: "wear"; readonly atUs: number; readonly node: number; readonly drive: number }
	| { readonly kind: "command"; readonly atUs: number; readonly line: string; readonly origin: CommandOrigin };

/** At one instant: boots first, then drives whose time has come, then the lab's story, then the user. */
function rankOf(entry: ControlEntry): number {
	if (entry.kind === "boot") return 0;
	if (entry.kind === "wear") return 1;
	return entry.origin === "lab" ? 2 : 3;
}

export class ControlQueue {
	/** Sorted; stories are short and users slow, so insertion by search is enough. */
	readonly #entries: ControlEntry[] = [];
	#head = 0;

	get nextUs(): number {
		return this.#entries[this.#head]?.atUs ?? Number.POSITIVE_INFINITY;
	}

	add(entry: ControlEntry): void {
		let at = this.#entries.length;
		while (at > this.#head && this.#isAfter(this.#entries[at - 1] as ControlEntry, entry)) at--;
		this.#entries.splice(at, 0, entry);
	}

	/** The next one, which must be there. */
	take(): ControlEntry {
		const entry = this.#entries[this.#head];
		assert(entry !== undefined, "control is taken when its instant has come");
		this.#head++;
		return entry;
	}

	#isAfter(a: ControlEntry, b: ControlEntry): boolean {
		return a.atUs !== b.atUs ? a.atUs > b.atUs : rankOf(a) > rankOf(b);
	}
}
