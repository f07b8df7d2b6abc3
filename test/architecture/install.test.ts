import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { rootDirectory } from "./files.ts";

interface LockEntry {
	readonly version?: string;
	readonly resolved?: string;
	readonly integrity?: string;
	readonly gypfile?: boolean;
	readonly hasInstallScript?: boolean;
	readonly dependencies?: Readonly<Record<string, string>>;
	readonly devDependencies?: Readonly<Record<string, string>>;
	readonly optionalDependencies?: Readonly<Record<string, string>>;
}

function readJson(path: string): unknown {
	return JSON.parse(readFileSync(join(rootDirectory, path), "utf8"));
}

describe("npm ci on a fresh machine", () => {
	const manifest = readJson("package.json") as LockEntry & { readonly allowScripts: Readonly<Record<string, boolean>> };
	const entries = (readJson("package-lock.json") as { readonly packages: Readonly<Record<string, LockEntry>> }).packages;
	const locked = Object.entries(entries).filter(([path]) => path !== "");

	test("finds the lock file in agreement with package.json", () => {
		expect(entries[""]?.dependencies).toEqual(manifest.dependencies);
		expect(entries[""]?.devDependencies).toEqual(manifest.devDependencies);
	});

	test("compiles nothing: npm 10 reads from the lock alone that the database brings its binaries", () => {
		// npm does not write this line by itself: add it again after making a new lock file.
		expect(entries["node_modules/better-sqlite3"]?.gypfile).toBe(false);
	});

	test("asks the registry it is told to ask, and checks what it gets", () => {
		for (const [path, { resolved, integrity }] of locked) {
			expect(resolved, path).toBeUndefined();
			expect(integrity, path).toMatch(/^sha512-/);
		}
	});

	test("finds the binaries of every platform in the lock file, not only of the one it was made on", () => {
		const names = new Set(locked.map(([path]) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length)));
		const wanted = Object.values(entries).flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies));
		expect(wanted.filter((name) => !names.has(name))).toEqual([]);
		expect(wanted.length).toBeGreaterThan(20);
	});

	test("runs no install script that package.json does not decide upon", () => {
		const withScripts = locked.filter(([, { hasInstallScript }]) => hasInstallScript === true).map(([path]) => path.replace(/^.*node_modules\//, ""));
		expect(withScripts.length).toBeGreaterThan(0);
		for (const name of withScripts) expect(manifest.allowScripts[name], name).toBeTypeOf("boolean");
	});
});
