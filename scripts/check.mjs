/**
 * `npm run check` (quick) and `npm test` (--all): lint, the three typechecks and the tests, side by
 * side. Everything runs even when something failed, so that one run tells all there is to mend.
 * The last line counts tests, and the build, lint and each typecheck as one more: `N passed, N failed, N skipped`.
 *
 * Words after the options go to the test runner: `npm test -- src/core/network`.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootDirectory } from "./build-state.mjs";
import { countTests } from "./test-counts.mjs";

/** Test projects that need no build, and those that run from out/. */
const unbuiltProjects = ["pure", "web"];
const builtProjects = ["node", "house"];
const slowProjects = ["slow"];

const words = process.argv.slice(2);
const runsAll = words.includes("--all");
const testWords = words.filter((word) => word !== "--all");

/** @param {string} path inside node_modules */
const packaged = (path) => join(rootDirectory, "node_modules", path);
const compiler = packaged("typescript/bin/tsc");

const quietSteps = [
	{ name: "lint", command: [packaged("@biomejs/biome/bin/biome"), "check", "--error-on-warnings", "--diagnostic-level=warn", "."] },
	...["pure", "node", "web"].map((room) => ({ name: `types (${room})`, command: [compiler, "-p", `tsconfig.${room}.json`] })),
];

/** @param {number} fromMs */
const secondsSince = (fromMs) => ((performance.now() - fromMs) / 1000).toFixed(1);

/**
 * Runs a script with this same Node; keeps its words unless they are to be seen at once.
 * @param {readonly string[]} command
 * @param {{ readonly live: boolean }} options
 * @returns {Promise<{ ok: boolean, output: string, seconds: string }>}
 */
function run(command, { live }) {
	const startMs = performance.now();
	return new Promise((resolve) => {
		const child = spawn(process.execPath, command, { cwd: rootDirectory, stdio: live ? ["ignore", "inherit", "inherit"] : ["ignore", "pipe", "pipe"] });
		let output = "";
		for (const stream of [child.stdout, child.stderr]) {
			stream?.setEncoding("utf8").on("data", (text) => {
				output += text;
			});
		}
		child.once("error", (error) => resolve({ ok: false, output: error.message, seconds: secondsSince(startMs) }));
		child.once("close", (status) => resolve({ ok: status === 0, output, seconds: secondsSince(startMs) }));
	});
}

/**
 * @param {string} name
 * @param {readonly string[]} command
 */
async function runQuietly(name, command) {
	return { name, ...(await run(command, { live: false })) };
}

/** @param {readonly string[]} projects */
async function runTests(projects) {
	const directory = mkdtempSync(join(tmpdir(), "quorate-check-"));
	const reportPath = join(directory, "tests.json");
	try {
		const { ok, seconds } = await run(
			[
				packaged("vitest/vitest.mjs"),
				"run",
				...projects.flatMap((name) => ["--project", name]),
				"--reporter=default",
				"--reporter=json",
				`--outputFile=${reportPath}`,
				...testWords,
			],
			{ live: true },
		);
		const counts = countTests(reportPath);
		return { ok: ok && counts.failed === 0, seconds, ...counts };
	} finally {
		rmSync(directory, { recursive: true, force: true });
	}
}

/** Builds what is stale, then tests. Without a build there is still much to learn from the pure rooms. */
async function buildAndTest() {
	const build = await runQuietly("build", [join(rootDirectory, "scripts", "build.mjs"), "--if-stale"]);
	const projects = [...unbuiltProjects, ...(build.ok ? [...builtProjects, ...(runsAll ? slowProjects : [])] : [])];
	return { build, tests: await runTests(projects) };
}

async function main() {
	const startMs = performance.now();
	const [{ build, tests }, ...checks] = await Promise.all([buildAndTest(), ...quietSteps.map(({ name, command }) => runQuietly(name, command))]);
	const steps = [build, ...checks];
	for (const step of steps.filter(({ ok }) => !ok)) process.stdout.write(`\n--- ${step.name}\n${step.output.trimEnd()}\n`);
	process.stdout.write("\n");
	for (const { name, ok, seconds } of [...steps, { name: "tests", ...tests }]) process.stdout.write(`${ok ? "ok    " : "FAILED"} ${name} (${seconds} s)\n`);
	process.stdout.write(`${secondsSince(startMs)} s in all\n`);
	const failedSteps = steps.filter(({ ok }) => !ok).length;
	// A runner that ended badly without a failed test (an unhandled error, say) still failed.
	const failed = failedSteps + (tests.ok ? 0 : Math.max(1, tests.failed));
	process.stdout.write(`${tests.passed + steps.length - failedSteps} passed, ${failed} failed, ${tests.skipped} skipped\n`);
	process.exitCode = failed === 0 ? 0 : 1;
}

await main();
