import { readdirSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { filesMax } from "../../src/main/lab-service/files.ts";
import { jobsKeptMax } from "../../src/main/lab-service/jobs.ts";
import type { LabService } from "../../src/main/lab-service/lab-service.ts";
import { runsMax } from "../../src/main/lab-service/room.ts";
import { decode, encode, type PlainValue } from "../../src/shared/codec.ts";
import { type CallName, callNames, calls, contractVersion } from "../../src/shared/contract/calls.ts";
import { contractErrorCodes } from "../../src/shared/contract/errors.ts";
import { type LabFrame, readLabFrame, writeFrame } from "../../src/shared/contract/frames.ts";
import { startOf, type TestLab, testLab } from "../support/lab-window.ts";
import { heldOf, openUnder } from "../support/let-go.ts";

let lab: TestLab;

beforeAll(() => {
	lab = testLab();
});

afterAll(() => lab.close());

/** A window whose every word is the test's own. */
class RawWindow {
	readonly heard: LabFrame[] = [];
	readonly connection: ReturnType<LabService["connect"]>;
	#wake: () => void = () => {};

	constructor(service: LabService) {
		this.connection = service.connect({
			send: (bytes) => {
				this.heard.push(readLabFrame(bytes));
				this.#wake();
			},
			backlogBytes: () => 0,
			close: () => {},
		});
	}

	/** All that was said in answer to something. */
	get answers(): readonly (LabFrame & { readonly kind: "reply" | "refusal" | "welcome" })[] {
		return this.heard.filter((frame) => frame.kind !== "push");
	}

	async until(isDone: () => boolean): Promise<void> {
		while (!isDone()) {
			await new Promise<void>((resolve) => {
				this.#wake = resolve;
			});
		}
	}
}

const plain: fc.Arbitrary<PlainValue> = fc.letrec<{ value: PlainValue }>((tie) => ({
	value: fc.oneof(
		{ maxDepth: 3 },
		fc.constant(null),
		fc.boolean(),
		fc.integer(),
		fc.double(),
		fc.string(),
		fc.uint8Array({ maxLength: 16 }),
		fc.array(tie("value"), { maxLength: 4 }),
		fc.dictionary(fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom("run", "session", "__proto__", "constructor", "kind", "id")), tie("value"), {
			maxKeys: 4,
		}),
	),
})).value;

/** Values that almost fit. */
const nearly: fc.Arbitrary<PlainValue> = fc.oneof(
	fc.constantFrom<PlainValue>(
		"r1",
		"r999999",
		"j1",
		"u1",
		"../../etc/passwd",
		"web-1",
		"full",
		"max",
		"ping",
		"r0",
		"",
		"a".repeat(300),
		"crash web-3",
		"\0",
		"con",
	),
	// r2 is the one that nobody is to touch.
	fc.integer({ min: 3, max: 5_000 }).map((number) => `r${number}`),
	fc.constantFrom<PlainValue>(0, 1, -1, 0.5, Number.NaN, Number.MAX_SAFE_INTEGER, Number.POSITIVE_INFINITY, null, true),
	plain,
);

const harmless = callNames.filter((name) => !["runs.start", "runs.continue", "runs.fork"].includes(name));

/** A call with the keys it should have, and values it should not. */
const call: fc.Arbitrary<PlainValue> = fc.oneof(
	fc.record({
		kind: fc.constant("call"),
		id: fc.integer({ min: 1, max: 1_000_000 }),
		call: fc.oneof(fc.constantFrom(...harmless), fc.constantFrom("__proto__", "toString", "constructor", "runs.start.x", ""), fc.string({ maxLength: 80 })),
		request: plain,
	}),
	fc.constantFrom(...callNames).chain((name: CallName) => {
		const keys = Object.keys(calls[name].request.shape);
		return fc.record({
			kind: fc.constant("call"),
			id: fc.integer({ min: 1, max: 1_000_000 }),
			call: fc.constant(name),
			request: fc.record(Object.fromEntries(keys.map((key) => [key, nearly])), { requiredKeys: [] }) as fc.Arbitrary<PlainValue>,
		});
	}),
);

const frame: fc.Arbitrary<Uint8Array> = fc.oneof(
	{ arbitrary: call.map(encode), weight: 8 },
	{ arbitrary: plain.map(encode), weight: 2 },
	{ arbitrary: fc.uint8Array({ maxLength: 64 }), weight: 2 },
	{ arbitrary: fc.tuple(call.map(encode), fc.nat(), fc.integer({ min: 0, max: 255 })).map(([bytes, at, byte]) => flipped(bytes, at, byte)), weight: 2 },
);

function flipped(bytes: Uint8Array, at: number, byte: number): Uint8Array {
	const copy = bytes.slice();
	copy[at % Math.max(1, copy.length)] = byte;
	return copy;
}

/** Of the call in a frame; 1 if there is none. */
function idOf(bytes: Uint8Array): number {
	try {
		const { id } = decode(bytes) as { readonly id?: unknown };
		return typeof id === "number" && Number.isSafeInteger(id) && id > 0 ? id : 1;
	} catch {
		return 1;
	}
}

const frames = 10_000;
const perWindow = 500;
const atOnce = 50;

