import { writeFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { Folder, lastObject, quorate, type RunObject } from "../support/command-line.ts";

const folder = new Folder();
afterAll(() => folder.remove());

const soundLab = `format: 1
id: mine
title: Mine
shows: Two nodes.
duration: 1s
nodes:
  - name: a
    services:
      - service: ping
        config: { peer: b, period: 100ms, timeout: 50ms }
  - name: b
    services: [{ service: echo }]
links:
  - between: [a, b]
    latency: 1ms
`;

function lab(name: string, text: string): string {
	const path = folder.file(name);
	writeFileSync(path, text);
	return path;
}

/** Exit 2, nothing on standard output, a sentence on standard error, and never a stack. */
async function refused(words: readonly string[], said: RegExp): Promise<void> {
	const { code, out, err } = await quorate(words);
	expect({ code, out }).toEqual({ code: 2, out: "" });
	expect(err).toMatch(said);
	expect(err).not.toMatch(/\n\s+at .*:\d+:\d+/);
}

describe("words that make no sense are refused with exit code 2", () => {
	test.each<readonly [readonly string[], RegExp]>([
		[["run", "front-dor"], /no lab is called "front-dor"; did you mean front-door\?/],
		[["run"], /which lab\?/],
		[["rum", "ping"], /unknown command 'rum'/],
		[["run", "ping", "--sed", "1"], /unknown option '--sed'[\s\S]*--seed/],
		[["run", "ping", "extra"], /too many arguments/],
		[["run", "ping", "--seed", "-1"], /"-1" is no seed/],
		[["run", "ping", "--seed", "1.5"], /"1.5" is no seed/],
		[["run", "ping", "--until", "10"], /"10" is no duration/],
		[["run", "ping", "--until", "0s"], /--until is a duration above zero/],
		[["run", "ping", "--executor", "fast"], /--executor is one of threads, inline; found "fast"/],
		[["run", "ping", "--speed", "0x"], /"0x" is no speed/],
		[["run", "ping", "--speed", "1000x"], /"1000x" is no speed/],
		[["run", "ping", "--detail", "some", "--save", "x.quorate"], /--detail is one of full, messages, summary/],
		[["run", "ping", "--set", "latency"], /--set "latency" is no setting/],
		[["run", "ping", "--set", "latencie=1ms"], /no parameter called latencie; did you mean latency\?/],
		[["run", "ping", "--set", "loss=2"], /expected a number from 0 to 1/],
		[["run", "ping", "--variant", "lossi"], /no variant called lossi; did you mean lossy\?/],
		[["run", "ping", "--at", "3s crash server-2"], /no node is called "server-2"; did you mean server-1\?/],
		[["run", "ping", "--at", "3s explode server-1"], /"3s explode server-1"/],
		[["run", "ping", "--at", "crash server-1"], /an instant such as 6s/],
		[["run", "ping", "--at", "3s drift server-1 -1000000ppm"], /more than -1000000ppm/],
		[["run", "ping", "--at", "3s halt server-1 incarnation 1 step 4 hung"], /expected a command/],
		[["run", "ping", "--ring-bytes", "1000"], /--ring-bytes is a/],
		[["run", "ping", "--from", "3s"], /--from and --branch belong to --fork/],
		[["run", "./nowhere.yaml"], /there is no file \.\/nowhere\.yaml/],
		[["replay", "nowhere.quorate"], /there is no file .*nowhere\.quorate/],
		[["verify", "nowhere.quorate"], /there is no file .*nowhere\.quorate/],
		[["info", "nowhere.quorate"], /there is no file .*nowhere\.quorate/],
		[["run", "ping", "--save", "no/such/folder/x.quorate"], /there is no folder/],
	])("%j", (words, said) => refused(words, said));
});

describe("labs that make no sense are refused with their line", () => {
	test.each<readonly [string, string, RegExp]>([
		["bad YAML", "format: 1\n  nodes: [", /bad.*\.yaml:\d+:\d+: /],
		["an unknown service", soundLab.replace("service: echo", "service: ecko"), /\.yaml:12:.*ecko.*did you mean echo/],
		["a link without delay", soundLab.replace("latency: 1ms", "latency: 0ms"), /\.yaml:15:\d+: expected .*at least 1us/],
		["a node nobody can reach", soundLab.replace("links:", "  - name: c\nlinks:"), /\.yaml:13:\d+: .*c/],
		["a clock that goes backwards", soundLab.replace("  - name: b\n", "  - name: b\n    clock: { drift: -1000000ppm }\n"), /\.yaml:12:\d+: .*-1000000ppm/],
		["a loss beyond 100 %", soundLab.replace("latency: 1ms", "latency: 1ms\n    loss: 1.5"), /\.yaml:16:\d+: .*ratio/],
		["an option the service does not know", soundLab.replace("period:", "periode:"), /\.yaml:10:\d+: .*periode/],
	])("%s", (name, text, said) => refused(["run", lab(`bad-${name.replaceAll(/\W+/g, "-")}.yaml`, text)], said));
});

describe("labs that are hard but sound run", () => {
	test("a lab of one's own, by its path", async () => {
		const { code, out, err } = await quorate(["run", lab("sound.yaml", soundLab), "--executor", "inline", "--json"]);
		expect({ code, err }).toEqual({ code: 0, err: "" });
		expect(out).toContain('"lab":"mine"');
	});

	test("a link that loses everything", async () => {
		const finished = await quorate(["run", lab("lost.yaml", soundLab.replace("latency: 1ms", "latency: 1ms\n    loss: 1")), "--executor", "inline", "--json"]);
		const { messages } = lastObject<RunObject>(finished);
		expect(finished.code).toBe(0);
		expect(messages.delivered).toBe(0);
		expect(messages.dropped.loss).toBe(messages.sent);
		expect(messages.sent).toBe(10);
	});

	test("a link with the least delay there is", async () => {
		const { code } = await quorate(["run", lab("near.yaml", soundLab.replace("latency: 1ms", "latency: 1us")), "--executor", "inline", "--json"]);
		expect(code).toBe(0);
	});
});

describe("help", () => {
	test("without words, and with --help, the commands are listed", async () => {
		const [bare, help] = await Promise.all([quorate([]), quorate(["--help"])]);
		for (const { code, out } of [bare, help]) {
			expect(code).toBe(0);
			for (const command of ["labs", "run", "replay", "verify", "info", "export", "bench"]) expect(out).toMatch(new RegExp(`^ {2}${command}\\b`, "m"));
			expect(out).toContain("Exit codes: 0");
		}
	});

	test("a command's own words", async () => {
		const { code, out } = await quorate(["run", "--help"]);
		expect(code).toBe(0);
		for (const option of ["--variant", "--seed", "--until", "--executor", "--speed", "--set", "--at", "--detail", "--save", "--json"])
			expect(out).toContain(option);
	});
});
