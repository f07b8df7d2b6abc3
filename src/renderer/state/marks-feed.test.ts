import { expect, test } from "vitest";
import type { LabClient } from "../../shared/contract/client.ts";
import { MarksFeed } from "./marks-feed.ts";
import type { RunState } from "./run-state.ts";
import { Store } from "./store.ts";

/** A lab that answers when it is told to, and what is known of a run's marks. */
function made() {
	const waiting: ((faults: readonly string[]) => void)[] = [];
	const client = { call: () => new Promise((resolve) => waiting.push((faults) => resolve({ faults }))) } as unknown as LabClient;
	const store = new Store({ run: { run: "r1", untilUs: 10 }, marks: [] } as unknown as RunState);
	const left = new AbortController();
	const answer = async (...faults: readonly string[]): Promise<void> => {
		waiting.shift()?.(faults);
		for (let turns = 0; turns < 5; turns++) await Promise.resolve();
	};
	return { feed: new MarksFeed(client, store, left.signal), store, left, waiting, answer };
}

test("marks that matter are asked again when a question about them was out already", async () => {
	const { feed, store, waiting, answer } = made();
	feed.refresh(true);
	feed.refresh(true);
	feed.refresh(true);
	expect(waiting).toHaveLength(1);
	await answer("crash");
	expect(store.get().marks).toEqual(["crash"]);
	expect(waiting).toHaveLength(1);
	await answer("crash", "restart");
	expect(store.get().marks).toEqual(["crash", "restart"]);
	expect(waiting).toHaveLength(0);
});

test("a run that goes on is not asked with every state of it, and one that nobody looks at not at all", async () => {
	const { feed, left, waiting, answer } = made();
	feed.refresh(true);
	await answer();
	feed.refresh();
	feed.refresh();
	expect(waiting).toHaveLength(0);
	left.abort();
	feed.refresh(true);
	expect(waiting).toHaveLength(0);
});
