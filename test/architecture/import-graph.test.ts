import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readTree, rootDirectory } from "./files.ts";
import { buildImportGraph } from "./import-graph.ts";
import { describeViolation, entries, type Manifest, violationsIn } from "./import-rules.ts";
import { importsOf } from "./imports.ts";

const manifest: Manifest = {
	dependencies: { zod: "1", "better-sqlite3": "1", react: "1", "@noble/hashes": "1" },
	devDependencies: { vitest: "1", electron: "1" },
};

/** What the rules say of a small made-up tree. */
function complaintsOf(files: Readonly<Record<string, string>>): string[] {
	return violationsIn(buildImportGraph(new Map(Object.entries(files))), manifest).map(describeViolation);
}

describe("the project's import graph", () => {
	const tree = readTree(rootDirectory, ["src", "test", "scripts"], [".ts", ".tsx", ".mjs"]);
	const assets = new Set(readTree(rootDirectory, ["src"], [".css", ".svg"]).keys());
	const graph = buildImportGraph(tree, assets);

	test("keeps every rule of the house", () => {
		const own = JSON.parse(readFileSync(join(rootDirectory, "package.json"), "utf8")) as Manifest;
		expect(violationsIn(graph, own).map(describeViolation)).toEqual([]);
	});

	test("is the whole graph: modules and their imports were found in every room", () => {
		for (const room of ["src/shared/", "src/core/", "src/main/", "src/preload/", "src/renderer/", "test/", "scripts/"]) {
			const edges = graph.files.filter((path) => path.startsWith(room)).flatMap((path) => graph.edgesOf.get(path) ?? []);
			expect(edges.length, room).toBeGreaterThan(0);
		}
		expect(entries.filter((entry) => tree.has(entry)).length).toBeGreaterThan(2);
	});
});

