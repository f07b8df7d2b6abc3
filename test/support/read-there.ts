/** Reads the session named by the argument and tells how many events it holds and what is in its folder, as JSON. */
import { readdirSync } from "node:fs";
import { dirname } from "node:path";
import { openSession } from "../../src/main/store/reader.ts";

const path = process.argv[2] ?? "";
const session = openSession(path);
const events = [...session.events()].length;
session.close();
process.stdout.write(JSON.stringify({ events, files: readdirSync(dirname(path)).sort() }));
