/**
 * Disks that fill up and folders that may not be written, for real: in a mount of its own that only the
 * child process sees. Machines that allow no such mounts test the same with a bound on the file (writer.test.ts).
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

let folder = "";
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "quorate-places-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const support = join(import.meta.dirname, "support");

/** Runs shell commands in a mount namespace of their own; `$1` is the folder, `$2` our node. */
function inOwnMounts(script: string): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
	return spawnSync("unshare", ["--user", "--map-root-user", "--mount", "sh", "-ec", script, "sh", folder, process.execPath], { encoding: "utf8" });
}

const mountsAllowed =
	process.platform === "linux" &&
	spawnSync("unshare", ["--user", "--map-root-user", "--mount", "sh", "-ec", "mount -t tmpfs tmpfs /mnt"], { encoding: "utf8" }).status === 0;

describe.skipIf(!mountsAllowed)("a disk of half a megabyte", () => {
	it.each(["direct", "thread"])("fills up under the %s recorder: the run goes on, and all that was promised can be read", (kind) => {
		const { stdout, stderr } = inOwnMounts(`mount -t tmpfs -o size=512k tmpfs "$1"; "$2" ${support}/record-where-told.ts "$1" ${kind} 60000`);
		expect(stderr).toBe("");
		const told = JSON.parse(stdout) as { readonly [key: string]: unknown };
		expect(told).toMatchObject({ failure: "disk-full", isPrefix: true, finished: false });
		expect(told.played).toBeGreaterThan(59_999);
		expect(told.promised).toBeGreaterThan(100);
		expect(told.found).toBeGreaterThanOrEqual(told.promised as number);
	});
});

describe.skipIf(!mountsAllowed)("a folder that may not be written", () => {
	it("still lets a killed run's journal be read, and stays as it was", () => {
		const { stdout, stderr } = inOwnMounts(`
			mount -t tmpfs tmpfs "$1"
			"$2" ${support}/record-until-killed.ts "$1/run.quorate" direct 20000 > "$1/promises" || true
			rm "$1/run.quorate-shm"
			tail -n 1 "$1/promises"
			mount -o remount,ro "$1"
			"$2" ${support}/read-there.ts "$1/run.quorate"
		`);
		expect(stderr.replace(/.*Killed.*\n?/g, "")).toBe("");
		const [promised, told] = stdout.split("\n");
		const { events, files } = JSON.parse(told ?? "") as { readonly events: number; readonly files: readonly string[] };
		expect(events).toBeGreaterThanOrEqual(Number(promised));
		expect(events).toBeGreaterThan(19_999);
		expect(files).toEqual(["promises", "run.quorate", "run.quorate-lock", "run.quorate-wal"]);
	});
});
