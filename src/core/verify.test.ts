import { describe, expect, test } from "vitest";
import { registryOf, service, tinyPlan } from "../../test/support/tiny-plan.ts";
import { readUs, recordAtWord, recordLengthWord } from "../shared/event-record.ts";
import type { Plan } from "../shared/plan.ts";
import { InlineExecutor } from "./inline-executor.ts";
import { Kernel, type RecordedCommand } from "./kernel.ts";
import { blockEvents } from "./log-sink.ts";
import type { Message, NodeContext } from "./node-api.ts";
import { digestBytes, type RecordedRun, type Verification, Verifier } from "./verify.ts";

const echo = service("echo", ["say"], (ctx: NodeContext) => ({ on: { say: (message: Message) => ctx.reply(message, ctx.random.below(1_000)) } }));
const caller = service("caller", ["say", "tick"], (ctx: NodeContext) => ({
	boot: () =>
		void ctx.every(1_000, "tick", function* () {
			yield* ctx.call("b", "say", null, { timeoutUs: 5_000 });
		}),
}));
const registry = registryOf(echo, caller);
const plan = tinyPlan(
	{
		nodes: { a: { services: ["caller"] }, b: { services: ["echo"] } },
		physics: { jitter: { kind: "uniform", maxUs: 500 } },
		untilUs: 800_000,
		story: [[300_000, "crash b"]],
	},
	registry,
);
const commands: readonly RecordedCommand[] = [{ atUs: 500_000, line: "restart b", origin: "user" }];

interface Recorded extends RecordedRun {
	/** Every record, by its index. */
	readonly records: readonly string[];
}

/** Records a run, cut off after so many events if told so. */
function record({ seed = 1, eventsMax = Number.POSITIVE_INFINITY, of = plan }: { seed?: number; eventsMax?: number; of?: Plan } = {}): Recorded {
	const kernel = new Kernel({ plan: of, seed, executor: new InlineExecutor(registry), commands });
	const digests: string[] = [];
	const records: string[] = [];
	let lastUs = 0;
	kernel.log.observe({
		onEvent(words, start, index) {
			if (index >= eventsMax) return;
			records.push(words.subarray(start, start + (words[start + recordLengthWord] as number)).join(" "));
			digests[Math.floor(index / blockEvents)] = kernel.log.digest();
			lastUs = readUs(words, start + recordAtWord);
		},
	});
	kernel.advance({ untilUs: of.untilUs });
	const finished = eventsMax === Number.POSITIVE_INFINITY;
	return {
		plan: of,
		seed,
		commands,
		eventCount: records.length,
		untilUs: finished ? of.untilUs : lastUs,
		finished,
		digests: Uint8Array.from(Buffer.from(digests.join(""), "hex")),
		records,
	};
}

function verify(recorded: RecordedRun, windows = 64): Verification {
	const verifier = new Verifier(recorded, new InlineExecutor(registry));
	for (;;) {
		const verification = verifier.advance(windows);
		if (verification !== null) return verification;
	}
}

function recordsOf(words: Int32Array): string[] {
	const records: string[] = [];
	for (let start = 0; start < words.length; start += words[start + recordLengthWord] as number)
		records.push(words.subarray(start, start + (words[start + recordLengthWord] as number)).join(" "));
	return records;
}

describe("a recorded run", () => {
	const whole = record();

	test("is long enough for these tests to mean something", () => {
		expect(whole.eventCount).toBeGreaterThan(2 * blockEvents);
		expect(whole.eventCount % blockEvents).not.toBe(0);
	});

	test("that is what its plan, seed and commands give is the same, however the re-execution is sliced", () => {
		const digest = Buffer.from(whole.digests.subarray(-digestBytes)).toString("hex");
		for (const windows of [1, 7, 100_000]) expect(verify(whole, windows)).toMatchObject({ kind: "same", events: whole.eventCount, digest });
	});

	test.each([1, 2, 700, blockEvents - 1, blockEvents, blockEvents + 1, 2 * blockEvents, 2 * blockEvents + 77])(
		"broken off after %i events is the same up to there",
		(eventsMax) => {
			expect(verify(record({ eventsMax }))).toMatchObject({ kind: "same", events: eventsMax });
		},
	);

	test.each([700, blockEvents + 300])("broken off after %i events in a block that is not full, and of another seed, differs there", (eventsMax) => {
		const verification = verify({ ...record({ eventsMax }), digests: record({ eventsMax, seed: 2 }).digests });
		expect(verification.kind).toBe("differs");
	});

	test("broken off whose last, open block was altered differs in it", () => {
		const cut = record({ eventsMax: blockEvents + 300 });
		const digests = cut.digests.slice();
		digests[digestBytes] = (digests[digestBytes] as number) ^ 1;
		expect(verify({ ...cut, digests })).toMatchObject({ kind: "differs", firstIndex: blockEvents, eventCount: 300 });
	});

	test("broken off before its first event is the same", () => {
		expect(verify({ ...whole, eventCount: 0, untilUs: 0, finished: false, digests: new Uint8Array(0) })).toMatchObject({ kind: "same", events: 0 });
	});

	test("of another seed differs, and the block where it begins comes back", () => {
		const verification = verify({ ...whole, seed: 2 });
		expect(verification).toMatchObject({ kind: "differs", firstIndex: 0, eventCount: blockEvents });
		if (verification.kind !== "differs") return;
		expect(recordsOf(verification.words)).toEqual(record({ seed: 2 }).records.slice(0, blockEvents));
	});

	test.each([0, 1, 2])("with an altered chain value differs in that block (%i)", (block) => {
		const digests = whole.digests.slice();
		digests[block * digestBytes + 5] = (digests[block * digestBytes + 5] as number) ^ 1;
		const verification = verify({ ...whole, digests });
		expect(verification).toMatchObject({
			kind: "differs",
			firstIndex: block * blockEvents,
			eventCount: Math.min(blockEvents, whole.eventCount - block * blockEvents),
		});
		if (verification.kind !== "differs") return;
		expect(recordsOf(verification.words)[0]).toBe(whole.records[block * blockEvents]);
	});

	test("without one of its commands differs from there on", () => {
		const verification = verify({ ...whole, commands: [] });
		const firstAfter = whole.records.findIndex((words) => Number(words.split(" ")[2]) === 500_000);
		expect(verification.kind).toBe("differs");
		if (verification.kind !== "differs") return;
		expect(verification.firstIndex).toBe(Math.floor(firstAfter / blockEvents) * blockEvents);
	});

	test("that claims to be finished and is not, or the other way round, has another length", () => {
		const cut = record({ eventsMax: 700 });
		const longer = verify({ ...cut, finished: true, untilUs: plan.untilUs });
		expect(longer).toMatchObject({ kind: "otherLength", recordedEvents: 700 });
		const early = verify({ ...whole, untilUs: 400_000 });
		expect(early.kind).toBe("otherLength");
		if (early.kind === "otherLength") expect(early.repeatedEvents).toBeLessThan(whole.eventCount);
	});

	test("has its checks judged anew", () => {
		const checked = record({ of: { ...plan, checks: [{ id: "calm", expression: "crashes of * == 0", shows: "Nobody crashes." }] } });
		const verification = verify(checked);
		expect(verification.kind === "same" && verification.verdicts.map(({ id, ok }) => [id, ok])).toEqual([["calm", false]]);
	});
});
