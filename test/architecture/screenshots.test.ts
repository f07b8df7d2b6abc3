import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { colours, fileOf, fingerprint, heightPx, type Manifest, manifestPath, pictureFolder, pictures, widthPx } from "../../scripts/screenshot-list.ts";
import { rootDirectory } from "./files.ts";

const manifest = JSON.parse(readFileSync(manifestPath, "utf8")) as Manifest;

test("the README's pictures were taken of the window as it is", () => {
	// Pixels differ from computer to computer; what they depend on does not.
	expect(manifest.sources, "the window or a lab that is shown has changed: npm run screenshots").toBe(fingerprint());
	expect(manifest, "other pictures are wanted: npm run screenshots").toMatchObject({ pictures, widthPx, heightPx });
});

test.each(pictures.flatMap((picture) => colours.map((colour) => fileOf(picture, colour))))("%s is a picture of the size that a projector has", (file) => {
	const bytes = readFileSync(join(pictureFolder, file));
	expect(bytes.subarray(1, 4).toString("latin1")).toBe("PNG");
	expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([widthPx, heightPx]);
});

test("the README shows all of them, each in the reader's own colours, and says what is to be seen", () => {
	const readme = readFileSync(join(rootDirectory, "README.md"), "utf8");
	for (const picture of pictures) {
		expect(readme).toContain(`<source media="(prefers-color-scheme: dark)" srcset="docs/screenshots/${fileOf(picture, "dark")}">`);
		expect(readme).toContain(`<img alt="${picture.about}" src="docs/screenshots/${fileOf(picture, "light")}" width="49%">`);
	}
});
