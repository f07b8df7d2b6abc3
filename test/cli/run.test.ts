import { describe, expect, test } from "vitest";
import { lastObject, quorate, type RunObject } from "../support/command-line.ts";

async function run(...words: string[]): Promise<RunObject & { readonly code: number | null }> {
	const finished = await quorate(["run", ...words, "--json"]);
	return { ...lastObject<RunObject>(finished), code: finished.code };
}

describe("quorate run", () => {
	test("tells what a run came to in one object, with every field of the contract", async () => {
		const finished = await quorate(["run", "ping", "--json"]);
		const object = lastObject<RunObject>(finished);
		expect(finished.code).toBe(0);
		expect(finished.err).toBe("");
		expect(finished.out.trimEnd().split("\n")).toHaveLength(1);
		expect(object).toMatchObject({ lab: "ping", variant: "", seed: 1, executor: "threads", finished: true, virtualUs: 10_000_000, saved: null });
		expect(object.messages).toMatchObject({ sent: 20, delivered: 20, dropped: {} });
		expect(object.digest).toMatch(/^[0-9a-f]{64}$/);
		expect(object.checks.map(({ id, ok }) => [id, ok])).toEqual([
			["every-ping-answered", true],
			["round-trip", true],
		]);
		expect(object.nodes.map(({ name, status, incarnation }) => [name, status, incarnation])).toEqual([
			["client-1", "up", 1],
			["server-1", "up", 1],
		]);
		expect(object.events).toBeGreaterThan(40);
		expect(object.wallMs).toBeGreaterThan(0);
	});

	test("gives the same digest with threads and without, at any speed, detail and ring size", async () => {
		const base = ["ping", "--until", "2s"];
		const digests = await Promise.all([
			run(...base, "--executor", "threads"),
			run(...base, "--executor", "inline"),
			run(...base, "--executor", "inline", "--speed", "20x"),
			run(...base, "--executor", "threads", "--ring-bytes", "1024"),
			run(...base, "--executor", "inline", "--detail", "summary"),
		]).then((runs) => runs.map(({ digest }) => digest));
		expect(new Set(digests).size).toBe(1);
	});

	test("gives another run for another seed, and the same for the same", async () => {
		const [seven, again, eight] = await Promise.all(["7", "7", "8"].map((seed) => run("ping", "--executor", "inline", "--seed", seed)));
		expect(seven?.digest).toBe(again?.digest);
		expect(seven?.digest).not.toBe(eight?.digest);
	});

	test("draws a seed when asked to, and tells which", async () => {
		const drawn = await run("ping", "--executor", "inline", "--seed", "random");
		const again = await run("ping", "--executor", "inline", "--seed", String(drawn.seed));
		expect(again.digest).toBe(drawn.digest);
	});

	test("exits with 1 when a check fails, and proves it", async () => {
		const { code, checks } = await run("ping", "--variant", "cut", "--executor", "inline");
		expect(code).toBe(1);
		const failed = checks.filter(({ ok }) => !ok);
		expect(failed.map(({ id }) => id)).toContain("every-ping-answered");
		expect(failed[0]?.evidence.length).toBeGreaterThan(0);
	});

	test("carries out commands given with --at, and sets parameters", async () => {
		const { nodes, messages } = await run("ping", "--executor", "inline", "--set", "period=100ms", "--at", "3s crash server-1", "--until", "4s");
		expect(nodes.map(({ status }) => status)).toEqual(["up", "down"]);
		expect(messages.sent).toBeGreaterThan(60);
		expect(messages.dropped.nodeDown).toBe(10);
	});

	test("writes plain lines into a pipe: the events worth a line, then the report, no escape sequence", async () => {
		const { out, code } = await quorate(["run", "ping", "--executor", "inline", "--at", "3s crash server-1", "--at", "5s restart server-1"]);
		expect(code).toBe(1);
		expect(out).not.toContain("\x1b");
		const lines = out.split("\n");
		expect(lines[0]).toBe("Ping: seed 1, inline, 10s");
		expect(lines.filter((line) => /^ *\d.*server-1/.test(line)).map((line) => line.trim())).toEqual([
			"3.000000s  x server-1 crashed",
			"5.000000s  · server-1 is switched on and will be up at 5.100000s",
			"5.100000s  · server-1 boots, incarnation 2",
		]);
		expect(out).toMatch(/FAIL {2}every-ping-answered/);
		expect(out).toMatch(/again {5}npm run -s quorate -- run ping --seed 1 --at '3s crash server-1' --at '5s restart server-1'/);
	});

	test("colours when told to, and never when NO_COLOR says no", async () => {
		const words = ["run", "ping", "--executor", "inline", "--until", "1s"];
		const [coloured, plain] = await Promise.all([quorate(words, { env: { FORCE_COLOR: "1" } }), quorate(words, { env: { FORCE_COLOR: "1", NO_COLOR: "1" } })]);
		expect(coloured.out).toContain("\x1b[1m");
		expect(plain.out).not.toContain("\x1b");
	});
});

describe("a node that misbehaves", () => {
	test.each(["inline", "threads"])("and loops for ever is stopped at that handler, alone (%s)", async (executor) => {
		const { code, nodes, checks } = await run("misbehaving", "--variant", "loops", "--executor", executor, "--watchdog", "700ms");
		expect(code).toBe(1);
		expect(nodes.map(({ name, incarnation, lastError }) => [name, incarnation, lastError])).toEqual([
			["watcher", 1, ""],
			["good", 1, ""],
			["bad", 2, "hung"],
		]);
		expect(checks.map(({ id, ok }) => [id, ok])).toEqual([
			["nobody-is-stopped", false],
			["nobody-else-notices", true],
		]);
	});

	test.each(["inline", "threads"])("and takes all the memory is stopped alone (%s)", async (executor) => {
		const { nodes } = await run("misbehaving", "--variant", "allocates", "--executor", executor, "--watchdog", "60s", "--heap-mb", "48");
		expect(nodes.map(({ name, incarnation, lastError }) => [name, incarnation, lastError])).toEqual([
			["watcher", 1, ""],
			["good", 1, ""],
			["bad", 2, "outOfMemory"],
		]);
	});

	test("and throws crashes, and says what was thrown", async () => {
		const { nodes } = await run("misbehaving", "--variant", "throws", "--executor", "inline");
		expect(nodes[2]).toMatchObject({ name: "bad", incarnation: 2, lastError: "exception: Error: this program has a bug" });
	});

	test("and sends more than a message may hold has it dropped for that reason", async () => {
		const { messages, code } = await run("misbehaving", "--set", "habit=oversize", "--executor", "inline");
		expect(code).toBe(0);
		expect(messages.dropped).toEqual({ tooLarge: 1 });
	});

	test("gives the same run under both executors", async () => {
		const words = ["misbehaving", "--variant", "loops", "--watchdog", "700ms"];
		const [inline, threads] = await Promise.all([run(...words, "--executor", "inline"), run(...words, "--executor", "threads")]);
		expect(inline.digest).toBe(threads.digest);
	});
});
