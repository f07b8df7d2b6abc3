/**
 * Test projects. `pure`, `node`, `web` and `house` are quick and run in `npm run check`; `slow`
 * joins them in `npm test`. Only what starts threads or the command line needs out/ to be built.
 */
import { join } from "node:path";
import { defineConfig } from "vitest/config";

// Tests start threads from the sources by the hundred, and each would strip and compile them anew.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, "node_modules", ".cache", "compiled");

const builds = { globalSetup: ["test/setup/build-once.ts"] };
const slowTimeoutMs = 300_000;
/** Beside their sources, but whole clusters and files by the dozen: too slow for `npm run check`. */
const slowBesideSources = [
	...[
		"balancer/balancer",
		"commit/commit",
		"drives/against-book",
		"drives/drives",
		"jobs/jobs",
		"membership/membership",
		"mutual-exclusion/mutual-exclusion",
		"pair/pair",
		"quorum-store/quorum-store",
		"raft/server",
	].map((name) => `src/os/${name}.test.ts`),
	...["app/lab-run", "lab-service/log/instants", "store/hostile-records", "threads/recorder-client", "threads/threads-executor"].map(
		(name) => `src/main/${name}.test.ts`,
	),
];

export default defineConfig({
	test: {
		pool: "forks",
		maxWorkers: 2,
		testTimeout: 60_000,
		projects: [
			{ extends: true, test: { name: "pure", include: ["src/{shared,core,os}/**/*.test.ts"], exclude: slowBesideSources } },
			{ extends: true, test: { name: "node", include: ["src/{main,preload}/**/*.test.ts"], exclude: slowBesideSources, ...builds } },
			{ extends: true, test: { name: "web", include: ["src/renderer/**/*.test.{ts,tsx}"] } },
			{ extends: true, test: { name: "house", include: ["test/architecture/**/*.test.ts"], ...builds } },
			{
				extends: true,
				test: {
					name: "slow",
					include: ["test/**/*.test.ts", ...slowBesideSources],
					exclude: ["test/architecture/**"],
					testTimeout: slowTimeoutMs,
					hookTimeout: slowTimeoutMs,
					...builds,
				},
			},
		],
	},
});
