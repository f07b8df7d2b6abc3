/** The user guide names the window's keys: all that `?` lists, and none that there is not. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { rootDirectory } from "./files.ts";

const keysText = readFileSync(join(rootDirectory, "src/renderer/keys.ts"), "utf8");
const guide = readFileSync(join(rootDirectory, "docs/user-guide.md"), "utf8");

/** As the guide writes them; what every page has needs no words. */
const written: { readonly [shown: string]: readonly string[] } = {
	"⇧F10": ["Shift F10"],
	"1 … 7": ["1", "7"],
	"−": ["-"],
	"↑": [],
	"↓": [],
	"←": [],
	"→": [],
	Tab: [],
	PgUp: ["Page Up"],
	PgDn: ["Page Down"],
};

function quotedIn(text: string): readonly string[] {
	return [...text.matchAll(/"([^"]+)"/g)].map(([, quoted = ""]) => quoted);
}

const listed = [
	...[...keysText.matchAll(/shown: \[(.*?)\], does/g)].flatMap(([, names = ""]) => quotedIn(names)),
	...quotedIn(/const sideKeys = \[([^\]]*)\]/.exec(keysText)?.[1] ?? ""),
].flatMap((shown) => written[shown] ?? [shown]);

const section = guide.slice(guide.indexOf("## Keys, and without a mouse")).split("\n## ")[0] ?? "";
/** In the first column of the table of keys. */
const told = [...section.matchAll(/^\| (.+?) \| /gm)].flatMap(([, cell = ""]) => [...cell.matchAll(/`([^`]+)`/g)].map(([, key = ""]) => key));

test("the guide's table has every key of the list, and the list every key of the table", () => {
	expect(listed.length).toBeGreaterThan(35);
	expect(listed.filter((key) => !told.includes(key))).toEqual([]);
	expect(told.filter((key) => !listed.includes(key))).toEqual([]);
});
