/** Each algorithm by itself, a member at a time, against the words of its paper. */
import { describe, expect, test } from "vitest";
import type { MutexCore, MutexMessageKind, MutexPort } from "./algorithm.ts";
import { CentralMutex } from "./central.ts";
import { MaekawaMutex } from "./maekawa.ts";
import { RicartAgrawalaMutex } from "./ricart-agrawala.ts";
import { TokenRingMutex } from "./token-ring.ts";

/** What a member does upon each thing that happens to it: `in`, or `kind number to whom`. */
interface Heard {
	wants(): readonly string[];
	leaves(): readonly string[];
	hears(from: number, kind: MutexMessageKind, number: number, idleHops?: number): readonly string[];
}

function heard(make: (port: MutexPort) => MutexCore): Heard {
	const did: string[] = [];
	const core = make({
		send: (to, { kind, number, idleHops }) => did.push(`${kind} ${number}${idleHops === undefined ? "" : ` after ${idleHops}`} to ${to}`),
		consent: () => {},
		granted: () => did.push("in"),
	});
	const upon = (act: () => void): readonly string[] => {
		did.length = 0;
		act();
		return [...did];
	};
	return {
		wants: () => upon(() => core.request()),
		leaves: () => upon(() => core.release()),
		hears: (from, kind, number, idleHops) => upon(() => core.receive(from, { kind, number, ...(idleHops === undefined ? {} : { idleHops }) })),
	};
}

/** Member 0; of three its quorum is itself and member 1, of seven itself, 1 and 3. */
const maekawa = (members: number): Heard => heard((port) => new MaekawaMutex({ me: 0, members, mistake: "none", port }));

describe("Maekawa's inquiries", () => {
	test("who may still win keeps its votes", () => {
		const { wants, hears } = maekawa(7);
		expect(wants()).toEqual(["request 1 to 1", "request 1 to 3"]);
		expect(hears(1, "grant", 1)).toEqual([]);
		expect(hears(1, "inquire", 1)).toEqual([]);
		expect(hears(3, "grant", 1)).toEqual(["in"]);
	});

	test("who has lost one vote yields those that are asked for, and gets them again", () => {
		const { wants, hears } = maekawa(3);
		expect(hears(2, "request", 1)).toEqual(["grant 1 to 2"]);
		expect(wants()).toEqual(["request 2 to 1"]);
		expect(hears(1, "grant", 2)).toEqual([]);
		expect(hears(1, "inquire", 2)).toEqual(["yield 2 to 1"]);
		expect(hears(2, "release", 1)).toEqual([]);
		expect(hears(1, "grant", 2)).toEqual(["in"]);
	});
});

/** @source Maekawa (1985), section 3, the rules of a member as an arbiter */
describe("Maekawa's arbiter", () => {
	test("gives its vote to the first who asks, and says `failed` to a later request (3, step 2)", () => {
		const { hears } = maekawa(7);
		expect(hears(4, "request", 3)).toEqual(["grant 3 to 4"]);
		expect(hears(6, "request", 5)).toEqual(["failed 5 to 6"]);
		expect(hears(6, "request", 5)).not.toContain("grant 5 to 6");
	});

	test("orders requests by their numbers and then by their members (3, and Lamport's total order)", () => {
		const { hears } = maekawa(7);
		hears(4, "request", 3);
		expect(hears(6, "request", 3)).toEqual(["failed 3 to 6"]);
		expect(hears(2, "request", 3)).toEqual(["inquire 3 to 4"]);
	});

	test("asks for its vote back when an earlier request comes, and does not ask twice (3, step 2, INQUIRE)", () => {
		const { hears } = maekawa(7);
		hears(4, "request", 9);
		expect(hears(6, "request", 5)).toEqual(["inquire 9 to 4"]);
		expect(hears(2, "request", 3)).toEqual(["failed 5 to 6"]);
	});

	test("that gets its vote back gives it to the earliest who waits, and who gave it back waits on (3, step 3, RELINQUISH)", () => {
		const { hears } = maekawa(7);
		hears(4, "request", 9);
		hears(6, "request", 5);
		expect(hears(4, "yield", 9)).toEqual(["grant 5 to 6"]);
		expect(hears(6, "release", 5)).toEqual(["grant 9 to 4"]);
		expect(hears(4, "release", 9)).toEqual([]);
		expect(hears(5, "request", 12)).toEqual(["grant 12 to 5"]);
	});

	test("hears no release and no yield of a request that does not have its vote (3, step 4)", () => {
		const { hears } = maekawa(7);
		hears(4, "request", 2);
		hears(6, "request", 5);
		expect(hears(6, "release", 5)).toEqual([]);
		expect(hears(6, "yield", 5)).toEqual([]);
		expect(hears(4, "release", 1)).toEqual([]);
		expect(hears(4, "release", 2)).toEqual(["grant 5 to 6"]);
	});

	test("says `failed` also to who was to be next and has been overtaken (Sanders 1987)", () => {
		const { hears } = maekawa(7);
		hears(4, "request", 9);
		expect(hears(6, "request", 5)).toEqual(["inquire 9 to 4"]);
		expect(hears(5, "request", 4)).toEqual(["failed 5 to 6"]);
	});
});

