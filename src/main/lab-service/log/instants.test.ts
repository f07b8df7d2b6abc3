/** Whatever was looked at before, an instant is what a fold from the beginning makes of it, and costs a bounded part of the log. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MemoryLog } from "../../../../test/support/memory-log.ts";
import { registry } from "../../../os/registry.ts";
import { recordKindWord } from "../../../shared/event-record.ts";
import { eventSchema } from "../../../shared/event-schema.ts";
import { storedKinds } from "../../../shared/session.ts";
import type { StoredEvent } from "../../store/reader.ts";
import { InstantViews } from "./instants.ts";
import type { OpenLog } from "./place.ts";

const fromTheBeginning = (log: OpenLog, atUs: number, names: readonly number[]): unknown => ({
	...new InstantViews(log, registry).at(log, atUs),
	board: new InstantViews(log, registry).board(log, { atUs, names }),
});

const runs = [
	["front-door", { untilUs: 3_000_000, story: ["1s crash web-3", "1500ms clock web-1 +2s", "2s heal all"] }],
	["elections", { untilUs: 6_000_000 }],
	["bank-snapshot", {}],
	["clock-sync", { untilUs: 20_000_000 }],
	["deadlock", { untilUs: 4_000_000 }],
	["causal-broadcast", { variant: "plain" }],
	["causal-broadcast", { variant: "lossy" }],
] as const;

describe.each(runs)("looking back in %s", (lab, wishes) => {
	const log = new MemoryLog(lab, wishes);
	const names = log.kernel.plan.names.map((_, index) => index);

	test("gives what a fold from the beginning gives, in any order, while the log grows", () => {
		const look = fc.record({ grown: fc.integer({ min: 0, max: 400 }), part: fc.integer({ min: 0, max: 1_100 }), exact: fc.boolean() });
		fc.assert(
			fc.property(fc.array(look, { minLength: 1, maxLength: 8 }), fc.integer({ min: 20, max: 400 }), (looks, spacingEvents) => {
				let seen = Math.ceil(log.events.length / 4);
				const views = new InstantViews(log.open(seen), registry, { spacingEvents, copiesMax: 6 });
				for (const { grown, part, exact } of looks) {
					seen = Math.min(log.events.length, seen + (grown > 300 ? log.events.length : grown));
					const open = log.open(seen);
					const atUs = exact ? log.atUs(Math.min(seen - 1, Math.floor((seen * part) / 1_000))) : Math.floor((log.endUs * part) / 1_000);
					const told = { ...views.at(open, atUs), board: views.board(open, { atUs, names }) };
					expect(told).toEqual(fromTheBeginning(open, atUs, names));
				}
			}),
			{ seed: 9, numRuns: 15 },
		);
	});
});

test("a log of which not every event is stored tells faults by their places in the log, from any copy", () => {
	const log = new MemoryLog("front-door", { untilUs: 3_000_000, story: ["1s crash web-3", "2s restart web-3"] });
	const stored = storedKinds("messages");
	const open = log.open(undefined, ({ words, start }) => stored[words[start + recordKindWord] as number] === 1);
	const views = new InstantViews(open, registry, { spacingEvents: 100, copiesMax: 8 });
	for (const atUs of [log.endUs, 2_500_000, 1_500_000]) {
		const { faults, events } = views.at(open, atUs).view;
		expect(faults.length).toBeGreaterThan(0);
		for (const { index, kind } of faults) {
			const event = log.events[index] as StoredEvent;
			expect(eventSchema[kind].id).toBe(event.words[event.start + recordKindWord]);
		}
		expect(events).toBeGreaterThan(Math.max(...faults.map(({ index }) => index)));
	}
});

test("a variant that breaks an invariant broke it at that event, and not before", () => {
	const log = new MemoryLog("causal-broadcast", { variant: "plain" });
	const open = log.open();
	const views = new InstantViews(open, registry, { spacingEvents: 64, copiesMax: 32 });
	const end = views.at(open, log.endUs).checks.find(({ ok }) => !ok);
	const broken = end?.evidence[0];
	expect(broken).toBeDefined();
	const stateAt = (atUs: number): boolean | undefined => views.at(open, atUs).checks.find(({ id }) => id === end?.id)?.ok;
	expect([stateAt((broken?.atUs ?? 0) - 1), stateAt(broken?.atUs ?? 0)]).toEqual([true, false]);
});

test("once the end was seen, any instant costs a bounded number of events", () => {
	const log = new MemoryLog("front-door", { untilUs: 4_000_000 });
	const times = log.events.map((_, index) => log.atUs(index));
	const open = log.open();
	const views = new InstantViews(open, registry, { spacingEvents: 64, copiesMax: 32 });
	views.at(open, log.endUs);
	const spacing = Math.max(64, (2 * log.events.length) / 32);
	expect(log.events.length).toBeGreaterThan(10 * spacing);
	for (let i = 0; i < 60; i++) {
		log.read = 0;
		const atUs = (i * 7_919_017) % log.endUs;
		const { flights } = views.at(open, atUs);
		// A look ahead, for what becomes of messages under way, and the event that is one too many.
		const aheadUs = Math.max(atUs, ...flights.map(({ arrivesUs }) => arrivesUs));
		const ahead = times.filter((us) => us > atUs && us <= aheadUs).length;
		expect(log.read).toBeLessThanOrEqual(spacing + ahead + 4);
	}
});
