import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decode, encode } from "../../shared/codec.ts";
import type { Operation, Transaction } from "./contract.ts";
import { KeyValue } from "./key-value.ts";
import { whyNotRead, whyNotRun } from "./validate.ts";

const change = (...run: Operation[]): Transaction => ({ when: [], run, otherwise: [] });

describe("a transaction", () => {
	test("runs one side or the other, whole", () => {
		const store = new KeyValue(1_000);
		store.transact(change({ do: "put", key: "a", value: 1 }, { do: "put", key: "b", value: 1 }));
		const move: Transaction = {
			when: [
				{ key: "a", is: "value", value: 1 },
				{ key: "c", is: "absent" },
			],
			run: [
				{ do: "delete", key: "a" },
				{ do: "put", key: "c", value: 1 },
			],
			otherwise: [{ do: "get", key: "c" }],
		};
		expect(store.transact(move)).toMatchObject({ held: true, version: 2 });
		expect(store.transact(move)).toMatchObject({ held: false, version: 2, results: [[{ key: "c", value: 1, version: 2 }]] });
	});

	test("sees versions rise with every change and with nothing else", () => {
		const store = new KeyValue(1_000);
		store.transact(change({ do: "put", key: "a", value: "x" }));
		store.transact(change({ do: "get", key: "a" }));
		expect(store.transact({ when: [{ key: "a", is: "version", version: 1 }], run: [{ do: "put", key: "a", value: "y" }], otherwise: [] })).toMatchObject({
			held: true,
			version: 2,
		});
	});

	test("that would not fit changes nothing and says so; one that frees room does", () => {
		const store = new KeyValue(40);
		expect(store.transact(change({ do: "put", key: "a", value: "x".repeat(20) }))).toMatchObject({ kind: "ran" });
		expect(store.transact(change({ do: "put", key: "b", value: "x".repeat(20) }))).toEqual({ kind: "full" });
		expect(store.transact(change({ do: "delete", key: "a" }, { do: "put", key: "b", value: "x".repeat(20) }))).toMatchObject({ kind: "ran" });
		expect(store.size).toBe(1);
	});
});

test("ranges are in order, half open and limited", () => {
	const store = new KeyValue(10_000);
	for (const key of ["b", "d", "a", "c", "a1"]) store.transact(change({ do: "put", key, value: key }));
	const keys = (from: string, to: string, limit: number) => store.read({ do: "range", from, to, limit }).map(({ key }) => key);
	expect(keys("a", "c", 10)).toEqual(["a", "a1", "b"]);
	expect(keys("", "\uffff", 2)).toEqual(["a", "a1"]);
	expect(keys("x", "z", 10)).toEqual([]);
});

test("behaves like a map, and comes back the same from what it saved", () => {
	const key = fc.constantFrom("a", "b", "c", "d", "e");
	const operation = fc.oneof(fc.record({ do: fc.constant("put" as const), key, value: fc.integer() }), fc.record({ do: fc.constant("delete" as const), key }));
	fc.assert(
		fc.property(fc.array(operation, { maxLength: 30 }), (operations) => {
			const store = new KeyValue(1_000_000);
			const map = new Map<string, number>();
			for (const one of operations) {
				store.transact(change(one));
				if (one.do === "put") map.set(one.key, one.value);
				else map.delete(one.key);
			}
			const restored = new KeyValue(1_000_000);
			restored.restore(decode(encode(store.save())));
			for (const each of [store, restored]) {
				const all = each.read({ do: "range", from: "", to: "z", limit: 100 });
				expect(all.map(({ key: name, value }) => [name, value])).toEqual([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
				expect([each.size, each.version, each.bytes]).toEqual([store.size, store.version, store.bytes]);
			}
		}),
		{ seed: 78 },
	);
});

const run = (transaction: unknown) => ({ session: 1, sequence: 1, answered: 0, transaction });
test.each([
	[null, "no request"],
	[{}, "whole numbers"],
	[run(null), "no transaction"],
	[run({ when: [], run: [{ do: "put", key: "", value: 1 }], otherwise: [] }), "a key is a text"],
	[run({ when: [], run: [{ do: "put", key: "a" }], otherwise: [] }), "a value is missing"],
	[run({ when: [], run: [{ do: "put", key: "a", value: new Uint8Array(600_000) }], otherwise: [] }), "larger than"],
	[run({ when: [{ key: "a", is: "big" }], run: [], otherwise: [] }), "a condition is"],
	[run({ when: [], run: Array.from({ length: 200 }, () => ({ do: "get", key: "a" })), otherwise: [] }), "more than 128"],
	[run({ when: [], run: [{ do: "range", from: "", to: "z", limit: 1e9 }], otherwise: [] }), "a range has"],
])("the request %o is refused", (body, why) => {
	expect(whyNotRun(body)).toContain(why);
});

test("a read that would write is refused", () => {
	expect(whyNotRead({ operations: [{ do: "delete", key: "a" }] })).toContain("only get and range");
	expect(whyNotRead({ operations: [{ do: "get", key: "a" }] })).toBeNull();
});
