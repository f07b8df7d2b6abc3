import { expect, test } from "vitest";
import { ConeKeeper, type LookedAtEvent } from "./cone-keeper.ts";
import { causalityMax } from "./event-detail.ts";
import type { RunState } from "./run-state.ts";
import { Store } from "./store.ts";

const lit = (index: number, future: readonly number[]) => ({ index, past: new Set<number>(), future: new Set(future) }) as unknown as RunState["causality"];
const detail = (neighbours: number) => ({ neighbours: Array.from({ length: neighbours }) }) as unknown as RunState["detail"];

function world() {
	const store = new Store({
		selection: { kind: "event", index: 5 },
		causality: lit(5, []),
		detail: detail(1),
		run: { mode: "running", committedEvents: 10 },
	} as unknown as RunState);
	const asked: number[] = [];
	const answers: ((found: LookedAtEvent | undefined) => void)[] = [];
	let nowMs = 0;
	const keeper = new ConeKeeper({
		store,
		nowMs: () => nowMs,
		look: (index) => {
			asked.push(index);
			return new Promise((resolve) => answers.push(resolve));
		},
	});
	const run = (mode: string, committedEvents: number): Promise<void> => {
		store.set({ run: { mode, committedEvents } as unknown as RunState["run"] });
		return keeper.onRun();
	};
	keeper.onSelected();
	return { store, asked, answers, keeper, run, pass: (ms: number) => (nowMs += ms) };
}

test("what came of the selected event meanwhile is lit as the run goes on, one question at a time", async () => {
	const { store, asked, answers, run, pass } = world();
	void run("running", 20);
	expect(asked).toEqual([]);
	pass(1_000);
	const first = run("running", 30);
	pass(5_000);
	void run("running", 40);
	expect(asked).toEqual([5]);
	answers[0]?.({ causality: lit(5, [22]), detail: detail(1) });
	await Promise.resolve();
	await Promise.resolve();
	expect([...(store.get().causality?.future ?? [])]).toEqual([22]);
	// What came while the answer was under way is asked for.
	expect(asked).toEqual([5, 5]);
	answers[1]?.({ causality: lit(5, [22, 33]), detail: detail(1) });
	await first;
	expect([...(store.get().causality?.future ?? [])]).toEqual([22, 33]);
});

test("a run that stands still is asked at once, and no more until there is more of it", async () => {
	const { asked, answers, run, store } = world();
	const before = store.get().detail;
	const done = run("paused", 11);
	answers[0]?.({ causality: lit(5, [10]), detail: detail(1) });
	await done;
	await run("paused", 11);
	expect(asked).toEqual([5]);
	expect(store.get().detail).toBe(before);
	const more = run("paused", 12);
	answers[1]?.({ causality: lit(5, [10]), detail: detail(2) });
	await more;
	expect(store.get().detail?.neighbours).toHaveLength(2);
});

test("an answer about an event that is no longer selected lights nothing, and a future that is full is not asked for", async () => {
	const { asked, answers, run, store } = world();
	const late = run("paused", 11);
	store.set({ selection: { kind: "event", index: 7 }, causality: lit(7, []) });
	answers[0]?.({ causality: lit(5, [10]), detail: detail(1) });
	await late;
	expect(store.get().causality?.index).toBe(7);
	store.set({
		causality: lit(
			7,
			Array.from({ length: causalityMax }, (_, i) => i),
		),
	});
	await run("paused", 99);
	expect(asked).toEqual([5]);
});
