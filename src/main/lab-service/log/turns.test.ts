/** In which order questions are answered: told by the steps that are taken, one at a time. */
import { describe, expect, test } from "vitest";
import type { AskedReader, QuestionName } from "./questions.ts";
import { Turns } from "./turns.ts";

const asked = (id: number, question: QuestionName): AskedReader => ({ id, question, asked: null });

/** A reader whose answers take so many steps, and that is told of more between them. */
class Reader {
	readonly told: string[] = [];
	readonly turns: Turns;
	readonly #steps: ReadonlyMap<number, number>;
	readonly #meanwhile = new Map<string, () => void>();
	#over = Promise.withResolvers<void>();
	#left = 0;

	constructor(steps: Readonly<Record<number, number>>) {
		this.#steps = new Map(Object.entries(steps).map(([id, count]) => [Number(id), count]));
		this.turns = new Turns({
			answer: async ({ id }, rest) => {
				try {
					for (let step = 1; step <= (this.#steps.get(id) ?? 1); step++) {
						if (step > 1) await rest();
						this.#tell(`${id}.${step}`);
					}
					this.#tell(`${id} answered`);
				} catch (error) {
					this.#tell(`${id} ${(error as { readonly code?: string }).code}`);
				}
				this.#settle();
			},
			drop: ({ id }) => {
				this.#tell(`${id} dropped`);
				this.#settle();
			},
			breathe: () => new Promise(setImmediate),
		});
	}

	take(id: number, question: QuestionName): void {
		this.#left++;
		this.turns.take(asked(id, question));
	}

	/** Does something when a step has been told. */
	when(told: string, act: () => void): void {
		this.#meanwhile.set(told, act);
	}

	async over(): Promise<readonly string[]> {
		await this.#over.promise;
		return this.told;
	}

	#tell(what: string): void {
		this.told.push(what);
		this.#meanwhile.get(what)?.();
	}

	#settle(): void {
		if (--this.#left === 0) this.#over.resolve();
	}
}

describe("questions about logs", () => {
	test("take turns, so that none keeps another waiting", async () => {
		const reader = new Reader({ 1: 4, 2: 2 });
		reader.take(1, "log.density");
		reader.take(2, "log.view");
		expect(await reader.over()).toEqual(["1.1", "2.1", "1.2", "2.2", "2 answered", "1.3", "1.4", "1 answered"]);
	});

	test("that come while long ones are answered wait for one step, and long ones for one question", async () => {
		const reader = new Reader({ 1: 3, 2: 3 });
		reader.take(1, "log.density");
		reader.take(2, "log.series");
		reader.when("2.1", () => {
			for (const id of [11, 12, 13]) reader.take(id, "log.events");
		});
		const told = await reader.over();
		expect(told.filter((what) => !what.endsWith("answered"))).toEqual(["1.1", "2.1", "1.2", "11.1", "2.2", "12.1", "1.3", "13.1", "2.3"]);
	});

	test("what changes files waits until nobody reads, and has them to itself", async () => {
		const reader = new Reader({ 1: 3, 2: 2, 5: 2, 6: 2 });
		reader.take(1, "log.density");
		reader.take(2, "forget");
		reader.when("2.1", () => reader.take(6, "log.view"));
		const told = await reader.over();
		expect(told).toEqual(["1.1", "1.2", "1.3", "1 answered", "2.1", "2.2", "2 answered", "6.1", "6.2", "6 answered"]);
	});

	test("that come behind what waits for the files are answered in one go, so that it comes to its turn", async () => {
		const reader = new Reader({ 1: 3, 3: 100, 4: 100 });
		reader.take(1, "log.density");
		reader.take(2, "forget");
		reader.take(3, "log.series");
		reader.when("1.2", () => reader.take(4, "log.series"));
		const told = await reader.over();
		const at = (what: string): number => told.indexOf(what);
		expect([at("3.100") - at("3.1"), at("4.100") - at("4.1")]).toEqual([99, 99]);
		expect([at("3.1") < at("1.3"), at("1 answered") < at("2.1")]).toEqual([true, true]);
	});
});

describe("what is called off", () => {
	test("is not begun with when it was not, and ends at its next rest when it was", async () => {
		const reader = new Reader({ 1: 1_000, 2: 3 });
		reader.take(1, "log.series");
		reader.take(2, "log.view");
		reader.take(3, "log.view");
		reader.when("2.1", () => {
			for (const id of [1, 3]) reader.turns.callOff(id);
		});
		expect(await reader.over()).toEqual(["1.1", "2.1", "3 dropped", "1 cancelled", "2.2", "2.3", "2 answered"]);
	});

	test("is known in time even by one that is answered in one go", async () => {
		const reader = new Reader({ 1: 2, 3: 1_000 });
		reader.take(1, "log.density");
		reader.take(2, "forget");
		reader.take(3, "log.series");
		reader.when("3.4", () => reader.turns.callOff(3));
		const told = await reader.over();
		expect(told.filter((what) => what.startsWith("3"))).toEqual(["3.1", "3.2", "3.3", "3.4", "3 cancelled"]);
		expect(told.at(-1)).toBe("2 answered");
	});

	test("before anything was begun never begins, and what was answered stays answered", async () => {
		const reader = new Reader({});
		reader.take(1, "log.series");
		reader.take(2, "log.view");
		reader.turns.callOff(1);
		reader.when("2 answered", () => reader.turns.callOff(2));
		expect(await reader.over()).toEqual(["1 dropped", "2.1", "2 answered"]);
	});
});
