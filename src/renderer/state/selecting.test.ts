/** What is asked about an event that somebody has selected, and then another. */
import { beforeAll, expect, test } from "vitest";

const plan = { nodes: [{ name: "a" }], links: [], switches: [], names: [] };
const run = { run: "r1", kind: "recording", mode: "ended", virtualUs: 100, untilUs: 100 };

interface Controller {
	select(selection: { readonly kind: "event"; readonly index: number }): Promise<void>;
	readonly state: { readonly selection: unknown; readonly detail: unknown; readonly causality: unknown };
}

/** The module is the page's own: it is loaded as such. */
let RunController: new (host: object, run: object, plan: object) => Controller;
beforeAll(async () => {
	const loaded: { readonly RunController: typeof RunController } = await import(/* @vite-ignore */ new URL("./run-controller.ts", import.meta.url).href);
	({ RunController } = loaded);
});

interface Asked {
	readonly name: string;
	readonly index: number;
	readonly signal: AbortSignal;
	refuse(error: Error): void;
}

function world() {
	const asked: Asked[] = [];
	const failures: unknown[] = [];
	const call = (name: string, { index }: { readonly index: number }, { signal }: { readonly signal: AbortSignal }): Promise<never> =>
		new Promise((_, refuse) => {
			asked.push({ name, index, signal, refuse });
			signal.addEventListener("abort", () => refuse(new Error("called off")));
		});
	const host = { client: { call }, fail: (error: unknown) => failures.push(error) };
	return { asked, failures, controller: new RunController(host, run, plan) };
}

test("of the event before it nothing is asked any more, and that is no failure", async () => {
	const { asked, failures, controller } = world();
	const first = controller.select({ kind: "event", index: 5 });
	expect(asked.map(({ name, index, signal }) => [name, index, signal.aborted])).toEqual([
		["log.event", 5, false],
		["log.causality", 5, false],
	]);
	void controller.select({ kind: "event", index: 7 });
	await first;
	expect(asked.map(({ index, signal }) => [index, signal.aborted])).toEqual([
		[5, true],
		[5, true],
		[7, false],
		[7, false],
	]);
	expect(failures).toEqual([]);
	expect(controller.state.selection).toEqual({ kind: "event", index: 7 });
});

test("what cannot be told of the event that is selected is a failure, and lights nothing", async () => {
	const { asked, failures, controller } = world();
	const selecting = controller.select({ kind: "event", index: 5 });
	for (const { refuse } of asked) refuse(new Error("the file has gone"));
	await selecting;
	expect(failures).toEqual([new Error("the file has gone")]);
	expect([controller.state.detail, controller.state.causality]).toEqual([null, null]);
});
