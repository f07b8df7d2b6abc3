/**
 * The events that a check looks at: those that its matcher takes, while its time runs. That time hangs on events
 * itself, and is kept here on the way.
 */
import { readUs, recordAtWord } from "../../shared/event-record.ts";
import type { Matcher } from "./matchers.ts";
import type { WhenTracker } from "./when-tracker.ts";

export class MatchedEvents {
	readonly kindIds: ReadonlySet<number>;
	readonly when: WhenTracker;
	readonly #matcher: Matcher;

	constructor(matcher: Matcher, when: WhenTracker) {
		this.#matcher = matcher;
		this.when = when;
		this.kindIds = new Set([matcher.kindId, ...when.kindIds]);
	}

	/**
	 * Shown every event of its kinds, in the order of the log.
	 * @returns the event's instant, or -1 when the check does not look at it
	 */
	take(words: Int32Array, start: number): number {
		const kind = words[start] as number;
		if (this.when.watches(kind)) this.when.note(words, start);
		if (kind !== this.#matcher.kindId || !this.#matcher.matches(words, start)) return -1;
		const atUs = readUs(words, start + recordAtWord);
		return this.when.contains(atUs) ? atUs : -1;
	}

	clone(): MatchedEvents {
		return new MatchedEvents(this.#matcher, this.when.clone());
	}
}
