/** What the packer is told to pack, and the files of the checkout that follow from it. For tests. */
import { readdirSync, readFileSync } from "node:fs";
import { join, matchesGlob, sep } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { rootDirectory } from "../architecture/files.ts";

const words = z.array(z.string()).min(1);
/** A set of its own: plain words would be taken for the first and only patterns, and the rest for none. */
const ownFiles = z.array(z.strictObject({ filter: z.string() })).length(1);

/** What we use of the packer's configuration, by its names; a word that it would not know fails here. */
const configuration = z.strictObject({
	appId: z.string().regex(/^[\w-]+(\.[\w-]+)+$/),
	productName: z.string(),
	copyright: z.string(),
	extraMetadata: z.strictObject({ homepage: z.url() }),
	directories: z.strictObject({ output: z.string(), buildResources: z.string() }),
	files: words,
	asar: z.strictObject({ smartUnpack: z.literal(false) }),
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
	linux: z.strictObject({ files: ownFiles, category: z.string(), target: words, synopsis: z.string(), maintainer: z.string().regex(/<\S+@\S+>$/) }),
	mac: z.strictObject({ files: ownFiles, category: z.string(), target: words, hardenedRuntime: z.literal(true) }),
	win: z.strictObject({ files: ownFiles, target: words }),
	nsis: z.strictObject({ oneClick: z.boolean(), perMachine: z.boolean(), allowToChangeInstallationDirectory: z.boolean() }),
});

export type Packing = z.infer<typeof configuration>;
export type PackedSystem = "linux" | "mac" | "win";

export function readPacking(): Packing {
	return configuration.parse(parse(readFileSync(join(rootDirectory, "electron-builder.yml"), "utf8")));
}

/** Files of the checkout that could be meant, by path with slashes. Of node_modules only what a pattern could name. */
function candidates(): readonly string[] {
	const within = (folder: string): readonly string[] =>
		readdirSync(join(rootDirectory, folder), { recursive: true, withFileTypes: true })
			.filter((entry) => entry.isFile())
			.map((entry) => join(entry.parentPath, entry.name).slice(rootDirectory.length).split(sep).join("/").replace(/^\//, ""));
	const top = readdirSync(rootDirectory, { withFileTypes: true });
	const folders = top.filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && !["node_modules", "dist"].includes(entry.name));
	return [
		...top.filter((entry) => entry.isFile()).map(({ name }) => name),
		...folders.flatMap(({ name }) => within(name)),
		...["better-sqlite3", "node", "electron", "zod"].flatMap((name) => within(`node_modules/${name}`)),
	];
}

/** The last pattern that fits decides, as the packer has it. @returns paths with slashes, sorted */
export function packedFiles(packing: Packing, system: PackedSystem, arch: string): readonly string[] {
	const patterns = [...packing.files, ...packing[system].files.map(({ filter }) => filter)].map((pattern) => pattern.replaceAll(/\$\{arch\}/g, arch));
	return candidates()
		.filter((path) =>
			patterns.reduce((is, pattern) => (pattern.startsWith("!") ? is && !matchesGlob(path, pattern.slice(1)) : is || matchesGlob(path, pattern)), false),
		)
		.sort();
}
