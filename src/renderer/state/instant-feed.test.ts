import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { LabClient } from "../../shared/contract/client.ts";
import { ContractError } from "../../shared/contract/errors.ts";
import type { InstantView } from "./contract-types.ts";
import { InstantFeed } from "./instant-feed.ts";
import type { RunState } from "./run-state.ts";
import { Store } from "./store.ts";

interface Asked {
	readonly atUs: number;
	readonly signal: AbortSignal;
	answer(): void;
}

describe("what is shown of the past", () => {
	let asked: Asked[];
	let store: Store<RunState>;
	let feed: InstantFeed;
	const failed: unknown[] = [];
	beforeEach(() => {
		vi.useFakeTimers();
		asked = [];
		failed.length = 0;
		store = new Store({ run: { run: "r1", mode: "paused" }, plan: { names: [], nodes: [] }, cursorUs: 0, busy: null, shown: null } as unknown as RunState);
		const client = {
			call: (_: string, { atUs }: { readonly atUs: number }, { signal }: { readonly signal: AbortSignal }) =>
				new Promise((resolve, reject) => {
					asked.push({ atUs, signal, answer: () => resolve({ view: { virtualUs: atUs, nodes: [] } } as unknown as InstantView) });
					signal.addEventListener("abort", () => reject(new ContractError("cancelled", "it was called off")));
				}),
		} as unknown as LabClient;
		feed = new InstantFeed({ client, store, fail: (error) => failed.push(error) });
	});
	afterEach(() => {
		feed.close();
		vi.useRealTimers();
	});
	const turn = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);
	const shownUs = (): number | undefined => store.get().shown?.view.virtualUs;

	it("is asked for one instant at a time, then for the last that was wanted meanwhile; quick answers are all shown", async () => {
		for (const atUs of [10, 20, 30]) feed.want(atUs);
		expect(asked.map(({ atUs }) => atUs)).toEqual([10]);
		asked[0]?.answer();
		await turn();
		expect([shownUs(), asked.map(({ atUs }) => atUs)]).toEqual([10, [10, 30]]);
		asked[1]?.answer();
		await turn();
		expect([shownUs(), store.get().busy, failed]).toEqual([30, null, []]);
	});

	it("is not waited for where nobody looks any more: a slow answer is called off when another instant is wanted", async () => {
		feed.want(10);
		await vi.advanceTimersByTimeAsync(1_000);
		expect(store.get().busy).toBe("reading");
		feed.want(20);
		await turn();
		expect([asked[0]?.signal.aborted, asked.map(({ atUs }) => atUs)]).toEqual([true, [10, 20]]);
		// The next one is given as much time again.
		feed.want(30);
		await turn();
		expect(asked[1]?.signal.aborted).toBe(false);
		asked[1]?.answer();
		await turn();
		asked[2]?.answer();
		await turn();
		expect([shownUs(), store.get().busy, failed]).toEqual([30, null, []]);
	});

	it("is not asked for any more when the run is left, and that is no fault", async () => {
		feed.want(10);
		feed.close();
		await turn();
		expect([asked[0]?.signal.aborted, failed, shownUs()]).toEqual([true, [], undefined]);
	});
});
