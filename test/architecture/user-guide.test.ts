/**
 * The user guide names what is in the window: its keys, all that `?` lists and none that there is not; and in bold its
 * views, panels, buttons and menus, as they are written there.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { linkActions } from "../../src/renderer/acting/link-actions.ts";
import { messageActions } from "../../src/renderer/acting/message-actions.ts";
import { nodeActions } from "../../src/renderer/acting/node-actions.ts";
import { strings } from "../../src/renderer/strings.ts";
import type { LinkView, NodeView } from "../../src/shared/projection/snapshot.ts";
import { tinyPlan } from "../support/tiny-plan.ts";
import { isTestFile, readTree, rootDirectory } from "./files.ts";

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

/** Words that are the window's own, also where more is said after a colon: of a format, what it is for. */
function labelsOf(value: unknown): readonly string[] {
	if (typeof value === "string") return [value, value.split(":")[0] ?? ""];
	return typeof value === "object" && value !== null ? Object.values(value).flatMap(labelsOf) : [];
}

const bold = [...guide.matchAll(/\*\*([^*]+)\*\*/g)].map(([, name = ""]) => name);
/** A word that is explained or leant on. */
const leaning = [...guide.replaceAll(/\*\*[^*]+\*\*/g, "").matchAll(/\*([^*\n]+)\*/g)].map(([, name = ""]) => name);

/** What is offered of everything there is, in the states in which something else is offered. */
const plan = tinyPlan({ nodes: { a: { services: [] }, b: { services: [] } }, links: [{ a: "a", b: "b" }] }, new Map());
const up = { status: "up", factorMilli: 1_000 } as NodeView;
const menus = [
	...[up, { ...up, status: "down" } as const, { ...up, status: "paused" } as const, { ...up, factorMilli: 2_000 }].flatMap((view) => [
		...nodeActions(plan, 0, view, false),
		...nodeActions(plan, 0, view, true),
	]),
	...linkActions(plan, 0, undefined),
	...linkActions(plan, 0, { name: "", forward: "cut", backward: "cut", dropped: 0, changes: [] } as LinkView),
	// Any so much is one of so much.
	...messageActions(plan, { from: 0, sequence: 1, fate: "unknown" }).filter(({ id }) => !/^delay(?!By)/.test(id)),
];

test("what the guide has in bold stands in the window as it is written, and what stands in the window it has in bold", () => {
	const labels = new Set(labelsOf(strings));
	expect(bold.length).toBeGreaterThan(60);
	expect(bold.filter((name) => !labels.has(name))).toEqual([]);
	expect(leaning.filter((name) => labels.has(name))).toEqual([]);
});

test("the guide has every view and every panel, in their order, and everything that can be done to a node, a link, a message and a session", () => {
	const tableOf = (head: string): readonly string[] => {
		const rows = guide.slice(guide.indexOf(`| ${head} | shows |`)).split("\n\n")[0] ?? "";
		return [...rows.matchAll(/^\| \*\*(.+?)\*\* \|/gm)].map(([, name = ""]) => name);
	};
	const { label: _, ...panels } = strings.side;
	expect(tableOf("view")).toEqual(Object.values(strings.stage.names));
	expect(tableOf("panel")).toEqual(Object.values(panels));
	const { continue: goOn, endIt, verify, download, rename, duplicate, trash } = strings.start;
	const offered = new Set([...menus.map(({ label }) => label), goOn, endIt, verify, download, rename, duplicate, trash]);
	expect(offered.size).toBeGreaterThan(28);
	expect([...offered].filter((name) => !bold.includes(name))).toEqual([]);
});

test("what the guide quotes as said of trouble is said so by the program", () => {
	const table = guide.slice(guide.indexOf("## When something is wrong"));
	const quoted = [...table.matchAll(/^\| .*?"([^"]+?)(?:: \.\.\.)?".*? \| /gm)].map(([, said = ""]) => said);
	expect(quoted.length).toBeGreaterThan(3);
	const sources = [...readTree(rootDirectory, ["src/main", "src/shared"], [".ts"])].filter(([path]) => !isTestFile(path)).map(([, text]) => text);
	expect(quoted.filter((said) => !sources.some((text) => text.includes(said)))).toEqual([]);
});
