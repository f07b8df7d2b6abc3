import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { rootDirectory } from "./files.ts";
import { importsOf } from "./imports.ts";

const out = join(rootDirectory, "out");
const kilobyte = 1024;

function specifiersOf(path: string): (string | undefined)[] {
	return importsOf(path, readFileSync(join(out, path), "utf8")).map(({ specifier }) => specifier);
}

describe("what is built", () => {
	test.each(["cli", "electron", "web", "cluster-thread", "node-thread", "recorder-thread", "reader-thread", "coupling-thread"])(
		"has the program %s",
		(name) => {
			expect(existsSync(join(out, "main", `${name}.js`))).toBe(true);
		},
	);

	test("a node thread is one small file that needs Node alone", () => {
		for (const specifier of specifiersOf("main/node-thread.js")) expect(specifier).toMatch(/^node:|^worker_threads$/);
		// The twin that is compiled once and handed to every thread, with its text; all services lie in it.
		expect(statSync(join(out, "main/node-thread.cjs")).size).toBeLessThan(640 * kilobyte);
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
