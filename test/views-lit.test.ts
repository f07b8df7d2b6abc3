/**
 * Every view of a service, with what a real run stated up to a telling instant: each fact that it draws leads to the
 * event that stated it, and is lit where that event led to the selected one or came of it. No window is needed.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type ComponentType, type Context, createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { beforeAll, describe, expect, test, vi } from "vitest";
import type { Plan } from "../src/shared/plan.ts";
import { type BoardEntry, FactBoard } from "../src/shared/projection/fact-board.ts";
import { parseDurationUs } from "../src/shared/units.ts";
import { rootDirectory } from "./architecture/files.ts";
import { labPlan, runPlan, smaller } from "./support/lab-run.ts";
import { type ToldView, toldViews } from "./support/told-views.ts";

const folder = join(rootDirectory, "src/renderer/views");
const files = readdirSync(folder).filter((name) => name.endsWith(".view.tsx"));

/** Facts that a later one takes the place of before the instant that is looked at, and facts that say something only in case of a loss. */
const notDrawn: { readonly [view: string]: readonly string[] } = {
	coupling: ["coupling.begun"],
	raft: ["raft.recovered", "raft.waiting", "raft.installed"],
	"quorum-store": ["quorum.added"],
};

/** Of a view's module, as far as it is asked here: the window's rooms have types of their own. */
interface View {
	readonly facts: readonly string[];
	readonly Component: ComponentType<object>;
}

const inRenderer = async <Module>(path: string): Promise<Module> => (await import(join(rootDirectory, "src/renderer", path))) as Module;

interface Looked {
	readonly plan: Plan;
	readonly board: readonly BoardEntry[];
	readonly untilUs: number;
	readonly view: View;
}

const causality = (index: number, past: readonly number[], future: readonly number[]) =>
	({ index, past: new Set(past), future: new Set(future), cone: { nodes: new Map(), links: new Map(), messages: new Map() }, truncated: false }) as const;

async function look({ view: name, lab, variant, until }: ToldView): Promise<Looked> {
	const { view } = await inRenderer<{ readonly view: View }>(`views/${name}.view.tsx`);
	const plan = labPlan(lab, { ...(variant === undefined ? {} : { variant }), parameters: smaller[lab] ?? {} });
	const facts = new FactBoard();
	const untilUs = parseDurationUs(until);
	runPlan(plan, 1, { untilUs, observers: [facts] });
	const names = new Set(view.facts.map((fact) => plan.names.indexOf(fact)).filter((fact) => fact >= 0));
	return { plan, board: facts.entries(names, 4_000), untilUs, view };
}

async function drawn({ plan, board, untilUs, view }: Looked, lit: ReturnType<typeof causality> | null): Promise<string> {
	const { AppContext, RunContext } = await inRenderer<{ readonly [name: string]: Context<unknown> }>("parts/context.ts");
	const { SelectedContext } = await inRenderer<{ readonly [name: string]: Context<unknown> }>("views/parts/Stated.tsx");
	const { Store } = await inRenderer<{ readonly Store: new (state: object) => object }>("state/store.ts");
	const { initialRunState } = await inRenderer<{ initialRunState(run: object, plan: Plan): object }>("state/run-state.ts");
	if (AppContext === undefined || RunContext === undefined || SelectedContext === undefined) throw new Error("a context has gone");
	const run = { plan, store: new Store(initialRunState({ kind: "recorded", mode: "ended" }, plan)) };
	const app = { store: new Store({ theme: "light", jobs: [] }) };
	const props = {
		plan,
		board,
		atUs: untilUs,
		statusOf: () => "up" as const,
		nameOf: ({ name }: BoardEntry) => plan.names[name] ?? "",
		command: () => {},
	};
	const selected = createElement(SelectedContext, { value: { causality: lit, show: () => {} } }, createElement(view.Component, props));
	return renderToStaticMarkup(createElement(AppContext, { value: app }, createElement(RunContext, { value: run }, selected)));
}

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
