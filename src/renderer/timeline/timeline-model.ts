/**
 * What the diagram has in sight: asks the lab for as much as can be drawn, and no more. With few events
 * each of them and its messages; with many, how many there are where. Knows the contract and no canvas.
 */
import type { LabClient } from "../../shared/contract/client.ts";
import { type EventPage, type PagedEvent, readEventPage } from "../../shared/contract/event-page.ts";
import type { Band } from "../../shared/drawing/bands.ts";
import { isByOrder } from "../../shared/drawing/timeline-scene.ts";
import type { Plan } from "../../shared/plan.ts";
import { bucketCount, type DetailLevel, detailLevel, eventsDrawnMax } from "../maths/detail-level.ts";
import { LocalClocks } from "../maths/local-clocks.ts";
import { aroundWithin, orderedEvents, type PartSide, partAround, sideOf } from "../maths/order-part.ts";
import type { TimeScale } from "../maths/time-scale.ts";
import type { ArrowView } from "../state/contract-types.ts";
import type { FaultMark, TimeBase } from "../state/run-state.ts";

export interface Density {
	readonly fromUs: number;
	readonly bucketUs: number;
	readonly buckets: number;
	readonly nodes: readonly number[];
	readonly counts: Uint32Array;
	readonly lost: Uint32Array;
	readonly countMax: number;
}

/** By order, of more events than can be put in order: those that are. */
export interface OrderPart {
	readonly side: PartSide;
	readonly eventCount: number;
	/** Of its first and its last event. */
	readonly firstUs: number;
	readonly lastUs: number;
	/** As far as nothing is left out. */
	readonly fromUs: number;
	readonly toUs: number;
}

export interface InSight {
	readonly fromUs: number;
	readonly toUs: number;
	readonly level: DetailLevel;
	readonly eventCount: number;
	/** Null: everything in sight is drawn. */
	readonly part: OrderPart | null;
	readonly density: Density | null;
	readonly events: readonly PagedEvent[];
	readonly arrows: readonly ArrowView[];
	readonly faults: readonly FaultMark[];
	/** Stretches of faults that reach into it. */
	readonly bands: readonly Band[];
	/** More of them than are told. */
	readonly bandsOmitted: number;
	readonly clocks: LocalClocks | null;
}

interface Wanted {
	readonly scale: TimeScale;
	readonly nodes: readonly number[];
	readonly timeBase: TimeBase;
	readonly headUs: number;
	/** The instant that matters most when not everything can be drawn. */
	readonly aroundUs: number;
	readonly isPlaying: boolean;
}

interface Range {
	readonly run: string;
	readonly fromUs: number;
	readonly toUs: number;
}

const pageEvents = 2_000;
const arrowsMax = 4_000;
const clockPoints = 128;
/** Clocks of the whole run are read again when it is so much longer. */
const clocksAgeRatio = 1.02;
const marginRatio = 0.15;
const againMs = 160;

function words(bytes: Uint8Array): Uint32Array {
	const copy = bytes.slice();
	return new Uint32Array(copy.buffer, 0, copy.length >>> 2);
}

export class TimelineModel {
	inSight: InSight | null = null;
	/** Of the whole run; once places are by each node's own clock. */
	clocks: LocalClocks | null = null;
	#clocksUs = -1;
	readonly #client: LabClient;
	readonly #run: string;
	readonly #plan: Plan;
	readonly #onChange: () => void;
	#wanted: Wanted | null = null;
	#busy = false;
	/** What is still asked when nobody looks any more is dropped. */
	readonly #over = new AbortController();

	constructor(client: LabClient, run: string, plan: Plan, onChange: () => void) {
		this.#client = client;
		this.#run = run;
		this.#plan = plan;
		this.#onChange = onChange;
	}

	get #asked(): { readonly signal: AbortSignal } {
		return { signal: this.#over.signal };
	}

	end(): void {
		this.#over.abort();
	}

	/** Of what is wanted while a question is out, the last is asked next. */
	want(wanted: Wanted): void {
		this.#wanted = wanted;
		if (!this.#busy) void this.#ask();
	}

	async #ask(): Promise<void> {
		this.#busy = true;
		while (this.#wanted !== null && !this.#over.signal.aborted) {
			const wanted = this.#wanted;
			this.#wanted = null;
			try {
				this.inSight = await this.#look(wanted);
				this.#onChange();
			} catch {
				// Asked again with the next change; what was in sight stays.
			}
			await new Promise((resolve) => setTimeout(resolve, againMs));
		}
		this.#busy = false;
	}

