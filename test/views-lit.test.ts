/**
 * Every view of a service, with what a real run stated up to a telling instant: each fact that it draws leads to the
 * event that stated it, and is lit where that event led to the selected one or came of it. No window is needed.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { renderToStaticMarkup } from "react-dom/server";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { rootDirectory } from "./architecture/files.ts";
import { toldViews } from "./support/told-views.ts";
import { around, causality, type Looked, look } from "./support/view-element.ts";

const folder = join(rootDirectory, "src/renderer/views");
const files = readdirSync(folder).filter((name) => name.endsWith(".view.tsx"));

/** Facts that a later one takes the place of before the instant that is looked at, and facts that say something only in case of a loss. */
const notDrawn: { readonly [view: string]: readonly string[] } = {
	coupling: ["coupling.begun"],
	raft: ["raft.recovered", "raft.waiting", "raft.installed"],
	"quorum-store": ["quorum.added"],
};

const drawn = async (looked: Looked, lit: ReturnType<typeof causality> | null): Promise<string> =>
	renderToStaticMarkup((await around(looked, lit)).element(looked));

/** Tags of things that lead to an event, with the events that they lead to. */
function statedIn(markup: string): readonly { readonly tag: string; readonly events: readonly number[] }[] {
	return [...markup.matchAll(/<[^>]*\bdata-events="([\d ]+)"[^>]*>/g)].map(([tag, events = ""]) => ({ tag, events: events.split(" ").map(Number) }));
}

beforeAll(() => {
	vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => {}, removeEventListener: () => {} }));
	return () => vi.unstubAllGlobals();
});

test("every view is told of here by its name", () => {
	expect(toldViews.map(({ view }) => `${view}.view.tsx`).sort()).toEqual(files.sort());
});

describe.each(toldViews.map((one) => [one.view, one] as const))("the view of %s", (name, one) => {
	let looked: Looked;
	beforeAll(async () => {
		looked = await look(one);
	});

	test("leads from every kind of fact that it draws to the event that stated it", async () => {
		const { plan, board, view } = looked;
		const reached = new Set(statedIn(await drawn(looked, null)).flatMap(({ events }) => events));
		const known = new Set(board.map(({ index }) => index));
		expect([...reached].filter((index) => !known.has(index))).toEqual([]);
		const stated = view.facts.filter((fact) => board.some((entry) => plan.names[entry.name] === fact) && !notDrawn[name]?.includes(fact));
		expect(stated.length).toBeGreaterThan(0);
		expect(stated.filter((fact) => !board.some((entry) => plan.names[entry.name] === fact && reached.has(entry.index)))).toEqual([]);
	});

	test("lights what led to the selected event and what came of it, each by a sign and in words", async () => {
		const indexes = looked.board.map(({ index }) => index);
		expect(await drawn(looked, null)).not.toMatch(/cone-/);
		for (const [side, sign, words, lit] of [
			["past", "◀", "in the causal past of the selected event", causality(-1, indexes, [])],
			["future", "▶", "in its causal future", causality(-1, [], indexes)],
		] as const) {
			const markup = await drawn(looked, lit);
			const stated = statedIn(markup);
			expect(stated.length).toBeGreaterThan(0);
			expect(stated.filter(({ tag }) => !tag.includes(`cone-${side}`)).map(({ tag }) => tag)).toEqual([]);
			expect(markup).toContain(sign);
			expect(markup).toContain(words);
		}
	});

	test("marks the selected event's own statement, and nothing that was concurrent", async () => {
		const [{ events } = { events: [] }] = statedIn(await drawn(looked, null));
		const markup = await drawn(looked, causality(events[0] as number, [], []));
		expect(markup).toContain("the selected event");
		for (const { tag, events: own } of statedIn(markup)) expect(tag.includes("cone-"), tag).toBe(own.includes(events[0] as number));
		expect(markup).not.toMatch(/cone-(past|future|both)/);
	});
});
