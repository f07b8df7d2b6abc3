import { describe, expect, test } from "vitest";
import { contractVersion } from "../../shared/contract/calls.ts";
import { ContractError } from "../../shared/contract/errors.ts";
import { type LabFrame, readLabFrame, writeFrame } from "../../shared/contract/frames.ts";
import { labFrameBytesMax } from "../../shared/contract/limits.ts";
import { Connection } from "./connection.ts";

function deep(levels: number): unknown {
	let value: unknown = 1;
	for (let i = 0; i < levels; i++) value = [value];
	return value;
}

/** A window on a lab that gives every call the same reply. */
async function answered(reply: unknown): Promise<LabFrame | undefined> {
	const heard: LabFrame[] = [];
	const connection = new Connection({
		port: { send: (bytes) => void heard.push(readLabFrame(bytes)), backlogBytes: () => 0, close: () => {} },
		welcome: () => ({ appVersion: "0.0.0", engineVersion: 1, host: "web", platform: "test", hasOpenDialog: false, windows: 1 }),
		handle: async () => reply,
		onGreeted: () => {},
		nowMs: () => 0,
	});
	connection.receive(writeFrame({ kind: "hello", contractVersion }));
	connection.receive(writeFrame({ kind: "call", id: 7, call: "runs.list", request: {} }));
	await new Promise((resolve) => setImmediate(resolve));
	return heard.at(-1);
}

describe("a call that is called off", () => {
	/** A window whose calls are never answered by themselves. */
	function silent() {
		const heard: LabFrame[] = [];
		const signals: AbortSignal[] = [];
		const connection = new Connection({
			port: { send: (bytes) => void heard.push(readLabFrame(bytes)), backlogBytes: () => 0, close: () => {} },
			welcome: () => ({ appVersion: "0.0.0", engineVersion: 1, host: "web", platform: "test", hasOpenDialog: false, windows: 1 }),
			handle: (_call, _request, _connection, signal) => {
				signals.push(signal);
				return new Promise((_, reject) => signal.addEventListener("abort", () => reject(new ContractError("cancelled", "it was called off"))));
			},
			onGreeted: () => {},
			nowMs: () => 0,
		});
		connection.receive(writeFrame({ kind: "hello", contractVersion }));
		const call = (id: number): void => connection.receive(writeFrame({ kind: "call", id, call: "runs.list", request: {} }));
		const cancel = (id: number): void => connection.receive(writeFrame({ kind: "cancel", id }));
		return { connection, heard, signals, call, cancel };
	}
	const turn = () => new Promise((resolve) => setImmediate(resolve));

	test("is told to whoever answers it, and refused; no other is touched", async () => {
		const { heard, signals, call, cancel } = silent();
		for (const id of [1, 2, 3]) call(id);
		cancel(2);
		cancel(99);
		await turn();
		expect(signals.map(({ aborted }) => aborted)).toEqual([false, true, false]);
		expect(heard.slice(1)).toMatchObject([{ kind: "refusal", id: 2, error: { code: "cancelled" } }]);
	});

	test("makes room for another, at once and for as many as there are", async () => {
		const { heard, call, cancel } = silent();
		for (let id = 1; id <= 64; id++) call(id);
		call(65);
		expect(heard.at(-1)).toMatchObject({ kind: "refusal", id: 65, error: { code: "too-busy" } });
		for (let id = 1; id <= 64; id++) cancel(id);
		await turn();
		for (let id = 101; id <= 164; id++) call(id);
		expect(heard.filter((frame) => frame.kind === "refusal" && frame.error.code === "too-busy")).toHaveLength(1);
	});

	test("so are all of a window that has gone", () => {
		const { connection, signals, call } = silent();
		for (const id of [1, 2]) call(id);
		connection.end();
		expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
	});
});

describe("an answer that cannot be told", () => {
	test("is refused to whoever asked for it, and harms nobody", async () => {
		expect(await answered({ runs: [] })).toMatchObject({ kind: "reply", id: 7 });
		expect(await answered({ runs: deep(200_000) })).toMatchObject({ kind: "refusal", id: 7, error: { code: "internal" } });
		expect(await answered({ bytes: new Uint8Array(labFrameBytesMax) })).toMatchObject({ kind: "refusal", id: 7, error: { code: "usage" } });
	});

	test("because the disk is full is told as that", async () => {
		expect(await answered(Promise.reject(Object.assign(new Error("no"), { code: "ENOSPC" })))).toMatchObject({
			kind: "refusal",
			id: 7,
			error: { code: "disk-full" },
		});
	});
});
