/** The rules of the two elections, one member at a time, as their papers state them. Counts are in elections.test.ts. */
import { describe, expect, test } from "vitest";
import { BullyElection } from "./bully.ts";
import type { ElectionCore, ElectionMessageKind, ElectionOptions } from "./election.ts";
import { RingElection } from "./ring.ts";

/** A member of `members`, its identity its number plus one, and what it says and does. */
function member(make: (options: ElectionOptions) => ElectionCore, me: number, members: number) {
	const did: string[] = [];
	const core = make({
		...{ me, members, identity: me + 1, mistake: "none" },
		port: {
			send: (to, { kind, identity, round }) => did.push(`${kind} ${identity} of round ${round}${to === null ? "" : ` to ${to}`}`),
			await: (what) => did.push(`awaits ${what}`),
			stopWaiting: () => {},
			won: () => did.push("wins"),
			settled: () => {},
		},
	});
	const doing = (act: () => void): readonly string[] => {
		did.length = 0;
		act();
		return [...did];
	};
	const onHearing = (from: number, kind: ElectionMessageKind, round: number, identity: number, hops = 1): readonly string[] =>
		doing(() => core.receive(from, { kind, round, identity, hops }));
	return { core, onHearing, onTimeout: () => doing(() => core.timeout()), onStart: () => doing(() => core.start()) };
}

/** @source Chang and Roberts (1979), the rules of a process that receives a number */
describe("Chang and Roberts", () => {
	const third = () => member((options) => new RingElection(options), 2, 5);

	test("who begins marks itself and sends its own identity on", () => {
		const { onStart, core } = third();
		expect(onStart()).toEqual(["awaits coordinator", "election 3 of round 1"]);
		expect(core.isElecting).toBe(true);
	});

	test("a larger identity is passed on", () => {
		expect(third().onHearing(1, "election", 1, 5)).toEqual(["awaits coordinator", "election 5 of round 1"]);
	});

	test("a smaller one is swallowed by who takes part, and answered with the own by who did not", () => {
		const { onHearing } = third();
		expect(onHearing(1, "election", 1, 2)).toEqual(["awaits coordinator", "election 3 of round 1"]);
		expect(onHearing(1, "election", 1, 1)).toEqual([]);
	});

	test("who gets its own back has won, and says so", () => {
		const { onStart, onHearing, core } = third();
		onStart();
		expect(onHearing(1, "election", 1, 3)).toEqual(["wins", "coordinator 3 of round 1"]);
		expect(core.leader).toBe(3);
	});

	test("the news is passed on by everybody but its sender, and ends the part that one takes", () => {
		const { onStart, onHearing, core } = third();
		onStart();
		expect(onHearing(1, "coordinator", 1, 5, 2)).toEqual(["coordinator 5 of round 1"]);
		expect([core.leader, core.isElecting]).toEqual([5, false]);
		expect(onHearing(1, "coordinator", 1, 3)).toEqual([]);
	});

	test("news that has been everywhere goes no farther, though its sender is gone", () => {
		expect(third().onHearing(1, "coordinator", 1, 5, 5)).toEqual([]);
	});
});

/** @source Garcia-Molina (1982), section III, and Tanenbaum and van Steen, 6.5 */
describe("the bully", () => {
	const third = () => member((options) => new BullyElection(options), 2, 5);

	test("who begins asks all that are higher, and none that are lower", () => {
		expect(third().onStart()).toEqual(["election 3 of round 1 to 3", "election 3 of round 1 to 4", "awaits answer"]);
	});

	test("who hears no answer in time has won, and tells all that are lower", () => {
		const { onStart, onTimeout } = third();
		onStart();
		expect(onTimeout()).toEqual(["wins", "coordinator 3 of round 1 to 0", "coordinator 3 of round 1 to 1"]);
	});

	test("who is answered leaves it to those that are higher, and waits for the news", () => {
		const { onStart, onHearing, onTimeout } = third();
		onStart();
		expect(onHearing(4, "answer", 1, 5)).toEqual(["awaits coordinator"]);
		// Whoever took over has died: the election is held anew.
		expect(onTimeout()).toEqual(["election 3 of round 2 to 3", "election 3 of round 2 to 4", "awaits answer"]);
	});

	test("who is asked by a lower one tells it to wait and holds an election of its own, once", () => {
		const { onHearing } = third();
		expect(onHearing(0, "election", 1, 1)).toEqual(["answer 3 of round 1 to 0", "election 3 of round 1 to 3", "election 3 of round 1 to 4", "awaits answer"]);
		expect(onHearing(1, "election", 1, 2)).toEqual(["answer 3 of round 1 to 1"]);
	});

	test("the highest asks nobody: it has won as soon as it begins", () => {
		const { onStart } = member((options) => new BullyElection(options), 4, 5);
		expect(onStart()).toEqual(["wins", ...[0, 1, 2, 3].map((lower) => `coordinator 5 of round 1 to ${lower}`)]);
	});

	test("whoever says that it leads is believed", () => {
		const { onHearing, core } = third();
		expect(onHearing(4, "coordinator", 1, 5)).toEqual([]);
		expect(core.leader).toBe(5);
	});
});
