import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LogBuilder } from "../../../test/support/records.ts";
import type { PlainValue } from "../codec.ts";
import { type BoardEntry, boardBytesMax, boardEntriesMax, FactBoard } from "./fact-board.ts";

interface Statement {
	readonly node: number;
	readonly name: number;
	readonly value: PlainValue;
}

function boardOf(statements: readonly Statement[]): FactBoard {
	const log = new LogBuilder();
	for (const [i, { node, name, value }] of statements.entries()) log.add("factStated", { atUs: i * 10, node }, { name }, value);
	const board = new FactBoard();
	log.feed(board);
	return board;
}

const told = (entries: readonly BoardEntry[]): unknown[] => entries.map(({ node, name, key, value }) => [node, name, key, value]);
const all = new Set([0, 1, 2, 3]);

describe("a board of facts", () => {
	test("keeps the latest a node, fact and key, in the order of statement", () => {
		const board = boardOf([
			{ node: 0, name: 1, value: 5 },
			{ node: 0, name: 1, value: { key: "a", count: 1 } },
			{ node: 1, name: 1, value: { key: "a", count: 2 } },
			{ node: 0, name: 1, value: 6 },
			{ node: 0, name: 2, value: { key: "a" } },
		]);
		expect(told(board.entries(all, 10))).toEqual([
			[0, 1, "a", { key: "a", count: 1 }],
			[1, 1, "a", { key: "a", count: 2 }],
			[0, 1, "", 6],
			[0, 2, "a", { key: "a" }],
		]);
		expect(board.entries(all, 10)[2]).toMatchObject({ index: 3, atUs: 30 });
	});

	test("forgets what is gone, and only that", () => {
		const board = boardOf([
			{ node: 0, name: 1, value: { key: "a" } },
			{ node: 0, name: 1, value: { key: "b" } },
			{ node: 1, name: 1, value: { key: "a" } },
			{ node: 0, name: 1, value: { key: "a", gone: true } },
			{ node: 0, name: 1, value: { key: "never was", gone: true } },
		]);
		expect(told(board.entries(all, 10))).toEqual([
			[0, 1, "b", { key: "b" }],
			[1, 1, "a", { key: "a" }],
		]);
	});

	test("tells the newest of what is asked for, and how much it left out", () => {
		const board = boardOf(Array.from({ length: 20 }, (_, i) => ({ node: 0, name: i % 2, value: { key: `k${i}`, text: "x".repeat(100) } })));
		const odd = board.part(new Set([1]), { entriesMax: 4 });
		expect(odd.entries.map(({ key }) => key)).toEqual(["k13", "k15", "k17", "k19"]);
		expect(odd.omitted).toBe(6);
		const small = board.part(new Set([1]), { bytesMax: 300 });
		expect(small.entries.map(({ key }) => key)).toEqual(["k17", "k19"]);
		expect(small.omitted).toBe(8);
		expect(board.part(new Set(), {})).toEqual({ entries: [], omitted: 0 });
	});

	test("makes room for what is new when it is full, by number and by size", () => {
		const many = boardOf(Array.from({ length: boardEntriesMax + 2 }, (_, i) => ({ node: 0, name: 1, value: { key: String(i) } })));
		const kept = many.entries(all, boardEntriesMax + 2);
		expect([kept.length, kept[0]?.key, kept.at(-1)?.key]).toEqual([boardEntriesMax, "2", String(boardEntriesMax + 1)]);
		const large = new Uint8Array(boardBytesMax / 4);
		const big = boardOf(Array.from({ length: 6 }, (_, i) => ({ node: i, name: 1, value: large })));
		expect(big.part(all, { bytesMax: boardBytesMax }).entries.map(({ node }) => node)).toEqual([3, 4, 5]);
	});

	test("cuts keys that are too long, takes only texts for keys, and any value for a value", () => {
		const board = boardOf([
			{ node: 0, name: 1, value: { key: "k".repeat(1_000) } },
			{ node: 1, name: 1, value: { key: 7 } },
			{ node: 2, name: 1, value: [{ key: "no" }] },
			{ node: 3, name: 1, value: null },
		]);
		expect(board.entries(all, 10).map(({ key }) => key.length)).toEqual([256, 0, 0, 0]);
	});

	test("is the latest statement of each place, whatever is stated", () => {
		const statement = fc.record({
			node: fc.nat(2),
			name: fc.nat(2),
			value: fc.oneof(fc.nat(9), fc.record({ key: fc.constantFrom("a", "b", "a b"), gone: fc.boolean(), n: fc.nat(9) })),
		});
		fc.assert(
			fc.property(fc.array(statement, { maxLength: 60 }), fc.nat(60), (statements, cloneAt) => {
				const latest = new Map<string, unknown[]>();
				for (const { node, name, value } of statements) {
					const key = typeof value === "number" ? "" : value.key;
					latest.delete(`${node}/${name}/${key}`);
					if (typeof value === "number" || !value.gone) latest.set(`${node}/${name}/${key}`, [node, name, key, value]);
				}
				expect(told(boardOf(statements).entries(all, 1_000))).toEqual([...latest.values()]);

				const log = new LogBuilder();
				for (const { node, name, value } of statements) log.add("factStated", { atUs: 1, node }, { name }, value);
				let board = new FactBoard();
				let old: { readonly board: FactBoard; readonly told: unknown[] } | null = null;
				log.feed({
					onEvent(words, start, index) {
						if (index === cloneAt) {
							old = { board, told: told(board.entries(all, 1_000)) };
							board = board.clone();
						}
						board.onEvent(words, start, index);
					},
				});
				expect(told(board.entries(all, 1_000))).toEqual([...latest.values()]);
				const before = old as { readonly board: FactBoard; readonly told: unknown[] } | null;
				if (before !== null) expect(told(before.board.entries(all, 1_000))).toEqual(before.told);
			}),
			{ seed: 3, numRuns: 200 },
		);
	});
});