describe("ten thousand frames that nobody should send", () => {
	test("each is answered once, with an answer of the contract; the run beside them loses nothing, and nothing of them is kept", {
		timeout: 300_000,
	}, async () => {
		const honest = lab.window();
		await honest.welcome;
		await honest.call("runs.start", startOf("ping", { startPaused: true, session: "victim" })); // r1, which the frames know
		const { run } = await honest.call("runs.start", startOf("ping", { startPaused: true, session: "precious" }));

		const all = fc.sample(frame, { seed: 20_26, numRuns: frames });
		const before = lab.service.held.ofWindows;
		const gone: WeakRef<object>[] = [];
		for (let from = 0; from < all.length; from += perWindow) {
			// Every window has its own allowance of frames a second; a new one begins with all of it.
			const window = new RawWindow(lab.service);
			window.connection.receive(writeFrame({ kind: "hello", contractVersion }));
			for (let at = from; at < from + perWindow; at++) {
				const sent = (all[at] as Uint8Array).slice();
				gone.push(new WeakRef(sent.buffer));
				window.connection.receive(sent);
				// Called off, whether it is under way or was none: it is answered all the same, and no other twice.
				if (at % 3 === 0) window.connection.receive(writeFrame({ kind: "cancel", id: idOf(all[at] as Uint8Array) }));
				if ((at + 1) % atOnce === 0) await window.until(() => window.answers.length > at - from + 1);
			}
			expect([window.answers.length, window.connection.callsUnderWay]).toEqual([perWindow + 1, 0]);
			lab.service.disconnect(window.connection);
			gone.push(new WeakRef(window), new WeakRef(window.connection));
		}
		// What was asked in vain is over when threads have said so, and jobs when they have done what they were told.
		while (lab.service.held.ofWindows.questions + lab.service.held.ofWindows.jobsUnderWay > 0) await turn();
		const { ofWindows, kept } = lab.service.held;
		expect({ ...ofWindows, live: 0 }).toEqual({ ...before, live: 0 });
		expect(ofWindows.live).toBeLessThanOrEqual(before.live);
		expect(
			Object.entries({ runs: runsMax, remembered: kept.runs, jobs: jobsKeptMax, files: filesMax }).filter(([what, most]) => kept[what as "runs"] > most),
		).toEqual([]);
		expect(await heldOf(gone)).toBe(0);
		expect(openUnder(lab.folder).filter((path) => /\.incoming|\(deleted\)/.test(path))).toEqual([]);
		expect((await honest.call("runs.describe", { run: run.run })).run).toMatchObject({ session: "precious", mode: "paused", error: null });
		expect((await honest.call("sessions.list", {})).sessions.map(({ session }) => session)).toContain("precious");
		// Nothing that was begun for windows that have gone is left.
		expect(readdirSync(lab.service.library.incomingFolder())).toEqual([]);
	});

	test("every refusal has a code of the table, says nothing of the machine, and comes with the number of its call", { timeout: 300_000 }, async () => {
		const codes: ReadonlySet<string> = new Set(contractErrorCodes);
		await fc.assert(
			fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 20 }), async (batch) => {
				const window = new RawWindow(lab.service);
				window.connection.receive(writeFrame({ kind: "hello", contractVersion }));
				for (const [at, value] of batch.entries()) window.connection.receive(encode({ ...(value as { readonly [key: string]: PlainValue }), id: at + 1 }));
				await window.until(() => window.answers.length > batch.length);
				const numbers = window.answers.map((answer) => (answer.kind === "welcome" ? 0 : answer.id));
				expect(numbers.sort((a, b) => a - b)).toEqual([0, ...batch.map((_, at) => at + 1)]);
				for (const answer of window.answers) {
					if (answer.kind !== "refusal") continue;
					expect(codes.has(answer.error.code)).toBe(true);
					expect(`${answer.error.message} ${answer.error.advice}`).not.toMatch(/node_modules|\.ts:\d|at \w+ \(/);
				}
				lab.service.disconnect(window.connection);
			}),
			{ seed: 20_26, numRuns: 100 },
		);
	});

	test("before the greeting, and after one of another version, nothing is done", () => {
		const window = new RawWindow(lab.service);
		window.connection.receive(writeFrame({ kind: "call", id: 1, call: "runs.list", request: {} }));
		window.connection.receive(writeFrame({ kind: "hello", contractVersion: contractVersion + 1 }));
		window.connection.receive(writeFrame({ kind: "call", id: 2, call: "runs.list", request: {} }));
		expect(window.answers.map((answer) => (answer.kind === "refusal" ? answer.error.code : "reply"))).toEqual([
			"request-invalid",
			"version-differs",
			"request-invalid",
		]);
	});

	test("a window that asks without a pause is asked to wait, and is not let in by it", () => {
		const window = new RawWindow(lab.service);
		window.connection.receive(writeFrame({ kind: "hello", contractVersion }));
		for (let id = 1; id <= 3_000; id++) window.connection.receive(writeFrame({ kind: "call", id, call: "runs.list", request: {} }));
		const refused = window.answers.filter((answer) => answer.kind === "refusal");
		expect(refused.length).toBeGreaterThan(1_000);
		expect(new Set(refused.map((answer) => (answer.kind === "refusal" ? answer.error.code : "")))).toEqual(new Set(["too-busy"]));
	});
});
