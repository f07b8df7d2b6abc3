import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { messagePort } from "../../src/main/export/pcapng.ts";
import { exportFormatFacts, exportFormats } from "../../src/shared/export-formats.ts";
import { rootDirectory } from "../architecture/files.ts";
import { quorate } from "../support/command-line.ts";
import { labIds } from "../support/lab-run.ts";

const page = readFileSync(join(rootDirectory, "docs/exports.md"), "utf8");
const guide = readFileSync(join(rootDirectory, "docs/user-guide.md"), "utf8");

test("the page of exports has every format, in its table and in a section", () => {
	for (const format of exportFormats) {
		expect(page).toContain(`| \`${format}\` |`);
		expect(page).toContain(`| \`.${exportFormatFacts[format].ending}\` |`);
		expect(page).toMatch(new RegExp(`^## .*\\b${format}\\b`, "m"));
	}
	expect(page).toContain(`udp.port==${messagePort},json`);
});

test("the page of exports has every flag of the command, and no other", async () => {
	const { out } = await quorate(["export", "--help"]);
	const flags = new Set([...out.matchAll(/^ +(?:-\w, )?(--[a-z]+)/gm)].map(([, flag]) => flag));
	const named = new Set([...page.matchAll(/--[a-z]+/g)].map(([flag]) => flag));
	expect([...named].filter((flag) => !flags.has(flag))).toEqual([]);
	expect([...flags].filter((flag) => flag !== undefined && !named.has(flag) && !["--help", "--out", "--force", "--salvage"].includes(flag))).toEqual([]);
});

test("the user guide names only labs that are there, and knows most of them", () => {
	const named = [...guide.matchAll(/^\| `([a-z-]+)` \| /gm)].map(([, lab]) => lab ?? "");
	expect(named.filter((lab) => !labIds.includes(lab))).toEqual([]);
	expect(named.length).toBeGreaterThan(20);
});

test("the user guide and the page of exports link to files that are there", () => {
	for (const text of [page, guide]) {
		for (const [, file] of text.matchAll(/\]\(([\w./-]+)(?:#[\w-]+)?\)/g)) expect(() => readFileSync(join(rootDirectory, "docs", file ?? ""))).not.toThrow();
	}
});
