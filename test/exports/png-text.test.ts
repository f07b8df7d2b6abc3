/** Texts that pictures get are read, and their pixels left alone, by decoders of other people. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { decode, encode } from "fast-png";
import { afterAll, expect, test } from "vitest";
import { withTexts } from "../../src/renderer/export/png-text.ts";
import { Folder } from "../support/command-line.ts";

const folder = new Folder();
afterAll(() => folder.remove());
const data = Uint8Array.from({ length: 5 * 3 * 4 }, (_, i) => (i * 37) & 0xff);
const png = encode({ width: 5, height: 3, data, channels: 4, depth: 8 });
const texts = [
	{ keyword: "Title", text: "The front door" },
	{ keyword: "quorate", text: '{"quorate":{"seed":1}}' },
	{ keyword: "Comment", text: "Ünïcode \u0000 😀 \u202e" },
];

test("texts stand in the file, behind its header, and the picture is what it was", () => {
	// A view into a larger buffer, as a browser may hand one over.
	const within = new Uint8Array(png.length + 10);
	within.set(png, 7);
	const { text, width, height, data: pixels } = decode(withTexts(within.subarray(7, 7 + png.length), texts), { checkCrc: true });
	expect(text).toMatchObject({ Title: "The front door", quorate: '{"quorate":{"seed":1}}' });
	expect([width, height, [...pixels]]).toEqual([5, 3, [...data]]);
});

test("a text of other letters is in UTF-8", () => {
	const bytes = Buffer.from(withTexts(png, texts));
	const at = bytes.indexOf("iTXt");
	const content = bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at - 4));
	expect(content.toString("utf8")).toBe("Comment\0\0\0\0\0Ünïcode   😀 \u202e");
});

const isInstalled = spawnSync("pngcheck", ["-h"]).error === undefined;

test.skipIf(!isInstalled)("a strict reader finds nothing to complain of (where pngcheck is installed)", () => {
	const file = folder.file("texts.png");
	writeFileSync(file, withTexts(png, texts));
	const { stdout, status } = spawnSync("pngcheck", ["-t", "-v", file], { encoding: "utf8" });
	expect(stdout).toMatch(/chunk tEXt .*keyword: Title[\s\S]*keyword: quorate[\s\S]*chunk iTXt .*keyword: Comment[\s\S]*No errors detected/);
	expect(status).toBe(0);
});
