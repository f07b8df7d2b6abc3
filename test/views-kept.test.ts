/**
 * A state of a run that says of a row what the one before said makes no row again, in any view that has many: each
 * state brings a board of new objects, and a class may look at boards of thousands of entries.
 */
import { beforeAll, describe, expect, test, vi } from "vitest";
import { type TinyPage, tinyPage } from "./support/tiny-page.ts";
import { toldViews } from "./support/told-views.ts";
import { around, causality, type Looked, look } from "./support/view-element.ts";

/** Draws on canvases, of which there are none here. */
vi.mock("../src/renderer/parts/line-chart.ts", () => ({ drawLineChart: () => () => {} }));

/** Of each view its rows, and what stands in them; all of them are there at the instant that is told of. */
const rowsOf: { readonly [view: string]: readonly string[] } = {
	broadcast: ["Column", "Message"],
	carts: ["ServerShelf", "Shopper"],
	clocks: ["Row"],
	commit: ["Cell"],
	coupling: ["Row", "WorkState"],
	deadlock: ["Row", "State"],
	elections: ["Row", "State"],
	files: ["Machine", "Chip", "File", "Block"],
	gossip: ["Cell"],
	jobs: ["Job", "Track", "Where"],
	membership: ["Cell"],
	"mutual-exclusion": ["Row", "State", "Asks", "Chip"],
	pair: ["Server", "Row", "Written", "Fate"],
	"quorum-store": ["Row", "Versions", "State"],
	raft: ["Server", "Doing", "Log", "Cell"],
	shell: ["Line"],
	snapshot: ["Row", "Fate"],
	streaming: ["FilmCell", "Came", "Row", "Hits"],
};
/** The drive year is four curves, and has no rows. */
const told = toldViews.filter(({ view }) => view !== "drives");

/** As it comes with the next state: all of it new, and nothing of it another. */
const again = (looked: Looked): Looked => ({ ...looked, board: structuredClone(looked.board), untilUs: looked.untilUs + 1 });

const sum = (counts: Iterable<number>): number => [...counts].reduce((all, count) => all + count, 0);

let page: TinyPage;
beforeAll(async () => {
	vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => {}, removeEventListener: () => {} }));
	page = await tinyPage();
});

test.each(told)("the view of $view makes no row again that says what it said", async (one) => {
	const looked = await look(one);
	const { element } = await around(looked);
	const first = page.show(element(looked));
	const second = page.show(element(again(looked)));
	for (const row of rowsOf[one.view] ?? []) expect([row, first.get(row) ?? 0], "made at first").toEqual([row, expect.toSatisfy((count) => count > 0)]);
	expect(rowsOf[one.view]?.map((row) => [row, second.get(row) ?? 0])).toEqual(rowsOf[one.view]?.map((row) => [row, 0]));
	// Heads, verdicts and sections are made again, and they are few.
	expect(sum(second.values())).toBeLessThan(sum(first.values()));
});

describe("of many rows", () => {
	test("the one that says another thing is made again, and no other", async () => {
		const gossip = toldViews.find(({ view }) => view === "gossip");
		if (gossip === undefined) throw new Error("there is no view of gossip");
		const looked = await look(gossip);
		const { element } = await around(looked);
		expect(page.show(element(looked)).get("Cell")).toBe(32);
		// Who heard it last heard it at the beginning.
		const board = structuredClone(looked.board);
		const [begun, last] = [board[0], board.at(-1)];
		if (begun === undefined || last === undefined) throw new Error("nobody has heard anything");
		const early = { ...last, atUs: begun.atUs };
		expect(page.show(element({ ...looked, board: [...board.slice(0, -1), early] })).get("Cell")).toBe(1);
	});

	test("all are told of another selected event, kept or not", async () => {
		const membership = toldViews.find(({ view }) => view === "membership");
		if (membership === undefined) throw new Error("there is no view of membership");
		const looked = await look(membership);
		const plain = await around(looked);
		const lit = await around(looked, causality(looked.board[0]?.index ?? -1, [], []));
		page.show(plain.element(looked));
		expect(page.show(lit.element(again(looked))).get("Stated")).toBeGreaterThan(20);
	});
});
