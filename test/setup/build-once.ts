/**
 * Builds out/ once before the tests that start threads or the command line from it, if a source
 * is newer. Runs in the test runner's own process.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

export function setup(): void {
	const script = fileURLToPath(new URL("../../scripts/build.mjs", import.meta.url));
	const { status, stderr } = spawnSync(process.execPath, [script, "--if-stale"], { encoding: "utf8" });
	if (status !== 0) throw new Error(`out/ could not be built, and these tests run from it:\n${stderr}`);
}
