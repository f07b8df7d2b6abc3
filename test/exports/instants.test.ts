/** Several instants of one reading are what each is alone; and which instants of a run are worth a picture. */
import { describe, expect, test } from "vitest";
import { type Instant, instantOf, instantsOf } from "../../src/main/export/instants.ts";
import { type Interest, keyInstants } from "../../src/main/export/report-moments.ts";
import { MemorySource } from "../support/memory-source.ts";
import { logEvent, playSyntheticRun } from "../synthetic-run.ts";

function finish<Result>(work: Generator<"", Result>): Result {
	for (let step = work.next(); ; step = work.next()) if (step.done === true) return step.value;
}

describe("instants of one reading", () => {
	const source = new MemorySource();
	playSyntheticRun(source.log, { eventCount: 3_000 });
	const sent = { name: 1, expects: 0, inReplyTo: 0, traceNode: -1, traceSequence: 0, spanNode: -1, spanSequence: 0, to: 1 };
	const lastUs = source.log.lastUs;
	// Two copies, of which one arrives, and a message that nobody knows the end of.
	logEvent(source.log, "messageSent", { atUs: lastUs + 1, node: 0 }, { ...sent, sequence: 1_000_001 }, null);
	logEvent(source.log, "messageDuplicated", { atUs: lastUs + 2, node: 0 }, { sequence: 1_000_001, copy: 1, link: 0 });
	logEvent(source.log, "messageDelivered", { atUs: lastUs + 9, node: 1 }, { from: 0, sequence: 1_000_001, copy: 1, name: 1, inReplyTo: 0, sentUs: lastUs + 1 });
	logEvent(source.log, "messageSent", { atUs: lastUs + 10, node: 0 }, { ...sent, sequence: 1_000_002 }, null);

	test("are what each of them is alone, whatever lies between them", () => {
		const instantsUs = [0, 1, 20_000, 20_001, Math.floor(lastUs / 2), lastUs, lastUs + 5, lastUs + 50];
		const together = finish(instantsOf(source, { instantsUs }));
		expect(together).toEqual(instantsUs.map((atUs) => finish(instantOf(source, { atUs }))));
		expect(together.some(({ flights }) => flights.length > 0)).toBe(true);
	});

	test("tell what became of each copy that was under way, and of what nobody knows it", () => {
		const fates = ({ flights }: Instant): readonly string[] => flights.filter(({ enteredUs }) => enteredUs > lastUs).map(({ fate }) => fate);
		expect(fates(finish(instantOf(source, { atUs: lastUs + 5 })))).toEqual(["delivered", "unknown"]);
		expect(fates(finish(instantOf(source, { atUs: lastUs + 10 })))).toEqual(["unknown", "unknown"]);
	});
});

describe("instants worth a picture", () => {
	const fault = (atUs: number): { readonly atUs: number; readonly said: readonly string[] } => ({ atUs, said: [`broke at ${atUs}.`] });
	const interest = (changes: Partial<Interest>): Interest => ({
		story: { faultInstants: [], faultInstantsLeft: 0 },
		breaches: [],
		nodeCount: 7,
		filter: {},
		endUs: 1_000,
		wishes: {},
		...changes,
	});
	const shown = (changes: Partial<Interest>): readonly (readonly [number, string, string])[] =>
		keyInstants(interest(changes)).instants.map(({ atUs, why, said }) => [atUs, why, said]);

	test("are the end alone where nothing went wrong", () => {
		expect(shown({})).toEqual([[1_000, "The end", ""]]);
	});

	test("are in the order of time, none twice, none outside of what is shown", () => {
		const story = { faultInstants: [fault(0), fault(100), fault(400), fault(1_000)], faultInstantsLeft: 0 };
		expect(shown({ story, breaches: [{ check: "calm", atUs: 400, text: "a client saw it" }], wishes: { atUs: 250 } })).toEqual([
			[0, "The first fault", "broke at 0."],
			[100, "Fault 2", "broke at 100."],
			[250, "The instant that was asked for", ""],
			[400, "Fault 3", "broke at 400. The check calm breaks. a client saw it"],
			[1_000, "The end", "broke at 1000."],
		]);
		expect(shown({ story, filter: { fromUs: 100 }, endUs: 300, breaches: [{ check: "calm", atUs: 400, text: "" }] })).toEqual([
			[100, "Fault 2", "broke at 100."],
			[300, "The end", ""],
		]);
		expect(shown({ story, filter: { fromUs: 50 } })[0]).toEqual([99, "Before fault 2", ""]);
		expect(shown({ story: { faultInstants: [fault(7)], faultInstantsLeft: 0 } })[0]).toEqual([6, "Before the first fault", ""]);
	});

	test("are bounded, and it is said how many have none", () => {
		const story = { faultInstants: Array.from({ length: 500 }, (_, i) => fault(i + 1)), faultInstantsLeft: 12 };
		const { instants, left } = keyInstants(interest({ story }));
		expect([instants.length, left]).toEqual([8, 506]);
		const large = keyInstants(interest({ story, nodeCount: 200 }));
		expect([large.instants.length, large.left]).toEqual([4, 510]);
	});
});
