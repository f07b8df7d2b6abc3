import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { extraInputs, fingerprintOfSources, isBuildFresh, stampPathOf } from "../../scripts/build-state.mjs";
import { countTests } from "../../scripts/test-counts.mjs";

let directory: string;

beforeEach(() => {
	directory = mkdtempSync(join(tmpdir(), "quorate-scripts-"));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

function write(path: string, text: string): string {
	const full = join(directory, path);
	mkdirSync(dirname(full), { recursive: true });
	writeFileSync(full, text);
	return full;
}

describe("knowing whether out/ is current", () => {
	beforeEach(() => {
		for (const path of [...extraInputs, "src/core/a.ts", "src/core/b.ts"]) write(path, "x");
	});

	const stamp = (): void => {
		write("out/build-stamp.json", JSON.stringify({ fingerprint: fingerprintOfSources(directory) }));
	};

	test("it is current after a build, and not before", () => {
		expect(isBuildFresh(directory)).toBe(false);
		stamp();
		expect(isBuildFresh(directory)).toBe(true);
	});

	test.each<[string, () => void]>([
		["a source was written later, in the same length", () => utimesSync(join(directory, "src/core/a.ts"), 2_000_000_000, 2_000_000_000)],
		["a source is older than it was", () => utimesSync(join(directory, "src/core/a.ts"), 1_000_000_000, 1_000_000_000)],
		["a source is new", () => write("src/os/c.ts", "x")],
		["a source is gone", () => rmSync(join(directory, "src/core/b.ts"))],
		["a package changed", () => write("package-lock.json", "xx")],
		["the build was cut short", () => writeFileSync(stampPathOf(directory), "{")],
	])("it is not when %s", (_what, change) => {
		stamp();
		change();
		expect(isBuildFresh(directory)).toBe(false);
	});

	test("tests are in no bundle, so they do not make it stale", () => {
		stamp();
		write("src/core/a.test.ts", "x");
		expect(isBuildFresh(directory)).toBe(true);
	});
});

describe("counting tests", () => {
	const count = (report: unknown) => countTests(write("report.json", JSON.stringify(report)));
	const totals = { numPassedTests: 3, numFailedTests: 0, numPendingTests: 1, numTodoTests: 1 };

	test("adds up what ran and what did not", () => {
		expect(count({ ...totals, testResults: [{ status: "passed", assertionResults: [] }] })).toEqual({ passed: 3, failed: 0, skipped: 2 });
	});

	test("a file that could not be loaded is a failure, though it failed no test", () => {
		const testResults = [
			{ status: "failed", assertionResults: [] },
			{ status: "failed", assertionResults: [{ status: "passed" }] },
		];
		expect(count({ ...totals, testResults }).failed).toBe(2);
	});

	test("a file with a failed test is not counted twice", () => {
		const testResults = [{ status: "failed", assertionResults: [{ status: "failed" }] }];
		expect(count({ ...totals, numFailedTests: 1, testResults }).failed).toBe(1);
	});

	test("no report at all is a failure", () => {
		expect(countTests(join(directory, "nothing.json"))).toEqual({ passed: 0, failed: 1, skipped: 0 });
		expect(countTests(write("half.json", `{"numPassedTests": 3`)).failed).toBe(1);
	});
});
