import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SeriesView } from "./contract-types.ts";
import { restMs, SeriesFeed, type SeriesWish } from "./series-feed.ts";

const wish = (toUs: number): SeriesWish => ({ toUs, isAllInFile: true, isOver: false });

describe("what charts ask of the log", () => {
	let answers: ((series: SeriesView | undefined) => void)[];
	const asked: number[] = [];
	const taken: number[] = [];
	let feed: SeriesFeed;
	beforeEach(() => {
		vi.useFakeTimers();
		answers = [];
		asked.length = 0;
		taken.length = 0;
		feed = new SeriesFeed({
			look(toUs) {
				asked.push(toUs);
				return new Promise((resolve) => answers.push(resolve));
			},
			take: (_, { toUs }) => taken.push(toUs),
		});
	});
	afterEach(() => vi.useRealTimers());
	const answer = async (): Promise<void> => {
		answers.shift()?.({} as SeriesView);
		await vi.advanceTimersByTimeAsync(0);
	};

	it("is one thing at a time, then the last that was wanted meanwhile, after a rest", async () => {
		for (const toUs of [1, 2, 3]) feed.want(wish(toUs));
		expect(asked).toEqual([1]);
		await answer();
		expect(taken).toEqual([1]);
		await vi.advanceTimersByTimeAsync(restMs - 1);
		expect(asked).toEqual([1]);
		await vi.advanceTimersByTimeAsync(1);
		expect(asked).toEqual([1, 3]);
		await answer();
		await vi.advanceTimersByTimeAsync(10 * restMs);
		expect(asked).toEqual([1, 3]);
		feed.want(wish(4));
		expect(asked).toEqual([1, 3, 4]);
	});

	it("goes on after a question that nobody could answer", async () => {
		feed.want(wish(1));
		feed.want(wish(2));
		answers.shift()?.(undefined);
		await vi.advanceTimersByTimeAsync(restMs);
		expect(asked).toEqual([1, 2]);
		expect(taken).toEqual([]);
	});

	it("is nothing any more once the charts are gone", async () => {
		feed.want(wish(1));
		feed.want(wish(2));
		feed.close();
		await answer();
		await vi.advanceTimersByTimeAsync(10 * restMs);
		expect(asked).toEqual([1]);
		expect(taken).toEqual([]);
	});
});
