import { describe, expect, test } from "vitest";
import { callNames, calls, contractVersion } from "./calls.ts";
import { type ByteTransport, LabClient } from "./client.ts";
import { ContractError } from "./errors.ts";
import { type LabFrame, readWindowFrame, type WindowFrame, writeFrame } from "./frames.ts";
import { windowFrameBytesMax } from "./limits.ts";

const welcome = {
	kind: "welcome",
	contractVersion,
	appVersion: "0",
	engineVersion: 1,
	host: "web",
	platform: "linux",
	hasOpenDialog: false,
	windows: 1,
} as const;

/** A transport whose other end is the test. */
class Wire implements ByteTransport {
	readonly sent: WindowFrame[] = [];
	isClosed = false;
	#take: (frame: Uint8Array) => void = () => {};
	#end: (reason: string) => void = () => {};

	send(frame: Uint8Array): void {
		this.sent.push(readWindowFrame(frame));
	}

	onFrame(take: (frame: Uint8Array) => void): void {
		this.#take = take;
	}

	onClose(take: (reason: string) => void): void {
		this.#end = take;
	}

	close(): void {
		this.isClosed = true;
	}

	tell(frame: LabFrame): void {
		this.#take(writeFrame(frame));
	}

	tellBytes(bytes: Uint8Array): void {
		this.#take(bytes);
	}

	end(): void {
		this.#end("the lab has gone");
	}
}

function connect(): { readonly wire: Wire; readonly client: LabClient } {
	const wire = new Wire();
	return { wire, client: new LabClient(wire) };
}

async function refusalOf(promise: Promise<unknown>): Promise<ContractError> {
	const error = await promise.then(
		() => undefined,
		(reason: unknown) => reason,
	);
	expect(error).toBeInstanceOf(ContractError);
	return error as ContractError;
}

describe("the window's end of the contract", () => {
	test("greets with its version and hands the lab's answer over", async () => {
		const { wire, client } = connect();
		expect(wire.sent).toEqual([{ kind: "hello", contractVersion }]);
		wire.tell(welcome);
		expect(await client.welcome).toEqual(welcome);
	});

	test("a call is answered by the reply of its number, in whatever order replies come", async () => {
		const { wire, client } = connect();
		const first = client.call("runs.list", {});
		const second = client.call("labs.list", {});
		wire.tell({ kind: "reply", id: 2, reply: { labs: [] } });
		wire.tell({ kind: "reply", id: 1, reply: { runs: [] } });
		expect([await first, await second]).toEqual([{ runs: [] }, { labs: [] }]);
	});

	test("a refusal keeps its code, and what was kept", async () => {
		const { wire, client } = connect();
		const call = client.call("runs.play", { run: "r1" });
		wire.tell({ kind: "refusal", id: 1, error: { code: "run-not-found", message: "no run", kept: "all", advice: "look" } });
		expect(await refusalOf(call)).toMatchObject({ code: "run-not-found", kept: "all", advice: "look" });
	});

	test("a call that nobody wants any more is over at once, the lab is told, and what it says of it later is not heard", async () => {
		const { wire, client } = connect();
		const [first, second] = [new AbortController(), new AbortController()];
		const calledOff = client.call("runs.list", {}, { signal: first.signal });
		const other = client.call("runs.list", {}, { signal: second.signal });
		first.abort();
		expect(await refusalOf(calledOff)).toMatchObject({ code: "cancelled" });
		expect(wire.sent.slice(3)).toEqual([{ kind: "cancel", id: 1 }]);
		wire.tell({ kind: "refusal", id: 1, error: { code: "cancelled", message: "", kept: "", advice: "" } });
		wire.tell({ kind: "reply", id: 2, reply: { runs: [] } });
		expect(await other).toEqual({ runs: [] });
		// What was answered is not called off, and what was called off before it was asked is not asked.
		second.abort();
		expect(await refusalOf(client.call("runs.list", {}, { signal: first.signal }))).toMatchObject({ code: "cancelled" });
		expect(wire.sent).toHaveLength(4);
	});

	test("a request that does not fit never leaves, and an answer that does not fit is no answer", async () => {
		const { wire, client } = connect();
		expect(await refusalOf(client.call("runs.play", { run: "../r1" }))).toMatchObject({ code: "request-invalid" });
		expect(wire.sent).toHaveLength(1);
		const call = client.call("runs.list", {});
		wire.tell({ kind: "reply", id: 1, reply: { runs: [{ run: "r1" }] } });
		expect(await refusalOf(call)).toMatchObject({ code: "internal" });
	});

	test("bytes that are no frame end the connection, and every open call with it", async () => {
		const { wire, client } = connect();
		const call = client.call("runs.list", {});
		wire.tellBytes(new Uint8Array([0xc1, 0xc1]));
		expect(await refusalOf(call)).toMatchObject({ code: "request-invalid" });
		expect(wire.isClosed).toBe(true);
	});

	test("when the connection ends, open calls and later ones are told", async () => {
		const { wire, client } = connect();
		const open = client.call("runs.list", {});
		wire.end();
		expect(await refusalOf(open)).toMatchObject({ code: "cancelled" });
		expect(await refusalOf(client.call("runs.list", {}))).toMatchObject({ code: "cancelled" });
	});

	test("pushes reach those who listen, until they stop; what does not fit is left out", () => {
		const { wire, client } = connect();
		const heard: string[] = [];
		const stop = client.on("runClosed", ({ run }) => heard.push(run));
		wire.tell({ kind: "push", push: "runClosed", content: { run: "r1" } });
		wire.tell({ kind: "push", push: "runClosed", content: { run: "?" } });
		wire.tell({ kind: "push", push: "__proto__", content: {} });
		stop();
		wire.tell({ kind: "push", push: "runClosed", content: { run: "r2" } });
		expect(heard).toEqual(["r1"]);
	});
});

describe("frames", () => {
	test("a frame over the limit is refused before it is looked into", () => {
		expect(() => readWindowFrame(new Uint8Array(windowFrameBytesMax + 1))).toThrow(/at most/);
	});

	test("every call has a name in two words and schemas that refuse what is no object", () => {
		for (const name of callNames) {
			expect(name).toMatch(/^[a-z]+\.[a-zA-Z]+$/);
			for (const schema of Object.values(calls[name])) for (const value of [null, 1, "x", []]) expect(schema.safeParse(value).success, name).toBe(false);
		}
	});
});
