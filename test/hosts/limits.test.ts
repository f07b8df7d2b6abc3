/** What a window may ask of the lab, and how much of it: what does not fit never comes as far as the lab. */
import { describe, expect, test } from "vitest";
import { Connection } from "../../src/main/lab-service/connection.ts";
import { encode, type PlainValue } from "../../src/shared/codec.ts";
import { contractVersion } from "../../src/shared/contract/calls.ts";
import { type LabFrame, readLabFrame, writeFrame } from "../../src/shared/contract/frames.ts";
import { windowFrameBytesMax } from "../../src/shared/contract/limits.ts";

interface Handled {
	readonly call: string;
	readonly request: unknown;
}

/** A window on a lab that only notes what comes as far as it, and a clock that is set by hand. */
function listening({
	answer = async () => ({}),
	backlogBytes = () => 0,
}: {
	readonly answer?: () => Promise<unknown>;
	readonly backlogBytes?: () => number;
} = {}) {
	const [heard, handled, closed]: [LabFrame[], Handled[], string[]] = [[], [], []];
	const clock = { nowMs: 0 };
	const connection = new Connection({
		port: { send: (bytes) => void heard.push(readLabFrame(bytes)), backlogBytes, close: (reason) => void closed.push(reason) },
		welcome: () => ({ appVersion: "0.0.0", engineVersion: 1, host: "web", platform: "test", hasOpenDialog: false, windows: 1 }),
		handle: (call, request) => {
			handled.push({ call, request });
			return answer();
		},
		onGreeted: () => {},
		nowMs: () => clock.nowMs,
	});
	let id = 0;
	const say = (call: string, request: unknown): void => connection.receive(encode({ kind: "call", id: ++id, call, request } as PlainValue));
	const codes = (): readonly string[] => heard.flatMap((frame) => (frame.kind === "refusal" ? [frame.error.code] : []));
	connection.receive(writeFrame({ kind: "hello", contractVersion }));
	return { connection, heard, handled, closed, clock, say, codes };
}

const answered = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("a request", () => {
	test.each<[string, string, unknown]>([
		["of another kind", "runs.list", 5],
		["with a field too many", "runs.list", { all: true }],
		["without a field", "runs.stop", {}],
		["with a field of another kind", "runs.stop", { run: 7 }],
		["with a name that leads out of the library", "sessions.trash", { session: "../../etc/passwd" }],
		["with a number that is none", "log.view", { run: "r1", atUs: Number.NaN }],
		["with more than there may be", "log.events", { run: "r1", limit: 1_000_000_000 }],
		["of a call that there is not", "runs.destroy", {}],
		["of a word that every object knows", "constructor", {}],
	])("%s is refused as that, and nobody sees it", (_, call, request) => {
		const { say, codes, handled } = listening();
		say(call, request);
		expect([codes(), handled]).toEqual([["request-invalid"], []]);
	});

	test("that fits comes as far as the lab, as it was sent", () => {
		const { say, codes, handled } = listening();
		say("runs.stop", { run: "r1" });
		expect([codes(), handled]).toEqual([[], [{ call: "runs.stop", request: { run: "r1" } }]]);
	});

	test("in a frame that is too large is not looked into", () => {
		const { connection, codes, handled } = listening();
		connection.receive(
			encode({ kind: "call", id: 1, call: "files.keep", request: { name: "a", mediaType: "image/png", bytes: new Uint8Array(windowFrameBytesMax) } }),
		);
		expect([codes(), handled]).toEqual([["request-invalid"], []]);
	});
});

describe("a window that asks for much", () => {
	test("one call after the other may ask a thousand times at once, and five hundred times a second after that", async () => {
		const { say, codes, handled, clock } = listening();
		const ask = async (count: number): Promise<void> => {
			for (let i = 0; i < count; i++) {
				say("runs.list", {});
				await answered();
			}
		};
		await ask(1_100);
		expect([handled.length, codes().length, new Set(codes())]).toEqual([1_000, 100, new Set(["too-busy"])]);
		clock.nowMs += 1_000;
		await ask(600);
		expect(handled.length).toBe(1_500);
		clock.nowMs += 3_600_000;
		await ask(1_200);
		expect(handled.length).toBe(2_500);
	});

	test("has so many calls under way, and may ask again when one is answered", async () => {
		const waiting: (() => void)[] = [];
		const { say, codes, handled } = listening({ answer: () => new Promise((resolve) => waiting.push(() => resolve({}))) });
		for (let i = 0; i < 70; i++) say("runs.list", {});
		expect([handled.length, codes()]).toEqual([64, Array.from({ length: 6 }, () => "too-busy")]);
		waiting.shift()?.();
		await answered();
		say("runs.list", {});
		expect(handled.length).toBe(65);
	});

	test("and means none of it is let go in the end", () => {
		const hostile = listening();
		for (let i = 0; i <= 100_000; i++) hostile.connection.receive(new Uint8Array([0xc1]));
		expect(hostile.closed).toHaveLength(1);
	});
});

describe("a window that takes nothing", () => {
	test("is spared states that come too late, then let go; what it must know it is told", () => {
		let backlog = 0;
		const { connection, heard, closed } = listening({ backlogBytes: () => backlog });
		const told = (): number => heard.filter(({ kind }) => kind === "push").length;
		const push = (): void => {
			connection.push("status", {} as never);
			connection.push("runClosed", { run: "r1" });
		};
		push();
		expect(told()).toBe(2);
		backlog = 2_000_000;
		push();
		expect([told(), closed]).toEqual([3, []]);
		backlog = 300_000_000;
		push();
		expect([told(), closed.length]).toEqual([3, 1]);
	});

	test("hears nothing before it has greeted, and nothing after it has gone", () => {
		const { connection, heard } = listening();
		connection.end();
		connection.push("runClosed", { run: "r1" });
		connection.receive(encode({ kind: "call", id: 9, call: "runs.list", request: {} }));
		expect(heard.map(({ kind }) => kind)).toEqual(["welcome"]);
	});
});
