/**
 * Views of services with what real runs stated up to telling instants, as elements that can be drawn without a window.
 * The window's rooms have types of their own, so what is taken of them is said here.
 */
import { join } from "node:path";
import { type ComponentType, type Context, createElement, type ReactElement } from "react";
import type { Plan } from "../../src/shared/plan.ts";
import { type BoardEntry, FactBoard } from "../../src/shared/projection/fact-board.ts";
import { parseDurationUs } from "../../src/shared/units.ts";
import { rootDirectory } from "../architecture/files.ts";
import { labPlan, runPlan, smaller } from "./lab-run.ts";
import type { ToldView } from "./told-views.ts";

/** Of a view's module. */
interface View {
	readonly facts: readonly string[];
	readonly Component: ComponentType<object>;
}

const inRenderer = async <Module>(path: string): Promise<Module> => (await import(join(rootDirectory, "src/renderer", path))) as Module;

export interface Looked {
	readonly plan: Plan;
	readonly board: readonly BoardEntry[];
	readonly untilUs: number;
	readonly view: View;
}

export const causality = (index: number, past: readonly number[], future: readonly number[]) =>
	({ index, past: new Set(past), future: new Set(future), cone: { nodes: new Map(), links: new Map(), messages: new Map() }, truncated: false }) as const;

/** A view, and what its lab's run stated. */
export async function look({ view: name, lab, variant, until }: ToldView): Promise<Looked> {
	const { view } = await inRenderer<{ readonly view: View }>(`views/${name}.view.tsx`);
	const plan = labPlan(lab, { ...(variant === undefined ? {} : { variant }), parameters: smaller[lab] ?? {} });
	const facts = new FactBoard();
	const untilUs = parseDurationUs(until);
	runPlan(plan, 1, { untilUs, observers: [facts] });
	const names = new Set(view.facts.map((fact) => plan.names.indexOf(fact)).filter((fact) => fact >= 0));
	return { plan, board: facts.entries(names, 4_000), untilUs, view };
}

/** What a view stands in: the window, the run and what is selected, the same for all that is shown of it. */
export interface Around {
	/** The view at its instant. */
	element(looked: Looked): ReactElement;
}

/** @param lit null: nothing is selected */
export async function around({ plan }: Looked, lit: ReturnType<typeof causality> | null = null): Promise<Around> {
	const { AppContext, RunContext } = await inRenderer<{ readonly [name: string]: Context<unknown> }>("parts/context.ts");
	const { SelectedContext } = await inRenderer<{ readonly [name: string]: Context<unknown> }>("views/parts/Stated.tsx");
	const { Store } = await inRenderer<{ readonly Store: new (state: object) => object }>("state/store.ts");
	const { initialRunState } = await inRenderer<{ initialRunState(run: object, plan: Plan): object }>("state/run-state.ts");
	if (AppContext === undefined || RunContext === undefined || SelectedContext === undefined) throw new Error("a context has gone");
	const app = { store: new Store({ theme: "light", jobs: [] }) };
	const run = { plan, look: () => new Promise(() => {}), store: new Store(initialRunState({ kind: "recorded", mode: "ended" }, plan)) };
	const selected = { causality: lit, show: () => {} };
	const doors = { nameOf: ({ name }: BoardEntry) => plan.names[name] ?? "", command: () => {} };
	return {
		element: ({ board, untilUs, view }) => {
			const props = { plan, board, atUs: untilUs, statusOf: () => "up" as const, ...doors };
			const shown = createElement(SelectedContext, { value: selected }, createElement(view.Component, props));
			return createElement(AppContext, { value: app }, createElement(RunContext, { value: run }, shown));
		},
	};
}
