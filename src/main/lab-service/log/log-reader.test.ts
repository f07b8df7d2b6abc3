import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { InlineExecutor } from "../../../core/inline-executor.ts";
import { Kernel } from "../../../core/kernel.ts";
import { registry } from "../../../os/registry.ts";
import { ContractError } from "../../../shared/contract/errors.ts";
import { newSession, prepareLab } from "../../app/options.ts";
import { DirectRecorder } from "../../store/direct-recorder.ts";
import { Session } from "../../store/reader.ts";
import { LogReader } from "./log-reader.ts";
import type { LogPlace } from "./place.ts";
import type { Answer, Asked, Pace, QuestionName } from "./questions.ts";

let folder = "";
let place: LogPlace;
let eventCount = 0;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "quorate-reader-"));
	const path = join(folder, "run.quorate");
	eventCount = record(path, []);
	place = { path, branch: 0, salvage: false, committedEvents: eventCount };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** @returns how many events it has */
function record(path: string, story: readonly string[]): number {
	const { plan, lab } = prepareLab({ lab: "front-door", untilUs: 2_000_000, story }, registry);
	const session = newSession({ plan, seed: 7, labText: lab.text, detail: "full", executor: "inline", createdMs: 0 });
	const recorder = new DirectRecorder({ kind: "create", path, session });
	const kernel = new Kernel({ plan, seed: 7, executor: new InlineExecutor(registry) });
	kernel.log.addSink(recorder);
	kernel.advance({ untilUs: plan.untilUs });
	kernel.flush();
	recorder.close({ untilUs: plan.untilUs, finished: true, verdicts: [] });
	kernel.close();
	return kernel.log.eventCount;
}

const range = { fromUs: 0, toUs: 2_000_000 };
const page = { fromIndex: 0, toIndex: null, fromUs: null, toUs: null, kinds: null, nodes: null, text: null, limit: 10, backwards: false };
const nobody = (): never => expect.unreachable("what is read at once is not told of");
const noRest = (): Promise<void> => Promise.reject(new Error("one slice has no rest"));
const atOnce: Pace = { tell: nobody, rest: noRest };

/** Answers of a reader that reads all in one slice. */
const whole = <Name extends QuestionName>(question: Name, asked: Asked<Name>): Promise<Answer<Name>> =>
	new LogReader({ registry, sliceEvents: 1_000_000 }).answer(question, asked, atOnce);

test("a log that is looked at for the first time is read in slices, with others answered between them, and told as if in one", async () => {
	const told: (readonly [done: number, total: number])[] = [];
	let between = 0;
	const reader = new LogReader({ registry, sliceEvents: 1_000 });
	const rest = async (): Promise<void> => {
		between++;
		expect(await reader.answer("log.events", { place, request: page }, atOnce)).toMatchObject({ nextIndex: 10 });
	};
	const request = { ...range, buckets: 50, nodes: null };
	const sliced = await reader.answer("log.density", { place, request }, { tell: (done, total) => void told.push([done, total]), rest });
	expect(eventCount).toBeGreaterThan(3_000);
	const slices = Math.ceil(eventCount / 1_000);
	expect(told).toEqual(Array.from({ length: slices }, (_, slice) => [Math.min(eventCount, (slice + 1) * 1_000), eventCount]));
	expect(between).toBe(told.length - 1);
	expect(sliced).toEqual(await whole("log.density", { place, request }));
	// What has been read is not read again.
	await reader.answer("log.density", { place, request }, atOnce);
});

/** Every question whose first walk may be over the whole log. */
const walks = {
	"log.density": { ...range, buckets: 50, nodes: null },
	"log.view": { atUs: 1_999_999 },
	"log.board": { atUs: null, names: [0, 1, 2] },
	"log.traces": { ...range, order: "latest", limit: 500 },
	"log.spans": { traceNode: 0, traceSequence: -1 },
	"log.series": { ...range, points: 20, nodes: null },
	"log.events": { ...page, kinds: ["nodeCrashed" as const] },
	// Back from it to the first, and on to the last.
	"log.causality": { index: 3_000, limit: 20_000 },
	"log.messages": { ...range, nodes: null, limit: 5_000 },
	"log.xray": { ...range, traceNode: 0, traceSequence: -1 },
} as const;
type Walk = keyof typeof walks;
const questions = Object.keys(walks) as Walk[];
const askedOf = (question: Walk): Asked<Walk> => ({ place, request: walks[question] }) as unknown as Asked<Walk>;

