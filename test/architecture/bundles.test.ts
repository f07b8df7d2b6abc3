import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type PartsOfProgram, programText } from "../../src/main/threads/node-program.ts";
import { registry } from "../../src/os/registry.ts";
import { builtThreads } from "../support/built-threads.ts";
import { rootDirectory } from "./files.ts";
import { importsOf } from "./imports.ts";

const out = join(rootDirectory, "out");
const kilobyte = 1024;

function specifiersOf(path: string): (string | undefined)[] {
	return importsOf(path, readFileSync(join(out, path), "utf8")).map(({ specifier }) => specifier);
}

describe("what is built", () => {
	test.each(["cli", "electron", "web", "cluster-thread", "keeper-thread", "recorder-thread", "reader-thread", "coupling-thread"])(
		"has the program %s",
		(name) => {
			expect(existsSync(join(out, "main", `${name}.js`))).toBe(true);
		},
	);

	test("the keeper is one small file that needs Node alone", () => {
		for (const specifier of specifiersOf("main/keeper-thread.js")) expect(specifier).toMatch(/^node:/);
		expect(statSync(join(out, "main/keeper-thread.js")).size).toBeLessThan(48 * kilobyte);
	});

	test("a part of the nodes' program needs Node and other parts alone", () => {
		const parts = readdirSync(join(out, "main/node-program")).filter((name) => name.endsWith(".cjs"));
		for (const part of parts) {
			for (const specifier of specifiersOf(`main/node-program/${part}`)) {
				if (specifier?.startsWith("./") === true) expect(parts, part).toContain(specifier.slice(2));
				else expect(specifier, part).toMatch(/^node:/);
			}
		}
	});

	test("every service of the registry has a part of the nodes' program", () => {
		const { services } = JSON.parse(readFileSync(builtThreads.program, "utf8")) as PartsOfProgram;
		expect(Object.keys(services).sort()).toEqual([...registry.keys()].sort());
	});

	test("a node thread is handed the text of the services that its lab boots, and of no other", () => {
		const nobody = programText(builtThreads.program, []);
		const ping = programText(builtThreads.program, ["ping"]);
		const everybody = programText(builtThreads.program, [...registry.keys()]);
		expect(nobody).not.toContain("pingDefinition");
		expect(ping).toContain("pingDefinition");
		expect(ping).not.toContain("storeDefinition");
		expect(everybody).toContain("storeDefinition");
		// Two hundred threads take in as many copies; it is the runtime of a node and the codec.
		expect(nobody.length).toBeLessThan(150 * kilobyte);
		expect(ping.length - nobody.length).toBeLessThan(16 * kilobyte);
	});

	test("the preload script is one CommonJS file that needs Electron alone", () => {
		expect(readdirSync(join(out, "preload"))).toEqual(["index.cjs"]);
		expect(specifiersOf("preload/index.cjs")).toEqual(["electron"]);
	});

	test("the page runs under its own policy: no inline script, no code from text, no other host", () => {
		const page = readFileSync(join(out, "renderer/index.html"), "utf8");
		expect(page).toContain(`http-equiv="Content-Security-Policy"`);
		expect(page).toMatch(/default-src &#39;none&#39;; script-src &#39;self&#39;;/);
		expect(page).not.toMatch(/unsafe|https?:|<script(?![^>]*\ssrc=)/);
		const scripts = readdirSync(join(out, "renderer/assets")).filter((name) => name.endsWith(".js"));
		expect(scripts.length).toBeGreaterThan(0);
		for (const name of scripts) expect(readFileSync(join(out, "renderer/assets", name), "utf8"), name).not.toMatch(/\bnew Function\(|\beval\(/);
	});
});
