/**
 * Test projects. `pure`, `node`, `web` and `house` are quick and run in `npm run check`; `slow`
 * joins them in `npm test`. Only what starts threads or the command line needs out/ to be built.
 */
import { defineConfig } from "vitest/config";

const builds = { globalSetup: ["test/setup/build-once.ts"] };
const slowTimeoutMs = 300_000;

export default defineConfig({
	test: {
		pool: "forks",
		maxWorkers: 2,
		testTimeout: 60_000,
		projects: [
			{ extends: true, test: { name: "pure", include: ["src/{shared,core,os}/**/*.test.ts"] } },
			{ extends: true, test: { name: "node", include: ["src/{main,preload}/**/*.test.ts"], ...builds } },
			{ extends: true, test: { name: "web", include: ["src/renderer/**/*.test.{ts,tsx}"] } },
			{ extends: true, test: { name: "house", include: ["test/architecture/**/*.test.ts"], ...builds } },
			{
				extends: true,
				test: {
					name: "slow",
					include: ["test/**/*.test.ts"],
					exclude: ["test/architecture/**"],
					testTimeout: slowTimeoutMs,
					hookTimeout: slowTimeoutMs,
					...builds,
				},
			},
		],
	},
});
