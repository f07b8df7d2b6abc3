import { describe, expect, test } from "vitest";
import { decode, encode } from "../../shared/codec.ts";
import { SessionMachine } from "./sessions.ts";

/** Answers how often it was told anything. */
function counter() {
	let count = 0;
	const machine = {
		apply: () => ++count,
		save: () => count,
		restore(data: unknown) {
			count = data as number;
		},
	};
	return { sessions: new SessionMachine(machine), count: () => count };
}

const run = (session: number, sequence: number, answered = 0) => ({ kind: "run", session, sequence, answered, command: null }) as const;

describe("a session", () => {
	test("runs a command once, however often it comes, and answers the same each time (thesis 6.3)", () => {
		const { sessions, count } = counter();
		sessions.apply(7, { kind: "open" });
		expect(sessions.apply(8, run(7, 1))).toEqual({ kind: "answer", value: 1 });
		expect(sessions.apply(9, run(7, 1))).toEqual({ kind: "answer", value: 1 });
		expect(sessions.apply(10, run(7, 2))).toEqual({ kind: "answer", value: 2 });
		expect(count()).toBe(2);
	});

	test("does not run again what the client has its answer to (thesis 6.3)", () => {
		const { sessions, count } = counter();
		sessions.apply(1, { kind: "open" });
		sessions.apply(2, run(1, 1));
		sessions.apply(3, run(1, 2, 1));
		sessions.apply(4, run(1, 1));
		expect(count()).toBe(2);
	});

	test("takes commands under way side by side in any order (thesis 6.3)", () => {
		const { sessions } = counter();
		sessions.apply(1, { kind: "open" });
		expect(sessions.apply(2, run(1, 3))).toEqual({ kind: "answer", value: 1 });
		expect(sessions.apply(3, run(1, 2))).toEqual({ kind: "answer", value: 2 });
		expect(sessions.apply(4, run(1, 3))).toEqual({ kind: "answer", value: 1 });
	});

	test("that nobody opened, or that was least used of a thousand, is expired (thesis 6.3)", () => {
		const { sessions, count } = counter();
		for (let index = 1; index <= 1_001; index++) sessions.apply(index, { kind: "open" });
		expect(sessions.apply(2_000, run(1, 1))).toEqual({ kind: "expired" });
		expect(sessions.apply(2_001, run(5_000, 1))).toEqual({ kind: "expired" });
		expect(sessions.apply(2_002, run(2, 1)).kind).toBe("answer");
		expect(count()).toBe(1);
	});

	test("is part of the state: a server that was restored knows it (thesis 6.3)", () => {
		const first = counter();
		first.sessions.apply(1, { kind: "open" });
		first.sessions.apply(2, run(1, 1));
		const second = counter();
		second.sessions.restore(decode(encode(first.sessions.save())));
		expect(second.sessions.apply(3, run(1, 1))).toEqual({ kind: "answer", value: 1 });
		expect(second.count()).toBe(1);
	});
});
