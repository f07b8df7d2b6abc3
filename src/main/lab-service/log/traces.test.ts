import { describe, expect, test } from "vitest";
import { MemoryLog } from "../../../../test/support/memory-log.ts";
import type { CallReply, CallRequest } from "../../../shared/contract/calls.ts";
import { kindId, offsetOf, readUs } from "../../../shared/event-record.ts";
import { spanStatuses } from "../../../shared/event-schema.ts";
import { TraceFold } from "./traces.ts";

const second = 1_000_000;

describe("requests of a stretch of time", () => {
	const log = new MemoryLog("front-door", { untilUs: 5 * second, story: ["3500ms crash web-*"] });
	const range = { fromUs: second, toUs: 4 * second };

	/** What the log says of first spans, by hand. */
	const roots = new Map<number, { readonly startedUs: number; finishedUs: number; status: string }>();
	for (const { index, words, start } of log.events) {
		const word = (kind: "spanStarted" | "spanFinished", field: string): number => words[start + offsetOf(kind, field as never)] as number;
		if (words[start] === kindId("spanStarted") && word("spanStarted", "parentSequence") === 0)
			roots.set(word("spanStarted", "spanSequence"), { startedUs: log.atUs(index), finishedUs: -1, status: "open" });
		else if (words[start] === kindId("spanFinished")) {
			const root = roots.get(word("spanFinished", "spanSequence"));
			const startedUs = readUs(words, start + offsetOf("spanFinished", "startedUs"));
			if (root === undefined || root.startedUs !== startedUs || root.finishedUs >= 0) continue;
			[root.finishedUs, root.status] = [log.atUs(index), spanStatuses[word("spanFinished", "status")] ?? ""];
		}
	}
	const began = [...roots.values()].filter(({ startedUs }) => startedUs >= range.fromUs && startedUs <= range.toUs);

	function ask(order: CallRequest<"log.traces">["order"], limit: number): CallReply<"log.traces"> {
		const fold = new TraceFold({ ...range, order, limit });
		for (const event of log.events) if (log.atUs(event.index) >= range.fromUs && fold.take(event)) break;
		return fold.answer();
	}

	test("are counted whole, however few are told", () => {
		expect(began.length).toBeGreaterThan(1_000);
		expect(ask("latest", 10)).toMatchObject({ count: began.length, truncated: false });
		expect(ask("latest", 10).traces).toHaveLength(10);
	});

	test("come latest first: those next to the instant that is looked at are there", () => {
		const startsUs = ask("latest", 200).traces.map(({ startedUs }) => startedUs);
		expect(startsUs).toEqual(
			began
				.map(({ startedUs }) => startedUs)
				.sort((a, b) => b - a)
				.slice(0, 200),
		);
	});

	test("come slowest first, those that never finished before all others", () => {
		const took = ({ startedUs, finishedUs }: { readonly startedUs: number; readonly finishedUs: number }): number =>
			finishedUs < 0 ? Number.POSITIVE_INFINITY : finishedUs - startedUs;
		const slowest = ask("slowest", 500).traces.map(took);
		expect(slowest).toEqual(
			began
				.map(took)
				.sort((a, b) => b - a)
				.slice(0, 500),
		);
		expect(new Set(slowest).size).toBeGreaterThan(20);
	});

	test("that failed are told alone", () => {
		const failed = began.filter(({ status }) => status === "error");
		expect(failed.length).toBeGreaterThan(0);
		const { traces, count } = ask("failed", 500);
		expect(count).toBe(failed.length);
		expect(traces.map(({ startedUs }) => startedUs)).toEqual(
			failed
				.map(({ startedUs }) => startedUs)
				.sort((a, b) => b - a)
				.slice(0, 500),
		);
		expect(new Set(traces.map(({ status }) => status))).toEqual(new Set(["error"]));
	});
});