	async #look(wanted: Wanted): Promise<InSight> {
		const { scale, nodes, timeBase, headUs } = wanted;
		const marginUs = (scale.toUs - scale.fromUs) * marginRatio;
		const stretch = { fromUs: scale.fromUs - marginUs, toUs: scale.toUs + marginUs };
		// What clocks show in sight may have been at quite other instants.
		const asked = timeBase === "local" ? (await this.#wholeClocks(headUs)).trueStretch(stretch.fromUs, stretch.toUs) : stretch;
		const fromUs = Math.min(Math.max(0, Math.floor(asked.fromUs)), Math.max(0, headUs - 1));
		const toUs = Math.max(fromUs + 1, Math.min(Math.ceil(asked.toUs), headUs));
		const range = { run: this.#run, fromUs, toUs };
		const reply = await this.#client.call("log.density", { ...range, buckets: bucketCount(scale.widthPx), nodes }, this.#asked);
		const counts = words(reply.counts);
		const eventCount = counts.reduce((sum, count) => sum + count, 0);
		const density: Density = { ...reply, counts, lost: words(reply.lost), countMax: counts.reduce((most, count) => Math.max(most, count), 1) };
		const common = { fromUs, toUs, eventCount, density, faults: reply.faults, bands: reply.bands, bandsOmitted: reply.bandsOmitted };
		if (isByOrder(timeBase) && eventCount > orderedEvents(scale.widthPx))
			return { ...common, ...(await this.#part(range, wanted)), level: "events", clocks: null };
		const level = isByOrder(timeBase) ? "events" : detailLevel(eventCount, this.inSight?.level);
		const isExact = level === "events";
		const [events, arrows, clocks] = await Promise.all([
			isExact ? this.#events(range, nodes) : [],
			isExact ? this.#arrows(range) : [],
			timeBase === "local" ? this.#clocks(range) : null,
		]);
		return { ...common, level, part: null, events, arrows, clocks };
	}

	/** By order, those of too many events that are next to an instant. */
	async #part(range: Range, { scale, nodes, aroundUs, isPlaying }: Wanted): Promise<Pick<InSight, "part" | "events" | "arrows">> {
		const atUs = aroundWithin(Math.floor(aroundUs), range);
		const countMax = orderedEvents(scale.widthPx);
		const [before, after] = await Promise.all([
			this.#nearest({ ...range, toUs: atUs }, nodes, { limit: countMax, backwards: true }),
			atUs < range.toUs ? this.#nearest({ ...range, fromUs: atUs + 1 }, nodes, { limit: countMax, backwards: false }) : { events: [], omitted: 0 },
		]);
		const there = { before: before.events.length, after: after.events.length };
		const taken = partAround(there, { countMax, isPlaying });
		const events = [...before.events.slice(there.before - taken.before), ...after.events.slice(0, taken.after)];
		const side = sideOf(taken, { before: there.before + before.omitted, after: there.after + after.omitted });
		const [firstUs, lastUs] = [events[0]?.atUs ?? range.fromUs, events.at(-1)?.atUs ?? range.fromUs];
		const part: OrderPart = {
			side,
			eventCount: events.filter(({ node }) => node >= 0).length,
			firstUs,
			lastUs,
			fromUs: side === "first" ? Math.min(scale.fromUs, firstUs) : firstUs,
			// While time goes on the instant goes on, too: behind everything that is drawn.
			toUs: isPlaying || side === "last" ? Math.max(scale.toUs, lastUs) : lastUs,
		};
		return { part, events, arrows: await this.#arrows({ ...range, fromUs: firstUs, toUs: lastUs }) };
	}

	/** Events from an end of a range on, in the order of the log; and at least so many more there are. */
	async #nearest(
		range: Range,
		nodes: readonly number[],
		page: { readonly limit: number; readonly backwards: boolean },
	): Promise<{ readonly events: readonly PagedEvent[]; readonly omitted: number }> {
		const bounds = { ...range, fromIndex: null, toIndex: null, kinds: null, nodes: this.#filter(nodes), text: null };
		const told = await this.#client.call("log.events", { ...bounds, ...page }, this.#asked);
		return { events: readEventPage(told), omitted: told.nextIndex === null ? 0 : 1 };
	}

	/** Null: no lane is hidden. */
	#filter(nodes: readonly number[]): readonly number[] | null {
		return nodes.length === this.#plan.nodes.length ? null : nodes;
	}

	async #arrows(range: Range): Promise<readonly ArrowView[]> {
		return (await this.#client.call("log.messages", { ...range, nodes: null, limit: arrowsMax }, this.#asked)).messages;
	}

	async #events(range: Range, nodes: readonly number[]): Promise<readonly PagedEvent[]> {
		const found: PagedEvent[] = [];
		let fromIndex: number | null = null;
		const filter = this.#filter(nodes);
		do {
			const bounds = { ...range, fromIndex, toIndex: null, kinds: null, nodes: filter, text: null };
			const page: EventPage = await this.#client.call("log.events", { ...bounds, limit: pageEvents, backwards: false }, this.#asked);
			found.push(...readEventPage(page));
			fromIndex = page.nextIndex;
		} while (fromIndex !== null && found.length < eventsDrawnMax * 1.3 && !this.#over.signal.aborted);
		return found;
	}

	async #wholeClocks(headUs: number): Promise<LocalClocks> {
		if (this.clocks !== null && headUs <= this.#clocksUs * clocksAgeRatio && headUs >= this.#clocksUs) return this.clocks;
		this.clocks = await this.#clocks({ run: this.#run, fromUs: 0, toUs: Math.max(1, headUs) });
		this.#clocksUs = headUs;
		return this.clocks;
	}

	async #clocks(range: Range): Promise<LocalClocks> {
		const reply = await this.#client.call("log.clocks", { ...range, points: clockPoints, nodes: null }, this.#asked);
		const copy = reply.wallUs.slice();
		return new LocalClocks({ ...reply, wallUs: new Float64Array(copy.buffer, 0, copy.length >>> 3) });
	}
}