describe("the rules, on a tree that breaks them,", () => {
	test("let a proper tree pass", () => {
		expect(
			complaintsOf({
				"src/shared/units.ts": `import { z } from "zod"; export const unit = z;`,
				"src/core/node-api.ts": `import type { unit } from "../shared/units.ts";`,
				"src/core/kernel.ts": `import "./node-api.ts"; import { sha256 } from "@noble/hashes/sha2.js";`,
				"src/os/echo/echo.ts": `import type { Api } from "../../core/node-api.ts"; import "../../shared/units.ts";`,
				"src/main/cli.ts": `import "../core/kernel.ts"; import "../os/echo/echo.ts"; import "node:fs"; import "./threads/host.ts"; import "./store/database.ts";`,
				"src/main/threads/host.ts": `import { Worker } from "node:worker_threads";`,
				"src/main/store/database.ts": `import Database from "better-sqlite3";`,
				"src/main/electron.ts": `import { app } from "electron";`,
				"src/preload/index.ts": `import { contextBridge } from "electron";`,
				"src/renderer/main.tsx": `import "react"; import "../shared/units.ts";`,
				"src/core/kernel.test.ts": `import { test } from "vitest"; import "../main/cli.ts"; import "node:fs";`,
			}),
		).toEqual([]);
	});

	const forbidden: readonly [claim: string, path: string, text: string, said: RegExp][] = [
		["shared may import no other room", "src/shared/a.ts", `import "../core/kernel.ts";`, /src\/shared may import nothing outside itself/],
		["core may not import a service", "src/core/a.ts", `import "../os/echo.ts";`, /src\/core may import only src\/shared/],
		["core may not import main", "src/core/a.ts", `export * from "../main/cli.ts";`, /imports src\/main\/cli\.ts/],
		["an import of types alone counts", "src/core/a.ts", `import type { Echo } from "../os/echo.ts";`, /imports src\/os\/echo\.ts/],
		["a type named in place counts", "src/core/a.ts", `export type Echo = import("../os/echo.ts").Echo;`, /imports src\/os\/echo\.ts/],
		["a dynamic import counts", "src/core/a.ts", `export const echo = import("../os/echo.ts");`, /imports src\/os\/echo\.ts/],
		["os may import the node API of core only", "src/os/a.ts", `import "../core/kernel.ts";`, /only src\/shared and src\/core\/node-api\.ts/],
		["the renderer may not import the kernel", "src/renderer/a.tsx", `import "../core/kernel.ts";`, /src\/renderer may import only src\/shared/],
		["main may not import the renderer", "src/main/a.ts", `import "../renderer/main.tsx";`, /other processes/],
		["a pure room may not import Node", "src/core/a.ts", `import { readFileSync } from "node:fs";`, /runs without Node around it/],
		["nor Node under its old names", "src/shared/a.ts", `import { readFileSync } from "fs";`, /runs without Node around it/],
		["a pure room may use few packages", "src/core/a.ts", `import "react";`, /may use only the packages/],
		["the database belongs to one file", "src/main/store/reader.ts", `import "better-sqlite3";`, /one file owns the session's database/],
		["threads belong to one folder", "src/main/cli.ts", `import "node:worker_threads";`, /results must not depend on it/],
		["electron belongs to its entry", "src/main/store/reader.ts", `import type { App } from "electron";`, /runs without Electron/],
		["packages are declared", "src/main/a.ts", `import "left-pad/lib";`, /package\.json does not declare it/],
		["in tests too", "src/main/a.test.ts", `import "left-pad";`, /package\.json does not declare it/],
		["development packages are not shipped", "src/main/a.ts", `import "vitest";`, /for development only/],
		["a module does not import a test", "src/main/a.ts", `import "./cli.test.ts";`, /tests depend on the product/],
		["nor does a script", "scripts/a.ts", `import "../src/main/cli.test.ts";`, /tests depend on the product/],
		["a missing file is named", "src/main/a.ts", `import "./nowhere.ts";`, /src\/main\/nowhere\.ts, which does not exist/],
		["imports are literal", "src/main/a.ts", `export const load = (name: string) => import(name);`, /known without running the program/],
	];
	test.each(forbidden)("%s", (_claim, path, text, said) => {
		const others = {
			"src/core/kernel.ts": "",
			"src/os/echo.ts": "",
			"src/main/cli.ts": "",
			"src/main/cli.test.ts": "",
			"src/renderer/main.tsx": "",
		};
		const complaints = complaintsOf({ ...others, [path]: text });
		expect(complaints).toHaveLength(1);
		expect(complaints[0]).toMatch(said);
		expect(complaints[0]).toContain(`${path}:1 `);
	});

	test("name the chain from the program to the offender", () => {
		const [complaint] = complaintsOf({
			"src/main/cli.ts": `import "./run.ts";`,
			"src/main/run.ts": `\nimport "../core/kernel.ts";`,
			"src/core/kernel.ts": `import type { Clock } from "./clock.ts";`,
			"src/core/clock.ts": `\n\nimport "node:os";`,
		});
		expect(complaint).toBe(
			[
				"src/core/clock.ts:3 imports node:os",
				"    because  src/core runs without Node around it",
				"    chain    src/main/cli.ts",
				"          -> src/main/run.ts",
				"          -> src/core/kernel.ts",
				"          -> src/core/clock.ts",
				"          -> node:os",
			].join("\n"),
		);
	});

	test("find what an entry loads by many steps, and let types pass there", () => {
		const files = {
			"src/main/threads/node-thread.ts": `import "../wire.ts";`,
			"src/main/wire.ts": `import { open } from "./store/database.ts";`,
			"src/main/store/database.ts": `import Database from "better-sqlite3";`,
		};
		expect(complaintsOf(files)).toEqual([expect.stringMatching(/node-thread\.ts comes to load better-sqlite3.*wire\.ts.*database\.ts.*-> better-sqlite3/s)]);
		expect(complaintsOf({ ...files, "src/main/wire.ts": `import type { open } from "./store/database.ts";` })).toEqual([]);
	});

	test("find a cycle once, also one of types", () => {
		const complaints = complaintsOf({
			"src/core/a.ts": `import type { B } from "./b.ts";`,
			"src/core/b.ts": `import { c } from "./c.ts";`,
			"src/core/c.ts": `export * from "./a.ts";`,
			"src/core/aside.ts": `import "./a.ts";`,
		});
		expect(complaints).toHaveLength(1);
		expect(complaints[0]).toMatch(/imports itself by a detour.*a\.ts.*b\.ts.*c\.ts.*a\.ts/s);
	});
});

describe("reading a module's imports", () => {
	test("finds each form, with its line, and tells types from values", () => {
		const text = [
			`import type { A } from "./a.ts";`,
			`import { type B, type C } from "./b.ts";`,
			`import { type D, e } from "./d.ts";`,
			`export { f } from "./f.ts";`,
			`export type { G } from "./g.ts";`,
			"const h = import(`./h.ts`);",
			`type I = import("./i.ts").I;`,
			`const j = require("./j.cjs");`,
			`import "./k.css";`,
			`// import "./comment.ts"`,
			`const text = 'import "./text.ts"';`,
		].join("\n");
		expect(importsOf("module.ts", text)).toEqual([
			{ specifier: "./a.ts", line: 1, typeOnly: true },
			{ specifier: "./b.ts", line: 2, typeOnly: true },
			{ specifier: "./d.ts", line: 3, typeOnly: false },
			{ specifier: "./f.ts", line: 4, typeOnly: false },
			{ specifier: "./g.ts", line: 5, typeOnly: true },
			{ specifier: "./h.ts", line: 6, typeOnly: false },
			{ specifier: "./i.ts", line: 7, typeOnly: true },
			{ specifier: "./j.cjs", line: 8, typeOnly: false },
			{ specifier: "./k.css", line: 9, typeOnly: false },
		]);
	});

	test("refuses a file that does not parse, by name", () => {
		expect(() => importsOf("broken.ts", "import {")).toThrow(/broken\.ts does not parse/);
	});
});
