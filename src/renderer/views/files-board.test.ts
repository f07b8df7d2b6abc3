/** What the map of the file system draws, read out of what was stated. */
import { expect, test } from "vitest";
import { tinyPlan } from "../../../test/support/tiny-plan.ts";
import type { BoardEntry } from "../../shared/projection/fact-board.ts";
import { filesFacts, filesMap } from "./files-board.ts";

const machine = (region: number) => ({ region, services: ["files-blocks"] });
const plan = {
	...tinyPlan(
		{ nodes: { m1: machine(0), m2: machine(1), k1: { services: [] } }, regions: ["texas", "tokyo"], links: [] },
		new Map([["files-blocks", {} as never]]),
	),
	names: [...filesFacts],
};
let index = 0;
const says = (node: number, name: (typeof filesFacts)[number], value: { readonly [field: string]: BoardEntry["value"] }): BoardEntry => ({
	node,
	name: filesFacts.indexOf(name),
	key: String(value.key ?? ""),
	index: index++,
	atUs: 0,
	value,
});
const mapOf = (board: readonly BoardEntry[], down = -1) =>
	filesMap({ plan, board, statusOf: (node) => (node === down ? "down" : "up"), nameOf: ({ name }) => plan.names[name] ?? "" });
const held = (node: number, part: string) => says(node, "files.held", { key: part, copy: 3, drive: 0, bytes: 9 });
const health = (node: number, state: string, standing: number) =>
	says(node, "files.health", { key: "1-1/00", path: "a", needed: 1, wanted: 2, standing, state, shards: 1, why: [] });

test("copies lie on their drives, in their regions, in the colour of their file", () => {
	const { regions, files } = mapOf([held(0, "1-1/00/0"), held(1, "1-1/00/0"), health(2, "whole", 2)]);
	expect(regions.map(({ name }) => name)).toEqual(["texas", "tokyo"]);
	expect(regions[0]?.machines[0]?.drives[0]?.copies).toMatchObject([{ part: "1-1/00/0", label: "A1", path: "a", hue: 0, isHarmed: false }]);
	expect(files).toMatchObject([{ path: "a", blocks: [{ state: "whole", standing: 2, wanted: 2 }] }]);
});

test("what a machine held before a boot that did not find it is not drawn", () => {
	const copiesOf = (board: readonly BoardEntry[]) => mapOf(board).regions[0]?.machines[0]?.drives[0]?.copies.map(({ part }) => part);
	const before = held(0, "1-1/00/0");
	expect(copiesOf([before, says(0, "files.inventory", { wiped: [true], copies: [] })])).toEqual([]);
	expect(copiesOf([before, says(0, "files.inventory", { wiped: [false], copies: [["1-1/00/0", 3, 0]] })])).toEqual(["1-1/00/0"]);
});

test("a damaged copy is marked until it is another copy", () => {
	const harmed = says(0, "files.harmed", { key: "1-1/00/0", copy: 3 });
	expect(mapOf([held(0, "1-1/00/0"), harmed]).regions[0]?.machines[0]?.drives[0]?.copies[0]?.isHarmed).toBe(true);
	const anew = says(0, "files.held", { key: "1-1/00/0", copy: 4, drive: 0, bytes: 9 });
	expect(mapOf([harmed, anew]).regions[0]?.machines[0]?.drives[0]?.copies[0]?.isHarmed).toBe(false);
});

test("copies on their way are told with where they come from, unless the machine is down", () => {
	const moving = says(1, "files.moving", { key: "1-1/00/0", from: ["m1"], bytes: 9 });
	expect(mapOf([moving, health(2, "thin", 1)]).moves).toMatchObject([{ to: "m2", from: ["m1"], label: "A1", path: "a" }]);
	expect(mapOf([moving], 1).moves).toEqual([]);
});

test("copies that are down and not missed yet are counted, and no others", () => {
	const board = [held(0, "1-1/00/0"), held(1, "1-1/00/0")];
	expect(mapOf([...board, health(2, "whole", 2)]).unnoticed).toBe(0);
	expect(mapOf([...board, health(2, "whole", 2)], 1).unnoticed).toBe(1);
	expect(mapOf([...board, health(2, "thin", 1)], 1).unnoticed).toBe(0);
	// It was made anew elsewhere meanwhile: nothing is lacking.
	expect(mapOf([...board, held(0, "1-1/00/1"), health(2, "whole", 2)], 1).unnoticed).toBe(0);
});

test("of two stewards the one that spoke last is believed, and what a hostile file states breaks nothing", () => {
	expect(mapOf([health(2, "thin", 1), health(0, "whole", 2)]).files[0]?.blocks).toMatchObject([{ state: "whole" }]);
	const hostile: BoardEntry[] = filesFacts.map((name) => says(0, name, { key: "x", copies: 7, drives: "a", from: 3 }));
	expect(() => mapOf(hostile)).not.toThrow();
});

test("a drive that is dead is told as that, and a drive that is only empty is not", () => {
	const told = says(0, "files.machine", { drives: [{ used: 0, capacity: 9, isDead: true }] });
	const [box] = mapOf([told]).regions[0]?.machines ?? [];
	expect([box?.drives[0]?.isDead, box?.indexes]).toEqual([true, [told.index]]);
	const empty = says(0, "files.machine", { drives: [{ used: 0, capacity: 9 }] });
	expect(mapOf([empty]).regions[0]?.machines[0]?.drives[0]?.isDead).toBe(false);
});

test("a copy leads to what stated that it is there, and to what harmed it while that is so", () => {
	const [there, harm] = [held(0, "1-1/00/0"), says(0, "files.harmed", { key: "1-1/00/0", copy: 3 })];
	const indexesOf = (board: readonly BoardEntry[]) => mapOf(board).regions[0]?.machines[0]?.drives[0]?.copies.map(({ indexes }) => indexes);
	expect(indexesOf([there, harm])).toEqual([[there.index, harm.index]]);
	expect(indexesOf([there, { ...harm, value: { key: "1-1/00/0", copy: 2 } }])).toEqual([[there.index]]);
});