describe.each(questions)("%s", (question) => {
	test("is read in slices, whatever becomes of the file between them, and answered as if in one", async () => {
		const sliceEvents = 500;
		for (const isForgotten of [false, true]) {
			const reader = new LogReader({ registry, sliceEvents });
			let rests = 0;
			const rest = async (): Promise<void> => {
				rests++;
				// The file is let go of, and what was learnt of it is forgotten.
				if (isForgotten) await reader.answer("forget", { path: place.path }, atOnce);
			};
			const sliced = await reader.answer(question, askedOf(question), { tell: () => {}, rest });
			expect(sliced).toEqual(await whole(question, askedOf(question)));
			expect([rests >= Math.floor(eventCount / sliceEvents) - 1, rests <= Math.ceil(eventCount / sliceEvents)]).toEqual([true, true]);
		}
	});

	test("goes no further when it is called off", async () => {
		const reader = new LogReader({ registry, sliceEvents: 500 });
		const read = vi.spyOn(Session.prototype, "events");
		let rests = 0;
		const rest = (): Promise<void> => (++rests < 2 ? Promise.resolve() : Promise.reject(new ContractError("cancelled", "it was called off")));
		await expect(reader.answer(question, askedOf(question), { tell: () => {}, rest })).rejects.toMatchObject({ code: "cancelled" });
		// A walk for each slice; backwards one for each block of it. And the event that a walk begins with, or ends with.
		expect(read.mock.calls.length).toBeLessThanOrEqual(5);
		expect(rests).toBe(2);
		read.mockRestore();
	});
});

test("two looks at once, one further than the other, are each told what they asked", async () => {
	const reader = new LogReader({ registry, sliceEvents: 400 });
	const looks = [1_900_000, 400_000, 1_200_000, 1_999_999];
	const rest = (): Promise<void> => new Promise(setImmediate);
	const told = await Promise.all(looks.map((atUs) => reader.answer("log.view", { place, request: { atUs } }, { tell: () => {}, rest })));
	for (const [i, atUs] of looks.entries()) expect(told[i]).toEqual(await whole("log.view", { place, request: { atUs } }));
});

test("a page that is read backwards is the same in slices", async () => {
	const request = { ...page, fromIndex: null, backwards: true, text: "web-3", limit: 50 };
	let rests = 0;
	const rest = async (): Promise<void> => void rests++;
	const sliced = await new LogReader({ registry, sliceEvents: 800 }).answer("log.events", { place, request }, { tell: () => {}, rest });
	expect(sliced).toEqual(await whole("log.events", { place, request }));
	// Reading events as people do costs more, and so the slices are shorter.
	expect(rests).toBeGreaterThan(2);
});

describe("two logs side by side", () => {
	test("are compared in slices, and told as if in one, wherever they differ", async () => {
		const other = join(folder, "other.quorate");
		for (const command of [null, "1500ms crash web-3"]) {
			rmSync(other, { force: true });
			const otherCount = record(other, command === null ? [] : [command]);
			const asked = { place, other: { ...place, path: other, committedEvents: otherCount } };
			let rests = 0;
			const rest = async (): Promise<void> => void rests++;
			const sliced = await new LogReader({ registry, sliceEvents: 256 }).answer("log.compare", asked, { tell: nobody, rest });
			expect(sliced).toEqual(await whole("log.compare", asked));
			expect(sliced.here === null).toBe(command === null);
			// A block a slice.
			expect(rests).toBeGreaterThanOrEqual(Math.floor(sliced.sameEvents / 1_024) - 1);
		}
	});

	test("are not compared further when that is called off", async () => {
		const rest = (): Promise<void> => Promise.reject(new ContractError("cancelled", "it was called off"));
		const blocks = vi.spyOn(Session.prototype, "blocks");
		await expect(new LogReader({ registry, sliceEvents: 256 }).answer("log.compare", { place, other: place }, { tell: nobody, rest })).rejects.toMatchObject({
			code: "cancelled",
		});
		expect(blocks).toHaveBeenCalledTimes(2);
		blocks.mockRestore();
	});
});
