/**
 * Writes resources/lab.schema.json from the shapes in src/shared/lab. Run it after changing them:
 * `node scripts/write-lab-schema.ts`. A test says when it is due.
 */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { labJsonSchema } from "../src/shared/lab/json-schema.ts";

const path = fileURLToPath(new URL("../resources/lab.schema.json", import.meta.url));
writeFileSync(path, `${JSON.stringify(labJsonSchema(), null, "\t")}\n`);
// In the house's own layout, so that lint has nothing to say.
execFileSync(process.execPath, [fileURLToPath(new URL("../node_modules/@biomejs/biome/bin/biome", import.meta.url)), "format", "--write", path], {
	stdio: "inherit",
});
