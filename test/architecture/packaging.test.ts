import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, matchesGlob } from "node:path";
import { describe, expect, test } from "vitest";
import { packedFiles, readPacking } from "../support/packing.ts";
import { rootDirectory } from "./files.ts";

const packing = readPacking();
const out = join(rootDirectory, "out");
const packed = packedFiles(packing, "linux", "x64");
const isUnpacked = (path: string): boolean => packing.asarUnpack.some((pattern) => matchesGlob(path, pattern));

describe("the packed application", () => {
	test("comes for each system in the form it expects", () => {
		expect([packing.linux.target, packing.mac.target, packing.win.target]).toEqual([["AppImage", "deb"], ["dmg"], ["nsis"]]);
	});

	test("opens session files", () => {
		expect(packing.fileAssociations).toMatchObject([{ ext: "quorate", mimeType: "application/vnd.quorate.session" }]);
	});

	test("has an icon large enough for every system", () => {
		const icon = readFileSync(join(rootDirectory, packing.icon));
		expect(icon.subarray(1, 4).toString("latin1")).toBe("PNG");
		expect(icon.readUInt32BE(16)).toBeGreaterThanOrEqual(512);
		expect(icon.readUInt32BE(20)).toBe(icon.readUInt32BE(16));
	});

	test("loads nothing of node_modules but the database", () => {
		const programs = readdirSync(join(out, "main"), { recursive: true, encoding: "utf8" }).filter((name) => /\.c?js$/.test(name));
		const loads = /(?:\bfrom ?|\bimport ?|\bimport\(|\brequire\()"([@a-z][\w./@-]*)"/g;
		const loaded = new Set(
			programs.flatMap((name) => [...readFileSync(join(out, "main", name), "utf8").matchAll(loads)].map(([, packageName = ""]) => packageName)),
		);
		const foreign = [...loaded].filter((name) => process.getBuiltinModule(name) === undefined && name !== "electron");
		// Two accelerators of the sockets are done without.
		expect(foreign.filter((name) => !["bufferutil", "utf-8-validate"].includes(name))).toEqual(["better-sqlite3"]);
	});

	test("brings every file of the page, the programs and the labs, what says its version, and of the rest nothing", () => {
		const built = readdirSync(out, { recursive: true, encoding: "utf8" }).filter((name) => statSync(join(out, name)).isFile() && !name.endsWith(".map"));
		expect(packed).toEqual(expect.arrayContaining(built.map((name) => `out/${name}`)));
		const { main } = JSON.parse(readFileSync(join(rootDirectory, "package.json"), "utf8")) as { readonly main: string };
		expect(packed).toEqual(
			expect.arrayContaining([main, "out/preload/index.cjs", "out/renderer/index.html", "resources/labs/front-door/lab.yaml", "package.json"]),
		);
		expect(packed.filter((path) => !/^(out|resources|node_modules\/better-sqlite3)\//.test(path))).toEqual(["package.json"]);
		expect(packed.filter((path) => path.endsWith(".map"))).toEqual([]);
		const megabytes = packed.reduce((sum, path) => sum + statSync(join(rootDirectory, path)).size, 0) / 1_000_000;
		expect(megabytes).toBeLessThan(20);
	});

	test.each([
		["linux", "linux"],
		["mac", "darwin"],
		["win", "win32"],
	] as const)("has for %s the native code of that system alone, for either processor", (system, prefix) => {
		for (const arch of ["x64", "arm64"]) {
			const files = packedFiles(packing, system, arch).filter((path) => path.endsWith(".node"));
			expect(files).toEqual([`node_modules/better-sqlite3/prebuilds/${prefix}-${arch}.node`]);
			expect(existsSync(join(rootDirectory, files[0] ?? ""))).toBe(true);
		}
	});

	test("keeps every line of the program in the archive, where it is checked, and native code beside it, where it can be loaded", () => {
		expect(packed.filter((path) => path.endsWith(".node")).every(isUnpacked)).toBe(true);
		expect(packed.filter((path) => /\.(c?js|html|css|json)$/.test(path) && !path.startsWith("resources/")).filter(isUnpacked)).toEqual([]);
	});
});
