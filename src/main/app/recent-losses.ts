/**
 * Messages that were lost a moment ago, so that a window can show where: an observer of the log that keeps
 * the last few. The log does not tell how far a message had come; what was seen of it under way before
 * does. Runs on the cluster thread; knows no view.
 */
import type { InFlight } from "../../core/network/network.ts";
import { kindId, offsetOf, readUs, recordAtWord, recordNodeWord } from "../../shared/event-record.ts";
import type { Plan } from "../../shared/plan.ts";

/** A message that is no more. */
export interface LostFlight extends InFlight {
	/** Between `enteredUs` and `arrivesUs`, at which it would have come to the end of its link. */
	readonly lostUs: number;
}

interface Loss {
	readonly flight: LostFlight;
	/** As the log tells it; -1: on none. */
	readonly link: number;
}

const keptMax = 64;

const sequenceWord = offsetOf("messageDropped", "sequence");
const copyWord = offsetOf("messageDropped", "copy");
const toWord = offsetOf("messageDropped", "to");
const nameWord = offsetOf("messageDropped", "name");
const linkWord = offsetOf("messageDropped", "link");

const keyOf = ({ from, sequence, copy }: { readonly from: number; readonly sequence: number; readonly copy: number }): string => `${from}:${sequence}:${copy}`;

export class RecentLosses {
	readonly kindIds: ReadonlySet<number> = new Set([kindId("messageDropped")]);
	readonly #plan: Plan;
	#lost: Loss[] = [];
	/** Those that have not been looked up among the messages seen under way. */
	#fresh = 0;

	constructor(plan: Plan) {
		this.#plan = plan;
	}

	onEvent(words: Int32Array, start: number): void {
		const from = words[start + recordNodeWord] as number;
		const to = words[start + toWord] as number;
		const link = words[start + linkWord] as number;
		const lostUs = readUs(words, start + recordAtWord);
		const flight: LostFlight = {
			...this.#crossing({ from, to, link }),
			from,
			to,
			sequence: words[start + sequenceWord] as number,
			copy: words[start + copyWord] as number,
			name: words[start + nameWord] as number,
			isReply: false, // the log does not tell here
			enteredUs: lostUs,
			arrivesUs: lostUs,
			lostUs,
		};
		this.#lost.push({ flight, link });
		this.#fresh++;
		if (this.#lost.length >= 2 * keptMax) this.#lost = this.#lost.slice(-keptMax);
	}

	/** @param seen messages under way when this was asked last */
	since(fromUs: number, seen: readonly InFlight[]): readonly LostFlight[] {
		this.#lost = this.#lost.filter(({ flight: { lostUs } }) => lostUs >= fromUs).slice(-keptMax);
		const first = Math.max(0, this.#lost.length - this.#fresh);
		this.#fresh = 0;
		if (first < this.#lost.length && seen.length > 0) this.#place(first, seen);
		return this.#lost.map(({ flight }) => flight);
	}

	#place(first: number, seen: readonly InFlight[]): void {
		const places = new Map(seen.map((flight) => [keyOf(flight), flight]));
		for (let i = first; i < this.#lost.length; i++) {
			const { flight, link } = this.#lost[i] as Loss;
			const place = places.get(keyOf(flight));
			// One that went on over another link since is not where it was seen.
			if (place === undefined || place.link !== link) continue;
			const { direction, enteredUs, isReply } = place;
			const arrivesUs = Number.isFinite(place.arrivesUs) ? Math.max(place.arrivesUs, flight.lostUs) : flight.lostUs;
			this.#lost[i] = { link, flight: { ...flight, link, direction, enteredUs, arrivesUs, isReply } };
		}
	}

	/** Which way it crossed its link, as far as its ends tell; a link between switches is left out. */
	#crossing({ from, to, link }: { readonly from: number; readonly to: number; readonly link: number }): Pick<InFlight, "link" | "direction"> {
		const ends = this.#plan.links[link];
		if (ends === undefined) return { link: -1, direction: "forward" };
		if (ends.a === from || ends.b === to) return { link, direction: "forward" };
		if (ends.b === from || ends.a === to) return { link, direction: "backward" };
		return { link: -1, direction: "forward" };
	}
}
