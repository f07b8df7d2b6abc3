import { describe, expect, test } from "vitest";
import { contractVersion } from "../../shared/contract/calls.ts";
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
