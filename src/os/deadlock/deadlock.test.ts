import { describe, expect, test } from "vitest";
import { runService, type ServiceRun, type ServiceRunOptions } from "../../../test/support/service-run.ts";
import { readDeadlockConfig } from "./config.ts";
import { deadlockDefinition } from "./deadlock.ts";
import { EdgeChaser, type Probe, type Waiting } from "./edge-chasing.ts";
import { Lock } from "./lock-table.ts";

/** Member i holds resource i and waits for resource i + 1, whose holder is member i + 1, round to the first. */
function ringOf(length: number) {
	const queue: { to: number; probe: Probe }[] = [];
	const found: { member: number; length: number }[] = [];
	let sent = 0;
	const waitings = Array.from({ length }, (_, member): Waiting => ({ wait: 1, resource: (member + 1) % length, holder: (member + 1) % length }));
	const chasers = waitings.map(
		(_, member) =>
			new EdgeChaser(member, {
				send: (to, probe) => {
					sent++;
					queue.push({ to, probe });
				},
				found: (ring) => found.push({ member, length: ring }),
			}),
	);
	const begin = (member: number, broken = -1) => {
		chasers[member]?.begin(waitings[member] as Waiting);
		for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
			chasers[next.to]?.receive(next.probe, { holds: new Set([next.to]), waiting: next.to === broken ? null : (waitings[next.to] as Waiting) });
		}
	};
	return { begin, found, sent: () => sent };
}

describe("edge chasing", () => {
	test.each([2, 3, 5, 20])("a ring of %i is found by its highest member, with as many probes as it has edges", (length) => {
		const ring = ringOf(length);
		ring.begin(length - 1);
		expect(ring.found).toEqual([{ member: length - 1, length }]);
		expect(ring.sent()).toBe(length);
	});

	test("where all begin, one finds it, with n(n+1)/2 probes on this ring at most", () => {
		const ring = ringOf(5);
		for (let member = 0; member < 5; member++) ring.begin(member);
		expect(ring.found).toEqual([{ member: 4, length: 5 }]);
		expect(ring.sent()).toBeLessThanOrEqual(15);
	});

	test("a probe stops at a member that does not wait", () => {
		const ring = ringOf(5);
		ring.begin(4, 2);
		expect(ring.found).toEqual([]);
	});

	test("a probe about a resource that is not held any more is old news", () => {
		const found: number[] = [];
		const chaser = new EdgeChaser(1, { send: () => found.push(0), found: (length) => found.push(length) });
		const waiting: Waiting = { wait: 1, resource: 0, holder: 0 };
		chaser.receive({ initiator: 3, wait: 1, resource: 1, hops: 2 }, { holds: new Set(), waiting });
		chaser.receive({ initiator: 1, wait: 9, resource: 1, hops: 2 }, { holds: new Set([1]), waiting });
		expect(found).toEqual([]);
	});
});

test("a lock serves first come first, and tells those who wait whom they wait for", () => {
	const said: string[] = [];
	const lock = new Lock({
		grant: (member) => said.push(`grant ${member}`),
		holder: (member, _wait, holder) => said.push(`${member} waits for ${holder}`),
	});
	lock.request(1, 1);
	lock.request(2, 1);
	lock.request(3, 1);
	lock.release(1);
	lock.release(3);
	lock.release(2);
	expect(said).toEqual(["grant 1", "2 waits for 1", "3 waits for 1", "grant 2", "3 waits for 2"]);
	expect(lock.holder).toBeNull();
});

const seeds = [1, 2, 3, 4, 5];

function run(options: Partial<ServiceRunOptions>): ServiceRun {
	return runService({
		definition: deadlockDefinition,
		count: 5,
		physics: { jitter: { kind: "uniform", maxUs: 3_000 }, fifo: true },
		untilUs: 20_000_000,
		...options,
	});
}

const done = (result: ServiceRun) => [1, 2, 3, 4, 5].reduce((sum, number) => sum + (result.inspect(`n${number}`).done as number), 0);

test.each([2, 3])("members that take %i resources each fall into deadlock, find it, and finish all their work", (resources) => {
	for (const seed of seeds) {
		const result = run({ seed, config: { resources, patience: "60ms" } });
		expect(result.exceptions).toEqual([]);
		expect(result.facts("deadlock.found").length).toBeGreaterThan(0);
		for (const name of ["noneImagined", "noneLeft", "probesAsInTheBook"]) expect(`${name}: ${result.broken(`deadlock.${name}`)}`).toBe(`${name}: null`);
		expect(done(result)).toBe(100);
	}
});

test("no deadlock is imagined in forty crowded runs", () => {
	for (let seed = 1; seed <= 40; seed++) {
		const result = run({ seed, config: { think: "0us", hold: "5ms", patience: "20ms", resources: 3 }, untilUs: 2_000_000 });
		expect(`seed ${seed}: ${result.broken("deadlock.noneImagined")}`).toBe(`seed ${seed}: null`);
	}
});

test("resources taken in ascending order never end in deadlock (Havender 1968)", () => {
	for (const seed of seeds) {
		const result = run({ seed, config: { lockOrder: "ascending", detector: "off" } });
		expect(result.broken("deadlock.noneLeft")).toBeNull();
		expect(done(result)).toBe(100);
	}
});

describe("each rule is there for something", () => {
	test("where nobody looks, deadlocks stand", () => {
		for (const seed of seeds) expect(run({ seed, config: { detector: "off" } }).broken("deadlock.noneLeft")).not.toBeNull();
	});

	test("whoever takes a long wait for a deadlock imagines some", () => {
		for (const seed of seeds) expect(run({ seed, config: { detector: "timeout", patience: "30ms" } }).broken("deadlock.noneImagined")).not.toBeNull();
	});
});

test("the configuration is refused with what was expected", () => {
	expect(() => readDeadlockConfig({ detector: "probe" })).toThrow("deadlock: detector must be one of probes, timeout, off");
});
