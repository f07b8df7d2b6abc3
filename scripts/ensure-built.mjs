/** Builds out/ when a source is newer than it. Shared by everything that starts the program from a checkout. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isBuildFresh, rootDirectory } from "./build-state.mjs";

/** @returns {boolean} false when the build failed, which has been said */
export function ensureBuilt() {
	if (!existsSync(join(rootDirectory, "src")) || isBuildFresh()) return true;
	// The build's words go to standard error: standard output belongs to the program.
	return spawnSync(process.execPath, [join(rootDirectory, "scripts", "build.mjs"), "--if-stale"], { stdio: ["ignore", 2, 2] }).status === 0;
}
