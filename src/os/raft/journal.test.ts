/** What the journal remembers after crashes, on the kernel's own disks. */
import { describe, expect, test } from "vitest";
import { EventList } from "../../../test/support/event-list.ts";
import { plainDisk, registryOf, service, tinyPlan } from "../../../test/support/tiny-plan.ts";
import { InlineExecutor } from "../../core/inline-executor.ts";
import { Kernel } from "../../core/kernel.ts";
import type { Drive, NodeContext, Task } from "../../core/node-api.ts";
import type { DiskPlan } from "../../shared/plan.ts";
import { Journal } from "./journal.ts";
import type { Entry, StoredState } from "./types.ts";

const entry = (index: number, term: number): Entry => ({ index, term, body: { kind: "command", command: `c${index}` }, bytes: 10 });
const fresh: StoredState = {
	hardState: { term: 0, vote: null, amnesiac: false },
	snapshot: { index: 0, term: 0, members: { voters: ["a"], learners: [] }, data: new Uint8Array(3) },
	entries: [],
};

function told(state: StoredState | null): string {
	if (state === null) return "nothing";
	const { hardState, snapshot, entries } = state;
	return `term ${hardState.term} vote ${hardState.vote} snapshot ${snapshot.index} entries ${entries.map(({ index, term }) => `${index}@${term}`).join(" ")}`;
}

/** Loads at every boot and says what it found; then runs `live`. */
function run(live: (journal: Journal, ctx: NodeContext) => Task, story: readonly (readonly [number, string])[], disk: Partial<DiskPlan> = {}, sync = true) {
	const program = service("program", ["program.wait"], (ctx) => ({
		*boot() {
			const journal = new Journal(ctx.drives[0] as Drive, sync);
			const stored = yield* journal.load();
			ctx.log(told(stored));
			yield* journal.checkpoint(stored ?? fresh);
			yield* live(journal, ctx);
		},
	}));
	const registry = registryOf(program);
	const plan = tinyPlan({ nodes: { a: { services: ["program"], disk: { ...plainDisk, ...disk } } }, links: [], story }, registry);
	const list = new EventList(plan);
	const kernel = new Kernel({ plan, seed: 5, executor: new InlineExecutor(registry) });
	kernel.log.observe(list);
	kernel.advance({ untilUs: plan.untilUs });
	return { said: list.of("logLine").map(({ body }) => body), crashes: list.of("nodeCrashed").map(({ body }) => body), kernel };
}

function* write(journal: Journal): Task {
	yield* journal.save({ hardState: { term: 1, vote: "a", amnesiac: false }, append: { after: 0, entries: [entry(1, 1), entry(2, 1)] } });
	yield* journal.save({ hardState: null, append: { after: 1, entries: [entry(2, 2), entry(3, 2)] } });
}

describe("a journal", () => {
	test("remembers votes and entries, a cut log as it was cut, and any number of boots (thesis 3.8)", () => {
		const { said } = run(
			function* (journal, ctx) {
				if (ctx.incarnation === 1) yield* write(journal);
			},
			[
				[200_000, "restart a"],
				[400_000, "restart a"],
				[600_000, "restart a"],
			],
		);
		const state = "term 1 vote a snapshot 0 entries 1@1 2@2 3@2";
		expect(said).toEqual(["nothing", state, state, state]);
	});

	test("never appends behind a hole: what a crash tore or lost ends it, and the next boot starts anew", () => {
		for (const tornRatio of [0, 0.5, 1]) {
			const { said } = run(
				function* (journal, ctx) {
					if (ctx.incarnation > 2) return;
					const term = ctx.incarnation;
					yield* journal.save({ hardState: { term, vote: "a", amnesiac: false }, append: { after: term - 1, entries: [entry(term, term)] } });
					// Begun, and cut short by the crash: never synced.
					for (let i = 1; i <= 8; i++) ctx.spawn(journal.save({ hardState: null, append: { after: term + i - 1, entries: [entry(term + i, term)] } }));
				},
				[
					[7_000, "restart a"],
					[27_000, "restart a"],
					[100_000, "restart a"],
				],
				{ tornRatio, writeUs: 100, syncUs: 2_000 },
			);
			expect(said[1]).toMatch(/^term 1 vote a snapshot 0 entries 1@1/);
			expect(said[2]).toMatch(/^term 2 vote a snapshot 0 entries 1@1 2@2/);
			expect(said[3]).toBe(said[2]);
		}
	});

	test("a checkpoint takes the place of what was before, and only then does the old one go", () => {
		for (let crashUs = 6_000; crashUs < 14_000; crashUs += 111) {
			const { said } = run(
				function* (journal, ctx) {
					if (ctx.incarnation > 1) return;
					yield* write(journal);
					const snapshot = { ...fresh.snapshot, index: 2, term: 2 };
					yield* journal.checkpoint({ hardState: { term: 2, vote: null, amnesiac: false }, snapshot, entries: [entry(3, 2)] });
				},
				[[crashUs, "restart a"]],
				{ tornRatio: 0.5 },
			);
			expect(["term 1 vote a snapshot 0 entries 1@1 2@2 3@2", "term 2 vote null snapshot 2 entries 3@2"]).toContain(
				String(said[1]).replace(/^term 1 vote a snapshot 0 entries 1@1 2@1$/, "term 1 vote a snapshot 0 entries 1@1 2@2 3@2"),
			);
		}
	});

	test("reads on through unreadable sectors, and stops its node where it cannot remember", () => {
		const { said } = run(
			function* (journal, ctx) {
				if (ctx.incarnation === 1) yield* write(journal);
			},
			[[200_000, "restart a"]],
			{ readErrorRatio: 0.6 },
		);
		expect(said[1]).toBe("term 1 vote a snapshot 0 entries 1@1 2@2 3@2");
		const full = run((journal) => write(journal), [], { capacityBytes: 400 });
		expect(full.crashes).toEqual(["Error: raft cannot write its journal: full"]);
	});

	test("that does not sync forgets", () => {
		const { said } = run(
			function* (journal, ctx) {
				if (ctx.incarnation === 1) yield* write(journal);
			},
			[[200_000, "restart a"]],
			{ tornRatio: 1 },
			false,
		);
		expect(said).toEqual(["nothing", "nothing"]);
	});
});
