import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rootDirectory } from "./files.ts";

/** Each snippet is forbidden where results must repeat, with a diagnostic that says so. */
const banned: readonly [name: string, snippet: string, said: RegExp][] = [
	["Date.now", "export const at = Date.now();", /global variable Date/],
	["new Date", "export const at = new Date();", /global variable Date/],
	["Date as a type", "export type At = Date;", /global variable Date/],
	["performance", "export const at = performance.now();", /global variable performance/],
	["Math.random", "export const x = Math.random();", /exact functions of Math/],
	["Math.pow", "export const x = (y: number) => Math.pow(y, 0.5);", /exact functions of Math/],
	...["exp", "expm1", "log", "log2", "log10", "log1p", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "cbrt", "fround"].map(
		(name): [string, string, RegExp] => [`Math.${name}`, `export const x = (y: number) => Math.${name}(y);`, /exact functions of Math/],
	),
	["Math.atan2", "export const x = (y: number) => Math.atan2(y, 2);", /exact functions of Math/],
	["Math.hypot", "export const x = (y: number) => Math.hypot(y, 2);", /exact functions of Math/],
	["Math.PI by its back door", `export const x = (y: "sin") => Math[y](1);`, /exact functions of Math/],
	["Math handed on", "const m = Math;\nexport const x = m.floor(1);", /exact functions of Math/],
	["Math taken apart", "const { floor } = Math;\nexport const x = floor(1);", /exact functions of Math/],
	["a banned function inside an allowed one", "export const x = Math.floor(Math.sin(1));", /exact functions of Math/],
	["**", "export const x = (y: number) => y ** 0.5;", /No powers/],
	["** in brackets", "export const x = (y: number) => (1 + y) ** (y - 1);", /No powers/],
	["**=", "export function x(y: number) {\n\tlet z = y;\n\tz **= 2;\n\treturn z;\n}", /No powers/],
	["**= on a property", "export function x(y: { z: number }) {\n\ty.z **= 2;\n}", /No powers/],
	["toLocaleString", "export const x = (1).toLocaleString();", /No locale/],
	["toLocaleUpperCase", `export const x = "i".toLocaleUpperCase();`, /No locale/],
	["localeCompare", `export const x = (a: string, b?: string) => b?.localeCompare(a);`, /No locale/],
	["Intl", "export const x = new Intl.NumberFormat();", /global variable Intl/],
	["setTimeout", "setTimeout(() => undefined, 1);", /global variable setTimeout/],
	["queueMicrotask", "queueMicrotask(() => undefined);", /global variable queueMicrotask/],
	["console", `console.log("x");`, /console/],
	["process", "export const x = process.argv;", /global variable process/],
	["Buffer", "export const x = Buffer.alloc(1);", /global variable Buffer/],
	["crypto", "export const x = crypto.randomUUID();", /global variable crypto/],
	["TextEncoder", "export const x = new TextEncoder();", /global variable TextEncoder/],
	["fetch", `export const x = fetch("x");`, /global variable fetch/],
	["globalThis", "export const x = globalThis;", /global variable globalThis/],
	["WeakRef", "export const x = new WeakRef({});", /global variable WeakRef/],
	["Function from text", `export const x = new Function("return 1");`, /global variable Function/],
	["node modules", `import { cpus } from "node:os";\nexport const x = cpus;`, /Node/i],
	["for in", "export function x(y: object) {\n\tfor (const key in y) return key;\n\treturn undefined;\n}", /for-in/],
];

/** Exact everywhere, so allowed. */
const allowed = `export const x = (y: number) =>
	Math.abs(y) + Math.ceil(y) + Math.clz32(y) + Math.floor(y) + Math.imul(y, 3) + Math.max(y, 1) + Math.min(y, 1) + Math.round(y) + Math.sign(y) + Math.sqrt(y) + Math.trunc(y) + y * y;
`;

interface Report {
	readonly diagnostics: readonly { readonly severity: string; readonly message: string; readonly location: { readonly path: string } }[];
}

describe("lint in the pure rooms", () => {
	const directory = mkdtempSync(join(tmpdir(), "quorate-lint-"));
	const errorsOf = new Map<string, string[]>();

	const write = (path: string, text: string): void => {
		mkdirSync(dirname(join(directory, path)), { recursive: true });
		writeFileSync(join(directory, path), text);
	};

	const fileOf = (folder: string, index: number): string => `src/${folder}/ban-${index}.ts`;

	beforeAll(() => {
		cpSync(join(rootDirectory, "biome.json"), join(directory, "biome.json"));
		cpSync(join(rootDirectory, "scripts/lint"), join(directory, "scripts/lint"), { recursive: true });
		for (const [index, [, snippet]] of banned.entries()) {
			for (const room of ["shared", "core", "os", "main"]) write(fileOf(room, index), `${snippet}\n`);
			write(`src/core/ban-${index}.test.ts`, `${snippet}\n`);
		}
		write("src/core/allowed.ts", allowed);
		write("src/core/later.ts", "export const x = Promise.resolve(1);\n");
		const { stdout } = spawnSync(
			process.execPath,
			[join(rootDirectory, "node_modules/@biomejs/biome/bin/biome"), "lint", "--vcs-enabled=false", "--reporter=json", "--max-diagnostics=none", "."],
			{ cwd: directory, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
		);
		for (const { severity, message, location } of (JSON.parse(stdout) as Report).diagnostics) {
			const path = location.path.replace(/^\.\//, "");
			if (severity === "error") errorsOf.set(path, [...(errorsOf.get(path) ?? []), message]);
		}
	});

	afterAll(() => rmSync(directory, { recursive: true, force: true }));

	test.each(banned.map(([name, , said], index) => ({ name, said, index })))("forbids $name", ({ said, index }) => {
		for (const room of ["shared", "core", "os"]) expect((errorsOf.get(fileOf(room, index)) ?? []).join("\n"), room).toMatch(said);
	});

	test("allows the exact arithmetic", () => {
		expect(errorsOf.get("src/core/allowed.ts")).toBeUndefined();
	});

	test("forbids promises in the kernel and its programs", () => {
		expect(errorsOf.get("src/core/later.ts")?.join("\n")).toMatch(/global variable Promise/);
	});

	test("leaves the clock and the mathematics to main and to tests", () => {
		const ours = /global variable|exact functions|No powers|No locale/;
		for (const index of banned.keys()) {
			expect((errorsOf.get(fileOf("main", index)) ?? []).join("\n")).not.toMatch(ours);
			expect((errorsOf.get(`src/core/ban-${index}.test.ts`) ?? []).join("\n")).not.toMatch(ours);
		}
	});
});