describe("Maekawa's requester", () => {
	test("that is in answers an inquiry with its release alone (3, step 3)", () => {
		const { wants, hears } = maekawa(3);
		wants();
		expect(hears(1, "grant", 1)).toEqual(["in"]);
		expect(hears(1, "inquire", 1)).toEqual([]);
	});

	test("keeps an inquiry in mind, and yields as soon as one of its quorum has failed it (3, step 3)", () => {
		const { wants, hears } = maekawa(7);
		wants();
		hears(1, "grant", 1);
		expect(hears(1, "inquire", 1)).toEqual([]);
		expect(hears(3, "failed", 1)).toEqual(["yield 1 to 1"]);
		expect(hears(1, "grant", 1)).toEqual([]);
		expect(hears(3, "grant", 1)).toEqual(["in"]);
	});

	test("does not count a vote of an earlier request of its own", () => {
		const { wants, leaves, hears } = maekawa(7);
		wants();
		hears(1, "grant", 1);
		hears(3, "grant", 1);
		leaves();
		wants();
		hears(1, "grant", 2);
		expect(hears(3, "grant", 1)).toEqual([]);
		expect(hears(3, "grant", 2)).toEqual(["in"]);
	});
});

/** @source Tanenbaum and van Steen, 6.3, a centralized algorithm */
describe("the central coordinator", () => {
	const coordinator = (): Heard => heard((port) => new CentralMutex({ me: 0, members: 4, mistake: "none", port }));

	test("grants at once when nobody is in, and else when those before have left, in the order of asking", () => {
		const { hears } = coordinator();
		expect(hears(2, "request", 1)).toEqual(["grant 1 to 2"]);
		expect(hears(3, "request", 1)).toEqual([]);
		expect(hears(1, "request", 7)).toEqual([]);
		expect(hears(2, "release", 1)).toEqual(["grant 1 to 3"]);
		expect(hears(3, "release", 1)).toEqual(["grant 7 to 1"]);
		expect(hears(1, "release", 7)).toEqual([]);
	});

	test("is not misled by a release that comes twice, or from one who is not in", () => {
		const { hears } = coordinator();
		hears(2, "request", 1);
		hears(3, "request", 1);
		expect(hears(3, "release", 1)).toEqual([]);
		expect(hears(2, "release", 1)).toEqual(["grant 1 to 3"]);
		expect(hears(2, "release", 1)).toEqual([]);
	});
});

/** @source Le Lann (1977) */
describe("the token", () => {
	const holder = (): Heard => heard((port) => new TokenRingMutex({ me: 1, members: 3, mistake: "none", port }));

	test("is passed on at once by who does not want in, and kept by who does until it leaves", () => {
		const { wants, leaves, hears } = holder();
		expect(hears(0, "token", 4, 3)).toEqual(["token 5 after 4 to 2"]);
		expect(wants()).toEqual([]);
		expect(hears(0, "token", 7, 3)).toEqual(["in"]);
		expect(leaves()).toEqual(["token 8 after 1 to 2"]);
	});

	test("that comes a second time is an old one, and thrown away", () => {
		const { wants, hears } = holder();
		hears(0, "token", 4, 0);
		wants();
		expect(hears(0, "token", 4, 0)).toEqual([]);
	});
});

/** @source Ricart and Agrawala (1981), section 2 */
describe("Ricart and Agrawala's member", () => {
	const member = (): Heard => heard((port) => new RicartAgrawalaMutex({ me: 1, members: 3, mistake: "none", port }));

	test("that does not want in answers at once", () => {
		const { hears } = member();
		expect(hears(0, "request", 7)).toEqual(["reply 7 to 0"]);
	});

	test("asks with a number higher than any it has seen, and is in with the last of all answers", () => {
		const { wants, hears } = member();
		hears(0, "request", 7);
		expect(wants()).toEqual(["request 8 to 0", "request 8 to 2"]);
		expect(hears(0, "reply", 8)).toEqual([]);
		expect(hears(0, "reply", 8)).toEqual([]);
		expect(hears(2, "reply", 8)).toEqual(["in"]);
	});

	test("that wants in lets an earlier request go first and defers a later one until it leaves", () => {
		const { wants, leaves, hears } = member();
		wants();
		expect(hears(0, "request", 1)).toEqual(["reply 1 to 0"]);
		expect(hears(2, "request", 1)).toEqual([]);
		hears(0, "reply", 1);
		expect(hears(2, "reply", 1)).toEqual(["in"]);
		expect(hears(0, "request", 2)).toEqual([]);
		expect(leaves()).toEqual(["reply 1 to 2", "reply 2 to 0"]);
	});
});
