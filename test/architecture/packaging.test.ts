import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { rootDirectory } from "./files.ts";

const words = z.array(z.string()).min(1);

/** What we use of the packer's configuration, by its names; a word that it would not know fails here. */
const configuration = z.strictObject({
	appId: z.string().regex(/^[\w-]+(\.[\w-]+)+$/),
	productName: z.string(),
	copyright: z.string(),
	extraMetadata: z.strictObject({ homepage: z.url() }),
	directories: z.strictObject({ output: z.string(), buildResources: z.string() }),
	files: words,
	asar: z.literal(true),
	asarUnpack: words,
	npmRebuild: z.boolean(),
	icon: z.string(),
	electronFuses: z.strictObject({
		runAsNode: z.literal(false),
		enableCookieEncryption: z.literal(true),
		enableNodeOptionsEnvironmentVariable: z.literal(false),
		enableNodeCliInspectArguments: z.literal(false),
		enableEmbeddedAsarIntegrityValidation: z.literal(true),
		onlyLoadAppFromAsar: z.literal(true),
		loadBrowserProcessSpecificV8Snapshot: z.literal(false),
		grantFileProtocolExtraPrivileges: z.literal(false),
	}),
	fileAssociations: z.array(z.strictObject({ ext: z.string(), name: z.string(), description: z.string(), mimeType: z.string(), role: z.literal("Editor") })),
	linux: z.strictObject({ category: z.string(), target: words, synopsis: z.string(), maintainer: z.string().regex(/<\S+@\S+>$/) }),
	mac: z.strictObject({ category: z.string(), target: words, hardenedRuntime: z.literal(true) }),
	win: z.strictObject({ target: words }),
	nsis: z.strictObject({ oneClick: z.boolean(), perMachine: z.boolean(), allowToChangeInstallationDirectory: z.boolean() }),
});

const packing = configuration.parse(parse(readFileSync(join(rootDirectory, "electron-builder.yml"), "utf8")));
const out = join(rootDirectory, "out");

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

	test("brings what its programs load and nothing else of node_modules", () => {
		const programs = readdirSync(join(out, "main"), { recursive: true, encoding: "utf8" }).filter((name) => /\.c?js$/.test(name));
		const loads = /(?:\bfrom ?|\bimport ?|\bimport\(|\brequire\()"([@a-z][\w./@-]*)"/g;
		const loaded = new Set(
			programs.flatMap((name) => [...readFileSync(join(out, "main", name), "utf8").matchAll(loads)].map(([, packageName = ""]) => packageName)),
		);
		const foreign = [...loaded].filter((name) => process.getBuiltinModule(name) === undefined && name !== "electron");
		// Two accelerators of the sockets are done without.
		expect(foreign.filter((name) => !["bufferutil", "utf-8-validate"].includes(name))).toEqual(["better-sqlite3"]);
		expect(packing.files).toContain("!node_modules/**");
		const packed = packing.files.filter((pattern) => pattern.startsWith("node_modules/"));
		expect(packed.every((pattern) => pattern.startsWith("node_modules/better-sqlite3/"))).toBe(true);
		for (const pattern of packed) expect(existsSync(join(rootDirectory, pattern.replace(/\/\*\*$/, ""))), pattern).toBe(true);
	});

	test("brings the page, the preload script, the labs and what says its version; native code lies outside of the archive", () => {
		expect(packing.files).toEqual(expect.arrayContaining(["out/**", "resources/**", "package.json"]));
		expect(packing.asarUnpack).toEqual(expect.arrayContaining(["out/main/**", "node_modules/better-sqlite3/**"]));
		const { main } = JSON.parse(readFileSync(join(rootDirectory, "package.json"), "utf8")) as { readonly main: string };
		expect(existsSync(join(rootDirectory, main))).toBe(true);
	});
});
