import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import type { WriteStream } from "node:tty";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { assert, QuorateError } from "../../shared/errors.ts";
import { tellCrash } from "./crash-report.ts";
import { Terminal } from "./terminal.ts";

function terminal(): { readonly terminal: Terminal; said(): string } {
	const [out, err] = [new PassThrough(), new PassThrough()];
	return { terminal: new Terminal(out as unknown as WriteStream, err as unknown as WriteStream, {}), said: () => String(err.read() ?? "") };
}

function broken(): unknown {
	try {
		assert(1 > 2, "one is more than two");
	} catch (error) {
		return error;
	}
	return undefined;
}

describe("what is left when it was our own fault", () => {
	let folder = "";
	const home = process.cwd();
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), "quorate-crash-"));
		process.chdir(folder);
	});
	afterEach(() => {
		process.chdir(home);
		rmSync(folder, { recursive: true, force: true });
	});

	test("is a file that names the seed, how to see it again and where it broke, and exit code 70", () => {
		const { terminal: to, said } = terminal();
		const code = tellCrash(broken(), { lab: "ping", seed: 42, again: "quorate run ping --seed 42", saved: "a.quorate" }, to);
		const [name = ""] = readdirSync(folder);
		const report = JSON.parse(readFileSync(join(folder, name), "utf8")) as { seed: number; again: string; error: string; stack: string };
		expect(code).toBe(70);
		expect(report).toMatchObject({ lab: "ping", seed: 42, again: "quorate run ping --seed 42", error: "invariant broken: one is more than two" });
		expect(report.stack).toContain("crash-report.test");
		const text = said();
		expect(text).toMatch(/our own fault: invariant broken: one is more than two/);
		expect(text).toContain("The seed was 42.");
		expect(text).toContain(name);
		expect(text).toContain("What was recorded until then is in a.quorate.");
	});

	test("is also written for what is no error of ours by name", () => {
		const { terminal: to } = terminal();
		expect(tellCrash(new TypeError("undefined is not a function"), {}, to)).toBe(70);
		expect(readdirSync(folder)).toHaveLength(1);
	});

	test("is nothing when the fault lies in what was asked", () => {
		const { terminal: to, said } = terminal();
		expect(tellCrash(new QuorateError("usage", "no such thing", { kept: "All is well.", advice: "Ask for another." }), {}, to)).toBe(2);
		expect(tellCrash(new QuorateError("verify-differs", "it differs"), {}, to)).toBe(3);
		expect(said()).toBe("quorate: no such thing\n  All is well.\n  Ask for another.\nquorate: it differs\n");
		expect(readdirSync(folder)).toEqual([]);
	});
});

describe("the terminal", () => {
	test("goes on quietly when its reader leaves, and tells whoever wants to know", () => {
		const out = new PassThrough();
		const to = new Terminal(out as unknown as WriteStream, new PassThrough() as unknown as WriteStream, {});
		let left = 0;
		to.whenReaderGone(() => left++);
		out.emit("error", Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
		expect(left).toBe(1);
		expect(to.readerGone).toBe(true);
		expect(to.line("nobody hears this")).toBe(true);
	});

	test("colours for people, unless NO_COLOR says no", () => {
		const stream = (isTTY: boolean): WriteStream => Object.assign(new PassThrough(), { isTTY }) as unknown as WriteStream;
		const styled = (isTTY: boolean, env: NodeJS.ProcessEnv): string => new Terminal(stream(isTTY), stream(false), env).style("x", "red");
		expect(styled(true, {})).toBe("\x1b[31mx\x1b[39m");
		expect(styled(true, { NO_COLOR: "1" })).toBe("x");
		expect(styled(true, { NO_COLOR: "" })).toBe("\x1b[31mx\x1b[39m");
		expect(styled(true, { TERM: "dumb" })).toBe("x");
		expect(styled(false, {})).toBe("x");
		expect(styled(false, { FORCE_COLOR: "1", NO_COLOR: "1" })).toBe("x");
	});
});
