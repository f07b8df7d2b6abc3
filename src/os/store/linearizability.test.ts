import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Call, explain, type RegisterOperation } from "./linearizability.ts";

const never = Number.POSITIVE_INFINITY;
const call = (calledUs: number, answeredUs: number, operation: RegisterOperation): Call => ({
	operation,
	calledUs,
	answeredUs,
	label: `${operation.kind} at ${calledUs}`,
});
const write = (from: number, to: number, value: string | null): Call => call(from, to, { kind: "write", value });
const read = (from: number, to: number, value: string | null): Call => call(from, to, { kind: "read", value });
const swap = (from: number, to: number, expected: string, value: string, succeeded?: boolean): Call =>
	call(from, to, { kind: "swap", expected, value, succeeded });

describe("a history is explained", () => {
	test.each<[string, Call[]]>([
		["nothing", []],
		["a read of nothing", [read(0, 1, null)]],
		["a read while the write is under way, of the old and then of the new", [write(0, 10, "x"), read(1, 2, null), read(3, 4, "x")]],
		["two writes at once, read in either order", [write(0, 10, "x"), write(0, 10, "y"), read(11, 12, "x")]],
		["a write without an answer that took effect", [write(0, never, "x"), read(5, 6, null), read(7, 8, "x")]],
		["a write without an answer that never did", [write(0, never, "x"), read(5, 6, null), read(70, 80, null)]],
		["a swap that won and one that lost", [write(0, 1, "x"), swap(2, 9, "x", "y", true), swap(2, 9, "x", "z", false), read(10, 11, "y")]],
		["intervals that touch at an instant overlap", [write(0, 5, "x"), read(5, 6, null)]],
	])("%s", (_what, calls) => {
		expect(explain(calls)).toEqual({ kind: "explained" });
	});
});

describe("a history is impossible", () => {
	test.each<[string, Call[]]>([
		["a lost write", [write(0, 1, "x"), read(2, 3, null)]],
		["a read of the past", [write(0, 1, "x"), write(2, 3, "y"), read(4, 5, "x")]],
		["a read that goes back behind another", [write(0, 10, "x"), read(1, 2, "x"), read(3, 4, null)]],
		["a value that nobody wrote", [read(0, 1, "x")]],
		["two swaps that both won", [write(0, 1, "x"), swap(2, 9, "x", "y", true), swap(2, 9, "x", "z", true)]],
		["a swap that lost for no reason", [write(0, 1, "x"), swap(2, 3, "x", "y", false)]],
	])("%s", (_what, calls) => {
		expect(explain(calls).kind).toBe("impossible");
	});
});

test("the answer that nothing explains is named", () => {
	expect(explain([write(0, 1, "x"), read(2, 3, null)])).toEqual({ kind: "impossible", stuck: "read at 2" });
});

test("a search that takes too long says so", () => {
	const calls = Array.from({ length: 30 }, (_, i) => write(0, 100, String(i)));
	expect(explain([...calls, read(101, 102, "nobody's")], 1_000)).toEqual({ kind: "undecided" });
});

/** Every order of the calls that respects real time, tried one by one. */
function bruteForce(calls: readonly Call[], state: string | null = null): boolean {
	if (calls.every(({ answeredUs }) => answeredUs === never)) return true;
	const firstAnswer = Math.min(...calls.map(({ answeredUs }) => answeredUs));
	return calls.some((chosen) => {
		if (chosen.calledUs > firstAnswer) return false;
		const rest = calls.filter((other) => other !== chosen);
		const { operation } = chosen;
		if (operation.kind === "write") return bruteForce(rest, operation.value);
		if (operation.kind === "read") return operation.value === state && bruteForce(rest, state);
		const fits = operation.expected === state;
		if (operation.succeeded !== undefined && operation.succeeded !== fits) return false;
		return bruteForce(rest, fits ? operation.value : state);
	});
}

test("small histories are judged as by trying every order", () => {
	const value = fc.constantFrom("x", "y", null);
	const operation: fc.Arbitrary<RegisterOperation> = fc.oneof(
		fc.record({ kind: fc.constant("read" as const), value }),
		fc.record({ kind: fc.constant("write" as const), value }),
		fc.record({
			kind: fc.constant("swap" as const),
			expected: value,
			value: fc.constantFrom("x", "y"),
			succeeded: fc.constantFrom(true, false, undefined),
		}),
	);
	const anyCall = fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 6 }), operation, fc.boolean()).map(([at, length, what, isLost]) => {
		if (!isLost || what.kind === "read") return call(at, at + length, what);
		return call(at, never, what.kind === "swap" ? { ...what, succeeded: undefined } : what);
	});
	fc.assert(
		fc.property(fc.array(anyCall, { maxLength: 6 }), (calls) => {
			expect(explain(calls).kind).toBe(bruteForce(calls) ? "explained" : "impossible");
		}),
		{ numRuns: 3_000, seed: 77 },
	);
});
