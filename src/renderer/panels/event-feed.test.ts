/** Which stretch of a log the event list holds, whatever instant or event is looked at. */
import { expect, test } from "vitest";
import { LogBuilder } from "../../../test/support/records.ts";
import { tinyPlan } from "../../../test/support/tiny-plan.ts";
import { recordLengthWord } from "../../shared/event-record.ts";
import { parseSearch, type SearchQuery } from "../../shared/search-query.ts";
import { EventFeed, type FeedRun, lastAtOrBefore } from "./event-feed.ts";

const plan = tinyPlan({ nodes: { a: { services: ["store"] } }, links: [] }, new Map([["store", {} as never]]));
const everyUs = 10;

interface Asked {
	readonly fromIndex: number | null;
	readonly toIndex: number | null;
	readonly fromUs: number | null;
	readonly limit: number;
	readonly backwards: boolean;
}

/** A log of events every 10 us that answers as the lab does, and can grow. */
class Log {
	readonly #log = new LogBuilder();
	questions = 0;

	constructor(events: number) {
		this.grow(events);
	}

	grow(events: number): void {
		const from = this.#log.starts.length;
		for (let event = from; event < from + events; event++) this.#log.add("timerFired", { atUs: event * everyUs, node: 0 });
	}

	get run(): FeedRun {
		return { plan, look: (async (_name: string, asked: Asked) => this.#answer(asked)) as unknown as FeedRun["look"] };
	}

	#answer({ fromIndex, toIndex, fromUs, limit, backwards }: Asked) {
		this.questions++;
		const { starts, buffer } = this.#log;
		const all = starts
			.map((_, index) => index)
			.filter((index) => index >= (fromIndex ?? 0) && index <= (toIndex ?? starts.length) && index * everyUs >= (fromUs ?? 0));
		const taken = backwards ? all.slice(-limit) : all.slice(0, limit);
		const words = taken.flatMap((index) => {
			const start = starts[index] as number;
			return [...buffer.words.slice(start, start + (buffer.words[start + recordLengthWord] as number))];
		});
		const isMore = taken.length < all.length;
		const nextIndex = !isMore ? null : backwards ? (taken[0] as number) - 1 : (taken.at(-1) as number) + 1;
		return { indexes: taken, words: new Uint8Array(new Int32Array(words).buffer), nextIndex, eventCount: starts.length };
	}
}

const feedOf = (log: Log) => new EventFeed(log.run, parseSearch("", plan) as SearchQuery);
const indexes = (feed: EventFeed) => feed.store.get().rows.map(({ event }) => event.index);
const hasNoGap = (feed: EventFeed) => indexes(feed).every((index, row, all) => row === 0 || index === (all[row - 1] as number) + 1);

test("an instant that is scrubbed to has its last event among the rows, and what comes before and after it", async () => {
	const feed = feedOf(new Log(20_000));
	for (const event of [19_000, 300, 12_345, 12_360, 0]) {
		await feed.show({ atUs: event * everyUs + 3 });
		const { rows } = feed.store.get();
		const row = lastAtOrBefore(rows, event * everyUs + 3);
		expect(rows[row]?.event.index).toBe(event);
		expect(rows[row + 1]?.event.index).toBe(event + 1);
		expect(hasNoGap(feed)).toBe(true);
	}
});

test("an event that is selected is among the rows, wherever it is", async () => {
	const feed = feedOf(new Log(20_000));
	await feed.show({ atUs: 199_990 });
	await feed.show({ index: 77 });
	expect(indexes(feed)).toContain(77);
	expect(indexes(feed)).toContain(76);
	expect(indexes(feed)).toContain(78);
});

test("of the places that are wanted while one is asked for, the last is shown and the others are not asked for", async () => {
	const log = new Log(20_000);
	const feed = feedOf(log);
	await Promise.all([19_000, 15_000, 9_000, 5_000].map((event) => feed.show({ atUs: event * everyUs })));
	await feed.later();
	expect(indexes(feed)).toContain(5_000);
	expect(log.questions).toBeLessThanOrEqual(7);
});

test("what a run adds is found at its present, also when it is more than a page at once", async () => {
	const log = new Log(100);
	const feed = feedOf(log);
	await feed.show({ atUs: 100 * everyUs });
	for (const more of [5, 10_000]) {
		log.grow(more);
		const { total } = { total: (indexes(feed).at(-1) as number) + more };
		await feed.show({ atUs: total * everyUs });
		expect(indexes(feed).at(-1)).toBe(total);
		expect(hasNoGap(feed)).toBe(true);
	}
	expect(feed.store.get()).toMatchObject({ isLast: true, total: 10_105 });
});

test("rows that were let go at one end are read again without a gap", async () => {
	const feed = feedOf(new Log(30_000));
	await feed.show({ atUs: 299_990 });
	for (let page = 0; page < 55; page++) await feed.earlier();
	expect(feed.store.get().isLast).toBe(false);
	await feed.later();
	expect(hasNoGap(feed)).toBe(true);
	for (let page = 0; page < 25; page++) await feed.later();
	await feed.earlier();
	expect(hasNoGap(feed)).toBe(true);
});
