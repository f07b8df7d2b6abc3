import { expect, test } from "vitest";
import type { QuestionName, ToReader } from "./questions.ts";
import { Turns } from "./turns.ts";

const asked = (id: number, question: QuestionName): ToReader => ({ id, question, asked: null });

test("questions are answered one after the other; short ones between the slices of a long one, and none twice", async () => {
	const told: string[] = [];
	const over = Promise.withResolvers<void>();
	const turns: Turns = new Turns(async ({ id, question }) => {
		told.push(`${id} begins`);
		if (question === "log.density") {
			turns.take(asked(id + 10, "forget"));
			turns.take(asked(id + 20, "log.view"));
			await turns.between();
			await turns.between();
		}
		await Promise.resolve();
		told.push(`${id} done`);
		if (id === 12) over.resolve();
	});
	turns.take(asked(1, "log.density"));
	turns.take(asked(2, "log.density"));
	turns.take(asked(3, "log.events"));
	await over.promise;
	expect([...told].sort()).toEqual([1, 2, 3, 11, 12, 21, 22].flatMap((id) => [`${id} begins`, `${id} done`]).sort());
	// The other long one waited until the first was done, and so did what takes the file away.
	expect(told.indexOf("1 done")).toBeLessThan(told.indexOf("2 begins"));
	expect(told.indexOf("1 done")).toBeLessThan(told.indexOf("11 begins"));
	// The short ones did not.
	for (const short of ["21 done", "3 done"]) expect(told.indexOf(short)).toBeLessThan(told.indexOf("1 done"));
	expect(told.indexOf("22 done")).toBeLessThan(told.indexOf("2 done"));
});
