/**
 * Scenarios of Raft as scripts that a person can read (test/scenarios/raft): what is done, and what
 * must come of it. `UPDATE_GOLDEN=1 vitest run test/raft-scenarios.test.ts` writes them anew; read the
 * difference before it is committed.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { playScript } from "./support/raft-scenario.ts";

const folder = new URL("./scenarios/raft/", import.meta.url);
const scripts = readdirSync(folder).filter((name) => name.endsWith(".txt"));

test.each(scripts)("%s happens as it is written", (name) => {
	const file = new URL(name, folder);
	const written = readFileSync(file, "utf8");
	const played = playScript(written);
	if (process.env.UPDATE_GOLDEN === "1") writeFileSync(file, played);
	else expect(played).toBe(written);
});
