/** What of Electron is switched off for good in the packed application. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { rootDirectory } from "./files.ts";

const { electronFuses } = parse(readFileSync(join(rootDirectory, "electron-builder.yml"), "utf8")) as { readonly electronFuses: object };

test("nobody turns the packed application into a bare Node, a debugger's target or another program", () => {
	expect(electronFuses).toMatchObject({
		runAsNode: false,
		enableNodeOptionsEnvironmentVariable: false,
		enableNodeCliInspectArguments: false,
		enableEmbeddedAsarIntegrityValidation: true,
		onlyLoadAppFromAsar: true,
		enableCookieEncryption: true,
		grantFileProtocolExtraPrivileges: false,
	});
});
